import { availableOf } from '../pools/available.js';
import type {
  AuthorizationRow,
  EnvelopeRow,
  HoldOutcome,
  HoldRequest,
  KeyRecord,
  VendorFunded,
  WindowFull,
} from '../reservation.js';
import {
  type OutflowConditions,
  outflowOf,
  type VendorConditions,
  vendorOf,
} from './contract-caps.js';
import type { Decision } from './hold-decision.js';
import {
  type BorrowerHold,
  type LedgerFacts,
  lineOf,
  type LockedPool,
  type RequestFacts,
  type WindowRoom,
} from './hold-facts.js';

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

/** What the earlier requests of the batch have taken. */
export class TakenInBatch {
  private readonly room = new Map<string, bigint>();
  private readonly windows: Map<string, WindowRoom>;
  private readonly borrowers = new Map<string, readonly BorrowerHold[]>();
  private readonly vendors = new Map<string, bigint>();
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
  outflowOf(pool: LockedPool): OutflowConditions | null {
    const taken = availableOf(pool).room - this.roomOf(pool);
    return outflowOf({ ...pool, held: pool.held + taken }, pool.limits);
  }
  vendorOf(
    request: HoldRequest,
    pool: LockedPool,
    { vendorHeld }: RequestFacts,
  ): VendorConditions | null {
    const funded = issuedOf(request)?.vendorFunded ?? null;
    return vendorOf(pool.limits, funded, vendorHeld + (this.vendors.get(vendorKey(request)) ?? 0n));
  }
  /** The live holds of its borrower, with those of the batch. */
  liveOf(request: HoldRequest, { live }: RequestFacts): readonly BorrowerHold[] {
    return [...live, ...(this.borrowers.get(borrowerKey(request)) ?? [])];
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
    const issued = issuedOf(request);
    if (!room || !issued)
      throw new Error(
        `the live holds of the lending contract ${pool.lendingContract} were not read`,
      );
    const full = windowFullOf(room, request.loan.entryBytes);
    if (full) return { kind: 'counter_window_full', ...full };
    const left = ownRoom(issued.envelope, room, used);
    if (left === null || (left.loans >= 0 && (left.bytes ?? 0) >= 0)) return null;
    const { liveHolds } = room;
    return { kind: 'window_small', liveHolds, window: Math.max(liveHolds + left.loans + 1, 0) };
  }

  /** Call it for each request that will be written, in the order of the batch. */
  remember(request: HoldRequest, known: RequestFacts, { outcome, slot = 0 }: Decision): void {
    if (request.key !== null) this.keys.set(keyOf(request), { request, outcome });
    const pool = this.poolOf(request.poolId);
    const issued = issuedOf(request);
    if (outcome.kind !== 'held' || !issued || !pool) return;
    const { reservationId, loan } = request;
    const { deadline } = issued;
    this.room.set(pool.id, this.roomOf(pool) - request.amount);
    const vendor = vendorKey(request);
    this.vendors.set(vendor, (this.vendors.get(vendor) ?? 0n) + request.amount);
    const borrower = borrowerKey(request);
    const hold = { loanId: loan.loanId, reservationId, slot };
    this.borrowers.set(borrower, [...(this.borrowers.get(borrower) ?? []), hold]);
    this.deadlines.set(pool.id, least(deadline, this.deadlines.get(pool.id) ?? deadline));
    this.takeWindow(request, pool, known);
  }

  private takeWindow(request: HoldRequest, pool: LockedPool, { used }: RequestFacts): void {
    const room = this.windows.get(lineOf(pool));
    const issued = issuedOf(request);
    if (!room || !issued) return;
    const entryBytes = request.loan.entryBytes;
    const own = pool.rules.strict ? ownRoom(issued.envelope, room, used) : null;
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

/** What a request issues when it is held. */
export interface Issued {
  /** T of an envelope, the estimate of an authorization's fence, unix seconds. */
  readonly deadline: bigint;
  /** Null for an authorization, which needs no sequence number. */
  readonly sequence: bigint | null;
  /** Null for an authorization, which needs no window. */
  readonly envelope: EnvelopeRow | null;
  /** Null for an envelope. */
  readonly authorization: AuthorizationRow | null;
  readonly vendorFunded: VendorFunded | null;
}
/** @returns null for a request that makes no hold */
export function issuedOf({ ask }: HoldRequest): Issued | null {
  if (ask.kind === 'hold') {
    const { envelope, vendorFunded = null } = ask;
    const { maxTime: deadline, sequence } = envelope;
    return { deadline, sequence, envelope, authorization: null, vendorFunded };
  }
  if (ask.kind !== 'hold-authorization') return null;
  const { authorization, vendorFunded = null } = ask;
  const { expiresAt: deadline } = authorization;
  return { deadline, sequence: null, envelope: null, authorization, vendorFunded };
}

const borrowerKey = ({ network, borrower }: HoldRequest): string => `${network}\u001f${borrower}`;
const vendorKey = ({ poolId, loan }: HoldRequest): string => `${poolId}\u001f${loan.vendor ?? ''}`;
const keyOf = ({ tenantId, key }: HoldRequest): string => `${tenantId}\u001f${key ?? ''}`;

/**
 * How many loans, and how many bytes of them, may still land before a transaction; null for an
 * authorization and where loans have no ids, so that any number may.
 */
function ownRoom(
  envelope: EnvelopeRow | null,
  { liveHolds, liveBytes }: WindowRoom,
  used: RequestFacts['used'],
): { readonly loans: number; readonly bytes: number | null } | null {
  const { loanIdFirst = null, loanIdLast = null, windowBytes = null } = envelope ?? {};
  if (loanIdFirst === null || loanIdLast === null) return null;
  if (used === null) throw new Error('the loan ids of an envelope were not compared');
  return {
    loans: Number(loanIdLast - loanIdFirst) - used.loans - liveHolds,
    bytes: windowBytes === null ? null : windowBytes - used.bytes - liveBytes,
  };
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);
/** The smaller of two limits; null is no limit. */
const smallest = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.min(one, other);
