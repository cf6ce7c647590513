import type { z } from 'zod';

/** A code of the API as data: what its answers have in common, and the members of its own. */
export interface Problem {
  readonly status: number;
  /** A short name for people, the same for every occurrence. */
  readonly title: string;
  /** What it means and what to do, for the API's pages. */
  readonly meaning: string;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  /** Decided once, and repeated for the same Idempotency-Key. */
  readonly sticky: boolean;
  /**
   * Seconds for Retry-After when the answer has no time of its own; null: not known. Every 503 has
   * one.
   */
  readonly retryAfterSeconds: number | null;
  /** Beyond those that every problem has. A member that is not listed here fails a test. */
  readonly members: ProblemMembers;
}
export type ProblemMembers = Readonly<Record<string, z.ZodType>>;

/**
 * What the service answered once: the sentence and the members of the code. The members that every
 * problem has are added as they are to a real answer.
 */
export interface ProblemExample {
  readonly detail: string;
  readonly members?: Readonly<Record<string, unknown>>;
  /** Only for these operations, access rules or methods; the most specific one is taken. */
  readonly only?: readonly string[];
}

export const problem = (
  status: number,
  title: string,
  meaning: string,
  more: {
    readonly retryable?: boolean;
    readonly sticky?: boolean;
    /** Seconds for Retry-After. */ readonly after?: number;
    readonly members?: ProblemMembers;
  } = {},
): Problem => ({
  status,
  title,
  meaning,
  retryable: more.retryable ?? false,
  sticky: more.sticky ?? false,
  retryAfterSeconds: more.after ?? (status === 503 ? 1 : null),
  members: more.members ?? {},
});

/**
 * How long a ledger of the public network takes, seconds. A request that waits for the chain need
 * not be sent again sooner.
 */
export const LEDGER = 5;
