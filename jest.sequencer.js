import Sequencer from '@jest/test-sequencer';

/**
 * Seconds each takes on 2 quiet cores, roughly. A machine that never ran them orders by size of
 * file, and the walk, small and longest, came last: one core was idle for 9 of 19 minutes.
 */
const LONG = {
  'lying-replies.spec': 145,
  'walk.spec': 142,
  'operations.e2e.spec': 109,
  'console-browser-truth.e2e.spec': 99,
  'walk-breakages.spec': 97,
  'crash.spec': 80,
  'races.e2e.spec': 76,
  'console-browser-operator.e2e.spec': 61,
  'console-browser.e2e.spec': 53,
  'quote-property.spec': 50,
  'prometheus.e2e.spec': 40,
  'reservation-page.spec': 36,
  'walk-processes.e2e.spec': 35,
  'jobs-runner.spec': 33,
  'never-short.e2e.spec': 27,
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
