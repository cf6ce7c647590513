export const JOB_LAG = Symbol('job lag');

/**
 * Of one queue: jobs that are due and that nobody has taken, and how long the first of them is
 * overdue.
 */
export interface QueueLag {
  readonly queue: string;
  readonly waiting: number;
  readonly lagSeconds: number;
}

/** Implemented by the jobs room. */
export interface JobLag {
  /** Every queue of the jobs table, in its order. */ lags(): Promise<readonly QueueLag[]>;
}
