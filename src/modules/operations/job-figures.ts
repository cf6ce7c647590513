export const JOB_FIGURES = Symbol('job figures');

/** Of one queue of the jobs table. */
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
  /** unix seconds; null without one */ readonly newestDeadLetter: number | null;
}

/**
 * What the jobs room wants to know of its tables; asked by the ledger's figures in their own
 * snapshot and time limit. Implemented by the jobs room.
 */
export interface JobFigures {
  readonly question: { readonly text: string; readonly values: readonly unknown[] };
  read(rows: readonly Readonly<Record<string, unknown>>[]): JobFiguresRead;
}
