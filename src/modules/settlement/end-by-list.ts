import type { BorrowerLoan, BorrowerLoans, Head } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { LiveHold } from '../liquidity/reservation.js';
import type { ReservationLedger } from '../liquidity/reservation-ledger.js';
import type { EnvelopeReport } from './finding.js';
import { resolution } from './forgotten.js';
import { mayBeOf } from './forgotten-authorizations.js';
import type { Resolution } from './list-proof.js';

/**
 * The list without loans that settled other holds of the borrower. The ids of a transaction's window
 * say which loans may be its own, so there a person looks at one that another hold has taken.
 */
export async function withoutTaken(
  { reader }: Pick<ReservationLedger, 'reader'>,
  pool: PoolRecord,
  hold: LiveHold,
  list: BorrowerLoans,
): Promise<BorrowerLoans> {
  if (!hold.authorization) return list;
  const loans: BorrowerLoan[] = [];
  for (const loan of list.loans) {
    const of = { borrower: hold.borrower, loanId: loan.loanId };
    if (!mayBeOf(loan, hold) || (await reader.holdOfLoan(pool, of)) === null) loans.push(loan);
  }
  return { ...list, loans };
}

/**
 * How the list ends a hold. A wallet may have several live holds with the same terms, and a loan in
 * the list names none of them: then only an event's loan id or a person can say whose it is.
 * @param list without loans that settled other holds
 */
export async function endByList(
  { reader }: Pick<ReservationLedger, 'reader'>,
  pool: PoolRecord,
  hold: LiveHold,
  known: {
    readonly head: Head;
    readonly list: BorrowerLoans;
    readonly reports: readonly EnvelopeReport[];
  },
): Promise<Resolution> {
  const outcome = resolution(hold, known.head, known.list, known.reports);
  const named = (hold.funding?.loanId ?? null) !== null;
  if (outcome.kind !== 'settle' || named || !(await reader.hasTwin(pool, hold))) return outcome;
  return { kind: 'keep', why: 'ambiguous' };
}
