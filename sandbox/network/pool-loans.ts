import { contractDataKey, contractDataValue } from './ledger-entries.js';
import type { EntryReader } from './ledger-state.js';
import type { PoolRecord } from './network-notes.js';
import { loanRecord, type Loan } from '../contracts/creditline-loan.js';
import { creditlineKey } from '../contracts/creditline-storage.js';

/** A loan after the last closed ledger. Amounts are base units as text, times unix seconds. */
export interface LoanFigures {
  readonly loan: string;
  readonly borrower: string;
  readonly vendor: string;
  readonly status: Loan['status'];
  readonly total: string;
  readonly guarantee: string;
  readonly remaining: string;
  readonly createdAt: number;
  /** null for an empty schedule. */
  readonly lastDueAt: number | null;
}

export function storedLoan(state: EntryReader, pool: PoolRecord, id: bigint): Loan | undefined {
  const stored = state.get(
    contractDataKey(pool.creditline, creditlineKey.loan(id), 'persistent').id,
  );
  return stored && loanRecord.decode(contractDataValue(stored.data));
}

/** Every loan of a pool's creditline, oldest first. */
export function poolLoans(
  state: EntryReader,
  pool: PoolRecord,
  counter: bigint,
): readonly LoanFigures[] {
  return Array.from({ length: Number(counter) }, (_, index) =>
    storedLoan(state, pool, BigInt(index + 1)),
  ).flatMap((loan) => (loan ? [figuresOf(loan)] : []));
}

function figuresOf(loan: Loan): LoanFigures {
  const due = loan.repayment_schedule.at(-1)?.due_date;
  return {
    loan: String(loan.loan_id),
    borrower: loan.borrower,
    vendor: loan.vendor,
    status: loan.status,
    total: String(loan.total_amount),
    guarantee: String(loan.guarantee_amount),
    remaining: String(loan.remaining_balance),
    createdAt: Number(loan.created_at),
    lastDueAt: due === undefined ? null : Number(due),
  };
}
