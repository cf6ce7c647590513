import type { xdr } from '@stellar/stellar-sdk';
import { I128 } from './checked-math.js';
import { type Loan, loanRecord } from './creditline-loan.js';
import { creditlineMath, raiseUserActiveDebt, readLoan, writeLoan } from './creditline-storage.js';
import { CreditlineError as Failure } from './error-codes.js';
import type { Host } from './host.js';
import { address, i128, symbol, u64, vec, voidValue } from './scval.js';

const LATE_FEE_BPS_PER_DAY = 50n;
const BPS = 10_000n;
const SECONDS_PER_DAY = 86_400n;

/** apply_late_fees: any account may call it; it does nothing until a whole day has passed. */
export function applyLateFees(host: Host, id: bigint): xdr.ScVal {
  const loan = loanRecord.decode(readLoan(host, id));
  if (loan.status !== 'Active') return host.fail(Failure.LoanNotActive);
  const charged = withLateFees(host, loan);
  if (charged !== loan) writeLoan(host, charged);
  return voidValue();
}

/**
 * The loan with the fees of whole days since the first overdue instalment or the last charge; the
 * same object when there are none. It raises the debt and emits the event.
 */
export function withLateFees(host: Host, loan: Loan): Loan {
  const start = accrualStart(host, loan);
  const days = start === undefined ? 0n : (host.ledger.timestamp - start) / SECONDS_PER_DAY;
  if (start === undefined || days <= 0n) return loan;
  const math = creditlineMath(host);
  const fee = math.mul(math.mul(loan.remaining_balance, LATE_FEE_BPS_PER_DAY), days) / BPS;
  if (fee === 0n) return loan;
  const charged: Loan = {
    ...loan,
    late_fee_accrual_timestamp: start + days * SECONDS_PER_DAY,
    late_fees_outstanding: math.add(loan.late_fees_outstanding, fee),
    remaining_balance: math.add(loan.remaining_balance, fee),
  };
  raiseUserActiveDebt(host, loan.borrower, fee);
  host.emit(
    [symbol('LOANLTFE'), address.encode(loan.borrower), u64.encode(loan.loan_id)],
    vec([
      i128.encode(fee),
      i128.encode(charged.remaining_balance),
      u64.encode(host.ledger.timestamp),
    ]),
  );
  return charged;
}

function accrualStart(host: Host, loan: Loan): bigint | undefined {
  const overdue = loan.repayment_schedule
    .map(({ due_date: due }) => due)
    .filter((due) => due < host.ledger.timestamp);
  if (overdue.length === 0) return undefined;
  const first = overdue.reduce((least, due) => (due < least ? due : least), I128.max);
  return loan.late_fee_accrual_timestamp > first ? loan.late_fee_accrual_timestamp : first;
}
