import type { Transaction } from '../../../database/transaction.js';

export const HOLD_FOLLOW_UP = Symbol('hold follow-up');

/**
 * What a job needs to know of holds that commit with it: which pools, and when the first of them
 * can lapse (unix seconds).
 */
export interface NewHolds {
  readonly poolIds: readonly string[];
  readonly firstDeadline: bigint;
}

/**
 * A job that must follow a hold commits with it: one insert for the whole batch, in the same
 * transaction. Implemented by the jobs room.
 */
export interface HoldFollowUp {
  afterHolds(tx: Transaction, holds: NewHolds): Promise<void>;
}
