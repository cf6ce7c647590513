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
  fundFromPool,
  type LoanRequest,
  takeGuarantee,
  validateLiquidity,
  validateReputation,
  validateRequest,
  validateVendor,
} from './creditline-lending.js';
import { payToken } from './creditline-repayment.js';
import {
  creditlineKey,
  linkedContract,
  raiseUserActiveDebt,
  readLoan,
  writeLoan,
} from './creditline-storage.js';
import { CreditlineError as Failure, LateCreditlineError } from './error-codes.js';
import { storedAdmin, withoutReentry } from './exported-function.js';
import type { CreditlineRules } from './generations.js';
import type { Host } from './host.js';
import { address, i128, symbol, u64, vec, voidValue } from './scval.js';

/**
 * request_loan: takes a loan id and the guarantee, but does not call the pool and raises no debt.
 * @returns the loan's id, u64
 */
export function requestLoan(host: Host, request: LoanRequest, rules: CreditlineRules): xdr.ScVal {
  host.requireAuth(request.user);
  const score = validateRequest(host, request, rules);
  return withoutReentry(host, Failure.ReentrancyDetected, () => {
    const loan: Loan = { ...buildLoan(host, request, { score, rules }), status: 'Pending' };
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
 * approve_loan, by the admin. In the first two generations the status changes and no money moves, as
 * published. From the third on the loan is checked again and paid out.
 * @returns the loan
 */
export function approveLoan(host: Host, id: bigint, rules: CreditlineRules): xdr.ScVal {
  host.requireAuth(storedAdmin(host, Failure));
  const loan = loanRecord.decode(readLoan(host, id));
  if (loan.status !== 'Pending') return host.fail(Failure.InvalidLoanStatus);
  const last = loan.repayment_schedule.at(-1);
  if (!last || last.due_date <= host.ledger.timestamp) return host.fail(Failure.InvalidDueDate);
  const approved: Loan = { ...loan, status: 'Active' };
  return rules.approvalPays ? payOut(host, approved, rules) : activate(host, approved);
}

function activate(host: Host, loan: Loan): xdr.ScVal {
  writeLoan(host, loan);
  host.emit([symbol('LOANAPPROVED'), u64.encode(loan.loan_id)], voidValue());
  return loanRecord.encode(loan);
}

function payOut(host: Host, approved: Loan, rules: CreditlineRules): xdr.ScVal {
  const { total_amount: total, guarantee_amount: guarantee, borrower, vendor } = approved;
  validateVendor(host, vendor);
  validateReputation(host, borrower, rules);
  validateLiquidity(host, { total, guarantee });
  return withoutReentry(host, Failure.ReentrancyDetected, () => {
    const loan: Loan = { ...approved, funded_at: host.ledger.timestamp };
    raiseUserActiveDebt(host, borrower, loan.remaining_balance);
    writeLoan(host, loan);
    fundFromPool(host, { vendor, total, guarantee });
    host.emit([symbol('LOANAPPROVED'), u64.encode(loan.loan_id)], voidValue());
    host.emit(
      [symbol('LOANFNDD'), address.encode(borrower), address.encode(vendor)],
      vec([u64.encode(loan.loan_id), i128.encode(total), i128.encode(guarantee)]),
    );
    return loanRecord.encode(loan);
  });
}

/**
 * cancel_loan, by the borrower or the admin: the guarantee is returned. It has no guard against
 * reentry until the third generation, as published.
 */
export function cancelLoan(
  host: Host,
  request: { readonly caller: string; readonly id: bigint },
  rules: CreditlineRules,
): xdr.ScVal {
  const { caller, id } = request;
  host.requireAuth(caller);
  const loan = loanRecord.decode(readLoan(host, id));
  if (caller !== loan.borrower && caller !== storedAdmin(host, Failure))
    return host.fail(Failure.UnauthorizedRepayer);
  if (loan.status !== 'Pending') return host.fail(Failure.LoanNotCancellable);
  return rules.approvalPays
    ? withoutReentry(host, Failure.ReentrancyDetected, () => {
        requireRefund(host, loan.guarantee_amount);
        return giveBack(host, loan);
      })
    : giveBack(host, loan);
}

/** The creditline must hold what it is to give back. */
function requireRefund(host: Host, amount: bigint): void {
  const token = linkedContract(host, creditlineKey.token) ?? host.fail(Failure.TokenNotConfigured);
  const held = i128.decode(host.call(token, 'balance', [address.encode(host.self)]));
  if (held < amount) host.fail(LateCreditlineError.InsufficientRefundBalance);
}

function giveBack(host: Host, loan: Loan): xdr.ScVal {
  writeLoan(host, { ...loan, status: 'Cancelled' });
  payToken(host, host.self, loan.borrower, loan.guarantee_amount);
  host.emit(
    [symbol('LOANCNCL'), address.encode(loan.borrower), u64.encode(loan.loan_id)],
    vec([i128.encode(loan.guarantee_amount), u64.encode(host.ledger.timestamp)]),
  );
  return voidValue();
}

const scheduleOf = (type: LoanTypeName | null): typeof repaymentSchedule =>
  type === null ? plainSchedule : repaymentSchedule;
