import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/** Inside the project, where its tsconfig and its lint configuration reach; git-ignored. */
let folder: string;
beforeAll(() => {
  mkdirSync('artifacts', { recursive: true });
  folder = mkdtempSync(path.join('artifacts', 'lint-'));
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { rootDir: '.', noEmit: true, incremental: false, tsBuildInfoFile: null },
      include: ['*.ts'],
    }),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const PROMISE = 'export function later(): Promise<void> { return Promise.resolve(); }\n';
const BAD: readonly (readonly [string, string])[] = [
  ['no-explicit-any', 'export const anything = (value: any): unknown => value;\n'],
  ['no-floating-promises', `${PROMISE}later();\n`],
  [
    'no-misused-promises',
    `${PROMISE}export const kept = [1].filter(async () => { await later(); return true; });\n`,
  ],
  ['no-process-env', "export const home = process.env['HOME'];\n"],
  [
    'max-lines-per-function',
    `export function long(add: (n: number) => void): void {\n${'  add(1);\n'.repeat(71)}}\n`,
  ],
  ['max-lines', `export const numbers: number[] = [];\n${'numbers.push(1);\n'.repeat(300)}`],
  [
    'max-params',
    'export const five = (a: number, b: number, c: number, d: number, e: number): number => a + b + c + d + e;\n',
  ],
];

/** @returns the exit code and the report, as `npm run lint` would give them for that file */
function lint(name: string, text: string): { code: number | null; report: string } {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  const run = spawnSync(
    process.execPath,
    ['node_modules/oxlint/bin/oxlint', '--type-aware', '--no-ignore', file],
    { encoding: 'utf8' },
  );
  return { code: run.status, report: run.stdout + run.stderr };
}

test.each(BAD)('%s: a bad file fails', (rule, text) => {
  const { code, report } = lint(`${rule}.ts`, text);
  expect(code).toBe(1);
  expect(report).toContain(`(${rule})`);
});

test('a clean file passes', () => {
  const { code, report } = lint(
    'clean.ts',
    `${PROMISE}await later();\nexport const sum = (a: bigint, b: bigint): bigint => a + b;\n`,
  );
  expect({ code, report }).toEqual({ code: 0, report: expect.stringContaining('0 errors') });
});
