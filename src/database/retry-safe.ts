import type { Transaction } from './transaction.js';

/** Finds a row that only this write creates and that no other code changes or deletes. */
export interface WrittenRow {
  readonly text: string;
  readonly values: readonly unknown[];
}
export interface Written<T> {
  readonly result: T;
  /** Null: nothing was written that a second try could write twice. */
  readonly row: WrittenRow | null;
}

/**
 * Makes a write safe to retry when its COMMIT got no answer: the next try looks for the row of the
 * last one, and returns that result when the row is there. A try that still commits holds the gate,
 * so the next one waits for it. The row's id comes from the database.
 */
export function retrySafe<T>(
  write: (tx: Transaction) => Promise<Written<T>>,
): (tx: Transaction) => Promise<T> {
  let last: Written<T> | undefined;
  return async (tx) => {
    if (last?.row && (await exists(tx, last.row))) return last.result;
    last = await write(tx);
    return last.result;
  };
}

const exists = async (tx: Transaction, { text, values }: WrittenRow): Promise<boolean> =>
  ((await tx.client.query(text, [...values])).rowCount ?? 0) > 0;
