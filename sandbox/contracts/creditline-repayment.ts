import type { xdr } from '@stellar/stellar-sdk';
import { withLateFees } from './creditline-late-fees.js';
import { type Loan, loanRecord, type RepaymentInstallment } from './creditline-loan.js';
import { parametersOf } from './creditline-parameters.js';
import {
  creditlineKey,
  creditlineMath,
  linkedContract,
  lowerUserActiveDebt,
  readLoan,
  writeLoan,
} from './creditline-storage.js';
import { CreditlineError as Failure, LateCreditlineError } from './error-codes.js';
import { withoutReentry } from './exported-function.js';
import type { CreditlineRules } from './generations.js';
import type { Host } from './host.js';
import { address, bool, i128, symbol, u32, u64, vec } from './scval.js';

export interface Repayment {
  readonly borrower: string;
  readonly id: bigint;
  readonly amount: bigint;
}

const BPS = 10_000n;
const REWARD_EARLY = 15;
const REWARD = 10;

/** What a fork does when a score rose. */
export type RewardListener = (host: Host, borrower: string, delta: number) => void;

/**
 * repay_loan. In the first generation the principal comes first, otherwise the charges. The
 * principal is the whole total, more than the pool locked, so a full repayment lowers locked
 * too far (docs/stellar.md#pool-arithmetic). The last one returns the guarantee and
 * raises the score.
 * @param onReward called after a score rose
 * @returns the balance left, i128
 */
export function repayLoan(
  host: Host,
  payment: Repayment,
  rules: CreditlineRules,
  onReward: RewardListener = () => undefined,
): xdr.ScVal {
  const loan = withLateFees(host, payableLoan(host, payment));
  requirePayable(host, loan, payment.amount);
  return withoutReentry(host, Failure.ReentrancyDetected, () => {
    const next = settlePart(host, { loan, payment, onTop: 0n }, rules);
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
    if (paidUp) rewardBorrower(host, next, rules, onReward);
    return i128.encode(next.remaining_balance);
  });
}

/**
 * repay_installment. In the first generation it marks a row and lowers the balance, but moves no
 * tokens and never calls the pool, as published (docs/stellar.md#creditline-functions). Later it
 * pays like repay_loan, and in the third a late row costs a fee on top.
 */
export function repayInstallment(
  host: Host,
  payment: Repayment & { readonly index: number },
  rules: CreditlineRules,
): xdr.ScVal {
  const { index } = payment;
  const due = payableLoan(host, payment);
  const row = due.repayment_schedule[index] ?? host.fail(Failure.InvalidInstallmentIndex);
  if (row.paid) return host.fail(Failure.InstallmentAlreadyPaid);
  const loan = rules.instalment === 'marked' ? due : withLateFees(host, due);
  requirePayable(host, loan, payment.amount);
  const marked: Loan = {
    ...loan,
    repayment_schedule: loan.repayment_schedule.map((each, at) =>
      at === index ? { ...each, paid: true, paid_at: host.ledger.timestamp } : each,
    ),
  };
  return withoutReentry(host, Failure.ReentrancyDetected, () => {
    const next =
      rules.instalment === 'marked'
        ? markPart(host, marked, payment)
        : payInstalment(host, { loan: marked, row, payment }, rules);
    host.emit(
      [symbol('INSTPAID'), u64.encode(payment.id)],
      vec([
        u32.encode(index),
        i128.encode(payment.amount),
        i128.encode(next.remaining_balance),
        u64.encode(host.ledger.timestamp),
      ]),
    );
    if (rules.instalment !== 'marked' && next.status === 'Paid') rewardBorrower(host, next, rules);
    return i128.encode(next.remaining_balance);
  });
}

/** Lowers balance and debt; no tokens move, and principal and charges stay as they are. */
function markPart(host: Host, loan: Loan, { borrower, amount }: Repayment): Loan {
  const left = creditlineMath(host).sub(loan.remaining_balance, amount);
  const next: Loan = {
    ...loan,
    remaining_balance: left,
    status: left === 0n ? 'Paid' : loan.status,
  };
  lowerUserActiveDebt(host, borrower, amount);
  writeLoan(host, next);
  return next;
}

/** The late fee is no part of the debt: it comes on top, and the pool takes it as interest. */
function payInstalment(
  host: Host,
  due: {
    readonly loan: Loan;
    readonly row: RepaymentInstallment;
    readonly payment: Repayment & { readonly index: number };
  },
  rules: CreditlineRules,
): Loan {
  const { loan, row, payment } = due;
  const isLate =
    rules.instalment === 'paid with a late fee on top' && host.ledger.timestamp > row.due_date;
  const math = creditlineMath(host);
  const fee = isLate
    ? math.div(math.mul(row.amount, BigInt(parametersOf(host, rules).late_fee_bps)), BPS)
    : 0n;
  const next = settlePart(host, { loan, payment, onTop: fee }, rules);
  if (fee > 0n) {
    payPool(host, { principal: 0n, charges: fee });
    host.emit(
      [symbol('LATEFEEPD'), address.encode(payment.borrower), u64.encode(payment.id)],
      vec([u32.encode(payment.index), i128.encode(fee), u64.encode(host.ledger.timestamp)]),
    );
  }
  if (next.status === 'Paid') payToken(host, host.self, payment.borrower, loan.guarantee_amount);
  return next;
}

/**
 * Lowers debt and loan, and hands the payment to the pool.
 * @param part.onTop what the borrower pays beyond the payment; it stays here
 */
function settlePart(
  host: Host,
  part: { readonly loan: Loan; readonly payment: Repayment; readonly onTop: bigint },
  rules: CreditlineRules,
): Loan {
  const { payment } = part;
  const { next, principal, charges } = allotted(host, part.loan, payment.amount, rules);
  lowerUserActiveDebt(host, payment.borrower, payment.amount);
  writeLoan(host, next);
  payToken(host, payment.borrower, host.self, payment.amount + part.onTop);
  payPool(host, { principal, charges });
  return next;
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

interface Allotment {
  readonly next: Loan;
  readonly principal: bigint;
  readonly charges: bigint;
}

/** Takes as much as is left of each part of the debt, in the order of the generation. */
function allotted(host: Host, loan: Loan, amount: bigint, rules: CreditlineRules): Allotment {
  const math = creditlineMath(host);
  let rest = amount;
  const take = (outstanding: bigint): bigint => {
    const taken = least(rest, outstanding);
    rest = math.sub(rest, taken);
    return taken;
  };
  const parts = { principal: 0n, interest: 0n, fee: 0n, late: 0n };
  for (const part of ORDER[rules.paymentCovers]) parts[part] = take(outstandingOf(loan, part));
  const { principal, interest, fee, late } = parts;
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

type Part = 'principal' | 'interest' | 'fee' | 'late';
const ORDER: Readonly<Record<CreditlineRules['paymentCovers'], readonly Part[]>> = {
  'principal first': ['principal', 'interest', 'fee', 'late'],
  'charges first': ['late', 'interest', 'fee', 'principal'],
};
const outstandingOf = (loan: Loan, part: Part): bigint =>
  ({
    principal: loan.principal_outstanding,
    interest: loan.interest_outstanding,
    fee: loan.service_fee_outstanding,
    late: loan.late_fees_outstanding,
  })[part];

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** The pool pulls the creditline's tokens, which the creditline authorises beforehand. */
function payPool(host: Host, parts: { principal: bigint; charges: bigint }): void {
  const pool = linkedContract(host, creditlineKey.pool) ?? host.fail(Failure.InsufficientLiquidity);
  agreeToPull(host, pool, parts.principal + parts.charges);
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

/** Raises the score, more for a payment before the last due date. */
function rewardBorrower(
  host: Host,
  loan: Loan,
  rules: CreditlineRules,
  onReward: RewardListener = () => undefined,
): void {
  const due = loan.repayment_schedule.at(-1)?.due_date ?? 0n;
  const reward = host.ledger.timestamp < due ? REWARD_EARLY : REWARD;
  if (changeScore(host, loan.borrower, ['increase_score', reward], rules))
    onReward(host, loan.borrower, reward);
}

/**
 * A refusal (above 100, below 0) changes nothing, because it is a try call. From the third
 * generation on it refuses the whole payment or default.
 * @returns whether the score changed
 */
export function changeScore(
  host: Host,
  borrower: string,
  [fn, points]: readonly ['increase_score' | 'decrease_score', number],
  rules: CreditlineRules,
): boolean {
  const reputation = linkedContract(host, creditlineKey.reputation);
  if (reputation === undefined) return false;
  const { ok } = host.tryCall(reputation, fn, [
    address.encode(host.self),
    address.encode(borrower),
    u32.encode(points),
  ]);
  if (!ok && rules.refusedScore === 'refuses') host.fail(LateCreditlineError.ReputationCallFailed);
  return ok;
}
