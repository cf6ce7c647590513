import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

/**
 * The seam of docs/families.md: only the folder of a family knows what its contracts call their
 * events and storage keys. Specs are not searched, because they play the chain.
 */
const FAMILIES = 'src/modules/chain/families';
/** Event names and storage keys of the StepFi contracts, and the keys of the reserve. */
const WORDS = [
  'LQDEPST',
  'LQWTHDR',
  'LQFUND',
  'LQREPAY',
  'LQGUART',
  'LQLOSS',
  'LQINTDST',
  'LOANCRTD',
  'LOANAPPROVED',
  'LOANFNDD',
  'CONTRACTUPGRADED',
  'UPGDPRP',
  'TOTLIQ',
  'LCKDLIQ',
  'LOANCNT',
  'CRDTLIN',
  'LIQPOOL',
  'MERCHANT',
  'REPCONT',
  'MCRCAP',
  'UserLoanAt',
  'ResData',
];
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map((name) => path.posix.join(folder, String(name).replaceAll(path.sep, '/')))
    .filter((name) => /\.(ts|mjs|js|html|css|sql|md|json|ya?ml)$/.test(name));
const files = filesIn('src').filter(
  (name) => /\.(ts|js|html|css)$/.test(name) && !name.endsWith('.spec.ts'),
);
const wordsIn = (file: string): string[] => {
  const text = readFileSync(file, 'utf8');
  return WORDS.filter((word) => new RegExp(`\\b${word}\\b`).test(text)).map(
    (word) => `${file}: ${word}`,
  );
};
const isOfFamily = (file: string): boolean => file.startsWith(`${FAMILIES}/`);

test('no file outside of the families knows a word of their contracts', () => {
  const others = files.filter((file) => !isOfFamily(file));
  expect(others.length).toBeGreaterThan(300);
  expect(others.flatMap(wordsIn)).toEqual([]);
});

test('each word is one that a family does read', () => {
  const read = files.filter(isOfFamily).flatMap(wordsIn);
  expect(WORDS.filter((word) => !read.some((found) => found.endsWith(` ${word}`)))).toEqual([]);
});

/** They describe the contracts themselves, or how it was. */
const OF_CONTRACTS =
  /^(src\/modules\/chain\/families|context\/decisions)\/|^docs\/(families|stellar|local-network|protocol)\.md$/;

test('the contract that the borrower calls is the lending contract elsewhere', () => {
  const others = ['src', 'migrations/functions', 'migrations/views', 'docs', 'context', 'ops']
    .concat('scripts', 'bench')
    .flatMap(filesIn)
    .concat('README.md')
    .filter((name) => !OF_CONTRACTS.test(name) && !name.endsWith('.spec.ts'));
  expect(others.length).toBeGreaterThan(400);
  expect(others.filter((file) => /creditline/i.test(readFileSync(file, 'utf8')))).toEqual([]);
});
