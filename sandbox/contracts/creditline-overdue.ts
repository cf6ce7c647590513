import type { xdr } from '@stellar/stellar-sdk';
import { checkedMath, U64 } from './checked-math.js';
import { type Loan, loanRecord } from './creditline-loan.js';
import { parametersOf } from './creditline-parameters.js';
import { agreeToPull } from './creditline-repayment.js';
import {
  creditlineKey,
  linkedContract,
  lowerUserActiveDebt,
  readLoan,
  writeLoan,
} from './creditline-storage.js';
import { CreditlineError as Failure } from './error-codes.js';
import { withoutReentry } from './exported-function.js';
import type { Host } from './host.js';
import { address, i128, symbol, u32, u64, vec, voidValue } from './scval.js';

/**
 * warn_grace_period: only between the last due date and the end of grace. Any account may call it.
 */
export function warnGracePeriod(host: Host, id: bigint): xdr.ScVal {
  const { loan, graceEnds } = overdueLoan(host, id);
  if (host.ledger.timestamp > graceEnds) return host.fail(Failure.LoanNotOverdue);
  host.emit(
    [symbol('LOANGRC'), address.encode(loan.borrower), u64.encode(id)],
    vec([
      i128.encode(loan.remaining_balance),
      u64.encode(graceEnds),
      u64.encode(host.ledger.timestamp),
    ]),
  );
  return voidValue();
}

/**
 * mark_defaulted: any account may call it after grace. The guarantee goes to the pool; the unpaid
 * rest stays locked forever (docs/stellar.md#pool-arithmetic).
 */
export function markDefaulted(host: Host, id: bigint): xdr.ScVal {
  const { loan, graceEnds } = overdueLoan(host, id);
  if (host.ledger.timestamp <= graceEnds) return host.fail(Failure.LoanInGracePeriod);
  const pool = linkedContract(host, creditlineKey.pool) ?? host.fail(Failure.InsufficientLiquidity);
  return withoutReentry(host, Failure.ReentrancyDetected, () => {
    lowerUserActiveDebt(host, loan.borrower, loan.remaining_balance);
    writeLoan(host, { ...loan, status: 'Defaulted' });
    agreeToPull(host, pool, loan.guarantee_amount);
    host.call(pool, 'receive_guarantee', [
      address.encode(host.self),
      i128.encode(loan.guarantee_amount),
    ]);
    host.emit(
      [symbol('LOANDFLT'), address.encode(loan.borrower), u64.encode(id)],
      vec([
        i128.encode(loan.total_amount),
        i128.encode(loan.remaining_balance),
        i128.encode(loan.guarantee_amount),
        u64.encode(host.ledger.timestamp),
      ]),
    );
    punishBorrower(host, loan);
    return voidValue();
  });
}

/** An empty schedule can never be overdue: Overflow, as published. */
function overdueLoan(host: Host, id: bigint): { loan: Loan; graceEnds: bigint } {
  const loan = loanRecord.decode(readLoan(host, id));
  if (loan.status !== 'Active') return host.fail(Failure.LoanNotActive);
  const last = loan.repayment_schedule.at(-1) ?? host.fail(Failure.Overflow);
  if (host.ledger.timestamp <= last.due_date) return host.fail(Failure.LoanNotOverdue);
  const times = checkedMath(
    host,
    { overflow: Failure.Overflow, underflow: Failure.Underflow },
    U64,
  );
  return { loan, graceEnds: times.add(last.due_date, parametersOf(host).grace_period_seconds) };
}

/** It is a try call, so a refusal (below 0) changes nothing. */
function punishBorrower(host: Host, loan: Loan): void {
  const reputation = linkedContract(host, creditlineKey.reputation);
  if (reputation === undefined) return;
  const {
    large_loan_threshold: threshold,
    large_loan_default_penalty: large,
    default_penalty: usual,
  } = parametersOf(host);
  const penalty = loan.total_amount > threshold ? large : usual;
  host.tryCall(reputation, 'decrease_score', [
    address.encode(host.self),
    address.encode(loan.borrower),
    u32.encode(penalty),
  ]);
}
