import { asError } from '../../common/errors.js';
import type { Chain, Head } from '../chain/chain.js';
import type { PoolRecord, PoolRegistry } from '../liquidity/pool.registry.js';
import type { LiveHold, Settlement, Snapshot } from '../liquidity/reservation.js';
import type { ReservationLedger } from '../liquidity/reservation.ledger.js';
import { TRANSITIONS_MAX } from '../liquidity/transition.sql.js';
import { AlarmLog, type Alarms } from './alarm.log.js';
import { bounded } from './bounded.js';
import { LookupWindow } from './lookup.window.js';
import { type Evidence, type Verdict, verdict } from './verdict.js';

export interface SettlementRooms {
  readonly ledger: ReservationLedger;
  readonly pools: PoolRegistry;
  readonly chain: Chain;
}
export interface SettlementLimits {
  /** Holds of one pool looked up in one round at most. */
  readonly lookupsPerRound: number;
  /** Calls to the node at a time. */
  readonly callsAtOnce: number;
  /** Pools worked on at a time. */
  readonly poolsAtOnce: number;
}
const LIMITS: SettlementLimits = { lookupsPerRound: 200, callsAtOnce: 16, poolsAtOnce: 4 };
/** Live holds that are candidates for a look-up in a round; those behind them come when they lapse. */
const CANDIDATES = 2000;
/** Chain time may be behind the clock that wakes us: so near to a deadline the next round is asked for at once. */
const SOON_SECONDS = 60n;

export interface Applied { readonly settled: number; readonly released: number; readonly expired: number }
export interface Observed extends Applied { /** Whether the snapshot moved forward (R5). */ readonly advanced: boolean }
/** `again`: something has lapsed and is not proven yet, or is about to lapse. */
export interface Lapsed extends Applied { readonly again: boolean }
export interface Round { readonly pools: number; readonly failed: number; readonly again: boolean }

interface Judged { readonly verdicts: readonly Verdict[]; readonly failure: Error | null }

/**
 * What became of promises: reads the chain, judges, tells the ledger. Jobs and the command line call it. No call to the network happens inside a
 * transaction (R3): everything is read first and written then, and the ledger's own guards decide what still holds.
 */
export class SettlementService {
  readonly #windows: LookupWindow;

  constructor(private readonly rooms: SettlementRooms, private readonly alarms: Alarms = new AlarmLog(), private readonly limits: SettlementLimits = LIMITS) {
    this.#windows = new LookupWindow(limits.lookupsPerRound);
  }

  /**
   * Reads a pool and the transactions of its live holds, then stores the snapshot. Settlements up to the snapshot's ledger go with it in one transaction,
   * so that nothing is counted twice even for a moment.
   * @throws HoldfastError CHAIN_UNREACHABLE when a look-up failed (what was found is stored), BUSY_RETRY
   */
  async observePool(pool: PoolRecord): Promise<Observed> {
    const reading = await this.rooms.chain.observePool(pool.poolContract, pool.tokenContract);
    const judged = await this.judge(pool, await this.lookupCandidates(pool), null);
    const snapshot: Snapshot = {
      poolId: pool.id, ledger: reading.ledger, total: reading.total, locked: reading.locked, tokenBalance: reading.tokenBalance,
      closeTime: reading.closeTime, headLedger: reading.head.ledger, headCloseTime: reading.head.closeTime,
    };
    const settlements = settlementsOf(judged.verdicts);
    const contained = settlements.filter(({ settledLedger }) => settledLedger <= reading.ledger).slice(0, TRANSITIONS_MAX); // those behind come in the next transaction
    const observed = await this.rooms.ledger.observe(snapshot, contained);
    const rest = await this.apply(pool, judged.verdicts, new Set(contained));
    if (judged.failure) throw judged.failure;
    return { ...rest, advanced: observed.advanced, settled: rest.settled + observed.settled.filter(({ written }) => written).length };
  }

  /** Settles and releases what the chain already decided, without a snapshot: for pools that are not observed any more. */
  async findSettlements(pool: PoolRecord): Promise<Applied> {
    const judged = await this.judge(pool, await this.lookupCandidates(pool), null);
    const applied = await this.apply(pool, judged.verdicts);
    if (judged.failure) throw judged.failure;
    return applied;
  }

  /**
   * Ends lapsed holds by certificate D1 (or D3, D4 where one is found after all). Lapsed is by chain time; steps that are proven are stored.
   * @param head a head read by the caller before; absent: read now
   */
  async expireLapsed(pool: PoolRecord, head?: Head): Promise<Lapsed> {
    const now = head ?? await this.rooms.chain.head();
    const holds = await this.rooms.ledger.liveHolds(pool.id, this.limits.lookupsPerRound, now.closeTime);
    const judged = await this.judge(pool, holds, now);
    const applied = await this.apply(pool, judged.verdicts);
    if (judged.failure) throw judged.failure;
    const next = (await this.rooms.ledger.position(pool.id))?.nextDeadline ?? null;
    return { ...applied, again: next !== null && next <= now.closeTime + SOON_SECONDS };
  }

  /** One round over all pools: those that are not closed are observed, of closed ones only the live holds are followed. */
  observeAll(): Promise<Round> {
    return this.withHead(() => this.eachPool(async (pool) => {
      await (pool.state === 'closed' ? this.findSettlements(pool) : this.observePool(pool));
      return true;
    }));
  }

  /** One round of D1 over all pools, closed ones too: their promises end like all others. */
  expireAll(): Promise<Round> {
    return this.withHead((head) => this.eachPool(async (pool) => (await this.expireLapsed(pool, head)).again));
  }

  /** A node that is away is told once for all pools: asking it for each would cost a time limit for each, and it frees nothing (R7). */
  private async withHead(round: (head: Head) => Promise<Round>): Promise<Round> {
    let head: Head;
    try {
      head = await this.rooms.chain.head();
    } catch (thrown) {
      this.alarms.raise('chain_unreachable', { error: asError(thrown).message });
      return { pools: 0, failed: 0, again: true };
    }
    return round(head);
  }

  /** A pool's trouble is told and does not stop the others. */
  private async eachPool(work: (pool: PoolRecord) => Promise<boolean>): Promise<Round> {
    const pools = await this.rooms.pools.list();
    const ours = pools.filter((pool) => pool.network === this.rooms.chain.networkPassphrase);
    for (const pool of pools) if (!ours.includes(pool) && pool.state !== 'closed') this.alarms.raise('pool_of_another_network', { pool: pool.id, network: pool.network });
    const { done } = await bounded(ours, this.limits.poolsAtOnce, async (pool) => {
      try {
        return { failed: false, again: await work(pool) };
      } catch (thrown) {
        this.alarms.raise('pool_round_failed', { pool: pool.id, error: asError(thrown).message });
        return { failed: true, again: true };
      }
    });
    return { pools: done.length, failed: done.filter(({ failed }) => failed).length, again: done.some(({ again }) => again) };
  }

  private async lookupCandidates(pool: PoolRecord): Promise<readonly LiveHold[]> {
    return this.#windows.next(pool.id, await this.rooms.ledger.liveHolds(pool.id, CANDIDATES));
  }

  /** Every envelope of every hold is looked up by its hash; a hold whose look-up failed is not judged in this round. */
  private async judge(pool: PoolRecord, holds: readonly LiveHold[], head: Head | null): Promise<Judged> {
    const { done, failure } = await bounded(holds, this.limits.callsAtOnce, async (hold): Promise<Evidence> => {
      const reports: Evidence['reports'][number][] = [];
      for (const envelope of hold.envelopes) reports.push({ envelope, report: await this.rooms.chain.findTransaction(envelope.hash) });
      return { hold, poolContract: pool.poolContract, creditlineContract: pool.creditlineContract, head, reports };
    });
    const verdicts = done.map((evidence) => {
      const outcome = verdict(evidence);
      if (outcome.kind === 'keep' && outcome.alarm) this.alarms.raise(outcome.alarm, { pool: pool.id, reservation: evidence.hold.reservationId });
      return { evidence, outcome };
    });
    await this.rooms.ledger.noteDeathSteps(verdicts.flatMap(({ evidence, outcome }) => (outcome.kind === 'keep'
      ? outcome.steps.map((step) => ({ ...step, poolId: pool.id, reservationId: evidence.hold.reservationId })) : [])));
    return { verdicts: verdicts.map(({ outcome }) => outcome), failure };
  }

  private async apply(pool: PoolRecord, verdicts: readonly Verdict[], alreadyWritten: ReadonlySet<Settlement> = new Set()): Promise<Applied> {
    const { ledger } = this.rooms;
    const failures = verdicts.flatMap((outcome) => (outcome.kind === 'release' ? [outcome.failure] : []));
    const settled = await ledger.settle(settlementsOf(verdicts).filter((settlement) => !alreadyWritten.has(settlement)));
    const released = await ledger.releaseFailed(failures);
    const expired = await ledger.expire(verdicts.flatMap((outcome) => (outcome.kind === 'expire' ? [outcome.expiry] : [])));
    for (const [index, failure] of failures.entries()) {
      if (released[index]?.written) this.alarms.raise('funding_failed', { pool: pool.id, reservation: failure.reservationId, ledger: failure.failedLedger, resultCode: failure.resultCode });
    }
    const count = (list: readonly { readonly written: boolean }[]): number => list.filter(({ written }) => written).length;
    return { settled: count(settled), released: count(released), expired: count(expired) };
  }
}

const settlementsOf = (verdicts: readonly Verdict[]): Settlement[] => verdicts.flatMap((outcome) => (outcome.kind === 'settle' ? [outcome.settlement] : []));
