import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type {
  ConsumedEvidence,
  ExpiryEvidence,
  FailureEvidence,
  Settlement,
} from '../liquidity/ends/end-evidence.js';
import { type LiveHold, rebuildsLeft } from '../liquidity/reservation.js';
import { type ConsumedStep, type DeathStep, type Dispute, type StepDiscard } from './absence.js';
import type { FailureStep } from './failure-agreement.js';
import {
  type AlarmReason,
  type Evidence,
  type Failed,
  type Finding,
  findingOf,
  type KeepReason,
  storedFailures,
} from './finding.js';

export type Verdict =
  | { readonly kind: 'settle'; readonly settlement: Settlement }
  | { readonly kind: 'release'; readonly failure: FailureEvidence }
  | { readonly kind: 'consumed'; readonly consumed: ConsumedEvidence }
  | { readonly kind: 'expire'; readonly expiry: ExpiryEvidence }
  | {
      readonly kind: 'keep';
      readonly why: KeepReason;
      /** Set when a person must look. */ readonly alarm: AlarmReason | null;
      /**
       * Steps of the proofs by time and by sequence, stored so that a restart continues from here.
       */
      readonly steps: readonly DeathStep[];
      readonly consumedSteps?: readonly ConsumedStep[];
      /** Step 1 of the proof of a failure, stored for the same reason. */
      readonly failureSteps?: readonly FailureStep[];
      /** Stored steps that a reply of this round contradicts, to be deleted. */
      readonly discards?: readonly StepDiscard[];
      /** Replies of this round that contradict a known ledger and so prove nothing. */
      readonly disputes?: readonly Dispute[];
      /**
       * An envelope that failed without the contract's decision: it is dead, and its hold is kept
       * (docs/protocol.md#rebuild).
       */
      readonly failed?: FailureEvidence;
    };

/**
 * What the evidence proves (docs/protocol.md#certificates). A hold ends only when one of its
 * transactions landed or all are proven dead; the one that died last decides how. An end without a
 * landing is disputed once a funding event of the hold was read (decision 0033).
 */
export function verdict(evidence: Evidence): Verdict {
  const proven = provenBy(evidence);
  if (proven.kind === 'keep' || proven.kind === 'settle' || !evidence.hold.funding) return proven;
  return { kind: 'keep', why: 'outcome_disputed', alarm: 'outcome_disputed', steps: [] };
}

function provenBy(evidence: Evidence): Verdict {
  const { hold, reports, account } = evidence;
  const behind = ledgersBehind(hold, [
    ...reports.map(({ report }) => report.latestLedger),
    ...(account ? [account.ledger] : []),
  ]);
  if (behind > 0) return frozen(behind > LAG_LEDGERS_MAX);
  const findings = [
    ...storedFailures(hold),
    ...reports.map(({ envelope, report }) => findingOf(evidence, envelope, report)),
  ];
  const landed = findings.find((finding) => finding.kind === 'landed');
  if (landed) return { kind: 'settle', settlement: landed.settlement };
  if (
    findings.length === 0 ||
    hold.envelopes.some(
      ({ hash, state }) =>
        state === 'open' && !reports.some(({ envelope }) => envelope.hash === hash),
    )
  ) {
    return { kind: 'keep', why: 'envelope_not_looked_up', alarm: null, steps: [] };
  }
  const failures = findings
    .filter((finding) => finding.kind === 'failed')
    .toSorted((a, b) => a.ledger - b.ledger);
  const consumed = failures
    .map(({ envelope }) => envelope.sequence)
    .reduce((a, b) => (b > a ? b : a), -1n);
  const beyond = findings
    .filter((finding) => finding.kind !== 'landed' && finding.kind !== 'failed')
    // A failure kills every other envelope with the same or a lower sequence.
    .filter(({ envelope }) => envelope.sequence > consumed);
  const open = beyond.filter((finding) => finding.kind === 'open');
  const first = open.find(({ alarm }) => alarm !== null) ?? open[0];
  if (first) return { kind: 'keep', why: first.why, alarm: first.alarm, ...stepsOf(open) };
  const lastFailure = failures.at(-1);
  return (
    endByLast(beyond) ??
    (lastFailure
      ? afterFailure(evidence, lastFailure)
      : { kind: 'keep', why: 'envelope_not_looked_up', alarm: null, steps: [] })
  );
}

const frozen = (far: boolean): Verdict => ({
  kind: 'keep',
  why: far ? 'chain_went_backwards' : 'node_behind',
  alarm: far ? 'chain_went_backwards' : null,
  steps: [],
});

/**
 * How far the oldest of this hold's replies is behind the ledger known before the round. A network
 * that began again would "prove" that every transaction is dead. The round checks the head itself.
 */
export const ledgersBehind = (
  { knownLedger }: Pick<LiveHold, 'knownLedger'>,
  ledgers: readonly number[],
): number => Math.max(0, ...ledgers.map((ledger) => knownLedger - ledger));

function stepsOf(
  open: readonly (Finding & { readonly kind: 'open' })[],
): Pick<
  Verdict & { readonly kind: 'keep' },
  'steps' | 'consumedSteps' | 'failureSteps' | 'discards' | 'disputes'
> {
  const consumedSteps = open.flatMap(({ consumedStep }) => (consumedStep ? [consumedStep] : []));
  const failureSteps = open.flatMap(({ failureStep }) => (failureStep ? [failureStep] : []));
  const discards = open.flatMap((each) => each.discards ?? []);
  const disputes = open.flatMap(({ dispute }) => (dispute ? [dispute] : []));
  return {
    steps: open.flatMap(({ step }) => (step ? [step] : [])),
    ...(consumedSteps.length > 0 && { consumedSteps }),
    ...(failureSteps.length > 0 && { failureSteps }),
    ...(discards.length > 0 && { discards }),
    ...(disputes.length > 0 && { disputes }),
  };
}

/**
 * All are dead, none by a later failure. The newest decides how the hold ends; for an expiry, the
 * one with the greatest T.
 */
function endByLast(ended: readonly Finding[]): Verdict | null {
  const dead = ended
    .filter((finding) => finding.kind === 'dead')
    .toSorted((a, b) => (a.envelope.maxTime < b.envelope.maxTime ? 1 : -1))[0];
  const consumed = ended
    .filter((finding) => finding.kind === 'consumed')
    .toSorted((a, b) => b.envelope.number - a.envelope.number)[0];
  if (consumed && (!dead || consumed.envelope.number > dead.envelope.number))
    return { kind: 'consumed', consumed: consumed.consumed };
  return dead ? { kind: 'expire', expiry: dead.expiry } : null;
}

/**
 * A failure that the contract did not decide kills the transaction, not the hold
 * (docs/protocol.md#failures-that-are-not-the-borrowers). The loan may be rebuilt until the dead
 * transaction's T, if a rebuild is left and the borrower did not cancel.
 */
function afterFailure({ hold, head, reports }: Evidence, failure: Failed): Verdict {
  const evidence = failureEvidence(hold, failure);
  const passed = head !== null && head.closeTime >= failure.envelope.maxTime;
  const left = rebuildsLeft(
    hold.envelopes.map((each) =>
      each.hash === failure.envelope.hash ? failure.cause.by : (each.cause?.by ?? null),
    ),
  );
  if (failure.cause.by === 'contract' || passed || hold.cancelRequested || left === 0)
    return { kind: 'release', failure: evidence };
  const isNew = reports.some(({ envelope }) => envelope.hash === failure.envelope.hash);
  return {
    kind: 'keep',
    why: 'awaits_rebuild',
    alarm: null,
    steps: [],
    ...(isNew && { failed: evidence }),
  };
}

const failureEvidence = (
  { poolId, reservationId, envelopeVersion }: LiveHold,
  { envelope, ledger, closeTime, resultCode, cause, seenAt }: Failed,
): FailureEvidence => ({
  poolId,
  reservationId,
  envelopeVersion,
  envelopeHash: envelope.hash,
  failedLedger: ledger,
  closeTime,
  resultCode,
  cause,
  seenAt,
});
