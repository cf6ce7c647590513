import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const MOST_COLUMNS = 120;
const FOLDERS = ['src', 'sandbox', 'test', 'migrations', 'bench', 'scripts'];
const WRITTEN = /\.(ts|js|mjs|sql|css|html)$/;
/** Recorded or generated: nobody writes these by hand. */
const OTHERS = /^(test\/recorded\/|src\/client\/api\.types\.ts$)/;

const tooLong = (text: string): number[] =>
  text.split('\n').flatMap((line, at) => (line.length > MOST_COLUMNS ? [at + 1] : []));

test('no line that is written by hand is longer than 120 columns', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => path.join(folder, String(name))),
  ).filter((file) => WRITTEN.test(file) && !OTHERS.test(file) && !file.includes('node_modules'));
  expect(files.length).toBeGreaterThan(500);
  expect(
    files.flatMap((file) => tooLong(readFileSync(file, 'utf8')).map((line) => `${file}:${line}`)),
  ).toEqual([]);
});

test('a longer line is found, by its number', () => {
  expect(tooLong(`a\n${'b'.repeat(121)}\n${'c'.repeat(120)}`)).toEqual([2]);
});
