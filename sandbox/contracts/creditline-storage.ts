import type { xdr } from '@stellar/stellar-sdk';
import { type CheckedMath, checkedMath, U64 } from './checked-math.js';
import { type Loan, loanRecord } from './creditline-loan.js';
import { CreditlineError } from './error-codes.js';
import type { Host } from './host.js';
import { address, i128, symbol, u32, u64, vec } from './scval.js';

const LOAN_SHARDS = 32n;

/**
 * LOANCNT is in instance storage, so it is inside the one footprint key that every create_loan
 * writes anyway. The key of the loan itself conflicts: it carries the id, so a transaction
 * simulated for id n may not write id n + 1 (docs/stellar.md#loan-counter-conflict).
 */
export const creditlineKey = {
  admin: symbol('ADMIN'),
  loanCounter: symbol('LOANCNT'),
  reputation: symbol('REPCONT'),
  vendorRegistry: symbol('MERCHANT'),
  pool: symbol('LIQPOOL'),
  token: symbol('TOKEN'),
  parameters: symbol('PARAMS'),
  loan: (id: bigint): xdr.ScVal =>
    vec([symbol('Loan'), u32.encode(Number(id % LOAN_SHARDS)), u64.encode(id)]),
  userLoanCount: (borrower: string): xdr.ScVal =>
    vec([symbol('UserLoanCount'), address.encode(borrower)]),
  userLoanAt: (borrower: string, index: bigint): xdr.ScVal =>
    vec([symbol('UserLoanAt'), address.encode(borrower), u64.encode(index)]),
  userActiveDebt: (borrower: string): xdr.ScVal =>
    vec([symbol('UserActiveDebt'), address.encode(borrower)]),
} as const;

const CODES = { overflow: CreditlineError.Overflow, underflow: CreditlineError.Underflow } as const;

export const creditlineMath = (host: Host): CheckedMath => checkedMath(host, CODES);

/** Raises the counter and returns the new loan's id; the first is 1. */
export function nextLoanId(host: Host): bigint {
  const stored = host.read('instance', creditlineKey.loanCounter);
  const next = checkedMath(host, CODES, U64).add(stored ? u64.decode(stored) : 0n, 1n);
  host.write('instance', creditlineKey.loanCounter, u64.encode(next));
  return next;
}

/** Writes a loan; a new one is also appended to its borrower's index. */
export function writeLoan(host: Host, loan: Loan): void {
  const key = creditlineKey.loan(loan.loan_id);
  const isNew = host.read('persistent', key) === undefined;
  host.write('persistent', key, loanRecord.encode(loan));
  if (!isNew) return;
  const count = userLoanCount(host, loan.borrower);
  host.write(
    'persistent',
    creditlineKey.userLoanAt(loan.borrower, count),
    u64.encode(loan.loan_id),
  );
  host.write(
    'persistent',
    creditlineKey.userLoanCount(loan.borrower),
    u64.encode(checkedMath(host, CODES, U64).add(count, 1n)),
  );
}

/** Fails LoanNotFound. */
export function readLoan(host: Host, id: bigint): xdr.ScVal {
  return host.read('persistent', creditlineKey.loan(id)) ?? host.fail(CreditlineError.LoanNotFound);
}

/** The borrower's loans from `start` (counted from 0), at most `limit`. */
export function userLoans(
  host: Host,
  borrower: string,
  page: { start: bigint; limit: number },
): xdr.ScVal[] {
  const count = userLoanCount(host, borrower);
  const wanted = page.start + BigInt(page.limit);
  const end = wanted < count ? wanted : count;
  const loans: xdr.ScVal[] = [];
  for (let index = page.start; index < end; index += 1n) {
    const id = host.read('persistent', creditlineKey.userLoanAt(borrower, index));
    if (id) loans.push(readLoan(host, u64.decode(id)));
  }
  return loans;
}

export function userLoanCount(host: Host, borrower: string): bigint {
  const stored = host.read('persistent', creditlineKey.userLoanCount(borrower));
  return stored ? u64.decode(stored) : 0n;
}

export function userActiveDebt(host: Host, borrower: string): bigint {
  const stored = host.read('persistent', creditlineKey.userActiveDebt(borrower));
  return stored ? i128.decode(stored) : 0n;
}

export function raiseUserActiveDebt(host: Host, borrower: string, amount: bigint): void {
  const debt = creditlineMath(host).add(userActiveDebt(host, borrower), amount);
  host.write('persistent', creditlineKey.userActiveDebt(borrower), i128.encode(debt));
}

/** Signed arithmetic, as published: a debt may fall below zero without an error. */
export function lowerUserActiveDebt(host: Host, borrower: string, amount: bigint): void {
  const debt = creditlineMath(host).sub(userActiveDebt(host, borrower), amount);
  host.write('persistent', creditlineKey.userActiveDebt(borrower), i128.encode(debt));
}

/** A linked contract's address, or undefined when it was never set. */
export function linkedContract(host: Host, key: xdr.ScVal): string | undefined {
  const stored = host.read('instance', key);
  return stored && address.decode(stored);
}
