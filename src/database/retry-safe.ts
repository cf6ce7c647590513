import type { Transaction } from './transaction.js';

/** Finds a row that only this write creates and that no other code changes or deletes. */
export interface WrittenRow {
  readonly text: string;
  readonly values: readonly unknown[];
}
export interface Written<T> {
  readonly result: T;
  /** Null when nothing was written that a second attempt could write twice. */
  readonly row: WrittenRow | null;
}

/**
 * Makes a write safe to retry when the answer to its COMMIT was lost: the next attempt looks for
 * the row of the last one and returns its result when it is there. An attempt that still commits
 * holds the gate, so the next one waits. The database makes the row's id.
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
