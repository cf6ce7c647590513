import type { AccountSequence, Head, TransactionReport } from '../chain/chain.js';
import type { ConsumedEvidence, ExpiryEvidence, LiveEnvelope, LiveHold } from '../liquidity/reservation.js';

/** Steps of D1 on one envelope. `voteLedger`: latest ledger of the first NOT_FOUND reply that counts. */
export interface DeathStep { readonly number: number; readonly passedLedger: number; readonly passedCloseTime: bigint; readonly voteLedger: number | null }
/** Steps of D2 on one envelope. */
export interface ConsumedStep { readonly number: number; readonly consumedLedger: number; readonly consumedSequence: bigint; readonly voteLedger: number | null }

export interface Known { readonly hold: LiveHold; readonly head: Head | null; readonly account?: AccountSequence | null }

/** What one NOT_FOUND says of one envelope. */
export type Absence =
  | { readonly kind: 'open'; readonly envelope: LiveEnvelope; readonly why: 'may_still_land' | 'deadline_passed' | 'sequence_passed' | 'one_vote'; readonly alarm: null; readonly step: DeathStep | null; readonly consumedStep: ConsumedStep | null }
  | { readonly kind: 'open'; readonly envelope: LiveEnvelope; readonly why: 'lookup_proves_nothing'; readonly alarm: 'lookup_proves_nothing'; readonly step: null }
  | { readonly kind: 'dead'; readonly envelope: LiveEnvelope; readonly expiry: ExpiryEvidence }
  | { readonly kind: 'consumed'; readonly envelope: LiveEnvelope; readonly consumed: ConsumedEvidence };

/** Step 2 of D1 and D2 alike. A NOT_FOUND may be older than the ledger beside it, hence L+2 and two of them (`stellar.md` C.4). */
type Votes = { readonly kind: 'none' } | { readonly kind: 'first'; readonly ledger: number } | { readonly kind: 'waiting' } | { readonly kind: 'proven'; readonly first: number; readonly second: number };

function votesOf(stepLedger: number, stored: number | null, latestLedger: number): Votes {
  if (stored === null) return latestLedger >= stepLedger + 2 ? { kind: 'first', ledger: latestLedger } : { kind: 'none' };
  return latestLedger > stored ? { kind: 'proven', first: stored, second: latestLedger } : { kind: 'waiting' };
}

/** D2 before D1 when both are proven: it says more. */
export function absenceOf(known: Known, envelope: LiveEnvelope, report: TransactionReport): Absence {
  if (report.oldestLedger > envelope.issuedAfterLedger + 1) return { kind: 'open', envelope, why: 'lookup_proves_nothing', alarm: 'lookup_proves_nothing', step: null };
  const range = { latestLedger: report.latestLedger, oldestLedger: report.oldestLedger };
  const sequence = consumedBy(envelope, known.account ?? null);
  const burnt = sequence && votesOf(sequence.ledger, envelope.consumedVoteLedger, report.latestLedger);
  if (sequence && burnt?.kind === 'proven') return { kind: 'consumed', envelope, consumed: consumedEvidence(known.hold, sequence, burnt, range.oldestLedger) };
  const passed = passedLedger(envelope, known.head);
  const late = passed && votesOf(passed.ledger, envelope.voteLedger, report.latestLedger);
  if (passed && late?.kind === 'proven') return { kind: 'dead', envelope, expiry: expiryEvidence(known.hold, passed, late, range.oldestLedger) };
  const votes = [late, burnt].filter((each) => each !== null);
  const why = votes.some(({ kind }) => kind === 'first' || kind === 'waiting') ? 'one_vote' : passed ? 'deadline_passed' : sequence ? 'sequence_passed' : 'may_still_land';
  return {
    kind: 'open', envelope, why, alarm: null,
    step: passed && stepToStore(late, envelope.passedLedger) ? { number: envelope.number, passedLedger: passed.ledger, passedCloseTime: passed.closeTime, voteLedger: firstVote(late) } : null,
    consumedStep: sequence && stepToStore(burnt, envelope.consumedLedger)
      ? { number: envelope.number, consumedLedger: sequence.ledger, consumedSequence: sequence.sequence, voteLedger: firstVote(burnt) } : null,
  };
}

/** Nothing is stored twice: step 1 once, the first vote once. */
const stepToStore = (votes: Votes | null, stored: number | null): boolean => votes?.kind === 'first' || (votes?.kind === 'none' && stored === null);
const firstVote = (votes: Votes | null): number | null => (votes?.kind === 'first' ? votes.ledger : null);

/** Step 1 of D1: the stored one, else the head. closeTime == T counts: that ledger may hold it, every later one may not. */
export function passedLedger(envelope: LiveEnvelope, head: Head | null): { readonly ledger: number; readonly closeTime: bigint } | null {
  if (envelope.passedLedger !== null && envelope.passedCloseTime !== null && envelope.passedCloseTime >= envelope.maxTime) {
    return { ledger: envelope.passedLedger, closeTime: envelope.passedCloseTime };
  }
  return head && head.closeTime >= envelope.maxTime ? head : null;
}

/** Step 1 of D2: the stored one, else the account as it was read. A missing account is not D2: it may come back (`stellar.md` C.4). */
function consumedBy(envelope: LiveEnvelope, account: AccountSequence | null): { readonly ledger: number; readonly sequence: bigint } | null {
  if (envelope.consumedLedger !== null && envelope.consumedSequence !== null && envelope.consumedSequence >= envelope.sequence) {
    return { ledger: envelope.consumedLedger, sequence: envelope.consumedSequence };
  }
  return account && account.sequence !== null && account.sequence >= envelope.sequence ? { ledger: account.ledger, sequence: account.sequence } : null;
}

type Proven = Votes & { readonly kind: 'proven' };
const of = ({ poolId, reservationId, envelopeVersion }: LiveHold) => ({ poolId, reservationId, envelopeVersion });

const expiryEvidence = (hold: LiveHold, passed: { ledger: number; closeTime: bigint }, votes: Proven, oldestLedger: number): ExpiryEvidence =>
  ({ ...of(hold), passedLedger: passed.ledger, passedCloseTime: passed.closeTime, firstVoteLedger: votes.first, secondVoteLedger: votes.second, oldestLedger });

const consumedEvidence = (hold: LiveHold, seen: { ledger: number; sequence: bigint }, votes: Proven, oldestLedger: number): ConsumedEvidence =>
  ({ ...of(hold), consumedLedger: seen.ledger, consumedSequence: seen.sequence, firstVoteLedger: votes.first, secondVoteLedger: votes.second, oldestLedger });
