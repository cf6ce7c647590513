import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

test('jest runs every spec file of the tree', () => {
  const written = ['src', 'sandbox', 'test', 'migrations', 'bench', 'scripts']
    .flatMap((folder) => specsIn(folder))
    .sort();
  const run = spawnSync(
    'env',
    ['TEST_DOSE=full', process.execPath, 'node_modules/jest/bin/jest.js', '--listTests', '--json'],
    { encoding: 'utf8' },
  );
  const listed = (JSON.parse(run.stdout) as string[])
    .map((file) => path.relative('dist', file).replace(/\.js$/, '.ts'))
    .sort();
  expect(written.length).toBeGreaterThan(10);
  expect(listed).toEqual(written);
});

function specsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true })
      .map((name) => path.join(folder, String(name)))
      .filter((name) => name.endsWith('.spec.ts'));
  } catch {
    return []; // not every checkout has every folder
  }
}
