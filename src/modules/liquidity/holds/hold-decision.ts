import {
  type BackOff,
  type ContractLimits,
  type HoldOutcome,
  type HoldRequest,
  type PoolState,
  type RefusalFacts,
  type Signing,
  signingOf,
} from '../reservation.js';
import {
  type BorrowerHold,
  type LedgerFacts,
  type LockedPool,
  NO_FACTS,
  type RequestFacts,
} from './hold-facts.js';
import {
  type OutflowConditions,
  outflowRefusal,
  type VendorConditions,
  vendorRefusal,
} from './contract-caps.js';
import { type Issued, issuedOf, TakenInBatch } from './taken-in-batch.js';
import type { StoredRules } from '../pools/pool-rules.js';

/**
 * Every rule by which a hold is made or refused (docs/protocol.md#order-of-answers); nothing here
 * reads or writes. `POST /loans` and the quote call `refusalOf` on an unlocked read. The ledger
 * calls `decideHolds` on what it reads under the gate and the pool rows.
 */

/** The `max_wallet_share_bps` that sets no limit. */
const SHARE_UNBOUNDED = 10_000;

/** The most that one hold may take from a pool; null when there is no limit or no snapshot yet. */
function walletShareOf(
  total: bigint | null,
  shareBps: number,
  atLedger: number | null,
): WalletShare | null {
  if (shareBps >= SHARE_UNBOUNDED || total === null || atLedger === null) return null;
  const positive = total > 0n ? total : 0n;
  return { bound: (positive * BigInt(shareBps)) / BigInt(SHARE_UNBOUNDED), shareBps, atLedger };
}

/** What the rules look at in a pool and a borrower. */
export interface HoldConditions {
  readonly state: PoolState;
  /** Base units that holds may still take; zero or below when nothing is left. */
  readonly available: bigint;
  /** Ledger of the snapshot; null before the first one. */
  readonly atLedger: number | null;
  /** Seconds since the snapshot's ledger last advanced; null before the first one. */
  readonly ageSeconds: number | null;
  /** Database clock minus chain time; null when no chain time is known. */
  readonly chainLagSeconds: number | null;
  /** The live hold that leaves the borrower no room for one more, in any pool of the network. */
  readonly live: { readonly loanId: string; readonly reservationId: string } | null;
  /** Null when the borrower need not wait. */
  readonly backOff: BackOff | null;
  readonly rules: StoredRules;
  /** The pool's observed total; null before the first snapshot. */
  readonly total: bigint | null;
  readonly limits: ContractLimits;
  /** Null where the contract has no such limit. */
  readonly outflow: OutflowConditions | null;
  /** Null also while it is not known what the contract has funded to the vendor. */
  readonly vendor: VendorConditions | null;
}
/**
 * One hold may take at most `bound` base units: `shareBps` hundredths of a percent of the total
 * observed at a ledger.
 */
export interface WalletShare {
  readonly bound: bigint;
  readonly shareBps: number;
  readonly atLedger: number;
}
/** `refused` is recorded under the request's key; the others are decided again. */
export type HoldRefusal =
  | { readonly kind: 'pool_closed_for_holds'; readonly state: PoolState }
  | { readonly kind: 'borrower_busy'; readonly loanId: string; readonly reservationId: string }
  | ({ readonly kind: 'back_off' } & BackOff)
  | {
      readonly kind: 'snapshot_stale';
      readonly ageSeconds: number | null;
      readonly maxAgeSeconds: number;
      /** The contract's own limits are not known at the snapshot. */
      readonly unreadable?: readonly string[];
    }
  | ({ readonly kind: 'share_exceeded'; readonly asked: bigint } & WalletShare)
  | { readonly kind: 'refused'; readonly code: string; readonly facts: RefusalFacts };

/**
 * Returns the first rule that refuses a hold, in the order of answers.
 * @param amount base units; null while the terms are not known: rules on the amount do not apply
 * @param chainLagMax seconds
 */
export function refusalOf(
  conditions: HoldConditions,
  amount: bigint | null,
  chainLagMax: number,
): HoldRefusal | null {
  const { state, live, backOff, ageSeconds, chainLagSeconds, rules } = conditions;
  if (state !== 'active') return { kind: 'pool_closed_for_holds', state };
  if (live)
    return { kind: 'borrower_busy', loanId: live.loanId, reservationId: live.reservationId };
  if (backOff) return { kind: 'back_off', ...backOff };
  const fresh =
    ageSeconds !== null &&
    ageSeconds <= rules.maxSnapshotAgeSeconds &&
    chainLagSeconds !== null &&
    chainLagSeconds <= chainLagMax;
  if (!fresh)
    return { kind: 'snapshot_stale', ageSeconds, maxAgeSeconds: rules.maxSnapshotAgeSeconds };
  const { unreadable } = conditions.limits;
  if (unreadable)
    return {
      kind: 'snapshot_stale',
      ageSeconds,
      maxAgeSeconds: rules.maxSnapshotAgeSeconds,
      unreadable,
    };
  if (amount === null) return null;
  const { available, atLedger } = conditions;
  const walletShare = walletShareOf(conditions.total, rules.maxWalletShareBps, atLedger);
  if (walletShare && amount > walletShare.bound)
    return { kind: 'share_exceeded', ...walletShare, asked: amount };
  if (amount <= available)
    return (
      outflowRefusal(conditions.outflow, amount, atLedger) ??
      vendorRefusal(conditions.vendor, amount)
    );
  const left = available > 0n ? available : 0n;
  return {
    kind: 'refused',
    code: 'INSUFFICIENT_LIQUIDITY',
    facts: { available: left.toString(), atLedger: atLedger ?? 0 },
  };
}

export interface Decision {
  readonly outcome: HoldOutcome;
  /** Whether this run writes it. False when it was written before, or when nothing is recorded. */
  readonly writes: boolean;
  /** The slot of the borrower that a new hold takes. */
  readonly slot?: number;
}

/**
 * Decides a batch greedily, in the order in which the requests came. Requests of one batch see each
 * other: a twin by its key, a borrower's second request, and what the earlier ones took.
 * @param chainLagMax seconds
 */
export function decideHolds(
  batch: readonly HoldRequest[],
  facts: LedgerFacts,
  chainLagMax: number,
): Decision[] {
  const taken = new TakenInBatch(facts);
  const decisions = batch.map((request, index) => {
    const known = facts.requests[index] ?? NO_FACTS;
    const earlier = recordedOutcome(request, known) ?? taken.twinOf(request);
    const decision = earlier ? unwritten(earlier) : outcomeOf(request, known, taken, chainLagMax);
    if (decision.writes) taken.remember(request, known, decision);
    return decision;
  });
  return decisions.map(({ outcome, ...rest }, index) => ({
    ...rest,
    outcome: withNextDeadline(outcome, taken.deadlineOf(batch[index]?.poolId ?? '')),
  }));
}

/** What an earlier transaction decided about this request or its key. */
function recordedOutcome(request: HoldRequest, known: RequestFacts): HoldOutcome | null {
  if (known.heldAtLedger !== null)
    return {
      kind: 'held',
      reservationId: request.reservationId,
      atLedger: known.heldAtLedger,
    };
  const { key } = known;
  if (key === null || key.expired) return null;
  if (key.fingerprint !== request.fingerprint) return { kind: 'key_reused' };
  // its own refusal, when the batch runs again after the answer to COMMIT was lost
  return key.requestId === request.reservationId && key.record.kind === 'refused'
    ? { kind: 'refused', code: key.record.code, facts: key.record.facts }
    : { kind: 'replayed', record: key.record };
}

function outcomeOf(
  request: HoldRequest,
  known: RequestFacts,
  taken: TakenInBatch,
  chainLagMax: number,
): Decision {
  const pool = taken.poolOf(request.poolId);
  const { ask } = request;
  if (!pool) return unwritten({ kind: 'pool_unknown' });
  if (ask.kind === 'record-refusal')
    return { outcome: { kind: 'refused', code: ask.code, facts: ask.facts }, writes: true };
  const issued = issuedOf(request);
  const live = taken.liveOf(request, known);
  const conditions: HoldConditions = {
    state: pool.state,
    available: taken.roomOf(pool),
    atLedger: pool.snapshotLedger,
    ageSeconds: pool.ageSeconds,
    chainLagSeconds: chainLagOf(pool, issued?.deadline ?? null),
    live: busyWith(live, signingOf(request), pool.rules),
    backOff: known.backOff,
    rules: pool.rules,
    total: pool.total,
    limits: pool.limits,
    outflow: taken.outflowOf(pool),
    vendor: taken.vendorOf(request, pool, known),
  };
  // an outdated transaction must be rebuilt, so that refusal comes before those on the amount
  const first = refusalOf(conditions, null, chainLagMax);
  if (first) return unwritten(first);
  if (issued && isOutOfDate(issued, pool, known)) return unwritten({ kind: 'stale' });
  const refusal = refusalOf(conditions, request.amount, chainLagMax);
  if (refusal) return { outcome: refusal, writes: refusal.kind === 'refused' };
  if (!issued) return unwritten({ kind: 'fits' });
  const narrow = pool.rules.strict ? taken.windowRefusal(request, pool, known) : null;
  if (narrow) return unwritten(narrow);
  return {
    outcome: {
      kind: 'held',
      reservationId: request.reservationId,
      atLedger: pool.snapshotLedger ?? 0,
    },
    writes: true,
    slot: freeSlotOf(live),
  };
}

/**
 * The live hold that leaves a wallet no room for one more (docs/protocol.md#one-live-hold-per-borrower):
 * any for a transaction, which needs the account's next sequence number; the last that the pool allows
 * for an authorization.
 */
const busyWith = <Hold>(
  live: readonly Hold[],
  signing: Signing,
  { holdsPerWallet }: Pick<StoredRules, 'holdsPerWallet'>,
): Hold | null => live[signing === 'authorization' ? holdsPerWallet - 1 : 0] ?? null;

const freeSlotOf = (live: readonly BorrowerHold[]): number => {
  const slots = new Set(live.map(({ slot }) => slot));
  let free = 0;
  while (slots.has(free)) free += 1;
  return free;
};

const unwritten = (outcome: HoldOutcome): Decision => ({ outcome, writes: false });

/**
 * The deadline is chain time plus the hold's seconds, so what is issued shows a chain time as a head
 * does.
 */
function chainLagOf(pool: LockedPool, deadline: bigint | null): number | null {
  const built = deadline === null ? null : deadline - BigInt(pool.rules.holdSeconds);
  const times = [pool.headCloseTime, built].filter((time) => time !== null);
  return times.length === 0 ? null : pool.now - Number(times.reduce(greatest));
}

function isOutOfDate(
  { deadline, sequence }: Issued,
  { headCloseTime, rules }: LockedPool,
  { consumedSequence }: RequestFacts,
): boolean {
  const short =
    headCloseTime !== null && deadline - headCloseTime < BigInt(rules.minSigningSeconds);
  return short || (sequence !== null && consumedSequence !== null && consumedSequence >= sequence);
}

/** Refusals that the end of any hold of the pool may lift. */
export const FREED_BY_AN_END: ReadonlySet<string> = new Set([
  'INSUFFICIENT_LIQUIDITY',
  'OUTFLOW_CAP_REACHED',
]);
const withNextDeadline = (outcome: HoldOutcome, deadline: bigint | null): HoldOutcome => {
  const short = (record: { readonly code: string; readonly facts: RefusalFacts }): boolean =>
    FREED_BY_AN_END.has(record.code) && record.facts.nextDeadline === undefined;
  const added = { nextDeadline: deadline?.toString() ?? null };
  if (outcome.kind === 'refused' && short(outcome))
    return { ...outcome, facts: { ...outcome.facts, ...added } };
  if (outcome.kind === 'replayed' && outcome.record.kind === 'refused' && short(outcome.record))
    return {
      ...outcome,
      record: { ...outcome.record, facts: { ...outcome.record.facts, ...added } },
    };
  return outcome;
};

const greatest = (one: bigint, other: bigint): bigint => (one > other ? one : other);
