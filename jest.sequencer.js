import Sequencer from '@jest/test-sequencer';

/**
 * Seconds each takes on 2 quiet cores, roughly. A machine that never ran them orders by size of
 * file, and the walk, small and longest, came last: one core was idle for 9 of 19 minutes.
 */
const LONG = {
  'walk.spec': 199,
  'lying-replies.spec': 197,
  'operations.e2e.spec': 144,
  'console-browser-truth.e2e.spec': 133,
  'walk-breakages.spec': 97,
  'races.e2e.spec': 76,
  'console-browser-operator.e2e.spec': 61,
  'crash.spec': 59,
  'console-browser.e2e.spec': 53,
  'prometheus.e2e.spec': 40,
  'incidents-browser.e2e.spec': 20,
  'walk-processes.e2e.spec': 35,
  'demo.spec': 32,
  'jobs-runner.spec': 32,
  'fuzz.e2e.spec': 25,
  'never-short.e2e.spec': 25,
  'authorization-world.spec': 20,
  'request-limits.e2e.spec': 20,
  'same-key.e2e.spec': 19,
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
