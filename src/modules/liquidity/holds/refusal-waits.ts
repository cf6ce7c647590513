import type { HoldOutcome } from '../reservation.js';
import type { Decision } from './hold-decision.js';
import type { LockedPool } from './hold-facts.js';

/**
 * Kept beside the outcome, which is the same when a batch runs again: this is not, and is not stored.
 */
const waits = new WeakMap<HoldOutcome, number | null>();

/**
 * Notes how long a refusal that was just decided has to wait for its `nextDeadline`, in chain time:
 * the database's clock, or the newest close time when that is ahead.
 */
export function noteWait(
  outcome: HoldOutcome,
  { writes }: Pick<Decision, 'writes'>,
  { now, headCloseTime }: Pick<LockedPool, 'now' | 'headCloseTime'>,
): void {
  if (outcome.kind !== 'refused' || !writes) return;
  const { nextDeadline } = outcome.facts;
  if (nextDeadline === null) waits.set(outcome, null);
  if (typeof nextDeadline === 'string')
    waits.set(outcome, Number(nextDeadline) - Math.max(now, Number(headCloseTime ?? 0n)));
}

/** Seconds; null: no hold of the pool is live. Undefined where the decision did not read it. */
export const waitOf = (outcome: HoldOutcome): number | null | undefined => waits.get(outcome);
