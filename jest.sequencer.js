import Sequencer from '@jest/test-sequencer';

/**
 * Seconds each took on 2 quiet cores. A machine that never ran them orders by size of file, and the
 * walk, small and longest, came last: one core was idle for 9 of 19 minutes.
 */
const LONG = {
  'walk.spec': 370,
  'crash.spec': 160,
  'console-browser.e2e.spec': 118,
  'operations.e2e.spec': 112,
  'walk-processes.e2e.spec': 61,
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
