import { spawnSync } from 'node:child_process';

/** Its blocks use jq, as an operator's shell does. */
const RUNBOOK = 'test/operations/operations.e2e.spec';
/**
 * What `npm test` leaves out, and `.ci/run` runs with TEST_DOSE=full: soaks, and what drives whole
 * processes or a browser for a minute. A file that is named on the command line always runs.
 */
const SOAKS = [
  'test/model/authorization-world.spec',
  'test/walk/walk.spec',
  'test/walk/walk-breakages.spec',
  'test/walk/walk-processes.e2e.spec',
  'test/chain/lying-replies.spec',
  'test/proofs/crash.spec',
  'test/proofs/landing-crash.spec',
  'test/proofs/quote-property.spec',
  'test/proofs/races.e2e.spec',
  'test/tooling/package.e2e.spec',
  'test/tooling/image.e2e.spec',
  'test/http/fuzz.e2e.spec',
  'test/proofs/never-short.e2e.spec',
  RUNBOOK,
  'test/operations/prometheus.e2e.spec',
  'test/proofs/same-key.e2e.spec',
  'test/operations/newcomer.e2e.spec',
  'test/operations/killed-parts.e2e.spec',
  'test/operations/tracing.e2e.spec',
  'test/sandbox/embedded.spec',
  'test/tooling/compare-catalogues.spec',
  'test/model/hold-world.spec',
  'src/cli/schema-dump.spec',
  'test/browser/docs-browser.e2e.spec',
  'test/browser/jobs-page-browser.e2e.spec',
  'test/browser/console-browser.e2e.spec',
  'test/browser/console-browser-truth.e2e.spec',
  'test/browser/console-browser-operator.e2e.spec',
  'test/browser/incidents-browser.e2e.spec',
];

const hasJq = () => spawnSync('jq', ['--version']).status === 0;

/** @returns {string[]} beginnings of file names, below `dist` */
export function leftOut() {
  const isNamed = process.argv.slice(2).some((argument) => !argument.startsWith('-'));
  if (isNamed) return [];
  if (process.env['TEST_DOSE'] === undefined) return SOAKS;
  return hasJq() ? [] : [RUNBOOK];
}
