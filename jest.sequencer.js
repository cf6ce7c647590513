import Sequencer from '@jest/test-sequencer';

/**
 * Seconds each takes on 2 quiet cores, roughly. A machine that never ran them orders by size of
 * file, and the walk, small and longest, came last: one core was idle for 9 of 19 minutes.
 */
const LONG = {
  'crash.spec': 160,
  'walk.spec': 130,
  'console-browser.e2e.spec': 118,
  'operations.e2e.spec': 112,
  'console-browser-truth.e2e.spec': 106,
  'walk-breakages.spec': 70,
  'walk-processes.e2e.spec': 61,
  'console-browser-operator.e2e.spec': 60,
  'rate-limits.e2e.spec': 47,
  'embedded.spec': 39,
};
const secondsOf = ({ path }) => LONG[path.replace(/^.*\//, '').replace(/\.js$/, '')] ?? 0;

/**
 * The long files first, the rest as jest orders them: by what the last run took. Plain JavaScript
 * as jest.config.js is: the package's types are those of its CommonJS half.
 */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.toSorted((one, other) => secondsOf(other) - secondsOf(one)); // stable
  }
}
