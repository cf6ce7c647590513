import { readFileSync } from 'node:fs';
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
