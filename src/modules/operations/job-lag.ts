export const JOB_LAG = Symbol('job lag');

/** Lag of one queue: jobs that are due and not taken, and how long the first of them is overdue. */
export interface QueueLag {
  readonly queue: string;
  readonly waiting: number;
  readonly lagSeconds: number;
}

/** The jobs room implements it. */
export interface JobLag {
  /** Every queue of the jobs table, in its order. */ lags(): Promise<readonly QueueLag[]>;
}
