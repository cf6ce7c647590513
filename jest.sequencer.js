import Sequencer from '@jest/test-sequencer';

/**
 * Seconds each takes on 2 quiet cores, roughly. A machine that never ran them orders by size of
 * file, and the walk, small and longest, came last: one core was idle for 9 of 19 minutes.
 */
const LONG = {
  'operations.e2e.spec': 150,
  'walk.spec': 150,
  'console-browser-truth.e2e.spec': 140,
  'lying-replies.spec': 85,
  'crash.spec': 75,
  'console-browser-operator.e2e.spec': 70,
  'landing-crash.spec': 60,
  'package.e2e.spec': 50,
  'console-browser.e2e.spec': 50,
  'image.e2e.spec': 45,
  'same-key.e2e.spec': 42,
  'authorization-world.spec': 42,
  'prometheus.e2e.spec': 40,
  'walk-processes.e2e.spec': 34,
  'migrations.spec': 33,
  'lander.spec': 32,
  'newcomer.e2e.spec': 32,
  'jobs-runner.spec': 30,
  'tracing.e2e.spec': 27,
  'fuzz.e2e.spec': 27,
  'races.e2e.spec': 27,
  'demo.spec': 27,
  'walk-breakages.spec': 25,
  'never-short.e2e.spec': 24,
  'schema-dump.spec': 20,
  'recorded.spec': 20,
  'request-limits.e2e.spec': 20,
  'incidents-browser.e2e.spec': 15,
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
