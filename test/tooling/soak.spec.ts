import { expect, test } from '@jest/globals';
import { judge, type Series } from '../../bench/soak/steadiness.js';
import { Dice } from '../support/dice.js';

/** How `npm run bench -- soak` judges a figure. */
const MINUTES = 60;
const series = (valueAt: (share: number) => number, change: Partial<Series> = {}): Series => ({
  name: 'memory',
  unit: 'MB',
  growthMax: 0.15,
  noise: 5,
  points: Array.from({ length: 40 }, (_, at) => ({
    seconds: (at * MINUTES * 60) / 39,
    value: valueAt(at / 39),
  })),
  ...change,
});

test('a leak is not steady, however slow it begins', () => {
  expect(judge(series((share) => 100 + 60 * share))).toMatchObject({ steady: false });
  expect(judge(series((share) => 100 + 90 * share * share)).steady).toBe(false);
  expect(judge(series((share) => 100 + 60 * share)).growth).toBeCloseTo(40);
});

test('noise, single peaks, a sawtooth and what warms up at first are steady', () => {
  const dice = new Dice(7);
  expect(judge(series(() => 100 + 20 * dice.roll())).steady).toBe(true);
  expect(judge(series((share) => (share > 0.9 && share < 0.94 ? 1_000 : 100))).steady).toBe(true);
  expect(judge(series((share) => 100 + 50 * ((share * 7) % 1))).steady).toBe(true);
  expect(judge(series((share) => (share < 0.3 ? 100 * share : 30))).steady).toBe(true);
  expect(judge(series((share) => 100 - 50 * share)).steady).toBe(true);
});

test('a growth below the noise of its figure is none', () => {
  const small = (share: number): number => 1 + 4 * share;
  expect(judge(series(small)).steady).toBe(true);
  expect(judge(series(small, { noise: 1 })).steady).toBe(false);
});

test('too few samples are no trend', () => {
  const { points } = series(() => 1);
  expect(() => judge(series(() => 1, { points: points.slice(0, 3) }))).toThrow('show no trend');
});
