import type { LoanTerms, LoanType } from '../chain/chain.js';
import type { StoredLoan } from '../liquidity/holds/reservation.reader.js';

/** The terms of a stored loan, as its contract gets them. */
export const termsOf = ({ loan }: Pick<StoredLoan, 'loan'>): LoanTerms => ({
  borrower: loan.borrower,
  vendor: loan.vendor,
  totalAmount: loan.totalAmount,
  guaranteeAmount: loan.guaranteeAmount,
  loanType: loan.loanType as LoanType,
  schedule: loan.schedule.map((row) => ({ amount: BigInt(row.amount), dueAt: BigInt(row.dueAt) })),
});
