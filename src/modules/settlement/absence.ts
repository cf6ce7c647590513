import { contradicted, LAG_LEDGERS_MAX, type LedgerTime } from '../../common/ledger-time.js';
import type { AccountSequence, Head } from '../chain/chain.js';
import type { TransactionReport } from '../chain/transaction-outcome.js';
import type { LiveEnvelope, LiveHold } from '../liquidity/reservation.js';
import type { ConsumedEvidence, ExpiryEvidence } from '../liquidity/ends/end-evidence.js';

/**
 * Progress of one envelope's proof by time. `voteLedger` is the latest ledger of the first
 * NOT_FOUND that counts.
 */
export interface DeathStep {
  readonly number: number;
  readonly passedLedger: number;
  readonly passedCloseTime: bigint;
  readonly voteLedger: number | null;
}
/** Progress of one envelope's proof by sequence. */
export interface ConsumedStep {
  readonly number: number;
  readonly consumedLedger: number;
  readonly consumedSequence: bigint;
  readonly voteLedger: number | null;
}

/**
 * A stored first step that a later reply contradicts. It is discarded by its ledger, together with
 * the vote that counted from it.
 */
export interface StepDiscard {
  readonly number: number;
  readonly certificate: 'D1' | 'D2';
  readonly ledger: number;
}
/** Two close times of one ledger, of which only one can be true. */
export interface Dispute {
  readonly seen: LedgerTime;
  readonly known: LedgerTime;
}

export interface Known {
  readonly hold: LiveHold;
  readonly head: Head | null;
  readonly account?: AccountSequence | null;
  /** Ledgers whose close time is trusted. A reply that contradicts one of them proves nothing. */
  readonly times?: readonly LedgerTime[];
}

interface Open {
  readonly kind: 'open';
  readonly envelope: LiveEnvelope;
  readonly discards: readonly StepDiscard[];
}
/** What one NOT_FOUND means for one envelope. */
export type Absence =
  | (Open & {
      readonly why: 'may_still_land' | 'deadline_passed' | 'sequence_passed' | 'one_vote';
      readonly alarm: null;
      readonly step: DeathStep | null;
      readonly consumedStep: ConsumedStep | null;
    })
  | (Open & {
      readonly why: 'ledger_dated_twice';
      readonly alarm: null;
      readonly step: null;
      readonly dispute: Dispute;
    })
  | (Open & {
      readonly why: 'lookup_proves_nothing';
      readonly alarm: 'lookup_proves_nothing';
      readonly step: null;
    })
  | { readonly kind: 'dead'; readonly envelope: LiveEnvelope; readonly expiry: ExpiryEvidence }
  | {
      readonly kind: 'consumed';
      readonly envelope: LiveEnvelope;
      readonly consumed: ConsumedEvidence;
    };

/**
 * Step 2 of both proofs. A NOT_FOUND may be older than the ledger that the reply names, so two of
 * them are needed, from L+2 on (docs/stellar.md#not-found-proves-little).
 */
type Votes =
  | { readonly kind: 'none' }
  | { readonly kind: 'first'; readonly ledger: number }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'proven'; readonly first: number; readonly second: number };

function votesOf(stepLedger: number, stored: number | null, latestLedger: number): Votes {
  if (stored === null)
    return latestLedger >= stepLedger + 2
      ? { kind: 'first', ledger: latestLedger }
      : { kind: 'none' };
  return latestLedger > stored
    ? { kind: 'proven', first: stored, second: latestLedger }
    : { kind: 'waiting' };
}

/** When the latest ledger of a reply closed, as the reply itself states it. */
export const seenBy = ({ latestLedger, latestCloseTime }: TransactionReport): LedgerTime => ({
  ledger: latestLedger,
  closeTime: latestCloseTime,
});

/**
 * @returns the contradiction between a reply's own close time and the round's head or a trusted
 * ledger
 */
export function disputed(
  seen: LedgerTime,
  { head, times = [] }: Pick<Known, 'head' | 'times'>,
): Dispute | null {
  const known = contradicted(seen, head ? [head, ...times] : times);
  return known ? { seen, known: { ledger: known.ledger, closeTime: known.closeTime } } : null;
}

/**
 * When both proofs hold, the proof by sequence wins, because it says more. A reply counts by its
 * own ledger and close time, and only if no known ledger contradicts them: one wrong field decides
 * nothing (docs/protocol.md#why-two-steps).
 */
export function absenceOf(known: Known, issued: LiveEnvelope, report: TransactionReport): Absence {
  const seen = seenBy(report);
  const discards = contradictedSteps(known, issued, report);
  const envelope = withoutSteps(issued, discards);
  const open = { kind: 'open', envelope: issued, discards } as const;
  const dispute = disputed(seen, known);
  if (dispute) return { ...open, why: 'ledger_dated_twice', alarm: null, step: null, dispute };
  const oldestLedger = Math.max(report.oldestLedger, known.head?.oldestLedger ?? 0);
  if (oldestLedger > envelope.issuedAfterLedger + 1)
    return { ...open, why: 'lookup_proves_nothing', alarm: 'lookup_proves_nothing', step: null };
  const account =
    known.account && known.account.ledger <= report.latestLedger + LAG_LEDGERS_MAX
      ? known.account
      : null;
  const sequence = consumedBy(envelope, account);
  const burnt =
    sequence &&
    agreedByAccount(
      votesOf(sequence.ledger, envelope.consumedVoteLedger, report.latestLedger),
      envelope,
      account,
    );
  if (sequence && burnt?.kind === 'proven')
    return {
      kind: 'consumed',
      envelope: issued,
      consumed: consumedEvidence(known.hold, sequence, burnt, oldestLedger),
    };
  const passed = passedLedger(envelope, known.head, seen);
  const late =
    passed &&
    (seen.closeTime >= envelope.maxTime
      ? votesOf(passed.ledger, envelope.voteLedger, report.latestLedger)
      : ({ kind: envelope.voteLedger === null ? 'none' : 'waiting' } as const));
  if (passed && late?.kind === 'proven')
    return {
      kind: 'dead',
      envelope: issued,
      expiry: expiryEvidence(known.hold, passed, late, oldestLedger),
    };
  return {
    ...open,
    why: reasonToWait([late, burnt], passed !== null, sequence !== null),
    alarm: null,
    step:
      passed && stepToStore(late, envelope.passedLedger)
        ? {
            number: envelope.number,
            passedLedger: passed.ledger,
            passedCloseTime: passed.closeTime,
            voteLedger: firstVote(late),
          }
        : null,
    consumedStep:
      sequence && stepToStore(burnt, envelope.consumedLedger)
        ? {
            number: envelope.number,
            consumedLedger: sequence.ledger,
            consumedSequence: sequence.sequence,
            voteLedger: firstVote(burnt),
          }
        : null,
  };
}

function reasonToWait(
  votes: readonly (Votes | null)[],
  deadlinePassed: boolean,
  sequencePassed: boolean,
): 'one_vote' | 'deadline_passed' | 'sequence_passed' | 'may_still_land' {
  if (votes.some((each) => each?.kind === 'first' || each?.kind === 'waiting')) return 'one_vote';
  if (deadlinePassed) return 'deadline_passed';
  return sequencePassed ? 'sequence_passed' : 'may_still_land';
}

/**
 * Stored steps that contradict this round's replies. Either side may be wrong, so the step is
 * proven again from later ledgers, which costs a few ledgers and no money. A vote from far ahead is
 * discarded too: no reply could be later than it for hours.
 */
function contradictedSteps(
  { head, times = [], account }: Known,
  envelope: LiveEnvelope,
  report: TransactionReport,
): StepDiscard[] {
  const {
    number,
    passedLedger: ledger,
    passedCloseTime: closeTime,
    voteLedger,
    consumedLedger,
    consumedSequence,
    consumedVoteLedger,
  } = envelope;
  const farAhead = (at: number | null): boolean =>
    at !== null && at > Math.max(report.latestLedger, head?.ledger ?? 0) + LAG_LEDGERS_MAX;
  const discards: StepDiscard[] = [];
  if (
    ledger !== null &&
    closeTime !== null &&
    (contradicted({ ledger, closeTime }, [seenBy(report), ...(head ? [head] : []), ...times]) ||
      farAhead(voteLedger) ||
      farAhead(ledger))
  ) {
    discards.push({ number, certificate: 'D1', ledger });
  }
  // Sequences only grow, so a lower one at a later ledger contradicts the step.
  const isLower =
    account &&
    consumedLedger !== null &&
    consumedSequence !== null &&
    account.ledger >= consumedLedger &&
    account.sequence !== null &&
    account.sequence < consumedSequence;
  if (
    consumedLedger !== null &&
    (isLower || farAhead(consumedVoteLedger) || farAhead(consumedLedger))
  )
    discards.push({ number, certificate: 'D2', ledger: consumedLedger });
  return discards;
}

function withoutSteps(envelope: LiveEnvelope, discards: readonly StepDiscard[]): LiveEnvelope {
  const isDiscarded = (certificate: StepDiscard['certificate']): boolean =>
    discards.some((each) => each.certificate === certificate);
  return {
    ...envelope,
    ...(isDiscarded('D1') && { passedLedger: null, passedCloseTime: null, voteLedger: null }),
    ...(isDiscarded('D2') && {
      consumedLedger: null,
      consumedSequence: null,
      consumedVoteLedger: null,
    }),
  };
}

/**
 * One account reply is not enough. The round that completes the proof reads the account again at a
 * later ledger and finds the sequence consumed there too (docs/protocol.md#sequence-consumed).
 */
function agreedByAccount(
  votes: Votes,
  { consumedLedger, sequence }: LiveEnvelope,
  account: AccountSequence | null,
): Votes {
  if (votes.kind !== 'proven') return votes;
  const agrees =
    account !== null &&
    consumedLedger !== null &&
    account.ledger > consumedLedger &&
    account.sequence !== null &&
    account.sequence >= sequence;
  return agrees ? votes : { kind: 'waiting' };
}

/** Step 1 and the first vote are stored only once. */
const stepToStore = (votes: Votes | null, stored: number | null): boolean =>
  votes?.kind === 'first' || (votes?.kind === 'none' && stored === null);
const firstVote = (votes: Votes | null): number | null =>
  votes?.kind === 'first' ? votes.ledger : null;

/**
 * Step 1 of the proof by time: the stored step, otherwise the head if the look-up after it is past
 * T too. A ledger that closed exactly at T counts: it may contain the transaction, and no later
 * ledger can (docs/protocol.md#expired-by-time).
 */
export function passedLedger(
  envelope: LiveEnvelope,
  head: Head | null,
  seen: LedgerTime,
): LedgerTime | null {
  if (
    envelope.passedLedger !== null &&
    envelope.passedCloseTime !== null &&
    envelope.passedCloseTime >= envelope.maxTime
  ) {
    return { ledger: envelope.passedLedger, closeTime: envelope.passedCloseTime };
  }
  return head && head.closeTime >= envelope.maxTime && seen.closeTime >= envelope.maxTime
    ? head
    : null;
}

/**
 * Step 1 of the proof by sequence: the stored step, otherwise the account as read. A missing
 * account proves nothing, because it may be created again (docs/stellar.md#sequences).
 */
function consumedBy(
  envelope: LiveEnvelope,
  account: AccountSequence | null,
): { readonly ledger: number; readonly sequence: bigint } | null {
  if (
    envelope.consumedLedger !== null &&
    envelope.consumedSequence !== null &&
    envelope.consumedSequence >= envelope.sequence
  ) {
    return { ledger: envelope.consumedLedger, sequence: envelope.consumedSequence };
  }
  return account && account.sequence !== null && account.sequence >= envelope.sequence
    ? { ledger: account.ledger, sequence: account.sequence }
    : null;
}

type Proven = Votes & { readonly kind: 'proven' };
const idsOf = ({ poolId, reservationId, envelopeVersion }: LiveHold) => ({
  poolId,
  reservationId,
  envelopeVersion,
});

const expiryEvidence = (
  hold: LiveHold,
  passed: { ledger: number; closeTime: bigint },
  votes: Proven,
  oldestLedger: number,
): ExpiryEvidence => ({
  ...idsOf(hold),
  passedLedger: passed.ledger,
  passedCloseTime: passed.closeTime,
  firstVoteLedger: votes.first,
  secondVoteLedger: votes.second,
  oldestLedger,
});

const consumedEvidence = (
  hold: LiveHold,
  seen: { ledger: number; sequence: bigint },
  votes: Proven,
  oldestLedger: number,
): ConsumedEvidence => ({
  ...idsOf(hold),
  consumedLedger: seen.ledger,
  consumedSequence: seen.sequence,
  firstVoteLedger: votes.first,
  secondVoteLedger: votes.second,
  oldestLedger,
});
