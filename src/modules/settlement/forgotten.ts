import { contradict, LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type { BorrowerLoan, BorrowerLoans, Head } from '../chain/chain.js';
import type { LiveEnvelope, LiveHold } from '../liquidity/reservation.js';
import { passedLedger, seenBy } from './absence.js';
import { authorizationNeedsList, authorizationResolution } from './forgotten-authorizations.js';
import type { EnvelopeReport } from './finding.js';
import { expiredByList, hasTermsOf, type Resolution, settledByList } from './list-proof.js';

/**
 * Whether the contract's own list must decide: look-ups by hash can no longer prove anything, or
 * they do not find a landing that the events show.
 */
export const needsContractState = (hold: LiveHold, head: Head): boolean =>
  hold.authorization
    ? authorizationNeedsList(hold, hold.authorization, head)
    : isForgotten(hold, head) || (hold.funding ?? null) !== null;

/** Whether look-ups by hash can no longer prove anything about one of the hold's open envelopes. */
const isForgotten = (hold: LiveHold, head: Head): boolean =>
  hold.envelopes.some(
    ({ state, issuedAfterLedger }) => state === 'open' && head.oldestLedger > issuedAfterLedger + 1,
  );

/**
 * The node no longer keeps the hold's ledgers, so the contract's list decides
 * (docs/protocol.md#contract-state). It is read after every T has passed at a known ledger, so it
 * is final. An operator decides if two loans match, or none although an event shows the funding.
 */
export function resolution(
  hold: LiveHold,
  head: Head,
  list: BorrowerLoans,
  reports: readonly EnvelopeReport[],
): Resolution {
  if (hold.authorization) return authorizationResolution(hold, hold.authorization, { head, list });
  const open = hold.envelopes.filter(({ state }) => state === 'open');
  const passed = open
    .map((envelope) => passedBy(envelope, head, reports))
    .filter((each) => each !== null)
    .toSorted((a, b) => b.ledger - a.ledger);
  const last = passed[0];
  if (!last || passed.length < open.length) return { kind: 'keep', why: 'may_still_land' };
  if (
    list.ledger < last.ledger ||
    list.ledger < hold.knownLedger ||
    list.ledger > head.ledger + LAG_LEDGERS_MAX
  )
    return { kind: 'keep', why: 'node_behind' };
  const matches = open.flatMap((envelope) =>
    list.loans.filter((loan) => isOf(loan, envelope, hold)).map((loan) => ({ envelope, loan })),
  );
  const ids = new Set(matches.map(({ loan }) => loan.loanId));
  const [match] = matches;
  if (ids.size > 1) return { kind: 'keep', why: 'ambiguous' };
  if (!match && hold.funding) return { kind: 'keep', why: 'landing_not_found' };
  if (!match) {
    const closeTime = passed.map((each) => each.closeTime).reduce((a, b) => (b > a ? b : a));
    return expiredByList(hold, { ledger: last.ledger, closeTime }, list);
  }
  // The ledger of the landing is forgotten. The list's ledger is not before it, so counting the
  // amount as in flight until then is safe.
  return settledByList(hold, match.loan, {
    envelopeHash: match.envelope.hash,
    settledLedger: list.ledger,
  });
}

/** Whether two lists end the hold in the same way, by the same loan. */
export const isSameEnd = (one: Resolution, other: Resolution): boolean =>
  one.kind === other.kind &&
  (one.kind !== 'settle' ||
    other.kind !== 'settle' ||
    (one.settlement.loanId === other.settlement.loanId &&
      one.settlement.envelopeHash === other.settlement.envelopeHash));

function passedBy(
  envelope: LiveEnvelope,
  head: Head,
  reports: readonly EnvelopeReport[],
): ReturnType<typeof passedLedger> {
  const report = reports.find((each) => each.envelope.hash === envelope.hash)?.report;
  if (
    report?.status !== 'not_found' ||
    contradict(seenBy(report), head) ||
    report.latestCloseTime < envelope.maxTime
  )
    return null;
  return passedLedger(envelope, head, seenBy(report));
}

/**
 * Whether this envelope may have made the loan: an id within its window, its terms, and created by
 * T.
 */
export const isOf = (loan: BorrowerLoan, envelope: LiveEnvelope, hold: LiveHold): boolean =>
  envelope.loanIdFirst !== null &&
  envelope.loanIdLast !== null &&
  loan.loanId >= envelope.loanIdFirst &&
  loan.loanId <= envelope.loanIdLast &&
  loan.createdAt <= envelope.maxTime &&
  hasTermsOf(loan, hold);
