import { asError } from '../../common/errors.js';

/** Results of those that were done, and the first failure, if any. */
export interface Bounded<R> { readonly done: readonly R[]; readonly failure: Error | null }

/**
 * Runs `work` for every item, at most `atOnce` at a time. After the first failure no further one is begun: a node that is away would cost a time limit for
 * each. What was done until then still counts.
 */
export async function bounded<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<Bounded<R>> {
  const done: R[] = [];
  let failure: Error | null = null;
  const waiting = items.values();
  const walk = async (): Promise<void> => {
    for (const item of waiting) {
      try {
        done.push(await work(item));
      } catch (thrown) {
        failure ??= asError(thrown);
      }
      if (failure) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, walk));
  return { done, failure };
}
