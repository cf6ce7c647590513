import { asError } from '../../common/errors.js';
import type { Head } from '../chain/chain.js';
import { TRANSITIONS_MAX } from '../liquidity/ends/transition.sql.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { type LiveHold, snapshotOf } from '../liquidity/reservation.js';
import { AlarmLog, type Alarms } from './alarm-log.js';
import { type EndLog, endOfSettlement, NO_LINES, logWritten } from './end-log.js';
import type { AuthorizationVerdict } from './authorization-verdict.js';
import type { Evidence, KeepReason } from './finding.js';
import { needsContractState } from './forgotten.js';
import { ForgottenHolds } from './forgotten-holds.js';
import { HeadCheck } from './head-check.js';
import { countLandings } from './authorization-verdicts.js';
import { HoldVerdicts, type RoundVerdicts, settlementsOf } from './hold-verdicts.js';
import { LookupWindow } from './lookup-window.js';
import { mapConcurrently } from './map-concurrently.js';
import type { AuthorizationAlarm } from './nonce-word.js';
import { submitAgain } from './resubmission.js';
import {
  type Applied,
  LIMITS,
  NOTHING,
  type SettlementLimits,
  type SettlementRooms,
} from './settlement-rooms.js';
import { UnreadableEntries } from './unreadable-entries.js';
import type { Verdict } from './verdict.js';

/**
 * Live or lapsed holds that a round may look up. Live holds beyond this number are looked up when
 * they lapse.
 */
const CANDIDATES = 2000;
/**
 * The largest part of a round's look-ups for funded holds, so that one that cannot settle does not
 * block the others.
 */
const FUNDED_SHARE = 0.75;
/**
 * Chain time may be behind the database clock. With a deadline this near, the next round starts at
 * once.
 */
const SOON_SECONDS = 60n;

export interface Observed extends Applied {
  /** Whether the snapshot moved forward. */ readonly advanced: boolean;
}
/** `again`: a hold has lapsed and is not proven yet, or is about to lapse. */
export interface Lapsed extends Applied {
  readonly again: boolean;
}
export interface Round {
  readonly pools: number;
  readonly failed: number;
  readonly again: boolean;
}

/** A verdict as an operator's decision needs it. */
export type HoldVerdict =
  | { readonly kind: Exclude<Verdict['kind'], 'keep'> }
  | { readonly kind: 'keep'; readonly why: KeepReason; readonly alarm: AuthorizationAlarm | null };

function verdictOf(reached: AuthorizationVerdict | undefined): HoldVerdict | undefined {
  if (!reached) return undefined;
  if (reached.settlement) return { kind: 'settle' };
  if (reached.expiry) return { kind: 'expire' };
  return { kind: 'keep', why: reached.why ?? 'may_still_land', alarm: reached.alarm };
}

const NO_ROUND: Round = { pools: 0, failed: 0, again: true };

/**
 * Ends holds: reads the chain, reaches verdicts on the evidence and has the ledger write them. The
 * network is read before a database transaction begins (docs/protocol.md#build-then-hold), and the
 * ledger's own guards decide.
 */
export class SettlementService {
  readonly #windows: LookupWindow;
  readonly #heads: HeadCheck;
  readonly #entries: UnreadableEntries;
  readonly #verdicts: HoldVerdicts;
  readonly #forgotten: ForgottenHolds;

  constructor(
    private readonly rooms: SettlementRooms,
    private readonly alarms: Alarms = new AlarmLog(),
    private readonly limits: SettlementLimits = LIMITS,
    private readonly ends: EndLog = NO_LINES,
  ) {
    const { callsAtOnce } = limits;
    this.#windows = new LookupWindow(limits.lookupsPerRound);
    this.#heads = new HeadCheck(rooms, alarms);
    this.#entries = new UnreadableEntries(rooms, alarms);
    this.#verdicts = new HoldVerdicts(rooms, alarms, ends, limits);
    this.#forgotten = new ForgottenHolds(rooms, alarms, ends, callsAtOnce);
  }

  /**
   * Reads a pool and the transactions of its live holds, then stores the snapshot. Settlements up
   * to the snapshot's ledger are written in its transaction, so that no amount counts twice.
   * @throws HoldfastError CHAIN_UNREACHABLE when a look-up failed (what was found is stored),
   * BUSY_RETRY
   */
  async observePool(pool: PoolRecord): Promise<Observed> {
    const [seen, { going: goingRate }] = await Promise.all([
      this.#entries.observe(pool),
      this.rooms.chain.inclusionFee(pool),
    ]);
    // what is live is followed all the same
    if (!seen) return { ...(await this.findSettlements(pool)), advanced: false };
    if (!(await this.#heads.isBelieved(pool.network, seen.head)))
      return { advanced: false, ...NOTHING };
    const candidates = await this.lookupCandidates(pool);
    const round = await this.#verdicts.reach(pool, candidates, null, seen.head);
    this.#windows.keepTurns(pool.id, candidates, round.evidence);
    const settlements = settlementsOf(round);
    const contained = settlements
      .filter(({ settledLedger }) => settledLedger <= seen.ledger)
      .slice(0, TRANSITIONS_MAX); // the rest follow in the next transaction
    const observed = await this.rooms.ledger.snapshots.observe(
      snapshotOf(pool.id, { ...seen, goingRate }),
      contained,
    );
    await this.rooms.ledger.envelopes.noteOutbid(pool.id);
    const settled = logWritten(this.ends, endOfSettlement, contained, observed.settled);
    countLandings(round, new Set(contained.filter((_, index) => observed.settled[index]?.written)));
    const rest = await this.#verdicts.apply(round, new Set(contained));
    await this.followUp(pool, round);
    return { ...rest, advanced: observed.advanced, settled: rest.settled + settled };
  }

  /**
   * Settles and releases what the chain already decided, without a snapshot: for pools that are no
   * longer observed.
   */
  async findSettlements(pool: PoolRecord, head: Head | null = null): Promise<Applied> {
    const round = await this.#verdicts.reach(pool, await this.lookupCandidates(pool), null, head);
    const applied = await this.#verdicts.apply(round);
    await this.followUp(pool, round);
    return applied;
  }

  /**
   * Ends lapsed holds that are proven expired (docs/protocol.md#expired-by-time), or that failed or
   * landed. A hold lapses by chain time. Proven steps are stored.
   * @param head a head that the caller has read; absent: read now
   */
  async expireLapsed(pool: PoolRecord, head?: Head): Promise<Lapsed> {
    const now = head ?? (await this.rooms.chain.head());
    if (!head && !(await this.#heads.isBelieved(pool.network, now)))
      return { ...NOTHING, again: true };
    const round = await this.#verdicts.reach(
      pool,
      this.#windows.lapsed(
        pool.id,
        await this.rooms.ledger.reader.liveHolds(pool.id, CANDIDATES, now.closeTime),
      ),
      now,
    );
    const applied = await this.#verdicts.apply(round);
    if (round.failure) throw round.failure;
    const next = await this.rooms.ledger.reader.nextDeadline(pool.id);
    return { ...applied, again: next !== null && next <= now.closeTime + SOON_SECONDS };
  }

  /**
   * Reaches the verdict on one hold as in any round and writes what it proves; used before an
   * operator decides.
   * @throws HoldfastError CHAIN_UNREACHABLE when not all of it could be read, BUSY_RETRY
   */
  async verdictOn(
    pool: PoolRecord,
    hold: LiveHold,
  ): Promise<{
    readonly head: Head;
    readonly evidence: Evidence;
    readonly verdict: HoldVerdict;
    readonly applied: Applied;
  }> {
    const head = await this.rooms.chain.head();
    const round = await this.#verdicts.reach(pool, [hold], head);
    const [evidence, outcome] = hold.authorization
      ? [{ hold, pool, head, reports: [] }, verdictOf(round.authorized[0])]
      : [round.evidence[0], round.verdicts[0]];
    if (round.failure || !evidence || !outcome)
      throw round.failure ?? new Error(`reservation ${hold.reservationId} has no verdict`);
    return {
      head,
      evidence,
      verdict: outcome,
      applied: await this.#verdicts.apply(round),
    };
  }

  /**
   * One round over all pools. Of a closed pool live holds are followed; once the last of them has
   * ended it is observed once more.
   */
  observeAll(): Promise<Round> {
    return this.withHead(async (head) => {
      const last = await this.rooms.pools.lastLooks();
      return this.eachPool(async (pool) => {
        const isObserved = pool.state !== 'closed' || last.get(pool.id)?.observe === true;
        await (isObserved ? this.observePool(pool) : this.findSettlements(pool, head));
        return true;
      });
    });
  }

  /**
   * One round of expiries over all pools, closed ones included: their holds end like all others.
   */
  expireAll(): Promise<Round> {
    return this.withHead((head) =>
      this.eachPool(async (pool) => {
        try {
          return (await this.expireLapsed(pool, head)).again;
        } finally {
          await this.resolveForgotten(pool, head);
        } // runs even when look-ups fail, since it does not need them
      }),
    );
  }

  /**
   * An unreachable node is logged once for all pools. Asking it for each pool would take a time
   * limit each and would release no hold (docs/protocol.md#death-needs-a-certificate).
   */
  private async withHead(round: (head: Head) => Promise<Round>): Promise<Round> {
    const head = await this.#heads.current();
    return head === null ? NO_ROUND : round(head);
  }

  /** A pool that fails raises an alarm and does not stop the others. */
  private async eachPool(work: (pool: PoolRecord) => Promise<boolean>): Promise<Round> {
    const pools = await this.rooms.pools.list();
    const ours = pools.filter((pool) => pool.network === this.rooms.chain.networkPassphrase);
    for (const pool of pools)
      if (!ours.includes(pool) && pool.state !== 'closed')
        this.alarms.raise('pool_of_another_network', { pool: pool.id, network: pool.network });
    const { done } = await mapConcurrently(ours, this.limits.poolsAtOnce, async (pool) => {
      try {
        return { failed: false, again: await work(pool) };
      } catch (thrown) {
        this.alarms.raise('pool_round_failed', { pool: pool.id, error: asError(thrown).message });
        return { failed: true, again: true };
      }
    });
    return {
      pools: done.length,
      failed: done.filter(({ failed }) => failed).length,
      again: done.some(({ again }) => again),
    };
  }

  /** Ends lapsed holds that look-ups can no longer prove (docs/protocol.md#contract-state). */
  async resolveForgotten(pool: PoolRecord, head: Head): Promise<Applied> {
    const lapsed = await this.rooms.ledger.reader.liveHolds(pool.id, CANDIDATES, head.closeTime);
    const forgotten = lapsed.filter((hold) => needsContractState(hold, head));
    return this.#forgotten.resolve(
      pool,
      this.#windows.lapsed(`${pool.id} forgotten`, forgotten),
      head,
    );
  }

  /**
   * All live holds if one round can take them. Otherwise holds that the events show as funded come
   * first: a borrower who submitted elsewhere would wait 10 rounds at 2,000 live holds and count
   * twice meanwhile.
   */
  private async lookupCandidates(pool: PoolRecord): Promise<readonly LiveHold[]> {
    const { lookupsPerRound } = this.limits;
    const live = await this.rooms.ledger.reader.liveHolds(pool.id, CANDIDATES);
    const { late, others } = this.#windows.byTurn(pool.id, live);
    if (live.length <= lookupsPerRound) return [...late, ...others];
    const funded = await this.rooms.ledger.reader.fundedHolds(
      pool.id,
      Math.ceil(lookupsPerRound * FUNDED_SHARE),
    );
    const first = new Set(funded.map(({ reservationId }) => reservationId));
    const isNext = ({ reservationId }: LiveHold): boolean => !first.has(reservationId);
    const begun = [...funded, ...late.filter(isNext)].slice(0, lookupsPerRound);
    const left = lookupsPerRound - begun.length;
    return [...begun, ...this.#windows.next(pool.id, others.filter(isNext), left)];
  }

  /** A failed read fails the round after all other work is done. */
  private async followUp(pool: PoolRecord, round: RoundVerdicts): Promise<void> {
    await submitAgain(this.rooms, pool, round.evidence);
    if (round.failure) throw round.failure;
  }
}
