import type { Transaction } from './transaction.js';

/**
 * A row that a deed wrote and that nobody else writes or deletes: the query that finds it again.
 */
export interface Trace {
  readonly text: string;
  readonly values: readonly unknown[];
}
export interface Done<T> {
  readonly done: T;
  /**
   * null: nothing was written that a second try could write twice.
   */
  readonly trace: Trace | null;
}

/**
 * A deed for a transaction of the ledger, which is run again when its COMMIT got no answer. What a
 * try has written is looked for by the next one: when it is there, that try was committed and its
 * outcome is the answer. Else the deed would be noted twice, or done again over what somebody else
 * did meanwhile. A try that is still committing holds the gate, so it is waited for.
 * The id of such a row is not made before the tries: it comes from the database, whose clock gives
 * lists of deeds one order.
 */
export function once<T>(
  deed: (tx: Transaction) => Promise<Done<T>>,
): (tx: Transaction) => Promise<T> {
  let last: Done<T> | undefined;
  return async (tx) => {
    if (
      last?.trace &&
      ((await tx.client.query(last.trace.text, [...last.trace.values])).rowCount ?? 0) > 0
    )
      return last.done;
    last = await deed(tx);
    return last.done;
  };
}
