import type { Findings } from './check.js';
import type { JournalRow, LandingRow, ProofRows, TransactionRow } from './proof-rows.js';

export type Issued = TransactionRow | LandingRow;
/** The row of the journal with which a hold ended, and all others. */
export interface End {
  readonly event: JournalRow;
  readonly evidence: NonNullable<JournalRow['evidence']>;
  readonly rows: ProofRows;
}

export const within = (
  ledger: bigint | number | null | undefined,
  { issued_after_ledger }: Issued,
): boolean => ledger != null && BigInt(ledger) > issued_after_ledger;

export function onlyOneLanded(find: Findings, rows: ProofRows, one: Issued | undefined): void {
  for (const each of [...rows.transactions, ...rows.landings])
    if (each !== one)
      find.holds(
        each.state === 'dead' || each.state === 'failed',
        `transaction ${each.number} is ${each.state} although the hold ended`,
      );
}
