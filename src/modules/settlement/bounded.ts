import { asError } from '../../common/errors.js';

/** Results of those that were done, and the first failure, if any. */
export interface Bounded<R> {
  readonly done: readonly R[];
  readonly failure: Error | null;
}

/**
 * A node that is away costs a time limit for each call beyond those under way; one reply that
 * cannot be read must not keep every hold behind it from being judged, as a limit of one did.
 */
const FAILURES_MAX = 3;

/**
 * Runs `work` for every item, at most `atOnce` at a time. After three failures no further one is
 * begun. What was done until then still counts.
 */
export async function bounded<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<Bounded<R>> {
  const done: R[] = [];
  let failure: Error | null = null;
  let failures = 0;
  const waiting = items.values();
  const walk = async (): Promise<void> => {
    for (const item of waiting) {
      try {
        done.push(await work(item));
      } catch (thrown) {
        failure ??= asError(thrown);
        failures += 1;
      }
      if (failures >= FAILURES_MAX) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, walk));
  return { done, failure };
}
