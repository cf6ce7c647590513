import { formatAmount } from './money.js';
import { timeOf } from './times.js';

/** Stored: base units and unix seconds as text. On the wire: token units and RFC 3339. */
interface Instalment {
  readonly amount: string;
  readonly dueAt: string;
}

/** A stored schedule as the API writes it. */
export const printedSchedule = (schedule: readonly Instalment[], decimals: number): Instalment[] =>
  schedule.map(({ amount, dueAt }) => ({
    amount: formatAmount(BigInt(amount), decimals),
    dueAt: timeOf(BigInt(dueAt)),
  }));
