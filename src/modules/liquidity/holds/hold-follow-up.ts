import type { Transaction } from '../../../database/transaction.js';

export const HOLD_FOLLOW_UP = Symbol('hold follow-up');

/**
 * What a job needs to know about holds that commit with it: their pools, and when the first of them
 * can lapse (unix seconds).
 */
export interface NewHolds {
  readonly poolIds: readonly string[];
  readonly firstDeadline: bigint;
}

/**
 * A job that follows a hold commits with it: one insert for the whole batch, in the same
 * transaction. The jobs room implements it.
 */
export interface HoldFollowUp {
  afterHolds(tx: Transaction, holds: NewHolds): Promise<void>;
}
