import type {
  BackOff,
  EnvelopeRow,
  HoldOutcome,
  HoldRequest,
  KeyRecord,
  PoolState,
  RefusalFacts,
  WalletShare,
  WindowFull,
} from '../reservation.js';
import {
  type LedgerFacts,
  lineOf,
  type LockedPool,
  NO_FACTS,
  type RequestFacts,
  type WindowRoom,
} from './hold-facts.js';
import { availableOf } from '../pools/available.js';
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
  /** The live hold of the borrower, in any pool of the network. */
  readonly live: { readonly loanId: string; readonly reservationId: string } | null;
  /** Null when the borrower need not wait. */
  readonly backOff: BackOff | null;
  readonly rules: StoredRules;
  /** The pool's observed total; null before the first snapshot. */
  readonly total: bigint | null;
}
export type HoldRefusal = Extract<
  HoldOutcome,
  {
    readonly kind:
      | 'pool_closed_for_holds'
      | 'borrower_busy'
      | 'back_off'
      | 'snapshot_stale'
      | 'share_exceeded'
      | 'refused';
  }
>;

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
  if (live) return { kind: 'borrower_busy', ...live };
  if (backOff) return { kind: 'back_off', ...backOff };
  const fresh =
    ageSeconds !== null &&
    ageSeconds <= rules.maxSnapshotAgeSeconds &&
    chainLagSeconds !== null &&
    chainLagSeconds <= chainLagMax;
  if (!fresh)
    return { kind: 'snapshot_stale', ageSeconds, maxAgeSeconds: rules.maxSnapshotAgeSeconds };
  if (amount === null) return null;
  const { available, atLedger } = conditions;
  const walletShare = walletShareOf(conditions.total, rules.maxWalletShareBps, atLedger);
  if (walletShare && amount > walletShare.bound)
    return { kind: 'share_exceeded', ...walletShare, asked: amount };
  if (amount <= available) return null;
  const left = available > 0n ? available : 0n;
  return {
    kind: 'refused',
    code: 'INSUFFICIENT_LIQUIDITY',
    facts: { available: left.toString(), atLedger: atLedger ?? 0 },
  };
}

/** Whether one more hold would leave a live hold no room to land. */
export function windowFullOf(
  { liveHolds, roomLoans, roomBytes }: WindowRoom,
  entryBytes: number,
): WindowFull | null {
  if (roomLoans !== null && roomLoans < 1)
    return { liveHolds, window: liveHolds + Math.max(0, roomLoans) };
  return roomBytes !== null && roomBytes < entryBytes
    ? { liveHolds, window: liveHolds, bytes: { entryBytes, bytesLeft: Math.max(0, roomBytes) } }
    : null;
}

export interface Decision {
  readonly outcome: HoldOutcome;
  /** Whether this run writes it. False when it was written before, or when nothing is recorded. */
  readonly writes: boolean;
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
    const decision = earlier
      ? { outcome: earlier, writes: false }
      : outcomeOf(request, known, taken, chainLagMax);
    if (decision.writes) taken.remember(request, known, decision.outcome);
    return decision;
  });
  return decisions.map(({ outcome, writes }, index) => ({
    writes,
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
  const envelope = ask.kind === 'hold' ? ask.envelope : null;
  const conditions: HoldConditions = {
    state: pool.state,
    available: taken.roomOf(pool),
    atLedger: pool.snapshotLedger,
    ageSeconds: pool.ageSeconds,
    chainLagSeconds: chainLagOf(pool, envelope?.maxTime ?? null),
    live: known.live ?? taken.liveOf(request),
    backOff: known.backOff,
    rules: pool.rules,
    total: pool.total,
  };
  // an outdated transaction must be rebuilt, so that refusal comes before those on the amount
  const first = refusalOf(conditions, null, chainLagMax);
  if (first) return unwritten(first);
  if (envelope && isOutOfDate(envelope, pool, known)) return unwritten({ kind: 'stale' });
  const refusal = refusalOf(conditions, request.amount, chainLagMax);
  if (refusal) return { outcome: refusal, writes: refusal.kind === 'refused' };
  if (!envelope) return unwritten({ kind: 'fits' });
  const narrow = pool.rules.strict ? taken.windowRefusal(request, pool, known) : null;
  if (narrow) return unwritten(narrow);
  return {
    outcome: {
      kind: 'held',
      reservationId: request.reservationId,
      atLedger: pool.snapshotLedger ?? 0,
    },
    writes: true,
  };
}

const unwritten = (outcome: HoldOutcome): Decision => ({ outcome, writes: false });

/** T is chain time plus the hold's seconds, so an envelope shows a chain time as a head does. */
function chainLagOf(pool: LockedPool, maxTime: bigint | null): number | null {
  const built = maxTime === null ? null : maxTime - BigInt(pool.rules.holdSeconds);
  const times = [pool.headCloseTime, built].filter((time) => time !== null);
  return times.length === 0 ? null : pool.now - Number(times.reduce(greatest));
}

function isOutOfDate(
  { maxTime, sequence }: { readonly maxTime: bigint; readonly sequence: bigint },
  { headCloseTime, rules }: LockedPool,
  { consumedSequence }: RequestFacts,
): boolean {
  const short = headCloseTime !== null && maxTime - headCloseTime < BigInt(rules.minSigningSeconds);
  return short || (consumedSequence !== null && consumedSequence >= sequence);
}

const withNextDeadline = (outcome: HoldOutcome, deadline: bigint | null): HoldOutcome => {
  const short = (record: { readonly code: string; readonly facts: RefusalFacts }): boolean =>
    record.code === 'INSUFFICIENT_LIQUIDITY' && record.facts.nextDeadline === undefined;
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

/** What the earlier requests of the batch have taken. */
class TakenInBatch {
  private readonly room = new Map<string, bigint>();
  private readonly windows: Map<string, WindowRoom>;
  private readonly borrowers = new Map<string, NonNullable<HoldConditions['live']>>();
  private readonly keys = new Map<string, { request: HoldRequest; outcome: HoldOutcome }>();
  private readonly deadlines = new Map<string, bigint>();

  constructor(private readonly facts: LedgerFacts) {
    this.windows = new Map(facts.windows);
  }

  poolOf(id: string): LockedPool | undefined {
    return this.facts.pools.get(id);
  }
  roomOf(pool: LockedPool): bigint {
    return this.room.get(pool.id) ?? availableOf(pool).room;
  }
  liveOf({ network, borrower }: HoldRequest): HoldConditions['live'] {
    return this.borrowers.get(`${network}\u001f${borrower}`) ?? null;
  }
  deadlineOf(poolId: string): bigint | null {
    const times = [this.poolOf(poolId)?.nextDeadline ?? null, this.deadlines.get(poolId) ?? null];
    const known = times.filter((time) => time !== null);
    return known.length === 0 ? null : known.reduce(least);
  }

  /** A second request with the same key in the batch gets the first one's answer. */
  twinOf(request: HoldRequest): HoldOutcome | null {
    const first = this.keys.get(keyOf(request));
    if (request.key === null || !first) return null;
    if (first.request.fingerprint !== request.fingerprint) return { kind: 'key_reused' };
    const { poolId, reservationId } = first.request;
    const record: KeyRecord =
      first.outcome.kind === 'refused'
        ? { kind: 'refused', poolId, code: first.outcome.code, facts: first.outcome.facts }
        : { kind: 'held', poolId, reservationId };
    return { kind: 'replayed', record };
  }

  /** Live holds must still be able to land after this one, and this one after them. */
  windowRefusal(
    request: HoldRequest,
    pool: LockedPool,
    { used }: RequestFacts,
  ): HoldOutcome | null {
    const room = this.windows.get(lineOf(pool));
    if (!room || request.ask.kind !== 'hold')
      throw new Error(`the live holds of the creditline ${pool.creditline} were not read`);
    const full = windowFullOf(room, request.loan.entryBytes);
    if (full) return { kind: 'counter_window_full', ...full };
    const left = ownRoom(request.ask.envelope, room, used);
    if (left === null || (left.loans >= 0 && (left.bytes ?? 0) >= 0)) return null;
    const { liveHolds } = room;
    return { kind: 'window_small', liveHolds, window: Math.max(liveHolds + left.loans + 1, 0) };
  }

  /** Call it for each request that will be written, in the order of the batch. */
  remember(request: HoldRequest, known: RequestFacts, outcome: HoldOutcome): void {
    if (request.key !== null) this.keys.set(keyOf(request), { request, outcome });
    const pool = this.poolOf(request.poolId);
    if (outcome.kind !== 'held' || request.ask.kind !== 'hold' || !pool) return;
    const { reservationId, network, borrower, loan } = request;
    const { maxTime } = request.ask.envelope;
    this.room.set(pool.id, this.roomOf(pool) - request.amount);
    this.borrowers.set(`${network}\u001f${borrower}`, { loanId: loan.loanId, reservationId });
    this.deadlines.set(pool.id, least(maxTime, this.deadlines.get(pool.id) ?? maxTime));
    this.takeWindow(request, pool, known);
  }

  private takeWindow(request: HoldRequest, pool: LockedPool, { used }: RequestFacts): void {
    const room = this.windows.get(lineOf(pool));
    if (!room || request.ask.kind !== 'hold') return;
    const entryBytes = request.loan.entryBytes;
    const own = pool.rules.strict ? ownRoom(request.ask.envelope, room, used) : null;
    this.windows.set(lineOf(pool), {
      liveHolds: room.liveHolds + 1,
      liveBytes: room.liveBytes + entryBytes,
      roomLoans: smallest(room.roomLoans === null ? null : room.roomLoans - 1, own?.loans ?? null),
      roomBytes: smallest(
        room.roomBytes === null ? null : room.roomBytes - entryBytes,
        own?.bytes ?? null,
      ),
    });
  }
}

const keyOf = ({ tenantId, key }: HoldRequest): string => `${tenantId}\u001f${key ?? ''}`;

/**
 * How many loans, and how many bytes of them, may still land before a transaction; null where loans
 * have no ids, so that any number may.
 */
function ownRoom(
  { loanIdFirst, loanIdLast, windowBytes }: EnvelopeRow,
  { liveHolds, liveBytes }: WindowRoom,
  used: RequestFacts['used'],
): { readonly loans: number; readonly bytes: number | null } | null {
  if (loanIdFirst === null || loanIdLast === null) return null;
  if (used === null) throw new Error('the loan ids of an envelope were not compared');
  return {
    loans: Number(loanIdLast - loanIdFirst) - used.loans - liveHolds,
    bytes: windowBytes === null ? null : windowBytes - used.bytes - liveBytes,
  };
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);
const greatest = (one: bigint, other: bigint): bigint => (one > other ? one : other);
/** The smaller of two limits; null is no limit. */
const smallest = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.min(one, other);
