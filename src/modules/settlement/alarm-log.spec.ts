import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ALARM_NAMES, AlarmLog } from './alarm-log.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('every alarm is a row of the runbook, with what it means and where to look; no row names another', () => {
  const rows = [
    ...readFileSync('docs/operations.md', 'utf8').matchAll(
      /^\| (`[a-z_`, ]+`) \| (.{20,}) \| \[[^\]]+\]\(#[a-z-]+\) \|$/gm,
    ),
  ];
  expect(
    rows
      .flatMap(([, names = '']) => [...names.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name))
      .toSorted(),
  ).toEqual([...ALARM_NAMES].toSorted());
});

test('an alarm is a warning under its stable name; a lasting one is logged once a minute', () => {
  const lines: unknown[] = [];
  const alarms = new AlarmLog({ warn: (line: unknown) => lines.push(line) });
  const stuck = 'lookup_proves_nothing {"pool":"p","reservation":"r"}';
  for (let round = 0; round < 5; round++)
    alarms.raise('lookup_proves_nothing', { pool: 'p', reservation: 'r' });
  alarms.raise('lookup_proves_nothing', { pool: 'p', reservation: 'another' });
  expect(lines).toEqual([stuck, 'lookup_proves_nothing {"pool":"p","reservation":"another"}']);
  jest.advanceTimersByTime(59_999);
  alarms.raise('lookup_proves_nothing', { pool: 'p', reservation: 'r' });
  expect(lines).toHaveLength(2);
  jest.advanceTimersByTime(1);
  alarms.raise('lookup_proves_nothing', { pool: 'p', reservation: 'r' });
  expect(lines.at(-1)).toBe(stuck);
  expect(lines).toHaveLength(3);
});
