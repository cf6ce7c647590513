import { asError, HoldfastError } from '../../common/errors.js';
import type { LedgerTime } from '../../common/ledger-time.js';
import * as metrics from '../../telemetry/metrics.js';
import type { Chain, Head } from '../chain/chain.js';
import { profileOf } from '../chain/profiles.js';
import type { PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import {
  type FailureEvidence,
  type LiveHold,
  type Settlement,
  snapshotOf,
  type Transition,
} from '../liquidity/reservation.js';
import type { ReservationLedger } from '../liquidity/reservation-ledger.js';
import type { HeadSeen } from '../liquidity/snapshots/ledger-snapshots.js';
import { TRANSITIONS_MAX } from '../liquidity/ends/transition.sql.js';
import { AlarmLog, type Alarms, FAILURE_ALARMS } from './alarm-log.js';
import { mapConcurrently } from './map-concurrently.js';
import {
  type EndLog,
  endOfAbsence,
  endOfConsumed,
  endOfExpiry,
  endOfFailure,
  endOfSettlement,
  NO_LINES,
  tellWritten,
} from './end-log.js';
import { gatherEvidence } from './evidence.js';
import { needsContractState, type Resolution, resolution } from './forgotten.js';
import { LookupWindow } from './lookup-window.js';
import { submitAgain } from './resubmission.js';
import {
  type EnvelopeReport,
  type Evidence,
  LAG_LEDGERS_MAX,
  type Verdict,
  verdict,
} from './verdict.js';

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
/**
 * Live, or lapsed, holds that are candidates for a look-up in a round; live ones behind them come
 * when they lapse.
 */
const CANDIDATES = 2000;
/**
 * Of a round's look-ups at most, so that one that cannot be settled never keeps the others waiting.
 */
const FUNDED_SHARE = 0.75;
/**
 * Chain time may be behind the clock that wakes us: so near to a deadline the next round is asked
 * for at once.
 */
const SOON_SECONDS = 60n;

export interface Applied {
  readonly settled: number;
  readonly released: number;
  readonly expired: number;
}
export interface Observed extends Applied {
  /** Whether the snapshot moved forward. */ readonly advanced: boolean;
}
/** `again`: something has lapsed and is not proven yet, or is about to lapse. */
export interface Lapsed extends Applied {
  readonly again: boolean;
}
export interface Round {
  readonly pools: number;
  readonly failed: number;
  readonly again: boolean;
}

const NOTHING: Applied = { settled: 0, released: 0, expired: 0 };
const NO_ROUND: Round = { pools: 0, failed: 0, again: true };

interface RoundVerdicts {
  readonly verdicts: readonly Verdict[];
  readonly evidence: readonly Evidence[];
  readonly failure: Error | null;
}

/**
 * Ends holds: reads the chain, judges the evidence and tells the ledger. Jobs and the command line
 * call it. The network is read before a database transaction begins
 * (docs/protocol.md#build-then-hold), and the ledger's own guards decide what still holds.
 */
export class SettlementService {
  readonly #windows: LookupWindow;

  constructor(
    private readonly rooms: SettlementRooms,
    private readonly alarms: Alarms = new AlarmLog(),
    private readonly limits: SettlementLimits = LIMITS,
    private readonly ends: EndLog = NO_LINES,
  ) {
    this.#windows = new LookupWindow(limits.lookupsPerRound);
  }

  /**
   * Reads a pool and the transactions of its live holds, then stores the snapshot. Settlements up
   * to the snapshot's ledger go with it in one transaction,
   * so that nothing is counted twice even for a moment.
   * @throws HoldfastError CHAIN_UNREACHABLE when a look-up failed (what was found is stored),
   * BUSY_RETRY
   */
  async observePool(pool: PoolRecord): Promise<Observed> {
    const reading = await this.rooms.chain.observePool(pool);
    if (!(await this.isBelieved(pool.network, reading.head)))
      return { advanced: false, ...NOTHING };
    const judged = await this.judge(pool, await this.lookupCandidates(pool), null);
    const settlements = settlementsOf(judged.verdicts);
    const contained = settlements
      .filter(({ settledLedger }) => settledLedger <= reading.ledger)
      .slice(0, TRANSITIONS_MAX); // those behind come in the next transaction
    const observed = await this.rooms.ledger.snapshots.observe(
      snapshotOf(pool.id, reading),
      contained,
    );
    const settled = tellWritten(this.ends, endOfSettlement, contained, observed.settled);
    const rest = await this.apply(pool, judged.verdicts, new Set(contained));
    await this.followUp(pool, judged);
    return { ...rest, advanced: observed.advanced, settled: rest.settled + settled };
  }

  /**
   * Settles and releases what the chain already decided, without a snapshot: for pools that are not
   * observed any more.
   */
  async findSettlements(pool: PoolRecord): Promise<Applied> {
    const judged = await this.judge(pool, await this.lookupCandidates(pool), null);
    const applied = await this.apply(pool, judged.verdicts);
    await this.followUp(pool, judged);
    return applied;
  }

  /**
   * Ends lapsed holds that are proven expired (docs/protocol.md#expired-by-time), or failed or
   * landed where that is found after all. Lapsed is by chain time; proven steps are stored.
   * @param head a head that the caller read before; absent: read now
   */
  async expireLapsed(pool: PoolRecord, head?: Head): Promise<Lapsed> {
    const now = head ?? (await this.rooms.chain.head());
    if (!head && !(await this.isBelieved(pool.network, now))) return { ...NOTHING, again: true };
    const judged = await this.judge(
      pool,
      this.#windows.lapsed(
        pool.id,
        await this.rooms.ledger.reader.liveHolds(pool.id, CANDIDATES, now.closeTime),
      ),
      now,
    );
    const applied = await this.apply(pool, judged.verdicts);
    if (judged.failure) throw judged.failure;
    const next = await this.rooms.ledger.reader.nextDeadline(pool.id);
    return { ...applied, again: next !== null && next <= now.closeTime + SOON_SECONDS };
  }

  /**
   * Ends lapsed holds by the creditline's own list of loans (docs/protocol.md#contract-state),
   * where look-ups prove nothing: the node has forgotten their ledgers, or does not find a landing
   * that the contracts' events show.
   * @throws HoldfastError CHAIN_UNREACHABLE, BUSY_RETRY
   */
  async resolveForgotten(pool: PoolRecord, head: Head): Promise<Applied> {
    const forgotten = (
      await this.rooms.ledger.reader.liveHolds(pool.id, CANDIDATES, head.closeTime)
    ).filter((hold) => needsContractState(hold, head));
    const { done, failure } = await mapConcurrently(
      this.#windows.lapsed(`${pool.id} forgotten`, forgotten),
      this.limits.callsAtOnce,
      async (hold) => ({ hold, outcome: await this.resolutionOf(pool, hold, head) }),
    );
    const settlements = done.flatMap(({ outcome }) =>
      outcome.kind === 'settle' ? [outcome.settlement] : [],
    );
    const absences = done.flatMap(({ outcome }) =>
      outcome.kind === 'expire' ? [outcome.absence] : [],
    );
    const settled = tellWritten(
      this.ends,
      endOfSettlement,
      settlements,
      await this.rooms.ledger.ends.settle(settlements),
    );
    const expired = tellWritten(
      this.ends,
      endOfAbsence,
      absences,
      await this.rooms.ledger.ends.expireAbsent(absences),
    );
    for (const { hold, outcome } of done) {
      if (outcome.kind !== 'keep') continue;
      if (outcome.why === 'ambiguous')
        this.alarms.raise('loans_ambiguous', { pool: pool.id, reservation: hold.reservationId });
      if (outcome.why === 'landing_not_found')
        this.alarms.raise('landing_not_found', {
          pool: pool.id,
          reservation: hold.reservationId,
          transaction: hold.funding?.txHash ?? null,
          ledger: hold.funding?.ledger ?? null,
        });
    }
    if (failure) throw failure;
    return { settled, released: 0, expired };
  }

  private async resolutionOf(pool: PoolRecord, hold: LiveHold, head: Head): Promise<Resolution> {
    const list = await this.rooms.chain.borrowerLoans(
      pool.creditlineContract,
      hold.borrower,
      profileOf(pool.profile),
    );
    const reports: EnvelopeReport[] = [];
    for (const envelope of hold.envelopes)
      if (envelope.state === 'open')
        reports.push({ envelope, report: await this.rooms.chain.findTransaction(envelope.hash) });
    return resolution(hold, head, list, reports);
  }

  /**
   * One hold judged now as in any round, and what is proven written: what a person asks before
   * deciding by themselves.
   * @throws HoldfastError CHAIN_UNREACHABLE when not all of it could be read, BUSY_RETRY
   */
  async judgeHold(
    pool: PoolRecord,
    hold: LiveHold,
  ): Promise<{
    readonly head: Head;
    readonly evidence: Evidence;
    readonly verdict: Verdict;
    readonly applied: Applied;
  }> {
    const head = await this.rooms.chain.head();
    const judged = await this.judge(pool, [hold], head);
    const [evidence, outcome] = [judged.evidence[0], judged.verdicts[0]];
    if (judged.failure || !evidence || !outcome)
      throw judged.failure ?? new Error(`reservation ${hold.reservationId} was not judged`);
    return { head, evidence, verdict: outcome, applied: await this.apply(pool, judged.verdicts) };
  }

  /**
   * One round over all pools: those that are not closed are observed, of closed ones only the live
   * holds are followed.
   */
  observeAll(): Promise<Round> {
    return this.withHead(() =>
      this.eachPool(async (pool) => {
        await (pool.state === 'closed' ? this.findSettlements(pool) : this.observePool(pool));
        return true;
      }),
    );
  }

  /** One round of expiries over all pools, closed ones too: their holds end like all others. */
  expireAll(): Promise<Round> {
    return this.withHead((head) =>
      this.eachPool(async (pool) => {
        try {
          return (await this.expireLapsed(pool, head)).again;
        } finally {
          await this.resolveForgotten(pool, head);
        } // what look-ups cannot prove any more does not wait for look-ups that fail
      }),
    );
  }

  /**
   * A node that is away is logged once for all pools. Asking it for each pool would cost a time
   * limit each, and it frees nothing (docs/protocol.md#death-needs-a-certificate).
   */
  private async withHead(round: (head: Head) => Promise<Round>): Promise<Round> {
    await this.rooms.ledger.guards.noticeDatabase();
    const quarantined = await this.rooms.ledger.guards.recentDatabaseChange();
    if (quarantined !== null) this.alarms.raise('database_changed', { pools: quarantined });
    let head: Head;
    try {
      head = await this.rooms.chain.head();
    } catch (thrown) {
      const { message } = asError(thrown);
      this.alarms.raise(
        thrown instanceof HoldfastError && thrown.facts['datedTwice'] === true
          ? 'ledger_dated_twice'
          : 'chain_unreachable',
        { error: message },
      );
      return NO_ROUND;
    }
    // a head that contradicts what is known, or is far behind it, judges nothing: more ledgers tell
    // which is right, or a person
    if (!(await this.isBelieved(this.rooms.chain.networkPassphrase, head))) return NO_ROUND;
    const known = await this.rooms.ledger.snapshots.knownLedger(this.rooms.chain.networkPassphrase);
    if (head.ledger + LAG_LEDGERS_MAX < known) {
      this.alarms.raise('chain_went_backwards', { ledger: head.ledger, known });
      return NO_ROUND;
    }
    for (const { poolId, ended } of await this.rooms.ledger.guards.advanceQuarantine(
      this.rooms.chain.networkPassphrase,
      head.closeTime,
    ))
      if (ended) this.alarms.raise('quarantine_ended', { pool: poolId });
    return round(head);
  }

  /**
   * Whether a head agrees with the ledgers that are known; what it disproves is forgotten, and
   * told.
   */
  private async isBelieved(network: string, { ledger, closeTime }: LedgerTime): Promise<boolean> {
    const { dating, forgotten } = await this.rooms.ledger.snapshots.seeHead(network, {
      ledger,
      closeTime,
    });
    this.tellOfHeads({ ledger, closeTime }, { dating, forgotten });
    return dating.kind !== 'waiting';
  }

  private tellOfHeads(head: LedgerTime, { dating, forgotten }: HeadSeen): void {
    const told = ({ ledger, closeTime }: LedgerTime) => ({
      ledger,
      closeTime: closeTime.toString(),
    });
    if (dating.kind === 'waiting' && dating.farBehind)
      this.alarms.raise('chain_went_backwards', {
        ledger: head.ledger,
        known: dating.against.ledger,
      });
    if (dating.kind === 'waiting' && !dating.farBehind)
      this.alarms.raise('ledger_dated_twice', { ...told(head), known: told(dating.against) });
    if (dating.kind !== 'waiting')
      for (const each of dating.disproved)
        this.alarms.raise('head_disproved', { ...told(each), by: told(head) });
    for (const { poolId: pool, headLedger, snapshotLedger } of forgotten)
      this.alarms.raise('head_disproved', { pool, headLedger, snapshotLedger, by: told(head) });
  }

  /** A pool's trouble is told and does not stop the others. */
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

  /**
   * All live holds when a round carries them. Else first those that the events have shown to be
   * funded: whoever signed past our own API would wait for the
   * window to come round, 10 rounds at 2,000 live holds, and count twice for so long.
   */
  private async lookupCandidates(pool: PoolRecord): Promise<readonly LiveHold[]> {
    const { lookupsPerRound } = this.limits;
    const live = await this.rooms.ledger.reader.liveHolds(pool.id, CANDIDATES);
    if (live.length <= lookupsPerRound) return live;
    const funded = await this.rooms.ledger.reader.fundedHolds(
      pool.id,
      Math.ceil(lookupsPerRound * FUNDED_SHARE),
    );
    const first = new Set(funded.map(({ reservationId }) => reservationId));
    return [
      ...funded,
      ...this.#windows.next(
        pool.id,
        live.filter(({ reservationId }) => !first.has(reservationId)),
        lookupsPerRound - funded.length,
      ),
    ];
  }

  /** RoundVerdicts from one round's reading; steps that are proven are stored. */
  private async judge(
    pool: PoolRecord,
    holds: readonly LiveHold[],
    head: Head | null,
  ): Promise<RoundVerdicts> {
    const times =
      holds.length > 0 ? await this.rooms.ledger.snapshots.ledgerTimes(pool.network) : [];
    const { evidence, failure } = await gatherEvidence(this.rooms.chain, pool, {
      holds,
      head,
      times,
      callsAtOnce: this.limits.callsAtOnce,
    });
    const judged = evidence.map((each) => ({
      of: { poolId: pool.id, reservationId: each.hold.reservationId },
      outcome: verdict(each),
    }));
    const kept = judged.flatMap(({ of, outcome }) =>
      outcome.kind === 'keep' ? [{ of, outcome }] : [],
    );
    for (const { of, outcome } of kept)
      if (outcome.alarm)
        this.alarms.raise(outcome.alarm, { pool: of.poolId, reservation: of.reservationId });
    for (const { of, outcome } of kept) this.tellOfDisputes(of.reservationId, outcome);
    await this.rooms.ledger.envelopes.noteDeathSteps(
      kept.flatMap(({ of, outcome }) => outcome.steps.map((step) => ({ ...step, ...of }))),
      kept.flatMap(({ of, outcome }) =>
        (outcome.consumedSteps ?? []).map((step) => ({ ...step, ...of })),
      ),
      kept.flatMap(({ of, outcome }) =>
        (outcome.discards ?? []).map((step) => ({ ...step, ...of })),
      ),
    );
    await this.rooms.ledger.envelopes.noteFailures(
      kept.flatMap(({ of, outcome }) =>
        (outcome.failureSteps ?? []).map((step) => ({ ...step, ...of })),
      ),
    );
    return { verdicts: judged.map(({ outcome }) => outcome), evidence, failure };
  }

  private tellOfDisputes(
    reservation: string,
    { disputes = [], discards = [] }: Verdict & { readonly kind: 'keep' },
  ): void {
    for (const { seen, known } of disputes) {
      this.alarms.raise('ledger_dated_twice', {
        reservation,
        ledger: seen.ledger,
        closeTime: seen.closeTime.toString(),
        known: { ledger: known.ledger, closeTime: known.closeTime.toString() },
      });
    }
    for (const { certificate, ledger } of discards)
      this.alarms.raise('ledger_dated_twice', { reservation, discarded: certificate, ledger });
  }

  private async apply(
    pool: PoolRecord,
    verdicts: readonly Verdict[],
    alreadyWritten: ReadonlySet<Settlement> = new Set(),
  ): Promise<Applied> {
    const { ledger } = this.rooms;
    const keptFailures = verdicts.flatMap((outcome) =>
      outcome.kind === 'keep' && outcome.failed ? [outcome.failed] : [],
    );
    const failures = verdicts.flatMap((outcome) =>
      outcome.kind === 'release' ? [outcome.failure] : [],
    );
    const settlements = settlementsOf(verdicts).filter(
      (settlement) => !alreadyWritten.has(settlement),
    );
    const consumed = verdicts.flatMap((outcome) =>
      outcome.kind === 'consumed' ? [outcome.consumed] : [],
    );
    const expiries = verdicts.flatMap((outcome) =>
      outcome.kind === 'expire' ? [outcome.expiry] : [],
    );
    const settled = tellWritten(
      this.ends,
      endOfSettlement,
      settlements,
      await ledger.ends.settle(settlements),
    );
    this.tellFailed(pool, keptFailures, await ledger.ends.failEnvelopes(keptFailures));
    const failed = await ledger.ends.releaseFailed(failures);
    const released =
      tellWritten(this.ends, endOfFailure, failures, failed) +
      tellWritten(this.ends, endOfConsumed, consumed, await ledger.ends.releaseConsumed(consumed));
    const expired = tellWritten(
      this.ends,
      endOfExpiry,
      expiries,
      await ledger.ends.expire(expiries),
    );
    this.tellFailed(pool, failures, failed);
    return { settled, released, expired };
  }

  /**
   * Each failed transaction once: a hold that is released later for one that was stored tells its
   * end only.
   */
  private tellFailed(
    pool: PoolRecord,
    failures: readonly FailureEvidence[],
    results: readonly Transition[],
  ): void {
    for (const [
      index,
      { reservationId, failedLedger, resultCode, cause, seenAt },
    ] of failures.entries()) {
      if (!results[index]?.written || seenAt === null) continue;
      metrics.count('holdfast_transactions_failed_total', {
        cause: cause.by,
        reason: cause.reason,
      });
      const contract =
        cause.contract === null ? {} : { contract: cause.contract, number: cause.number };
      this.alarms.raise(FAILURE_ALARMS[cause.by], {
        pool: pool.id,
        reservation: reservationId,
        ledger: failedLedger,
        resultCode,
        reason: cause.reason,
        ...contract,
      });
    }
  }

  /** What could not be read fails the round after everything else was done. */
  private async followUp(pool: PoolRecord, judged: RoundVerdicts): Promise<void> {
    await submitAgain(this.rooms, pool, judged.evidence);
    if (judged.failure) throw judged.failure;
  }
}

const settlementsOf = (verdicts: readonly Verdict[]): Settlement[] =>
  verdicts.flatMap((outcome) => (outcome.kind === 'settle' ? [outcome.settlement] : []));
