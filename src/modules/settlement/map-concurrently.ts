import { setTimeout as wait } from 'node:timers/promises';
import { asError } from '../../common/errors.js';

/** Results of the items that succeeded, and the first failure, if any. */
export interface ConcurrentResults<R> {
  readonly done: readonly R[];
  readonly failure: Error | null;
}

/**
 * Each call to an unreachable node takes a full time limit, so a round stops early. A single
 * unreadable reply must not stop it, because the holds behind it would wait.
 */
const FAILURES_MAX = 3;

/**
 * Runs `work` for every item, at most `atOnce` at a time. After three failures it starts no further
 * item and returns the results so far.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
  withinMs?: number,
): Promise<ConcurrentResults<R>> {
  const done: R[] = [];
  let isOver = false;
  let failure: Error | null = null;
  let failures = 0;
  const waiting = items.values();
  const walk = async (): Promise<void> => {
    for (const item of waiting) {
      if (isOver) return;
      try {
        done.push(await work(item));
      } catch (thrown) {
        failure ??= asError(thrown);
        failures += 1;
      }
      if (failures >= FAILURES_MAX) return;
    }
  };
  const walks = Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, walk));
  if (withinMs === undefined) await walks;
  else {
    const end = new AbortController();
    await Promise.race([walks, wait(withinMs, undefined, { signal: end.signal }).catch(() => {})]);
    end.abort();
  }
  isOver = true;
  return { done: [...done], failure };
}
