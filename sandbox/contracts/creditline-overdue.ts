import type { xdr } from '@stellar/stellar-sdk';
import { checkedMath, U64 } from './checked-math.js';
import { type Loan, loanRecord } from './creditline-loan.js';
import { parametersOf } from './creditline-parameters.js';
import { agreeToPull, changeScore } from './creditline-repayment.js';
import {
  creditlineKey,
  creditlineMath,
  linkedContract,
  lowerUserActiveDebt,
  readLoan,
  writeLoan,
} from './creditline-storage.js';
import { CreditlineError as Failure } from './error-codes.js';
import { withoutReentry } from './exported-function.js';
import type { CreditlineRules } from './generations.js';
import type { Host } from './host.js';
import { address, i128, symbol, u64, vec, voidValue } from './scval.js';

/**
 * warn_grace_period: only between the last due date and the end of grace. Any account may call it.
 */
export function warnGracePeriod(host: Host, id: bigint, rules: CreditlineRules): xdr.ScVal {
  const { loan, graceEnds } = overdueLoan(host, id, rules);
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
 * rest is the pool's loss. In the first generation it stays locked forever
 * (docs/stellar.md#pool-arithmetic).
 */
export function markDefaulted(host: Host, id: bigint, rules: CreditlineRules): xdr.ScVal {
  const { loan, graceEnds } = overdueLoan(host, id, rules);
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
    const shortfall = creditlineMath(host).sub(loan.principal_outstanding, loan.guarantee_amount);
    if (rules.defaultTakesLoss && shortfall > 0n)
      host.call(pool, 'absorb_loss', [address.encode(host.self), i128.encode(shortfall)]);
    host.emit(
      [symbol('LOANDFLT'), address.encode(loan.borrower), u64.encode(id)],
      vec([
        i128.encode(loan.total_amount),
        i128.encode(loan.remaining_balance),
        i128.encode(loan.guarantee_amount),
        u64.encode(host.ledger.timestamp),
      ]),
    );
    punishBorrower(host, loan, rules);
    return voidValue();
  });
}

/** An empty schedule can never be overdue: Overflow, as published. */
function overdueLoan(
  host: Host,
  id: bigint,
  rules: CreditlineRules,
): { loan: Loan; graceEnds: bigint } {
  const loan = loanRecord.decode(readLoan(host, id));
  if (loan.status !== 'Active') return host.fail(Failure.LoanNotActive);
  const last = loan.repayment_schedule.at(-1) ?? host.fail(Failure.Overflow);
  if (host.ledger.timestamp <= last.due_date) return host.fail(Failure.LoanNotOverdue);
  const times = checkedMath(
    host,
    { overflow: Failure.Overflow, underflow: Failure.Underflow },
    U64,
  );
  const { grace_period_seconds: grace } = parametersOf(host, rules);
  return { loan, graceEnds: times.add(last.due_date, grace) };
}

function punishBorrower(host: Host, loan: Loan, rules: CreditlineRules): void {
  const {
    large_loan_threshold: threshold,
    large_loan_default_penalty: large,
    default_penalty: usual,
  } = parametersOf(host, rules);
  const penalty = loan.total_amount > threshold ? large : usual;
  changeScore(host, loan.borrower, ['decrease_score', penalty], rules);
}
