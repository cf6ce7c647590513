import { expect, test } from '@jest/globals';
import { mapConcurrently } from './map-concurrently.js';

/** Work that the test ends. */
function gate() {
  const waiting: (() => void)[] = [];
  let running = 0;
  let most = 0;
  return {
    most: () => most,
    started: () => waiting.length,
    work: (item: number) =>
      new Promise<number>((resolve) => {
        running += 1;
        most = Math.max(most, running);
        waiting.push(() => {
          running -= 1;
          resolve(item * 2);
        });
      }),
    open: async () => {
      for (let index = 0; index < waiting.length; index++) {
        waiting[index]?.();
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    },
  };
}

test('never more at a time than allowed, and every item is done', async () => {
  const { work, open, most, started } = gate();
  const all = mapConcurrently([1, 2, 3, 4, 5, 6, 7], 3, work);
  expect(started()).toBe(3);
  await open();
  const { done, failure } = await all;
  expect(failure).toBeNull();
  expect(done.toSorted((a, b) => a - b)).toEqual([2, 4, 6, 8, 10, 12, 14]);
  expect(most()).toBe(3);
});

test('after the third failure nothing more is begun; what was done is kept', async () => {
  const begun: number[] = [];
  const { done, failure } = await mapConcurrently([1, 2, 3, 4, 5, 6, 7, 8], 1, (item) => {
    begun.push(item);
    return item % 2 === 0 ? Promise.reject(new Error(`away ${item}`)) : Promise.resolve(item);
  });
  expect(begun).toEqual([1, 2, 3, 4, 5, 6]);
  expect(done).toEqual([1, 3, 5]);
  expect(failure?.message).toBe('away 2'); // the first error is thrown
});

test('one that always fails keeps none of the others waiting', async () => {
  const { done, failure } = await mapConcurrently(
    Array.from({ length: 40 }, (_, index) => index),
    4,
    (item) => (item === 0 ? Promise.reject(new Error('undecodable')) : Promise.resolve(item)),
  );
  expect(done).toHaveLength(39);
  expect(failure?.message).toBe('undecodable');
});

test('nothing to do', async () => {
  expect(await mapConcurrently([], 4, () => Promise.reject(new Error('never')))).toEqual({
    done: [],
    failure: null,
  });
});

test('what is not done within its time is left out, and nothing more is begun', async () => {
  const { work, started, open } = gate();
  expect(await mapConcurrently([1, 2, 3], 2, work, 0)).toEqual({ done: [], failure: null });
  await open();
  expect(started()).toBe(2);
  expect(await mapConcurrently([4], 1, (item) => Promise.resolve(item), 60_000)).toEqual({
    done: [4],
    failure: null,
  });
});
