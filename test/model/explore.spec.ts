import { describe, expect, test } from '@jest/globals';
import { explore, summaryOf, type World } from './explore.js';

/** From 0, by one or by two; seven is where it breaks. */
const steps = (broken: number, most: number): World<number> => ({
  start: 0,
  key: String,
  *steps(at) {
    for (const by of [1, 2])
      if (at + by <= most) yield { label: `+${by}`, next: at + by, broken: at + by === broken };
  },
});

describe('a world', () => {
  test('is visited whole when nothing breaks', () => {
    expect(explore(steps(99, 10))).toEqual({ states: 11, history: null });
  });
  test('breaks by a shortest history', () => {
    expect(explore(steps(7, 10)).history).toEqual(['+1', '+2', '+2', '+2']);
  });
  test('that is larger than stated is refused', () => {
    expect(() => explore(steps(99, 10), 5)).toThrow('more than 5 states');
  });
});

test('prints its findings in one line', () => {
  expect(summaryOf('shortcut', explore(steps(3, 10)))).toBe(
    'shortcut        broken after 2 steps: +1 → +2  (3 states)\n',
  );
  expect(summaryOf('protocol', explore(steps(99, 2)))).toBe('protocol        holds  (3 states)\n');
});
