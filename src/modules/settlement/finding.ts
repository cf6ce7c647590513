import type { LedgerTime } from '../../common/ledger-time.js';
import type { AccountSequence, Head, PoolParts } from '../chain/chain.js';
import { familyOf } from '../chain/families/families.js';
import type { TransactionReport } from '../chain/transaction-outcome.js';
import type {
  ConsumedEvidence,
  ExpiryEvidence,
  Settlement,
} from '../liquidity/ends/end-evidence.js';
import type { FailureCause, LiveEnvelope, LiveHold } from '../liquidity/reservation.js';
import {
  absenceOf,
  type ConsumedStep,
  type DeathStep,
  type Dispute,
  disputed,
  seenBy,
  type StepDiscard,
} from './absence.js';
import { agreementOn, disprovedBy, type FailureStep } from './failure-agreement.js';
import { canHaveLandedIn, disputedPlace } from './landing.js';

/**
 * One `getTransaction` look-up of one envelope. It began after `Evidence.head`, `Evidence.account`
 * and every stored step had been read.
 */
export interface EnvelopeReport {
  readonly envelope: LiveEnvelope;
  readonly report: TransactionReport;
}

/** Everything known about one hold in one round. Each of its open envelopes has its own report. */
export interface Evidence {
  readonly hold: LiveHold;
  /** Whose events count. */
  readonly pool: PoolParts;
  /**
   * Read before the look-ups began: step 1 of the proof by time. Null: this round seeks no proof by
   * time.
   */
  readonly head: Head | null;
  /**
   * The borrower's sequence, read before the look-ups began: step 1 of the proof by sequence.
   * Absent or null: it was not read.
   */
  readonly account?: AccountSequence | null;
  /** Ledgers whose close time is trusted. Absent: none is known. */
  readonly times?: readonly LedgerTime[];
  readonly reports: readonly EnvelopeReport[];
}

/** Why a hold still counts. Every reason before the alarms is part of the normal course. */
export type KeepReason =
  | 'may_still_land'
  | 'deadline_passed'
  | 'sequence_passed'
  | 'one_vote'
  | 'failed_once'
  | 'awaits_rebuild'
  | 'node_behind'
  | 'envelope_not_looked_up'
  | 'landing_not_found'
  | 'ledger_dated_twice'
  | AlarmReason;
/**
 * These need a person: the hold counts until an operator decides (docs/protocol.md#certificates).
 */
export const ALARM_REASONS = [
  'lookup_proves_nothing',
  'success_without_our_events',
  'failed_without_effect',
  'outcome_disputed',
  'chain_went_backwards',
] as const;
export type AlarmReason = (typeof ALARM_REASONS)[number];

export interface Failed {
  readonly kind: 'failed';
  readonly envelope: LiveEnvelope;
  readonly ledger: number;
  readonly closeTime: bigint | null;
  readonly resultCode: string;
  readonly cause: FailureCause;
  /** Null when the failure was stored earlier. */ readonly seenAt:
    readonly [number, number] | null;
}
interface Ended {
  readonly kind: 'dead' | 'consumed';
  readonly envelope: LiveEnvelope;
}
export type Finding =
  | { readonly kind: 'landed'; readonly settlement: Settlement }
  | Failed
  | (Ended & { readonly kind: 'dead'; readonly expiry: ExpiryEvidence })
  | (Ended & { readonly kind: 'consumed'; readonly consumed: ConsumedEvidence })
  | {
      readonly kind: 'open';
      readonly envelope: LiveEnvelope;
      readonly why: KeepReason;
      readonly alarm: AlarmReason | null;
      readonly step: DeathStep | null;
      readonly consumedStep?: ConsumedStep | null;
      readonly failureStep?: FailureStep | null;
      readonly discards?: readonly StepDiscard[];
      readonly dispute?: Dispute;
    };

/**
 * Failures stored before causes existed kept their hold only for their footprint. A failure that
 * the contract decided ended its hold at once.
 */
const KEPT_BEFORE: FailureCause = {
  by: 'ours',
  reason: 'outside_footprint',
  contract: null,
  number: null,
};
export const storedFailures = (hold: LiveHold): Failed[] =>
  hold.envelopes.flatMap((envelope) =>
    envelope.state === 'failed'
      ? [
          {
            kind: 'failed',
            envelope,
            ledger: envelope.foundLedger ?? 0,
            closeTime: null,
            resultCode: envelope.resultCode ?? '',
            cause: envelope.cause ?? KEPT_BEFORE,
            seenAt: null,
          },
        ]
      : [],
  );

export function findingOf(
  evidence: Evidence,
  envelope: LiveEnvelope,
  report: TransactionReport,
): Finding {
  if (report.status === 'not_found') {
    // The funding event was read, so a NOT_FOUND means that the node lost the transaction. It is no
    // step of a proof that the transaction is dead (decision 0033).
    if (evidence.hold.funding?.envelopeHash === envelope.hash)
      return { kind: 'open', envelope, why: 'landing_not_found', alarm: null, step: null };
    const absence = absenceOf(evidence, envelope, report);
    return absence.kind === 'open'
      ? { ...absence, failureStep: disprovedBy(envelope, report) }
      : absence;
  }
  const possible = canHaveLandedIn(envelope, report);
  const dispute =
    disputed(seenBy(report), evidence) ?? (possible ? disputedPlace(report, evidence.times) : null);
  if (dispute)
    return { kind: 'open', envelope, why: 'ledger_dated_twice', alarm: null, step: null, dispute };
  const { poolId, reservationId } = evidence.hold;
  if (report.status === 'success') {
    const loan = loanOf(evidence, report);
    if (!loan) return alarmed(envelope, 'success_without_our_events');
    if (!possible) return alarmed(envelope, 'outcome_disputed');
    return {
      kind: 'landed',
      settlement: {
        poolId,
        reservationId,
        envelopeHash: envelope.hash,
        settledLedger: report.ledger,
        closeTime: report.closeTime,
        loanId: loan.loanId,
        feeBump: report.feeBump,
      },
    };
  }
  // A validation code in a ledger consumes nothing, so it is no failure
  // (docs/stellar.md#not-found-proves-little).
  if (!report.applied) return alarmed(envelope, 'failed_without_effect');
  if (evidence.hold.funding?.envelopeHash === envelope.hash)
    return alarmed(envelope, 'outcome_disputed');
  const agreement = agreementOn(envelope, report);
  if (agreement.kind === 'disputed')
    return { ...alarmed(envelope, 'outcome_disputed'), failureStep: agreement.step };
  if (agreement.kind === 'waiting')
    return {
      kind: 'open',
      envelope,
      why: 'failed_once',
      alarm: null,
      step: null,
      failureStep: agreement.step,
    };
  return {
    kind: 'failed',
    envelope,
    ledger: report.ledger,
    closeTime: report.closeTime,
    resultCode: report.resultCode,
    cause: agreement.cause,
    seenAt: agreement.seenAt,
  };
}

/** The loan that a successful transaction made, when its events are this hold's. */
export const loanOf = (
  { hold: { amount, borrower }, pool }: Pick<Evidence, 'hold' | 'pool'>,
  { events }: TransactionReport & { readonly status: 'success' },
) => familyOf(pool.generation).landing(events, { ...pool, amount, borrower });

const alarmed = (
  envelope: LiveEnvelope,
  why: AlarmReason,
): Finding & { readonly kind: 'open' } => ({ kind: 'open', envelope, why, alarm: why, step: null });
