import { reached } from '../../common/steps.js';
import { ConnectionRelay } from '../../database/connection-relay.js';
import * as metrics from '../../telemetry/metrics.js';
import { inSpan, type Link } from '../../telemetry/tracing.js';
import { EnvelopeRecords } from './ends/envelope-records.js';
import { LedgerEnds } from './ends/ledger-ends.js';
import type { LedgerConnections } from './guards/ledger-connections.js';
import { LedgerGuards } from './guards/ledger-guards.js';
import type { LedgerPace } from './guards/quarantine.sql.js';
import { packXdr } from './holds/envelope-packing.js';
import type { HoldFollowUp } from './holds/hold-follow-up.js';
import { HoldLane, type LaneLimits } from './holds/hold-lane.js';
import type { CompressedRequest } from './holds/hold-rows.sql.js';
import { compressed, HOLD_BEGIN, holdBatch, type HoldRules } from './holds/hold-batch.js';
import {
  issueEnvelope,
  type Rebuild,
  type RebuildOutcome,
  requestCancellation,
} from './holds/rebuild.sql.js';
import { LedgerLandings } from './landings/ledger-landings.js';
import { LedgerTransactions, type LedgerTransactionOptions } from './ledger-transactions.js';
import { LedgerReader } from './pools/ledger-reader.js';
import type { HoldOutcome, HoldRequest, ReservationState } from './reservation.js';
import { LedgerSnapshots } from './snapshots/ledger-snapshots.js';

export interface LedgerOptions
  extends HoldRules, Omit<LaneLimits, 'waitMs'>, LedgerTransactionOptions {
  /** Absent where no authorizations are issued. A quarantine then outlasts their fences. */
  readonly pace?: LedgerPace;
}

/**
 * The ledger makes holds; each of its parts covers one other subject. A method that writes runs one
 * ledger transaction and may throw HoldfastError BUSY_RETRY (docs/protocol.md#ledger-transaction).
 * The ledger knows neither HTTP nor the chain.
 */
export class ReservationLedger {
  readonly ends: LedgerEnds;
  readonly envelopes: EnvelopeRecords;
  readonly landings: LedgerLandings;
  readonly snapshots: LedgerSnapshots;
  readonly reader: LedgerReader;
  readonly guards: LedgerGuards;
  private readonly transactions: LedgerTransactions;
  private readonly lane: HoldLane;
  private readonly relay: ConnectionRelay;

  constructor(
    connections: LedgerConnections,
    private readonly options: LedgerOptions,
    private readonly followUp?: HoldFollowUp,
  ) {
    this.transactions = new LedgerTransactions(connections, options);
    this.ends = new LedgerEnds(this.transactions);
    this.envelopes = new EnvelopeRecords(this.transactions);
    this.landings = new LedgerLandings(this.transactions);
    this.snapshots = new LedgerSnapshots(this.transactions);
    this.reader = new LedgerReader(this.transactions);
    this.guards = new LedgerGuards(this.transactions, options.pace);
    this.relay = new ConnectionRelay(connections.write);
    this.lane = new HoldLane(this.holdTogether.bind(this), {
      ...options,
      waitMs: options.deadlineMs,
    });
  }

  /**
   * Writes check, hold, loan, envelope, key record and journal in one transaction that waiting
   * requests share (docs/protocol.md#commit-before-reveal, docs/protocol.md#no-over-commit).
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
      () => this.lane.ask(compressed(request)),
    );
  }

  /**
   * Issues a new envelope under a live hold (docs/protocol.md#rebuild). The XDR may leave the
   * process only after this returns `issued` (docs/protocol.md#commit-before-reveal).
   */
  issueEnvelope(rebuild: Rebuild): Promise<RebuildOutcome> {
    const xdr = packXdr(rebuild.envelope.xdr);
    return this.transactions.run('issue_envelope', async (tx) => {
      const outcome = await issueEnvelope(tx, rebuild, {
        xdr,
        chainLagSeconds: this.options.chainLagSeconds,
      });
      if (outcome === 'issued')
        await this.followUp?.afterHolds(tx, {
          poolIds: [rebuild.poolId],
          firstDeadline: rebuild.envelope.maxTime,
        });
      return outcome;
    });
  }

  /**
   * Records that the borrower no longer wants the loan. The funds stay held, because a signed
   * transaction may still land.
   */
  requestCancellation(
    poolId: string,
    reservationId: string,
  ): Promise<ReservationState | 'unknown'> {
    return this.transactions.run('cancel', (tx) => requestCancellation(tx, poolId, reservationId));
  }

  /** Waits until the open batch and those behind it have ended. */
  drain(): Promise<void> {
    return this.lane.drain();
  }

  private async holdTogether(
    requests: readonly CompressedRequest[],
    links: readonly Link[],
    onCommitting: () => void,
  ): Promise<HoldOutcome[]> {
    const outcomes = await this.transactions.run(
      'hold',
      (tx) => holdBatch(tx, requests, this.options, this.followUp),
      { begin: HOLD_BEGIN, links, relay: this.relay, onCommitting },
    );
    metrics.measure('holdfast_hold_batch_size', {}, requests.length);
    for (const [index, outcome] of outcomes.entries()) {
      const pool = requests[index]?.request.poolId ?? '';
      // the caller wrote the id of an unknown pool, so it must not become a label
      if (outcome.kind !== 'pool_unknown')
        metrics.count('holdfast_hold_decisions_total', {
          pool,
          outcome: outcome.kind,
          code: outcome.kind === 'refused' ? outcome.code : '',
        });
    }
    return outcomes;
  }
}

/**
 * A NUL byte cannot be stored as text and would fail every request of its batch. The API refuses it
 * first; this check guards other callers.
 */
function rejectUnstorable(request: HoldRequest): void {
  const texts = [
    request.borrower,
    request.key ?? '',
    request.tenantId,
    request.fingerprint,
    request.loan.vendor ?? '',
  ];
  if (texts.some((text) => text.includes('\0')))
    throw new Error('a text with a NUL byte reached the ledger');
  if (request.amount <= 0n) throw new Error('an amount that is not positive reached the ledger');
}
