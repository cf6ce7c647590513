import type { xdr } from '@stellar/stellar-sdk';
import {
  type Loan,
  type LoanTypeName,
  loanRecord,
  plainSchedule,
  repaymentSchedule,
} from './creditline-loan.js';
import {
  buildLoan,
  type LoanRequest,
  takeGuarantee,
  validateRequest,
} from './creditline-lending.js';
import { payToken } from './creditline-repayment.js';
import { readLoan, writeLoan } from './creditline-storage.js';
import { CreditlineError as Failure } from './error-codes.js';
import { storedAdmin, withoutReentry } from './exported-function.js';
import type { Host } from './host.js';
import { address, i128, symbol, u64, vec, voidValue } from './scval.js';

/**
 * request_loan: takes a loan id and the guarantee, but does not call the pool and raises no debt.
 * @returns the loan's id, u64
 */
export function requestLoan(host: Host, request: LoanRequest, limitScale: bigint): xdr.ScVal {
  host.requireAuth(request.user);
  const score = validateRequest(host, request);
  return withoutReentry(host, Failure.ReentrancyDetected, () => {
    const loan: Loan = { ...buildLoan(host, request, { score, limitScale }), status: 'Pending' };
    writeLoan(host, loan);
    takeGuarantee(host, request);
    host.emit(
      [symbol('LOANRQST'), address.encode(request.user), address.encode(request.vendor)],
      vec([
        u64.encode(loan.loan_id),
        i128.encode(request.total),
        i128.encode(request.guarantee),
        scheduleOf(request.type).encode(request.schedule),
      ]),
    );
    return u64.encode(loan.loan_id);
  });
}

/**
 * approve_loan, by the admin: the status changes and no money moves, as published.
 * @returns the loan
 */
export function approveLoan(host: Host, id: bigint): xdr.ScVal {
  host.requireAuth(storedAdmin(host, Failure));
  const loan = loanRecord.decode(readLoan(host, id));
  if (loan.status !== 'Pending') return host.fail(Failure.InvalidLoanStatus);
  const last = loan.repayment_schedule.at(-1);
  if (!last || last.due_date <= host.ledger.timestamp) return host.fail(Failure.InvalidDueDate);
  const approved: Loan = { ...loan, status: 'Active' };
  writeLoan(host, approved);
  host.emit([symbol('LOANAPPROVED'), u64.encode(id)], voidValue());
  return loanRecord.encode(approved);
}

/**
 * cancel_loan, by the borrower or the admin: the guarantee is returned. It has no guard against
 * reentry, as published.
 */
export function cancelLoan(host: Host, caller: string, id: bigint): xdr.ScVal {
  host.requireAuth(caller);
  const loan = loanRecord.decode(readLoan(host, id));
  if (caller !== loan.borrower && caller !== storedAdmin(host, Failure))
    return host.fail(Failure.UnauthorizedRepayer);
  if (loan.status !== 'Pending') return host.fail(Failure.LoanNotCancellable);
  writeLoan(host, { ...loan, status: 'Cancelled' });
  payToken(host, host.self, loan.borrower, loan.guarantee_amount);
  host.emit(
    [symbol('LOANCNCL'), address.encode(loan.borrower), u64.encode(id)],
    vec([i128.encode(loan.guarantee_amount), u64.encode(host.ledger.timestamp)]),
  );
  return voidValue();
}

const scheduleOf = (type: LoanTypeName | null): typeof repaymentSchedule =>
  type === null ? plainSchedule : repaymentSchedule;
