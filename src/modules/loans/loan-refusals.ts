import { type ErrorCode, HoldfastError } from '../../common/errors.js';
import { formatAmount } from '../../common/money.js';
import { poolNotFound } from '../../http/not-found.js';
import { timeOf } from '../../common/times.js';
import { addressKind } from '../chain/address.js';
import type {
  ContractRefusal,
  CounterWindow,
  FundingRequest,
  FundingResult,
  TransactionLimit,
  WantedWindow,
} from '../chain/chain.js';
import type {
  BackOff,
  HoldOutcome,
  PoolState,
  RefusalFacts,
  ReservationState,
  WindowFull,
} from '../liquidity/reservation.js';
import type { WalletShare } from '../liquidity/holds/hold-decision.js';
import { capRefusal, deadlineOf, isCapCode, lapseWords } from './cap-refusals.js';

/** Refusals of the ledger as errors of the API. Each sentence says what the caller can do. */
export type PlainRefusal = Exclude<
  HoldOutcome,
  { kind: 'held' | 'refused' | 'replayed' | 'stale' | 'window_small' | 'fits' }
>;

export function plainRefusal(
  outcome: PlainRefusal,
  { id: poolId, decimals }: { readonly id: string; readonly decimals: number },
): HoldfastError {
  switch (outcome.kind) {
    case 'key_reused':
      return keyReused();
    case 'borrower_busy':
      return borrowerBusy(outcome);
    case 'pool_unknown':
      return poolNotFound(poolId);
    case 'pool_closed_for_holds':
      return poolClosed(outcome.state);
    case 'counter_window_full':
      return counterWindowFull(outcome);
    case 'back_off':
      return backOff(outcome);
    case 'share_exceeded':
      return shareExceeded(outcome, outcome.asked, decimals);
    case 'snapshot_stale':
      return snapshotStale(outcome.ageSeconds, outcome.maxAgeSeconds, outcome.unreadable);
  }
}

const IN_ANY_ORDER = 'This pool makes no more holds than can land in any order.';
/**
 * A hold that ends without landing leaves its room to another hold. `RetryTimes` adds when the
 * first hold can end.
 */
export function counterWindowFull({ liveHolds, window, bytes }: WindowFull): HoldfastError {
  const detail = bytes
    ? `${liveHolds} holds are live on this lending contract. This loan's entry takes ` +
      `${bytes.entryBytes} bytes, and their transactions have room for ${bytes.bytesLeft} ` +
      `bytes more before them. ${IN_ANY_ORDER}`
    : `${liveHolds} holds are live on this lending contract, and its loan ids let ${window} land ` +
      `in any order. ${IN_ANY_ORDER}`;
  return new HoldfastError('COUNTER_WINDOW_FULL', detail, {
    liveHolds,
    window,
    limit: bytes ? 'bytes' : 'loans',
    ...bytes,
    nextDeadline: null,
  });
}
/** One transaction cannot carry what the live holds need. */
const windowAboveLimit = (
  liveHolds: number,
  limit: TransactionLimit,
  fits: CounterWindow,
): HoldfastError =>
  new HoldfastError(
    'COUNTER_WINDOW_FULL',
    `${liveHolds} holds are live on this lending contract, and the network lets one transaction ` +
      `carry room for ${fits.loans} of their loans (${limit}). ${IN_ANY_ORDER}`,
    { liveHolds, window: fits.loans + 1, limit, nextDeadline: null },
  );

export const keyReused = (): HoldfastError =>
  new HoldfastError(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key was used for a request with another body. Use a new key for a new request.',
  );

const borrowerBusy = (live: { loanId: string; reservationId: string }): HoldfastError =>
  new HoldfastError(
    'BORROWER_BUSY',
    `The borrower already has a live hold: loan ${live.loanId}. GET /loans/${live.loanId} ` +
      'returns its transaction again.',
    { loanId: live.loanId, reservationId: live.reservationId, expiresAt: null },
  );

/** The live hold is another tenant's, whose ids are not for this caller. */
export const borrowerBusyElsewhere = (facts: Readonly<Record<string, unknown>>): HoldfastError =>
  new HoldfastError(
    'BORROWER_BUSY',
    'The borrower already has a live hold, which was requested elsewhere.',
    facts,
  );

const backOff = ({ until, waitSeconds, lapses, allowed }: BackOff): HoldfastError =>
  new HoldfastError(
    'BORROWER_BACK_OFF',
    `The borrower's last ${lapses} holds lapsed unsigned; the pool allows ${allowed} in a row. ` +
      `The next hold can be made from ${timeOf(until)} on.`,
    {
      rule: 'lapses',
      until: timeOf(until),
      lapses,
      lapsesAllowed: allowed,
      retryAfterSeconds: waitSeconds,
    },
  );

/**
 * No time is known: the hold fits once the pool's total has grown or an operator has changed the
 * rule.
 */
function shareExceeded(
  { bound, shareBps, atLedger }: WalletShare,
  asked: bigint,
  decimals: number,
): HoldfastError {
  const [most, wanted, share] = [
    formatAmount(bound, decimals),
    formatAmount(asked, decimals),
    formatAmount(BigInt(shareBps), 2),
  ];
  return new HoldfastError(
    'WALLET_SHARE_EXCEEDED',
    `One hold may be at most ${share} % of the pool's total, which is ${most} at ledger ` +
      `${atLedger}; this loan needs ${wanted}.`,
    { rule: 'walletShare', maxWalletShare: share, bound: most, asked: wanted, atLedger },
  );
}

export function poolClosed(state: PoolState): HoldfastError {
  if (state === 'quarantined')
    return new HoldfastError(
      'POOL_QUARANTINED',
      'The pool is in quarantine because its database was restored or replaced. New holds wait ' +
        'until every transaction that may exist is dead.',
      { quarantinedUntil: null },
    );
  return new HoldfastError(
    'POOL_PAUSED',
    state === 'closed' ? 'The pool is closed.' : 'The pool is paused.',
    { poolState: state },
  );
}

function snapshotStale(
  ageSeconds: number | null,
  maxAgeSeconds: number,
  unreadable?: readonly string[],
): HoldfastError {
  const age = tenths(ageSeconds);
  const detail = unreadable
    ? `The contract's own limits are not known: ${unreadable.join(' ')}`
    : age === null
      ? 'The pool was never observed on the chain.'
      : age > maxAgeSeconds
        ? `The pool's snapshot is ${age} s old; it may be at most ${maxAgeSeconds} s old.`
        : CHAIN_LAGS;
  return new HoldfastError('SNAPSHOT_STALE', detail, { ageSeconds: age, maxAgeSeconds });
}

const CHAIN_LAGS =
  "The chain's newest ledger lags too far behind the clock for a deadline to be set.";
/** No new deadline can be set, however old the snapshot is. */
export const chainLags = (ageSeconds: number | null, maxAgeSeconds: number): HoldfastError =>
  new HoldfastError('SNAPSHOT_STALE', CHAIN_LAGS, {
    ageSeconds: tenths(ageSeconds),
    maxAgeSeconds,
  });
const tenths = (seconds: number | null): number | null =>
  seconds === null ? null : Math.round(seconds * 10) / 10;

/**
 * Words a recorded refusal from its record alone, because a replay must repeat it byte for byte.
 */
export function recordedRefusal(
  code: string,
  facts: RefusalFacts,
  decimals: number,
): HoldfastError {
  if (isCapCode(code)) return capRefusal(code, facts, decimals);
  switch (code) {
    case 'INSUFFICIENT_LIQUIDITY': {
      const available = formatAmount(BigInt(facts.available ?? '0'), decimals);
      const nextDeadline = deadlineOf(facts);
      return new HoldfastError(
        code,
        `The pool has ${available} available at ledger ${facts.atLedger}, less than this ` +
          'loan needs. Ask again with a new Idempotency-Key; ' +
          `${lapseWords(nextDeadline)}.`,
        { available, atLedger: facts.atLedger, nextDeadline },
      );
    }
    case 'LOAN_REFUSED_BY_CONTRACT':
      return new HoldfastError(code, String(facts['sentence']), facts);
    default:
      throw new Error(`a refusal was recorded with an unknown code: ${code}`);
  }
}

/** The code for a contract's refusal. */
export const CODE_OF_KIND: Readonly<Record<ContractRefusal['kind'], ErrorCode>> = {
  liquidity: 'CHAIN_LIQUIDITY_SHORT',
  caller: 'LOAN_REFUSED_BY_CONTRACT',
  paused: 'POOL_PAUSED',
  outflow: 'OUTFLOW_CAP_REACHED',
  vendor_cap: 'VENDOR_CAP_EXCEEDED',
  links: 'CONTRACTS_BROKEN',
  protocol: 'CONTRACT_FAILED',
};

/** The facts of a contract's refusal that are stored. */
export const contractFacts = ({
  contract,
  number,
  name,
  sentence,
}: ContractRefusal): RefusalFacts => ({ contract, number, name, sentence });

export const chainLiquidityShort = (refusal: ContractRefusal): HoldfastError =>
  new HoldfastError(
    'CHAIN_LIQUIDITY_SHORT',
    `${refusal.sentence} The pool is being observed again; ask again in a few seconds.`,
    { ...contractFacts(refusal) },
  );

const NOT_OURS = 'This service did not pause it and cannot end the pause.';

/**
 * Neither the caller nor an operator caused this, so it is not recorded under the idempotency key.
 * @param atLedger of the snapshot that shows the pause; absent when the simulation found it
 */
export const contractPaused = (refusal: ContractRefusal, atLedger?: number): HoldfastError =>
  new HoldfastError('POOL_PAUSED', `${refusal.sentence} ${NOT_OURS}`, {
    ...contractFacts(refusal),
    poolState: 'active',
    ...(atLedger !== undefined && { atLedger }),
  });

/**
 * If it were forwarded now, the transaction would fail and burn its fee and sequence number.
 * Waiting costs only time.
 */
export const notForwarded = (
  refusal: ContractRefusal,
  atLedger: number,
  { id, state }: { id: string; state: ReservationState },
): HoldfastError =>
  new HoldfastError(
    'CONTRACT_PAUSED',
    `${refusal.sentence} ${NOT_OURS} The transaction was not forwarded, because it ` +
      'would fail and burn its fee; the hold is unchanged. Once the pause has ended it can ' +
      'be submitted as it is, until its maxTime.',
    { ...contractFacts(refusal), atLedger, reservation: { id, state } },
  );

/** Neither the caller's terms nor the pool's liquidity: nothing is recorded under the key. */
export const contractTrouble = (refusal: ContractRefusal): HoldfastError =>
  new HoldfastError(CODE_OF_KIND[refusal.kind], refusal.sentence, { ...contractFacts(refusal) });

/** Why no transaction was built although no contract refused. No hold is made for it. */
export function notBuilt(
  result: Exclude<FundingResult, { kind: 'built' | 'refused' }>,
  { terms, window }: Pick<FundingRequest, 'terms'> & { readonly window?: WantedWindow },
): HoldfastError {
  switch (result.kind) {
    case 'no_account':
      return new HoldfastError(
        'ACCOUNT_NOT_FOUND',
        addressKind(terms.borrower) === 'contract'
          ? `The borrower ${terms.borrower} is no contract account on this network.`
          : `The borrower ${terms.borrower} has no account on this network, so it has no sequence number to sign with.`,
      );
    case 'window_too_small':
      return windowAboveLimit(window?.least.loans ?? 0, result.limit, result.fits);
    case 'over_limit':
      return new HoldfastError(
        'TRANSACTION_TOO_LARGE',
        `The transaction would have to declare ${result.declared} ` +
          `${LIMIT_WORDS[result.limit]}; the network allows ${result.max}.`,
        { limit: result.limit, declared: result.declared.toString(), max: result.max.toString() },
      );
    case 'lapsing':
      return new HoldfastError(
        'CONTRACT_ARCHIVED',
        `${result.contract === null ? "The code of one of the pool's contracts" : `The contract ${result.contract}`} ` +
          `lapses at ledger ${result.liveUntil}, which may come before the deadline of this loan's ` +
          'transaction, and the transaction would fail then. Anyone may extend it: ' +
          '`holdfast pools extend POOL_ID --source G...`.',
        { keys: 1, restoreXdr: null },
      );
    case 'archived':
      return new HoldfastError(
        'CONTRACT_ARCHIVED',
        `${result.keys} entries of the pool's contracts are archived, too many to restore ` +
          `within this loan's transaction. ` +
          (result.restore
            ? 'An operator restores them with `restoreXdr`.'
            : 'The node gave no figures for a transaction that restores them.'),
        { keys: result.keys, restoreXdr: result.restore?.xdr ?? null },
      );
  }
}

const LIMIT_WORDS: Readonly<Record<TransactionLimit, string>> = {
  instructions: 'instructions',
  diskReadEntries: 'entries read from disk',
  diskReadBytes: 'bytes read from disk',
  writeEntries: 'written entries',
  writeBytes: 'written bytes',
  footprintEntries: 'entries in its footprint',
  transactionBytes: 'bytes of its own',
};
