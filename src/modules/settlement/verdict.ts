import type { ContractEvent, Head, TransactionReport } from '../chain/chain.js';
import type { ExpiryEvidence, FailureEvidence, LiveEnvelope, LiveHold, Settlement } from '../liquidity/reservation.js';

/** One look-up of one envelope: a `getTransaction` by its hash, begun after `Evidence.head` (and any stored step) had been read. */
export interface EnvelopeReport { readonly envelope: LiveEnvelope; readonly report: TransactionReport }

/** All that is known of one hold in one round. A hold has one envelope or, after a rebuild, several: each has its own report. */
export interface Evidence {
  readonly hold: LiveHold;
  readonly poolContract: string;
  readonly creditlineContract: string;
  /** Read before the look-ups began: step 1 of D1. Null: nobody asks whether it is dead by time. */
  readonly head: Head | null;
  readonly reports: readonly EnvelopeReport[];
}

/** Why a hold goes on counting. The first three are the ordinary course of things. */
export type KeepReason = 'may_still_land' | 'deadline_passed' | 'one_vote' | 'not_every_envelope_judged' | AlarmReason;
/** Needs a person: the hold counts until one has looked (`protocol.md`, "Certificates"). */
export type AlarmReason = 'lookup_proves_nothing' | 'success_without_our_events' | 'failed_without_effect';

/** Steps of D1 to be stored, so that a restart goes on where this round ends. */
export interface DeathStep { readonly number: number; readonly passedLedger: number; readonly passedCloseTime: bigint; readonly voteLedger: number | null }

export type Verdict =
  | { readonly kind: 'settle'; readonly settlement: Settlement }
  | { readonly kind: 'release'; readonly failure: FailureEvidence }
  | { readonly kind: 'expire'; readonly expiry: ExpiryEvidence }
  | { readonly kind: 'keep'; readonly why: KeepReason; /** Set when a person must look. */ readonly alarm: AlarmReason | null; readonly steps: readonly DeathStep[] };

type Finding =
  | { readonly kind: 'landed'; readonly settlement: Settlement }
  | { readonly kind: 'failed'; readonly envelope: LiveEnvelope; readonly ledger: number; readonly resultCode: string }
  | { readonly kind: 'dead'; readonly envelope: LiveEnvelope; readonly expiry: ExpiryEvidence }
  | { readonly kind: 'open'; readonly envelope: LiveEnvelope; readonly why: KeepReason; readonly alarm: AlarmReason | null; readonly step: DeathStep | null };

/**
 * What the evidence proves, by the certificates D1, D3 and D4 of `protocol.md`. Pure: no clock, no memory. Whatever is not proven is kept (R7).
 * A hold ends only when every envelope issued for it is proven dead, or one landed.
 */
export function verdict(evidence: Evidence): Verdict {
  const { hold, reports } = evidence;
  const findings = reports.map(({ envelope, report }) => findingOf(evidence, envelope, report));
  const landed = findings.find((finding) => finding.kind === 'landed');
  if (landed) return { kind: 'settle', settlement: landed.settlement };
  if (reports.length === 0 || hold.envelopes.some(({ hash }) => !reports.some(({ envelope }) => envelope.hash === hash))) {
    return { kind: 'keep', why: 'not_every_envelope_judged', alarm: null, steps: [] };
  }
  const failures = findings.filter((finding) => finding.kind === 'failed');
  const consumed = failures.map(({ envelope }) => envelope.sequence).reduce((a, b) => (b > a ? b : a), -1n);
  const open = findings.filter((finding) => finding.kind === 'open').filter(({ envelope }) => envelope.sequence > consumed); // D3 kills the others with the same or a lower sequence
  const first = open.find(({ alarm }) => alarm !== null) ?? open[0];
  if (first) return { kind: 'keep', why: first.why, alarm: first.alarm, steps: open.flatMap(({ step }) => (step ? [step] : [])) };
  const lastFailure = failures.toSorted((a, b) => a.ledger - b.ledger).at(-1);
  if (lastFailure) return { kind: 'release', failure: failureEvidence(hold, lastFailure) };
  const dead = findings.filter((finding) => finding.kind === 'dead').toSorted((a, b) => (a.envelope.maxTime < b.envelope.maxTime ? 1 : -1))[0];
  if (!dead) return { kind: 'keep', why: 'not_every_envelope_judged', alarm: null, steps: [] };
  return { kind: 'expire', expiry: dead.expiry };
}

function findingOf(evidence: Evidence, envelope: LiveEnvelope, report: TransactionReport): Finding {
  if (report.status === 'not_found') return absenceOf(evidence, envelope, report);
  if (report.status === 'success') {
    const loan = ourLoan(evidence, report.events);
    if (!loan) return alarmed(envelope, 'success_without_our_events');
    const { poolId, reservationId } = evidence.hold;
    return { kind: 'landed', settlement: { poolId, reservationId, envelopeHash: envelope.hash, settledLedger: report.ledger, closeTime: report.closeTime, loanId: loan.loanId, feeBump: report.feeBump } };
  }
  // a validation code in a ledger consumes nothing by itself; it is not D3 (`stellar.md` C.4)
  if (!report.applied) return alarmed(envelope, 'failed_without_effect');
  return { kind: 'failed', envelope, ledger: report.ledger, resultCode: report.resultCode };
}

/** D4: the borrower's loan of our creditline, and exactly the held amount out of our pool, in the same transaction. */
function ourLoan(evidence: Evidence, events: readonly ContractEvent[]): ContractEvent | undefined {
  const funded = events.some((event) => event.name === 'LQFUND' && event.contract === evidence.poolContract && event.amount === evidence.hold.amount);
  if (!funded) return undefined;
  return events.find((event) => event.name === 'LOANCRTD' && event.contract === evidence.creditlineContract && event.topics[1] === evidence.hold.borrower);
}

const alarmed = (envelope: LiveEnvelope, why: AlarmReason): Finding => ({ kind: 'open', envelope, why, alarm: why, step: null });

/** D1. A NOT_FOUND may be older than the ledger beside it, hence L+2 and two of them (`stellar.md` C.4). */
function absenceOf(evidence: Evidence, envelope: LiveEnvelope, report: TransactionReport): Finding {
  const open = (why: KeepReason, step: DeathStep | null): Finding => ({ kind: 'open', envelope, why, alarm: null, step });
  if (report.oldestLedger > envelope.issuedAfterLedger + 1) return alarmed(envelope, 'lookup_proves_nothing');
  const passed = passedLedger(envelope, evidence.head);
  if (!passed) return open('may_still_land', null);
  const step = { number: envelope.number, passedLedger: passed.ledger, passedCloseTime: passed.closeTime };
  if (envelope.voteLedger === null) {
    if (report.latestLedger >= passed.ledger + 2) return open('one_vote', { ...step, voteLedger: report.latestLedger });
    return open('deadline_passed', envelope.passedLedger === null ? { ...step, voteLedger: null } : null);
  }
  if (report.latestLedger <= envelope.voteLedger) return open('one_vote', null);
  return { kind: 'dead', envelope, expiry: expiryEvidence(evidence.hold, step, envelope.voteLedger, report) };
}

/** Step 1 of D1: the stored one, else the head. closeTime == T counts: that ledger may hold it, every later one may not. */
function passedLedger(envelope: LiveEnvelope, head: Head | null): { readonly ledger: number; readonly closeTime: bigint } | null {
  if (envelope.passedLedger !== null && envelope.passedCloseTime !== null && envelope.passedCloseTime >= envelope.maxTime) {
    return { ledger: envelope.passedLedger, closeTime: envelope.passedCloseTime };
  }
  return head && head.closeTime >= envelope.maxTime ? head : null;
}

function expiryEvidence(hold: LiveHold, step: Omit<DeathStep, 'voteLedger'>, firstVoteLedger: number, second: TransactionReport): ExpiryEvidence {
  return {
    poolId: hold.poolId, reservationId: hold.reservationId, envelopeVersion: hold.envelopeVersion, passedLedger: step.passedLedger, passedCloseTime: step.passedCloseTime,
    firstVoteLedger, secondVoteLedger: second.latestLedger, oldestLedger: second.oldestLedger,
  };
}

function failureEvidence(hold: LiveHold, failure: Finding & { readonly kind: 'failed' }): FailureEvidence {
  return {
    poolId: hold.poolId, reservationId: hold.reservationId, envelopeVersion: hold.envelopeVersion, envelopeHash: failure.envelope.hash, failedLedger: failure.ledger, resultCode: failure.resultCode,
  };
}
