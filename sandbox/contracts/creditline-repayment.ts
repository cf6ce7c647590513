import type { xdr } from '@stellar/stellar-sdk';
import { withLateFees } from './creditline-late-fees.js';
import { type Loan, loanRecord } from './creditline-loan.js';
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
import type { Host } from './host.js';
import { address, bool, i128, symbol, u32, u64, vec } from './scval.js';

export interface Repayment {
  readonly borrower: string;
  readonly id: bigint;
  readonly amount: bigint;
}

const REWARD_EARLY = 15;
const REWARD = 10;

/** What a fork does when a score rose. */
export type RewardListener = (host: Host, borrower: string, delta: number) => void;

/**
 * repay_loan: principal first, then interest, service fee, late fees. The principal is the whole
 * total, more than the pool locked, so a full repayment lowers locked too far
 * (docs/stellar.md#pool-arithmetic). The last one returns the guarantee and raises the score.
 * @param onReward called after a score rose
 * @returns the balance left, i128
 */
export function repayLoan(
  host: Host,
  payment: Repayment,
  onReward: RewardListener = () => undefined,
): xdr.ScVal {
  const loan = withLateFees(host, payableLoan(host, payment));
  requirePayable(host, loan, payment.amount);
  return withoutReentry(host, Failure.ReentrancyDetected, () => {
    const { next, principal, charges } = allotted(host, loan, payment.amount);
    lowerUserActiveDebt(host, payment.borrower, payment.amount);
    writeLoan(host, next);
    payPool(host, payment, { principal, charges });
    const paidUp = next.status === 'Paid';
    if (paidUp) payToken(host, host.self, payment.borrower, loan.guarantee_amount);
    host.emit(
      [symbol('LOANRPD'), address.encode(payment.borrower), u64.encode(payment.id)],
      vec([
        i128.encode(payment.amount),
        i128.encode(next.remaining_balance),
        bool.encode(paidUp),
        u64.encode(host.ledger.timestamp),
      ]),
    );
    if (paidUp) rewardBorrower(host, next, onReward);
    return i128.encode(next.remaining_balance);
  });
}

/**
 * repay_installment: marks an instalment and lowers the balance, but moves no tokens and never
 * calls the pool, as published (docs/stellar.md#creditline-functions).
 */
export function repayInstallment(host: Host, payment: Repayment, index: number): xdr.ScVal {
  const loan = payableLoan(host, payment);
  const row = loan.repayment_schedule[index] ?? host.fail(Failure.InvalidInstallmentIndex);
  if (row.paid) return host.fail(Failure.InstallmentAlreadyPaid);
  requirePayable(host, loan, payment.amount);
  return withoutReentry(host, Failure.ReentrancyDetected, () => {
    const left = creditlineMath(host).sub(loan.remaining_balance, payment.amount);
    const schedule = loan.repayment_schedule.map((each, at) =>
      at === index ? { ...each, paid: true, paid_at: host.ledger.timestamp } : each,
    );
    lowerUserActiveDebt(host, payment.borrower, payment.amount);
    writeLoan(host, {
      ...loan,
      remaining_balance: left,
      repayment_schedule: schedule,
      status: left === 0n ? 'Paid' : loan.status,
    });
    host.emit(
      [symbol('INSTPAID'), u64.encode(payment.id)],
      vec([
        u32.encode(index),
        i128.encode(payment.amount),
        i128.encode(left),
        u64.encode(host.ledger.timestamp),
      ]),
    );
    return i128.encode(left);
  });
}

function payableLoan(host: Host, { borrower, id }: Repayment): Loan {
  host.requireAuth(borrower);
  const loan = loanRecord.decode(readLoan(host, id));
  if (loan.borrower !== borrower) return host.fail(Failure.UnauthorizedRepayer);
  return loan.status === 'Active' ? loan : host.fail(Failure.LoanNotActive);
}

function requirePayable(host: Host, loan: Loan, amount: bigint): void {
  if (amount <= 0n || amount > loan.remaining_balance) host.fail(Failure.InvalidRepaymentAmount);
}

function allotted(
  host: Host,
  loan: Loan,
  amount: bigint,
): { next: Loan; principal: bigint; charges: bigint } {
  const math = creditlineMath(host);
  const principal = least(amount, loan.principal_outstanding);
  const interest = least(math.sub(amount, principal), loan.interest_outstanding);
  const fee = least(math.sub(math.sub(amount, principal), interest), loan.service_fee_outstanding);
  const late = least(
    math.sub(math.sub(math.sub(amount, principal), interest), fee),
    loan.late_fees_outstanding,
  );
  const left = math.sub(loan.remaining_balance, amount);
  const next: Loan = {
    ...loan,
    principal_outstanding: math.sub(loan.principal_outstanding, principal),
    interest_outstanding: math.sub(loan.interest_outstanding, interest),
    service_fee_outstanding: math.sub(loan.service_fee_outstanding, fee),
    late_fees_outstanding: math.sub(loan.late_fees_outstanding, late),
    remaining_balance: left,
    status: left === 0n ? 'Paid' : loan.status,
  };
  return { next, principal, charges: math.add(math.add(interest, fee), late) };
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/**
 * The tokens go from the borrower to the creditline; the pool pulls them from there, which the
 * creditline authorises beforehand.
 */
function payPool(
  host: Host,
  { borrower, amount }: Repayment,
  parts: { principal: bigint; charges: bigint },
): void {
  const pool = linkedContract(host, creditlineKey.pool) ?? host.fail(Failure.InsufficientLiquidity);
  payToken(host, borrower, host.self, amount);
  agreeToPull(host, pool, amount);
  host.call(pool, 'receive_repayment', [
    address.encode(host.self),
    i128.encode(parts.principal),
    i128.encode(parts.charges),
  ]);
}

export function payToken(host: Host, from: string, to: string, amount: bigint): void {
  host.call(tokenOf(host), 'transfer', [
    address.encode(from),
    address.encode(to),
    i128.encode(amount),
  ]);
}

/** Lets the next call pull this amount of the creditline's tokens into the pool. */
export function agreeToPull(host: Host, pool: string, amount: bigint): void {
  host.authorizeNested([
    {
      contract: tokenOf(host),
      fn: 'transfer',
      args: [address.encode(host.self), address.encode(pool), i128.encode(amount)],
    },
  ]);
}

const tokenOf = (host: Host): string =>
  linkedContract(host, creditlineKey.token) ?? host.fail(Failure.TokenNotConfigured);

/**
 * Raises the score, more for a payment before the last due date. It is a try call, so a refusal
 * (above 100) changes nothing.
 */
function rewardBorrower(host: Host, loan: Loan, onReward: RewardListener): void {
  const reputation = linkedContract(host, creditlineKey.reputation);
  if (reputation === undefined) return;
  const due = loan.repayment_schedule.at(-1)?.due_date ?? 0n;
  const reward = host.ledger.timestamp < due ? REWARD_EARLY : REWARD;
  const raised = host.tryCall(reputation, 'increase_score', [
    address.encode(host.self),
    address.encode(loan.borrower),
    u32.encode(reward),
  ]);
  if (raised.ok) onReward(host, loan.borrower, reward);
}
