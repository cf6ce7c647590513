import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type pg from 'pg';
import type { StepMessage } from '../../src/common/steps.js';

/**
 * How a transaction ends: its socket is cut before COMMIT is written (nothing was committed), or
 * after it (it was committed, and the caller gets no answer).
 */
export type Crash = 'before COMMIT' | 'after COMMIT';

/** Crashes ledger transactions of this process on demand, at the step `transaction.committing`. */
export class TransactionCrashes {
  readonly done: Crash[] = [];
  readonly #armed: Crash[] = [];
  readonly #listener = (message: unknown): void => {
    const { step, detail } = message as StepMessage;
    if (step !== 'transaction.committing') return;
    const { connection, database } = detail as {
      connection: { stream: { destroy(): void } };
      database: string;
    } & pg.ClientBase;
    if (this.only !== undefined && database !== this.only) return;
    const crash = this.#armed.shift();
    if (crash === undefined) return;
    this.done.push(crash);
    if (crash === 'before COMMIT') connection.stream.destroy();
    else
      process.nextTick(() => {
        connection.stream.destroy();
      });
  };

  /**
   * @param only name of the one database meant, where others of the same process are none of the
   * test's business
   */
  constructor(private readonly only?: string) {
    subscribe('holdfast:step', this.#listener);
  }

  /** Crashes the next transaction that comes to its end. */
  arm(crash: Crash): void {
    this.#armed.push(crash);
  }
  disarm(): void {
    this.#armed.length = 0;
  }
  stop(): void {
    unsubscribe('holdfast:step', this.#listener);
  }
}
