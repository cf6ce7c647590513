import type pg from 'pg';
import { LAG_LEDGERS_MAX, type LedgerTime } from '../../common/ledger-time.js';
import * as metrics from '../../telemetry/metrics.js';
import { reached } from '../../common/steps.js';
import { inSpan, type Link } from '../../telemetry/tracing.js';
import {
  inTransaction,
  type Transaction,
  type TransactionName,
  type TransactionOptions,
} from '../../database/transaction.js';
import type { HoldFollowUp } from './holds/hold-follow-up.js';
import { HoldLane, type LaneLimits } from './holds/hold-lane.js';
import { holdBatch, packed, type HoldRules, type PackedRequest } from './holds/hold.sql.js';
import type { LedgerConnections } from './guards/ledger-connections.js';
import {
  findKey,
  findLiveLoan,
  holdOfLoan,
  knownLedger,
  liveHolds,
  nextDeadline,
  positions,
  whereIs,
} from './pools/position.sql.js';
import { dating, type Dating } from './snapshots/ledger-times.js';
import {
  anyFarAhead,
  forgetFarAhead,
  forgetTimes,
  type ForgottenHead,
  ledgerTimes,
  storeTimes,
} from './snapshots/ledger-times.sql.js';
import { packXdr } from './holds/envelope-packing.js';
import {
  type ConsumedNote,
  type DeathNote,
  discardSteps,
  type FailureNote,
  markSubmitted,
  noteConsumedSteps,
  noteDeathSteps,
  noteFailures,
  noteResubmissions,
  signedEnvelopes,
  type StepDiscarded,
  type Submission,
} from './ends/envelope-notes.js';
import { retrySafe } from '../../database/retry-safe.js';
import {
  advanceQuarantine,
  anyQuarantined,
  noticeDatabase,
  quarantineAll,
  type QuarantineStep,
  recentChange,
} from './guards/quarantine.sql.js';
import {
  ledgerDifferences,
  type LedgerDifference,
  repairLedger,
  type LedgerRepair,
} from './guards/self-check.sql.js';
import {
  issueEnvelope,
  type Rebuild,
  type RebuildOutcome,
  requestCancellation,
} from './holds/rebuild.sql.js';
import type {
  AbsenceEvidence,
  ConsumedEvidence,
  ExpiryEvidence,
  FailureEvidence,
  HoldOutcome,
  HoldRequest,
  KeyLookup,
  LiveHold,
  OperatorEnd,
  Position,
  ReservationState,
  Settlement,
  Snapshot,
  Transition,
} from './reservation.js';
import { measureSettled } from './ends/settle-time.js';
import {
  endByOperator,
  expireAbsentBatch,
  expireBatch,
  failEnvelopesBatch,
  observeSnapshot,
  releaseConsumedBatch,
  releaseFailedBatch,
  releaseReasonOf,
  settleBatch,
  TRANSITIONS_MAX,
} from './ends/transition.sql.js';

/**
 * LOCK TABLE is taken before the snapshot: without it a waiter on the pool row has an old snapshot
 * and dies with 40001 (15 % of batches lost at 4 processes).
 */
export const LEDGER_BEGIN =
  'BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE ledger_gate IN EXCLUSIVE MODE';

export interface LedgerOptions extends HoldRules, Omit<LaneLimits, 'waitMs'> {
  /** A transaction is tried so long, and a request waits so long for its own, milliseconds. */
  readonly deadlineMs: number;
  /** Every failed try of a ledger transaction: 40P01 is an alarm, since the lock order is fixed. */
  readonly onRetry?: (sqlState: string, attempt: number) => void;
  /** After each transaction that committed. It must neither wait nor throw. */
  readonly onCommit?: () => void;
}

/** What became of a head, and of pools that knew a ledger which does not exist. */
export interface HeadSeen {
  readonly dating: Dating;
  readonly forgotten: readonly ForgottenHead[];
}
/** A reply that is evidence is compared with so many ledgers: those of about five minutes. */
const TIMES_COMPARED = 64;

const NOTHING_FOLLOWS: HoldFollowUp = { afterHolds: () => Promise.resolve() };

/**
 * The door of the ledger: each method is one ledger transaction
 * (docs/protocol.md#ledger-transaction). It knows Postgres; neither HTTP nor the chain.
 * Every method that writes may throw HoldfastError BUSY_RETRY when the deadline passed.
 */
export class ReservationLedger {
  private readonly lane: HoldLane;

  constructor(
    private readonly connections: LedgerConnections,
    private readonly options: LedgerOptions,
    private readonly followUp: HoldFollowUp = NOTHING_FOLLOWS,
  ) {
    this.lane = new HoldLane((requests, links) => this.decide(requests, links), {
      ...options,
      waitMs: options.deadlineMs,
    });
  }

  /**
   * Check, hold, loan, envelope, key record and journal in one transaction, shared with other
   * waiting requests (docs/protocol.md#commit-before-reveal, docs/protocol.md#no-over-commit).
   */
  hold(request: HoldRequest): Promise<HoldOutcome> {
    rejectUnstorable(request);
    reached('hold.waiting');
    return inSpan(
      'ledger hold',
      {
        attributes: {
          'holdfast.pool_id': request.poolId,
          'holdfast.reservation_id': request.reservationId,
        },
      },
      () => this.lane.ask(packed(request)),
    );
  }

  /**
   * Settles holds whose transaction landed (docs/protocol.md#landed). A second settlement of the
   * same hold is not written again.
   */
  async settle(list: readonly Settlement[]): Promise<Transition[]> {
    const done = await this.write('settle', list, settleBatch);
    await measureSettled(this.connections.read, list, done);
    return done;
  }
  /** Expires holds (docs/protocol.md#expired-by-time). */
  expire(list: readonly ExpiryEvidence[]): Promise<Transition[]> {
    return this.end('expired', list, expireBatch);
  }
  /** What look-ups cannot prove any more, by the contract's own state. */
  expireAbsent(list: readonly AbsenceEvidence[]): Promise<Transition[]> {
    return this.end('expired', list, expireAbsentBatch);
  }
  /** Releases holds whose sequence is consumed (docs/protocol.md#sequence-consumed). */
  releaseConsumed(list: readonly ConsumedEvidence[]): Promise<Transition[]> {
    return this.end('sequence_consumed', list, releaseConsumedBatch);
  }
  /**
   * A failure that the contract did not decide: kills the envelope, keeps the hold for a rebuild
   * (docs/protocol.md#failures-that-are-not-the-borrowers).
   */
  failEnvelopes(list: readonly FailureEvidence[]): Promise<Transition[]> {
    return this.write('fail_envelopes', list, failEnvelopesBatch);
  }
  /**
   * Releases holds whose transaction failed (docs/protocol.md#failed): `tx_failed` when the
   * contract decided, otherwise `not_rebuilt`.
   */
  releaseFailed(list: readonly FailureEvidence[]): Promise<Transition[]> {
    return this.end('tx_failed', list, releaseFailedBatch, releaseReasonOf);
  }

  /** What only a person can decide. `settlement` has looked at the evidence before. */
  endByOperator(end: OperatorEnd): Promise<Transition> {
    return this.transaction(
      'operator_end',
      retrySafe((tx) => endByOperator(tx, end)),
    );
  }

  /**
   * Stores a snapshot if it is newer (docs/protocol.md#snapshots-only-move-forward). Known
   * settlements up to its ledger are applied before it in the same transaction, so that nothing
   * counts twice for a moment.
   */
  async observe(
    snapshot: Snapshot,
    settlements: readonly Settlement[] = [],
  ): Promise<{ advanced: boolean; settled: Transition[] }> {
    const contained = settlements.slice(0, TRANSITIONS_MAX);
    const observed = await this.transaction('observe', async (tx) => {
      const settled = contained.length ? await settleBatch(tx, contained) : [];
      return { advanced: await observeSnapshot(tx, snapshot), settled };
    });
    await measureSettled(this.connections.read, contained, observed.settled);
    return observed;
  }

  /**
   * Records that the envelope was submitted and what the node answered; it proves nothing
   * (docs/stellar.md#submission-proves-nothing).
   */
  markSubmitted(poolId: string, reservationId: string, submission: Submission): Promise<void> {
    return this.transaction('mark_submitted', (tx) =>
      markSubmitted(tx, poolId, reservationId, submission),
    );
  }

  /**
   * Stores the proven steps of the proofs by time and by sequence; those that turned out wrong are
   * taken away first.
   */
  async noteDeathSteps(
    notes: readonly DeathNote[],
    consumed: readonly ConsumedNote[] = [],
    discarded: readonly StepDiscarded[] = [],
  ): Promise<void> {
    if (notes.length + consumed.length + discarded.length === 0) return;
    await this.transaction('death_steps', async (tx) => {
      // one statement each: an envelope may lose both its steps
      for (const certificate of ['D1', 'D2'] as const) {
        const gone = discarded.filter((each) => each.certificate === certificate);
        if (gone.length) await discardSteps(tx, gone);
      }
      if (notes.length) await noteDeathSteps(tx, notes);
      if (consumed.length) await noteConsumedSteps(tx, consumed);
    });
  }

  /** Stores step 1 of the proof of a failure, as far as it was seen (docs/protocol.md#failed). */
  async noteFailures(notes: readonly FailureNote[]): Promise<void> {
    if (notes.length > 0)
      await this.transaction('failure_sightings', (tx) => noteFailures(tx, notes));
  }

  /** Envelopes to hand over again, as they were signed, by hash. They must not be logged. */
  signedEnvelopes(hashes: readonly string[]): Promise<Map<string, string>> {
    return signedEnvelopes(this.connections.read, hashes);
  }
  noteResubmissions(
    list: readonly { readonly hash: string; readonly status: string; readonly ledger: number }[],
  ): Promise<void> {
    return this.transaction('resubmissions', (tx) => noteResubmissions(tx, list));
  }

  /**
   * A new envelope under a live hold (docs/protocol.md#rebuild). The XDR may leave the process only
   * after this said `issued` (docs/protocol.md#commit-before-reveal).
   */
  issueEnvelope(rebuild: Rebuild): Promise<RebuildOutcome> {
    const xdr = packXdr(rebuild.envelope.xdr);
    return this.transaction('issue_envelope', async (tx) => {
      const outcome = await issueEnvelope(tx, rebuild, {
        xdr,
        chainLagSeconds: this.options.chainLagSeconds,
      });
      if (outcome === 'issued')
        await this.followUp.afterHolds(tx, {
          poolIds: [rebuild.poolId],
          firstDeadline: rebuild.envelope.maxTime,
        });
      return outcome;
    });
  }

  /**
   * Notes that the borrower no longer wants the loan. It frees nothing: what was signed may still
   * land.
   */
  requestCancellation(
    poolId: string,
    reservationId: string,
  ): Promise<ReservationState | 'unknown'> {
    return this.transaction('cancel', (tx) => requestCancellation(tx, poolId, reservationId));
  }

  async position(poolId: string): Promise<Position | null> {
    return (await positions(this.connections.read, poolId))[0] ?? null;
  }
  positions(): Promise<Position[]> {
    return positions(this.connections.read, null);
  }
  /**
   * T of the hold of a pool that can lapse first, unix seconds; null when none is live. One index
   * entry, where `position` counts every live hold.
   */
  nextDeadline(poolId: string): Promise<bigint | null> {
    return nextDeadline(this.connections.read, poolId);
  }
  findKey(tenantId: string, key: string, fingerprint: string): Promise<KeyLookup> {
    return findKey(this.connections.read, tenantId, key, fingerprint);
  }
  findLiveLoan(
    network: string,
    borrower: string,
  ): Promise<{ loanId: string; reservationId: string } | null> {
    return findLiveLoan(this.connections.read, network, borrower);
  }
  liveHolds(poolId: string, limit: number, lapsedBy: bigint | null = null): Promise<LiveHold[]> {
    return liveHolds(this.connections.read, poolId, { limit, lapsedBy });
  }
  /** Those whose funding the contracts' events have shown already: what settles next. */
  fundedHolds(poolId: string, limit: number): Promise<LiveHold[]> {
    return liveHolds(this.connections.read, poolId, { limit, funded: true });
  }
  async liveHold(poolId: string, reservationId: string): Promise<LiveHold | null> {
    return (await liveHolds(this.connections.read, poolId, { limit: 1, reservationId }))[0] ?? null;
  }
  whereIs(
    reservationId: string,
  ): Promise<{ readonly poolId: string; readonly state: ReservationState } | null> {
    return whereIs(this.connections.read, reservationId);
  }
  /** The settled hold that a loan of a creditline belongs to. */
  holdOfLoan(
    creditline: string,
    loan: { readonly borrower: string; readonly loanId: bigint },
  ): Promise<string | null> {
    return holdOfLoan(this.connections.read, creditline, loan);
  }

  /**
   * Notices another database (docs/protocol.md#quarantine) on connections that outlive a failover
   * behind a pooler; new connections look by themselves. @returns how many pools were quarantined
   * by this call
   */
  noticeDatabase(): Promise<number> {
    return noticeDatabase(this.connections.write);
  }
  /**
   * @returns how many pools a change that was noticed in the last two minutes has quarantined; null
   * without one
   */
  recentDatabaseChange(): Promise<number | null> {
    return recentChange(this.connections.read);
  }
  /**
   * Begins a quarantine of every pool that is not closed, anew where there is one. @returns how
   * many pools
   */
  quarantineAll(why: { readonly reason: string; readonly by: string }): Promise<number> {
    return this.transaction(
      'quarantine_all',
      retrySafe((tx) => quarantineAll(tx, why)),
    );
  }
  /** @param closeTime of a ledger read after the last `noticeDatabase` */
  async advanceQuarantine(network: string, closeTime: bigint): Promise<QuarantineStep[]> {
    if (!(await anyQuarantined(this.connections.read, network))) return [];
    return this.transaction('quarantine', (tx) => advanceQuarantine(tx, network, closeTime));
  }

  /**
   * Compares counters with their sums (docs/protocol.md#counters-are-sums) and live holds with the
   * borrowers marked as having one. Nothing is corrected. @param poolId null: every pool
   */
  differences(poolId: string | null = null): Promise<LedgerDifference[]> {
    return ledgerDifferences(this.connections.read, poolId);
  }
  /**
   * Sets a pool's counters to the sums of its reservations, with the reason in an append-only
   * table. @returns null when nothing was wrong
   */
  repair(
    poolId: string,
    why: { readonly reason: string; readonly by: string },
  ): Promise<LedgerRepair | null> {
    return this.transaction(
      'repair',
      retrySafe((tx) => repairLedger(tx, poolId, why)),
    );
  }

  /** Newest ledger that a pool of the network was told of, 0 before the first. */
  knownLedger(network: string): Promise<number> {
    return knownLedger(this.connections.read, network);
  }

  /**
   * Compares a head with the ledgers whose closing is known, and stores it: as believed, or as
   * waiting when it contradicts them. What turned out wrong is forgotten with everything that
   * rested on it.
   * Nothing may be judged by a head that was not believed.
   */
  async seeHead(network: string, head: LedgerTime): Promise<HeadSeen> {
    const first = dating(head, await ledgerTimes(this.connections.read, network));
    const settled =
      (first.kind === 'believed' && !first.isNew && first.disproved.length === 0) ||
      (first.kind === 'waiting' && !first.isNew);
    const judged = settled
      ? first
      : await this.transaction('ledger_times', async (tx) => {
          const again = dating(head, await ledgerTimes(tx.client, network));
          if (again.kind !== 'waiting') await forgetTimes(tx, network, again.disproved);
          await storeTimes(
            tx,
            network,
            again.kind === 'confirmed' ? again.run : [head],
            again.kind !== 'waiting',
          );
          return again;
        });
    if (judged.kind === 'waiting') return { dating: judged, forgotten: [] };
    const far = await anyFarAhead(this.connections.read, network, head, LAG_LEDGERS_MAX);
    return {
      dating: judged,
      forgotten: far
        ? await this.transaction('ledger_times', (tx) =>
            forgetFarAhead(tx, network, LAG_LEDGERS_MAX),
          )
        : [],
    };
  }

  /** Ledgers whose closing is believed, the newest first. */
  async ledgerTimes(network: string): Promise<LedgerTime[]> {
    return (await ledgerTimes(this.connections.read, network, TIMES_COMPARED)).filter(
      ({ believed }) => believed,
    );
  }

  /** Waits for the open batch and those behind it. */
  drain(): Promise<void> {
    return this.lane.drain();
  }

  private async decide(
    requests: readonly PackedRequest[],
    links: readonly Link[],
  ): Promise<HoldOutcome[]> {
    const outcomes = await this.transaction('hold', (tx) => this.decideIn(tx, requests), links);
    metrics.measure('holdfast_hold_batch_size', {}, requests.length);
    for (const [index, outcome] of outcomes.entries()) {
      const pool = requests[index]?.request.poolId ?? '';
      // a pool that is in no table is whatever a caller wrote
      if (outcome.kind !== 'pool_unknown')
        metrics.count('holdfast_hold_decisions_total', {
          pool,
          outcome: outcome.kind,
          code: outcome.kind === 'refused' ? outcome.code : '',
        });
    }
    return outcomes;
  }

  private async decideIn(
    tx: Transaction,
    requests: readonly PackedRequest[],
  ): Promise<HoldOutcome[]> {
    const outcomes = await holdBatch(tx, requests, this.options);
    const held = requests
      .map((member) => member.request)
      .filter((_, index) => outcomes[index]?.kind === 'held');
    const deadlines = held.flatMap((request) =>
      request.ask.kind === 'hold' ? [request.ask.envelope.maxTime] : [],
    );
    if (deadlines.length) {
      await this.followUp.afterHolds(tx, {
        poolIds: [...new Set(held.map((request) => request.poolId))],
        firstDeadline: deadlines.reduce((a, b) => (b < a ? b : a)),
      });
    }
    reached('hold.decided');
    return outcomes;
  }

  /** Ends of holds, at most 200 in a transaction: the hot pool's row is locked meanwhile. */
  private async write<T>(
    name: TransactionName,
    list: readonly T[],
    statement: (tx: Transaction, part: readonly T[]) => Promise<Transition[]>,
  ): Promise<Transition[]> {
    const done: Transition[] = [];
    for (let from = 0; from < list.length; from += TRANSITIONS_MAX) {
      const part = list.slice(from, from + TRANSITIONS_MAX);
      done.push(...(await this.transaction(name, (tx) => statement(tx, part))));
    }
    return done;
  }

  private async end<T extends { readonly poolId: string }>(
    name: TransactionName,
    list: readonly T[],
    statement: (tx: Transaction, part: readonly T[]) => Promise<Transition[]>,
    outcomeOf: (of: T) => string = () => name,
  ): Promise<Transition[]> {
    const done = await this.write(name, list, statement);
    for (const [index, of] of list.entries())
      if (done[index]?.written)
        metrics.count('holdfast_holds_ended_total', { pool: of.poolId, outcome: outcomeOf(of) });
    return done;
  }

  private async transaction<T>(
    name: TransactionName,
    work: (tx: Transaction) => Promise<T>,
    links: TransactionOptions['links'] = [],
  ): Promise<T> {
    const connections: pg.Pool = this.connections.write;
    const done = await inTransaction(
      connections,
      {
        name,
        links,
        begin: LEDGER_BEGIN,
        deadlineMs: this.options.deadlineMs,
        ...(this.options.onRetry ? { onRetry: this.options.onRetry } : {}),
      },
      work,
    );
    this.options.onCommit?.();
    return done;
  }
}

/**
 * A NUL byte cannot be stored as text and would fail 500 neighbours with it; the front door refuses
 * it first, this is the fence behind.
 */
function rejectUnstorable(request: HoldRequest): void {
  const texts = [
    request.borrower,
    request.key ?? '',
    request.tenantId,
    request.fingerprint,
    request.loan.vendor,
  ];
  if (texts.some((text) => text.includes('\0')))
    throw new Error('a text with a NUL byte reached the ledger');
  if (request.amount <= 0n) throw new Error('an amount that is not positive reached the ledger');
}
