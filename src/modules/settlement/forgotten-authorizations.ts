import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type { BorrowerLoan, BorrowerLoans, Head } from '../chain/chain.js';
import type { LiveAuthorization, LiveHold } from '../liquidity/reservation.js';
import { expiredByList, hasTermsOf, type Resolution, settledByList } from './list-proof.js';
import { TEMPORARY_TTL_MAX } from './nonce-word.js';

/** No hold is made for longer (docs/protocol.md#fence-first), seconds. */
const HOLD_SECONDS_MAX = 86_400n;

/**
 * Whether the contract's own list must decide: the fence has passed, and the nonce was spent in a
 * transaction that nobody finds, or its absence proves nothing any more. While one reply alone shows
 * a landing, a second one comes first: it says the ledger too, and the list does not.
 */
export const authorizationNeedsList = (
  { funding }: LiveHold,
  { state, spent, expirationLedger, issuedAfterLedger, unspentLedger }: LiveAuthorization,
  head: Head,
): boolean =>
  head.ledger > expirationLedger &&
  (state === 'spent' ||
    (((funding ?? null) !== null || spent !== null) &&
      head.ledger > expirationLedger + LAG_LEDGERS_MAX) ||
    head.ledger > (unspentLedger ?? issuedAfterLedger) + TEMPORARY_TTL_MAX);

/**
 * After the fence the list is final (docs/protocol.md#contract-state). Two loans with the hold's
 * terms, or none although its nonce is spent or its funding known, are for a person.
 * @param list without loans that settled other holds
 */
export function authorizationResolution(
  hold: LiveHold,
  authorization: LiveAuthorization,
  { head, list }: { readonly head: Head; readonly list: BorrowerLoans },
): Resolution {
  const { expirationLedger, state, spent } = authorization;
  if (head.ledger <= expirationLedger) return { kind: 'keep', why: 'may_still_land' };
  if (
    list.ledger <= expirationLedger ||
    list.ledger < hold.knownLedger ||
    list.ledger > head.ledger + LAG_LEDGERS_MAX
  )
    return { kind: 'keep', why: 'node_behind' };
  const [loan, second] = list.loans.filter((each) => mayBeOf(each, hold));
  if (second) return { kind: 'keep', why: 'ambiguous' };
  if (!loan && (hold.funding || state === 'spent' || spent))
    return { kind: 'keep', why: 'landing_not_found' };
  if (!loan) return expiredByList(hold, head, list);
  // Two replies agree on the ledger of a spent nonce. The list's own is not before the landing, so
  // counting the amount as in flight until then is safe.
  return settledByList(hold, loan, {
    envelopeHash: hold.funding?.envelopeHash ?? null,
    settledLedger: state === 'spent' && spent ? spent.ledger : list.ledger,
  });
}

/** The hold's terms, and made since its issue at the earliest. Its id is not known beforehand. */
export const mayBeOf = (loan: BorrowerLoan, hold: LiveHold): boolean =>
  loan.createdAt >= hold.expiresAt - HOLD_SECONDS_MAX && hasTermsOf(loan, hold);
