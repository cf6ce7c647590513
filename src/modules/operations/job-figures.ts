export const JOB_FIGURES = Symbol('job figures');

/** Figures of one queue of the jobs table. */
interface QueueFigures {
  readonly queue: string;
  readonly due: number;
  readonly deferred: number;
  readonly active: number;
  readonly lagSeconds: number;
}
export interface JobFiguresRead {
  readonly queues: readonly QueueFigures[];
  readonly deadLetters: number;
  /** Unix seconds; null when there is none. */
  readonly newestDeadLetter: number | null;
}

/**
 * Figures of the jobs' tables, read in the snapshot and time limit of the ledger's figures. The
 * jobs room implements it.
 */
export interface JobFigures {
  readonly question: { readonly text: string; readonly values: readonly unknown[] };
  read(rows: readonly Readonly<Record<string, unknown>>[]): JobFiguresRead;
}
