import type { ErrorCode } from '../common/errors.js';

export interface ErrorFacts {
  readonly status: number;
  /** A short name for people, the same for every occurrence. */
  readonly title: string;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  /** Decided once, and repeated for the same Idempotency-Key. */
  readonly sticky: boolean;
  /** What it means and what to do, for the API's pages. */
  readonly meaning: string;
  /**
   * Seconds for Retry-After when the answer has no time of its own; null: not known. Every 503 has
   * one.
   */
  readonly retryAfterSeconds: number | null;
}

const fact = (
  status: number,
  title: string,
  meaning: string,
  flags: { retryable?: boolean; sticky?: boolean; after?: number } = {},
): ErrorFacts => ({
  status,
  title,
  meaning,
  retryable: flags.retryable ?? false,
  sticky: flags.sticky ?? false,
  retryAfterSeconds: flags.after ?? (status === 503 ? 1 : null),
});

/**
 * How long a ledger of the public network takes, seconds. A request that waits for the chain need
 * not be sent again sooner.
 */
const LEDGER = 5;

/**
 * Status, retryability and stickiness of each code (docs/protocol.md#codes). There is no other such
 * table.
 */
export const ERROR_FACTS: Readonly<Record<ErrorCode, ErrorFacts>> = {
  UNAUTHENTICATED: fact(
    401,
    'Sign-in needed',
    'The request has no credential, or one that is wrong, expired or revoked. Send ' +
      "`Authorization: Bearer` with an API key, or with a wallet's token from /auth.",
  ),
  FORBIDDEN: fact(
    403,
    'Not allowed',
    'The caller may not do this. `requiredScope` names the scope that its key lacks; ' +
      '`errors` names a field that must be the caller itself.',
  ),
  IDEMPOTENCY_KEY_MISSING: fact(
    400,
    'Idempotency-Key missing',
    'A backend must send an Idempotency-Key, so that it can repeat the request after a ' +
      'lost answer without making a second hold.',
  ),
  VALIDATION_FAILED: fact(
    400,
    'The request is not valid',
    '`errors` lists every field that is wrong.',
  ),
  NOTHING_TO_FUND: fact(
    422,
    'Nothing to fund',
    'The guarantee equals the total, so the pool would fund nothing.',
  ),
  POOL_NOT_FOUND: fact(404, 'No such pool', 'No pool has this id.'),
  LOAN_NOT_FOUND: fact(404, 'No such loan', 'No loan has this id.'),
  RESERVATION_NOT_FOUND: fact(404, 'No such reservation', 'No reservation has this id.'),
  KEY_NOT_FOUND: fact(404, 'No such key', 'No API key has this id.'),
  POOL_STATE_CONFLICT: fact(
    409,
    'The pool is in another state',
    "The action is not possible in the pool's present state (`poolState`), or a contract of " +
      'the pool was upgraded to code that is not known (`found`, `supported`).',
  ),
  RESOLUTION_REFUSED: fact(
    409,
    'An operator may not end this hold',
    'The hold needs no operator, or what the chain shows now contradicts the request. ' +
      '`refusal` says which.',
  ),
  WEBHOOK_NOT_FOUND: fact(404, 'No such webhook', 'The caller has no webhook with this id.'),
  DELIVERY_NOT_FOUND: fact(404, 'No such delivery', 'No delivery of this webhook has this id.'),
  NOT_FOUND: fact(404, 'Not found', 'This API has no such path.'),
  METHOD_NOT_ALLOWED: fact(
    405,
    'Method not allowed',
    'The path exists; `Allow` names its methods.',
  ),
  PAYLOAD_TOO_LARGE: fact(413, 'Body too large', 'A body may have at most 64 kB.'),
  REQUEST_TIMEOUT: fact(
    408,
    'The request did not arrive in time',
    'Headers and body must arrive within REQUEST_TIMEOUT_MS. Nothing was done.',
    { retryable: true },
  ),
  HEADERS_TOO_LARGE: fact(
    431,
    'Headers or path too long',
    'The request line and all headers together may have at most 16 kB.',
  ),
  UNSUPPORTED_MEDIA_TYPE: fact(415, 'Unsupported media type', 'Send the body as application/json.'),
  RATE_LIMITED: fact(
    429,
    'Too many requests',
    'The caller has used its `limit` of requests of this kind in `window` seconds. Send it ' +
      'again after Retry-After. No hold was made, and the answer says nothing about ' +
      'liquidity. Repeated requests count too.',
    { retryable: true },
  ),
  BORROWER_BACK_OFF: fact(
    409,
    'The borrower has to wait',
    "The borrower's last `lapses` holds lapsed unsigned, and the pool allows " +
      '`lapsesAllowed` in a row. It gets no new hold until `until`. The wait doubles with ' +
      'each further lapse, from 10 minutes to 24 hours, and ends with a funded loan. A hold does ' +
      'not count when its signed transaction was seen here, or when others bid more for ' +
      'inclusion at its deadline.',
    { retryable: true },
  ),
  WALLET_SHARE_EXCEEDED: fact(
    422,
    'More than one wallet may hold',
    "One hold may be at most `maxWalletShare` percent of the pool's total: `bound`, token " +
      'units, at `atLedger`. This loan needs `asked`.',
  ),
  INSUFFICIENT_LIQUIDITY: fact(
    409,
    'Not enough liquidity',
    'The pool has less than this amount. `available`, `atLedger` and `nextDeadline` say ' +
      'why and until when. Ask again with a new Idempotency-Key.',
    { retryable: true, sticky: true },
  ),
  OUTFLOW_CAP_REACHED: fact(
    409,
    'The outflow cap of the contract is reached',
    'The contract funds at most `outflowCap` percent of what is available in one ledger. All ' +
      'live holds could land in the same one: `held` and this loan (`asked`) are more than ' +
      '`safeSum`. Or the simulation met the cap (`contract`, `number`). Ask again with a new ' +
      'Idempotency-Key.',
    { retryable: true, sticky: true },
  ),
  OUTFLOW_CAP_EXCEEDED: fact(
    422,
    'The loan is above the outflow cap of the contract',
    'The contract funds at most `outflowCap` percent of what is available in one ledger, ' +
      '`cap` at `atLedger`. This loan needs `asked`, so it could not land even alone.',
    { sticky: true },
  ),
  VENDOR_CAP_REACHED: fact(
    409,
    "Live holds take the rest of the vendor's cap",
    'The contract funds at most `cap` to one vendor, ever. It has funded `funded` as of ' +
      '`atLedger`, and `held` is held for the vendor; this loan needs `asked`. Ask again with a ' +
      'new Idempotency-Key when one of those holds has ended.',
    { retryable: true, sticky: true },
  ),
  VENDOR_CAP_EXCEEDED: fact(
    422,
    "The loan is above the vendor's cap of the contract",
    'The contract funds at most `cap` to one vendor, ever, and has funded `funded` of it. This ' +
      "loan would pass it. Only the contract's administrator can raise the cap.",
    { sticky: true },
  ),
  CHAIN_LIQUIDITY_SHORT: fact(
    409,
    'The chain has less liquidity than the snapshot',
    'In the simulation the contracts refused for lack of liquidity. The pool is being ' +
      'observed again; ask again shortly.',
    { retryable: true, after: LEDGER },
  ),
  BORROWER_BUSY: fact(
    409,
    'The borrower has a live hold',
    'A borrower has at most one live hold, and has one already (`loanId`): two ' +
      'transactions of one account exclude each other.',
    { retryable: true },
  ),
  POOL_PAUSED: fact(
    409,
    'The pool takes no new loans',
    'The pool is closed, or an operator or the service paused it (`poolState`), or its ' +
      'contract is paused on the chain (`contract`, `name`).',
  ),
  CONTRACT_PAUSED: fact(
    409,
    "The pool's contract is paused",
    "The contract's own administrator has paused it on the chain (`contract`, `name`), as " +
      'read at `atLedger`. The transaction was not forwarded, because it would fail and burn ' +
      'its fee. The hold stays; submit again when the pause has ended.',
    { retryable: true, after: LEDGER },
  ),
  ENVELOPE_OUTDATED: fact(
    409,
    'The transaction can no longer land',
    'The hold has ended, or the loan counter has left the window of the transaction.',
  ),
  ENVELOPE_UNDECIDED: fact(
    409,
    'The chain has not decided yet',
    'The account or the hold changed during the request, or an older transaction may still ' +
      'land. A new one is built only after the older ones are proven dead or failed.',
    { retryable: true, after: 2 * LEDGER },
  ),
  REBUILD_LIMIT: fact(
    409,
    'No further transaction for this hold',
    'The hold gets no further transaction: it was rebuilt 3 times, or reached its longest ' +
      'time (`reason`). It ends by itself.',
  ),
  SUBMISSION_REJECTED: fact(
    409,
    'The network refused the transaction',
    'A node answered ERROR (`resultCode`). That proves nothing, so the hold is unchanged.',
    { retryable: true },
  ),
  LOAN_REFUSED_BY_CONTRACT: fact(
    422,
    'The contracts refuse this loan',
    'In the simulation a contract refused the loan: `contract`, `number`, `name`, `sentence`.',
    { sticky: true },
  ),
  TRANSACTION_TOO_LARGE: fact(
    422,
    'The transaction would be too large',
    "The loan's transaction needs more of `limit` than the network allows one transaction " +
      '(`declared`, `max`). No transaction was built and no new hold made. Fewer instalments ' +
      'make it smaller.',
  ),
  ACCOUNT_NOT_FOUND: fact(422, 'No such account', 'The borrower has no account on this network.'),
  IDEMPOTENCY_KEY_REUSED: fact(
    422,
    'Idempotency-Key used for another request',
    'The key was sent with another body before. Use a new key.',
  ),
  BUSY_RETRY: fact(
    503,
    'Busy, try again',
    'The ledger could not decide in time. Repeat the request with the same ' +
      'Idempotency-Key: it cannot make a second hold.',
    { retryable: true },
  ),
  SNAPSHOT_STALE: fact(
    503,
    'The snapshot is too old',
    'The pool takes no new hold while its snapshot is old or the chain lags.',
    { retryable: true, after: 2 },
  ),
  CHAIN_UNREACHABLE: fact(
    503,
    'The chain cannot be reached',
    'The Stellar RPC node gave no usable answer. That proves nothing about any transaction.',
    { retryable: true, after: LEDGER },
  ),
  COUNTER_WINDOW_FULL: fact(
    503,
    'The loan counter window is full',
    'With one more hold, a live hold of this lending contract might not be able to land. ' +
      '`nextDeadline` says when the first of them can lapse and free its place.',
    { retryable: true, after: LEDGER },
  ),
  CONTRACT_ARCHIVED: fact(
    503,
    'The contracts are archived',
    "The network has archived entries of the pool's contracts (`keys`), more than one " +
      'transaction can restore together with the loan. No transaction was built and no new ' +
      'hold made. An operator restores them with `restoreXdr`: set the source account and ' +
      'its next sequence number, sign, submit, and repeat until loans are made again. Or a ' +
      'contract lapses before the transaction could land: `holdfast pools extend` extends it.',
    { retryable: true, after: 60 },
  ),
  CONTRACT_FAILED: fact(
    503,
    'A contract failed',
    'In the simulation a contract failed for a reason that is neither the loan nor the pool ' +
      '(`contract`, `number`, `name`, `sentence`). An error that no published source names is ' +
      'called `Error` and its number. No hold was made.',
    { retryable: true, after: 60 },
  ),
  CONTRACTS_BROKEN: fact(
    502,
    'The contracts do not work together',
    "A link between the pool's contracts is missing or wrong (`contract`, `number`, `name`, " +
      "`sentence`). It lasts until the contracts' administrator repairs it. The pool takes no " +
      'holds until an operator resumes it.',
  ),
  POOL_QUARANTINED: fact(
    503,
    'The pool is in quarantine',
    'The database was restored or replaced, so transactions may exist that it does not ' +
      'know. New holds wait until all of them are dead.',
    { retryable: true, after: 30 },
  ),
  INTERNAL: fact(
    500,
    'Internal error',
    'An unexpected failure. The log has the cause under this `requestId`.',
  ),
};

/** Every code, for schemas and tests. */
export const ERROR_CODES = Object.keys(ERROR_FACTS) as [ErrorCode, ...ErrorCode[]];
