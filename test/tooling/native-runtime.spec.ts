import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/** Test files run as modules of one process: what they may not do to each other, and what is seen. */
const FILES = {
  'helper.mjs': `
    import { test } from '@jest/globals';
    export const kept = [test, test.skip];
  `,
  'first.spec.mjs': `
    import { kept } from './helper.mjs';
    import { beforeAll, describe, expect, jest, test } from '@jest/globals';
    process.env.LEFT_BEHIND = 'yes';
    globalThis.loads = (globalThis.loads ?? 0) + 1;
    const boom = () => { throw new Error('boom'); };
    const soon = () => new Promise((resolve) => setTimeout(resolve, 50));
    test('wrong value', () => { expect(1).toBe(2); });
    test('error in a timer', async () => { setTimeout(boom, 1); await soon(); });
    test('rejection that is not handled', async () => { void soon().then(boom); await soon(); await soon(); });
    test('over time', () => new Promise(() => {}), 20);
    test.skip('left out', boom);
    kept[0]("a helper's test", () => {});
    kept[1]("a helper's test, left out", boom);
    test.each([1, 2])('each %i', (n) => { expect(n).toBeGreaterThan(0); });
    describe('with a hook that fails', () => { beforeAll(boom); test('below it', () => {}); });
    test('mocks, and moves', () => {
      jest.spyOn(Date, 'now').mockReturnValue(5);
      jest.useFakeTimers();
      process.chdir('..');
      process.exit = boom;
    });
  `,
  'second.spec.mjs': `
    import { expect, test } from '@jest/globals';
    import { kept } from './helper.mjs';
    kept[0]("a helper's test, in the next file", () => {});
    kept[1]("a helper's test, left out in the next file", () => {});
    test('one process', () => { expect(globalThis.loads).toBe(1); });
    test('variables, folder, clock and timers are as before', async () => {
      expect(process.env.LEFT_BEHIND).toBeUndefined();
      expect(process.cwd()).toBe(process.env.BEGAN_IN);
      expect(Date.now()).toBeGreaterThan(5);
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(String(process.exit)).not.toContain('boom');
    });
    test('no test of this file has failed', () => { expect(globalThis.holdfastTestFailed).toBe(false); });
  `,
  'third.spec.mjs': "import './missing.mjs';",
};

interface Report {
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}
let folder: string;
let report: Report;
let status: number | null;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-runtime-'));
  mkdirSync(path.join(folder, 'specs'));
  for (const [name, text] of Object.entries(FILES))
    writeFileSync(path.join(folder, 'specs', name), text);
  const config = {
    rootDir: path.join(folder, 'specs'),
    testMatch: ['**/*.spec.mjs'],
    transform: {},
    testEnvironment: path.resolve('dist/test/support/test-environment.js'),
    runtime: path.resolve('dist/test/support/native-runtime.js'),
    testSequencer: path.join(folder, 'by-name.cjs'),
  };
  writeFileSync(
    config.testSequencer,
    'module.exports = class { shard(tests) { return tests; } sort(tests) { return [...tests]' +
      '.sort((a, b) => a.path < b.path ? -1 : 1); } allFailedTests() { return []; } cacheResults() {} };',
  );
  const run = spawnSync(
    'env',
    [
      `BEGAN_IN=${process.cwd()}`,
      process.execPath,
      'node_modules/jest/bin/jest.js',
      '--runInBand',
      '--json',
      `--config=${JSON.stringify(config)}`,
    ],
    { encoding: 'utf8' },
  );
  status = run.status;
  report = JSON.parse(run.stdout) as Report;
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('every kind of failure is reported, and nothing else', () => {
  expect(status).toBe(1);
  expect(report.numRuntimeErrorTestSuites).toBe(1); // the file that cannot be loaded
  const statusOf = Object.fromEntries(
    report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ title, status: found }) => [title, found]),
    ),
  );
  expect(statusOf).toEqual({
    'wrong value': 'failed',
    'error in a timer': 'failed',
    'rejection that is not handled': 'failed',
    'over time': 'failed',
    'left out': 'pending',
    "a helper's test": 'passed',
    "a helper's test, left out": 'pending',
    "a helper's test, in the next file": 'passed',
    "a helper's test, left out in the next file": 'pending',
    'each 1': 'passed',
    'each 2': 'passed',
    'below it': 'failed',
    'mocks, and moves': 'passed',
    'one process': 'passed',
    'variables, folder, clock and timers are as before': 'passed',
    'no test of this file has failed': 'passed',
  });
});
