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
    'No credential, or one that is wrong, expired or revoked. Send `Authorization: Bearer` ' +
      "with an API key, or with a wallet's token from /auth.",
  ),
  FORBIDDEN: fact(
    403,
    'Not allowed',
    'The caller is known and may not do this: `requiredScope` names what its key lacks, ' +
      '`errors` a field that may only name the caller itself.',
  ),
  IDEMPOTENCY_KEY_MISSING: fact(
    400,
    'Idempotency-Key missing',
    'A backend must send an Idempotency-Key, so that a lost answer can be asked for again without a second hold.',
  ),
  VALIDATION_FAILED: fact(
    400,
    'The request is not valid',
    '`errors` names every field that is wrong, all at once.',
  ),
  NOTHING_TO_FUND: fact(
    422,
    'Nothing to fund',
    'The guarantee is the whole total, so the pool would fund nothing.',
  ),
  POOL_NOT_FOUND: fact(404, 'No such pool', 'No pool has this id.'),
  LOAN_NOT_FOUND: fact(404, 'No such loan', 'No loan has this id.'),
  RESERVATION_NOT_FOUND: fact(404, 'No such reservation', 'No reservation has this id.'),
  KEY_NOT_FOUND: fact(404, 'No such key', 'No API key has this id.'),
  POOL_STATE_CONFLICT: fact(
    409,
    'The pool is in another state',
    "What was asked for is not possible from the pool's present state (`poolState`).",
  ),
  RESOLUTION_REFUSED: fact(
    409,
    "The hold is not ended by a person's word",
    'The judge needs nobody, or what can be read now contradicts the wish: `refusal` names which.',
  ),
  WEBHOOK_NOT_FOUND: fact(404, 'No such webhook', 'No webhook of yours has this id.'),
  DELIVERY_NOT_FOUND: fact(404, 'No such delivery', 'No delivery of this webhook has this id.'),
  NOT_FOUND: fact(404, 'Not found', 'This API has no such path.'),
  METHOD_NOT_ALLOWED: fact(
    405,
    'Method not allowed',
    'The path exists; `Allow` names its methods.',
  ),
  PAYLOAD_TOO_LARGE: fact(413, 'Body too large', 'A body has at most 64 kB.'),
  REQUEST_TIMEOUT: fact(
    408,
    'The request did not arrive in time',
    'Headers and body must be here within REQUEST_TIMEOUT_MS. Nothing was done.',
    { retryable: true },
  ),
  HEADERS_TOO_LARGE: fact(
    431,
    'Headers or path too long',
    'The request line and all headers together have at most 16 kB.',
  ),
  UNSUPPORTED_MEDIA_TYPE: fact(415, 'Unsupported media type', 'Bodies are application/json.'),
  RATE_LIMITED: fact(
    429,
    'Too many requests',
    'The caller has used up its requests of this kind for now: `limit` in `window` ' +
      'seconds, again after Retry-After. Nothing was looked at and no hold was made; it says ' +
      'nothing about liquidity. Repeated requests count too.',
    { retryable: true },
  ),
  BORROWER_BACK_OFF: fact(
    409,
    'The borrower has to wait',
    'Its last holds lapsed unsigned (`lapses`), as many as the pool allows ' +
      '(`lapsesAllowed`) or more, and no loan was funded since. Until `until` no hold is ' +
      'made for it; the wait doubles with each further lapse, from 10 minutes to 24 hours.',
    { retryable: true },
  ),
  WALLET_SHARE_EXCEEDED: fact(
    422,
    'More than one wallet may hold',
    "One hold may be a part of the pool's total only: `maxWalletShare` in percent, `bound` " +
      'in token units at `atLedger`; `asked` is what this loan needs.',
  ),
  INSUFFICIENT_LIQUIDITY: fact(
    409,
    'Not enough liquidity',
    'The pool cannot set this amount aside. `available`, `atLedger` and `nextDeadline` say ' +
      'why and until when; ask again with a new Idempotency-Key.',
    { retryable: true, sticky: true },
  ),
  CHAIN_LIQUIDITY_SHORT: fact(
    409,
    'The chain has less than we knew',
    'The contracts refused for lack of liquidity when the transaction was simulated. The ' +
      'pool is being observed again; ask again shortly.',
    { retryable: true, after: LEDGER },
  ),
  BORROWER_BUSY: fact(
    409,
    'The borrower has a live hold',
    'One live hold per borrower account (`loanId`): two envelopes of one account exclude each other.',
    { retryable: true },
  ),
  POOL_PAUSED: fact(
    409,
    'The pool takes no new loans',
    'The pool was closed, or paused by an operator or by the service itself (`poolState`), ' +
      'or its contract is paused on the chain (`contract`, `name`).',
  ),
  CONTRACT_PAUSED: fact(
    409,
    "The pool's contract is paused",
    'The contract is paused on the chain by its own administrator (`contract`, `name`), as ' +
      'read from the node at `atLedger`. The transaction was not forwarded, because it would ' +
      'fail and burn its fee. The hold goes on; submit again when the pause has ended.',
    { retryable: true, after: LEDGER },
  ),
  ENVELOPE_OUTDATED: fact(
    409,
    'The transaction can no longer land',
    'The hold has ended, or the loan counter left the window of the transaction.',
  ),
  ENVELOPE_UNDECIDED: fact(
    409,
    'The chain has not decided yet',
    'The account or the hold moved under this request: a new transaction is made only once ' +
      'it is proven what became of the old ones.',
    { retryable: true, after: 2 * LEDGER },
  ),
  REBUILD_LIMIT: fact(
    409,
    'No further transaction for this hold',
    'A hold is rebuilt at most 3 times and not without end (`reason`). It ends by itself.',
  ),
  SUBMISSION_REJECTED: fact(
    409,
    'The network refused the transaction',
    'A node answered ERROR (`resultCode`). The hold is unchanged: such an answer proves nothing.',
    { retryable: true },
  ),
  LOAN_REFUSED_BY_CONTRACT: fact(
    422,
    'The contracts refuse this loan',
    'Simulated on the chain, a contract said no: `contract`, `number`, `name`, `sentence`.',
    { sticky: true },
  ),
  TRANSACTION_TOO_LARGE: fact(
    422,
    'The transaction would be too large',
    "The network would refuse the loan's transaction: it needs more of `limit` than one " +
      'transaction may declare (`declared`, `max`). No transaction was made, and no new ' +
      'hold. Fewer instalments make it smaller.',
  ),
  ACCOUNT_NOT_FOUND: fact(422, 'No such account', 'The borrower has no account on this network.'),
  IDEMPOTENCY_KEY_REUSED: fact(
    422,
    'Idempotency-Key used for another request',
    'A key stands for one request body. Use a new key.',
  ),
  BUSY_RETRY: fact(
    503,
    'Busy, ask again',
    'The ledger could not decide in time. With the same Idempotency-Key nothing can happen twice.',
    { retryable: true },
  ),
  SNAPSHOT_STALE: fact(
    503,
    'The view of the chain is too old',
    'No promise is made on an old snapshot or a chain that lags.',
    { retryable: true, after: 2 },
  ),
  CHAIN_UNREACHABLE: fact(
    503,
    'The chain cannot be reached',
    'The Stellar RPC node did not answer usefully. That proves nothing about any transaction.',
    { retryable: true, after: LEDGER },
  ),
  COUNTER_WINDOW_FULL: fact(
    503,
    'The loan counter window is full',
    'One hold more and a live hold of this creditline might not land. `nextDeadline`: when ' +
      'the first of them can lapse and leave its room.',
    { retryable: true, after: LEDGER },
  ),
  CONTRACT_ARCHIVED: fact(
    503,
    'The contracts are archived',
    "The network has archived entries of the pool's contracts (`keys`), and one " +
      'transaction cannot restore all of them beside the loan. No transaction was made, and ' +
      'no new hold. An operator restores them with `restoreXdr`: set the source account and ' +
      'its next sequence number, sign, submit, and repeat until loans are made again.',
    { retryable: true, after: 60 },
  ),
  POOL_QUARANTINED: fact(
    503,
    'The pool is in quarantine',
    'After a restore, promises may be out that the database does not know.',
    { retryable: true, after: 30 },
  ),
  INTERNAL: fact(
    500,
    'Internal error',
    'Something failed that should not. The cause is in the log under this `requestId`.',
  ),
};

/** Every code, for schemas and tests. */
export const ERROR_CODES = Object.keys(ERROR_FACTS) as [ErrorCode, ...ErrorCode[]];
