import { expect, test } from '@jest/globals';
import { WidthTrial } from './width-trial.js';

const TIMES = { trialMs: 1_000, cycleMs: 10_000 };
const LOOK_MS = 100;

/** @returns the widths of the looks in this time, when each ends so many requests */
function pass(trial: WidthTrial, ms: number, ended: { narrow: number; wide: number }): string {
  let widths = '';
  for (let at = 0; at < ms; at += LOOK_MS) {
    widths += trial.isNarrow ? 'n' : 'w';
    trial.pass(LOOK_MS, trial.isNarrow ? ended.narrow : ended.wide);
  }
  return widths;
}
const trials = 'n'.repeat(10) + 'w'.repeat(10);

test('both widths are tried, and the narrow one stays where it ends about as many', () => {
  const trial = new WidthTrial(TIMES);
  expect(pass(trial, 10_000, { narrow: 9, wide: 10 })).toBe(trials + 'n'.repeat(80));
});

test('where each request waits for a slow reply the wide one stays, until trials say otherwise', () => {
  const trial = new WidthTrial(TIMES);
  expect(pass(trial, 10_000, { narrow: 8, wide: 32 })).toBe(trials + 'w'.repeat(80));
  expect(pass(trial, 40_000, { narrow: 10, wide: 10 }).slice(-80)).toBe('n'.repeat(80));
});

test('what began at the other width does not count', () => {
  const trial = new WidthTrial(TIMES);
  pass(trial, 1_000, { narrow: 10, wide: 0 });
  // the end of a wide crowd, in the first looks after the change
  pass(trial, 300, { narrow: 0, wide: 1_000 });
  pass(trial, 700, { narrow: 0, wide: 10 });
  expect(trial.isNarrow).toBe(true);
});
