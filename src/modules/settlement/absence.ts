import { contradicted, LAG_LEDGERS_MAX, type LedgerTime } from '../../common/ledger-time.js';
import type { AccountSequence, Head } from '../chain/chain.js';
import type { TransactionReport } from '../chain/transaction-outcome.js';
import type { LiveEnvelope, LiveHold } from '../liquidity/reservation.js';
import type { ConsumedEvidence, ExpiryEvidence } from '../liquidity/ends/end-evidence.js';

/**
 * Proof by time, of one envelope. `voteLedger`: latest ledger of the first NOT_FOUND that counts.
 */
export interface DeathStep {
  readonly number: number;
  readonly passedLedger: number;
  readonly passedCloseTime: bigint;
  readonly voteLedger: number | null;
}
/** Proof by sequence, of one envelope. */
export interface ConsumedStep {
  readonly number: number;
  readonly consumedLedger: number;
  readonly consumedSequence: bigint;
  readonly voteLedger: number | null;
}

/**
 * A stored first step that a later reply contradicts, by its ledger: it goes, with the vote that
 * counted from it.
 */
export interface StepDiscard {
  readonly number: number;
  readonly certificate: 'D1' | 'D2';
  readonly ledger: number;
}
/** What a reply says of a ledger, beside what is known of it: both cannot be true. */
export interface Dispute {
  readonly seen: LedgerTime;
  readonly known: LedgerTime;
}

export interface Known {
  readonly hold: LiveHold;
  readonly head: Head | null;
  readonly account?: AccountSequence | null;
  /** Ledgers whose closing is believed: a reply that contradicts one of them proves nothing. */
  readonly times?: readonly LedgerTime[];
}

interface Open {
  readonly kind: 'open';
  readonly envelope: LiveEnvelope;
  readonly discards: readonly StepDiscard[];
}
/** What one NOT_FOUND says of one envelope. */
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
 * Step 2 of both proofs. A NOT_FOUND may be older than the ledger beside it, hence L+2 and two of
 * them (docs/stellar.md#not-found-proves-little).
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

/** When the ledger of a reply closed, by the reply itself. */
export const seenBy = ({ latestLedger, latestCloseTime }: TransactionReport): LedgerTime => ({
  ledger: latestLedger,
  closeTime: latestCloseTime,
});

/**
 * @returns what cannot be true beside the reply's own range: the head of the round, or a ledger
 * that is believed
 */
export function disputed(
  seen: LedgerTime,
  { head, times = [] }: Pick<Known, 'head' | 'times'>,
): Dispute | null {
  const known = contradicted(seen, head ? [head, ...times] : times);
  return known ? { seen, known: { ledger: known.ledger, closeTime: known.closeTime } } : null;
}

/**
 * The sequence before the time when both are proven: it says more. A reply counts by its own ledger
 * and close time, and only while nothing known contradicts them: one wrong field of one reply
 * decides nothing (docs/protocol.md#why-two-steps).
 */
export function absenceOf(known: Known, issued: LiveEnvelope, report: TransactionReport): Absence {
  const seen = seenBy(report);
  const discards = contradictedSteps(known, issued, report);
  const envelope = without(issued, discards);
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
 * Steps that cannot be true beside this round's replies. Which of the two is wrong is not asked:
 * the step is taken again from later ledgers, which costs a few of them and no money.
 * A vote from far ahead goes too: no later one could be higher for hours.
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
  // sequences only grow: a lower one of a later ledger contradicts the step
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

function without(envelope: LiveEnvelope, discards: readonly StepDiscard[]): LiveEnvelope {
  const gone = (certificate: StepDiscard['certificate']): boolean =>
    discards.some((each) => each.certificate === certificate);
  return {
    ...envelope,
    ...(gone('D1') && { passedLedger: null, passedCloseTime: null, voteLedger: null }),
    ...(gone('D2') && { consumedLedger: null, consumedSequence: null, consumedVoteLedger: null }),
  };
}

/**
 * One account reply is not enough: the round that completes the proof has read the account again,
 * at a later ledger, and found the sequence consumed as well (docs/protocol.md#sequence-consumed).
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

/** Nothing is stored twice: step 1 once, the first vote once. */
const stepToStore = (votes: Votes | null, stored: number | null): boolean =>
  votes?.kind === 'first' || (votes?.kind === 'none' && stored === null);
const firstVote = (votes: Votes | null): number | null =>
  votes?.kind === 'first' ? votes.ledger : null;

/**
 * Step 1 of the proof by time: the stored one, otherwise the head, if the look-up that followed is
 * past T by its own close time too. closeTime == T counts: that ledger may hold it, no later one
 * can (docs/protocol.md#expired-by-time).
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
 * Step 1 of the proof by sequence: the stored one, otherwise the account as it was read. A missing
 * account proves nothing: it may come back (docs/stellar.md#sequences).
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
const of = ({ poolId, reservationId, envelopeVersion }: LiveHold) => ({
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
  ...of(hold),
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
  ...of(hold),
  consumedLedger: seen.ledger,
  consumedSequence: seen.sequence,
  firstVoteLedger: votes.first,
  secondVoteLedger: votes.second,
  oldestLedger,
});
