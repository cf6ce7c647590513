import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ANCHORS, NOT_RUN, PARTS, readRunbook } from '../support/runbook.js';

/** Checks of the runbook as a document, without running it. */
const FILE = 'docs/operations.md';
const sections = readRunbook(FILE);

test('every section has all six parts, every anchor is there once, and few blocks are not run', () => {
  expect(sections.map(({ id, parts }) => [id, parts])).toEqual(
    sections.map(({ id }) => [id, [...PARTS]]),
  );
  const anchors = sections.flatMap(({ id, aliases }) => [id, ...aliases]);
  expect(new Set(anchors).size).toBe(anchors.length);
  expect(ANCHORS.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  const links = [...readFileSync(FILE, 'utf8').matchAll(/\]\(#([^)]+)\)/g)].map(
    ([, name]) => name ?? '',
  );
  expect(links.filter((name) => !anchors.includes(name))).toEqual([]);
  const notRun = sections.flatMap(({ blocks }) => blocks.filter((block) => block.notRun));
  console.log(
    `Blocks of ${FILE}: ${sections.flatMap(({ blocks }) => blocks).length}, not run: ` +
      `${notRun.map(({ text }) => text.split('\n')[1]).join('; ')}`,
  );
  expect(notRun.map(({ text }) => NOT_RUN.find((word) => text.includes(word)))).toEqual(NOT_RUN);
});

test('every section is found by what one sees, and every anchor that an alarm or a page names is there', () => {
  const text = readFileSync(FILE, 'utf8');
  const contents = /## By what you see\n([^]*?)\n## /.exec(text)?.[1] ?? '';
  const named = new Set([...contents.matchAll(/\]\(#([^)]+)\)/g)].map(([, name]) => name));
  const anchors = sections.map(({ id, aliases }) => [id, ...aliases]);
  expect(anchors.length).toBeGreaterThanOrEqual(38);
  expect(anchors.filter((ids) => !ids.some((id) => named.has(id)))).toEqual([]);
  const pages = readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => [
      ...readFileSync(`docs/${name}`, 'utf8').matchAll(/\(operations\.md#([a-z-]+)\)/g),
    ])
    .map(([, name = '']) => name);
  expect(pages.length).toBeGreaterThan(5);
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, words = '']) =>
    words
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  expect(pages.filter((name) => ![...anchors.flat(), ...headings].includes(name))).toEqual([]);
});

test('JSON is read by jq, and text is not searched for members of JSON', () => {
  const blocks = sections.flatMap(({ blocks: each }) => each).map(({ text }) => text);
  expect(blocks.filter((text) => text.includes('| jq ')).length).toBeGreaterThanOrEqual(15);
  expect(blocks.filter((text) => /grep -o '"/.test(text))).toEqual([]);
});

test(
  'a query that shows that a trouble is over leaves closed pools out: they are no ' +
    'longer observed, so their ages and shortfalls never end',
  () => {
    const ends = sections.flatMap(({ id, blocks }) =>
      blocks
        .filter(
          ({ part, language, text }) =>
            part === 'Over' &&
            language === 'sql' &&
            /\b(stale|head_close_time|shortfall)\b/.test(text),
        )
        .map(({ text }) => ({ id, leftOut: text.includes("state <> 'closed'") })),
    );
    expect(ends.length).toBeGreaterThanOrEqual(5);
    expect(ends.filter(({ leftOut }) => !leftOut)).toEqual([]);
  },
);
