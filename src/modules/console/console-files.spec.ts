import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { consoleFiles } from './console-files.js';

const COMPRESSED_BYTES_MAX = 200_000;
const read = (name: string): string =>
  readFileSync(path.join(consoleFiles().get(name) ?? import.meta.dirname, name), 'utf8');

test(
  'is below 200 kB in all, compressed: page, styles, modules, the chart library and the ' +
    'runbook',
  () => {
    const files = [...consoleFiles().keys(), path.join('public', 'index.html')];
    const sizes = files.map((name) => gzipSync(read(name)).length);
    expect(sizes.length).toBeGreaterThanOrEqual(8);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(COMPRESSED_BYTES_MAX);
  },
);

test('no module makes elements from text', () => {
  for (const name of consoleFiles().keys()) {
    if (!name.endsWith('.js') || name.startsWith('uPlot')) continue;
    expect({
      name,
      found:
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setAttribute\('(style|on)/.exec(
          read(name),
        )?.[0] ?? null,
    }).toEqual({ name, found: null });
  }
});

test('the runbook beside the page is the published one, and has every section that an alarm leads to', () => {
  const runbook = read('operations.md');
  expect(runbook).toBe(readFileSync(path.join('docs', 'operations.md'), 'utf8'));
  const links = read('runbook-links.js');
  const named = /const TITLES = \{([^}]+)\}/.exec(links)?.[1] ?? '';
  const used = [...links.matchAll(/^ {2}\w+: '([a-z-]+)',$/gm)].map(([, anchor = '']) => anchor);
  const sections = [...named.matchAll(/^ +'?([a-z-]+)'?:/gm)].map(([, anchor = '']) => anchor);
  expect(sections.length).toBeGreaterThanOrEqual(10);
  expect(used.filter((anchor) => !sections.includes(anchor))).toEqual([]);
  expect(sections.filter((anchor) => !runbook.includes(`<a id="${anchor}"></a>`))).toEqual([]);
});
