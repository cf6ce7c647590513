import { expect, test } from '@jest/globals';
import { humanLines } from './human-lines.js';

const TIME = Date.parse('2026-11-21T10:00:05Z');
const line = (fields: object): string =>
  JSON.stringify({ time: TIME, pid: 7, hostname: 'h', ...fields });

test.each([
  [
    line({ level: 30, context: 'ledger', msg: 'hold ended', pool: 'a', count: 2 }),
    '10:00:05 info  ledger: hold ended pool=a count=2',
  ],
  [
    line({
      level: 30,
      req: { id: 'r', method: 'GET', path: '/pools' },
      res: { status: 200 },
      responseTime: 12,
      msg: 'request completed',
    }),
    '10:00:05 info  GET /pools 200 in 12 ms',
  ],
  [
    line({
      level: 50,
      req: { method: 'GET', path: '/x' },
      res: { status: 500 },
      responseTime: 1,
      msg: 'request errored',
      code: 'INTERNAL',
    }),
    '10:00:05 ERROR GET /x 500 in 1 ms, request errored code=INTERNAL',
  ],
  ['Holdfast 0.1.0 is ready', 'Holdfast 0.1.0 is ready'],
  ['{"a":1}', '{"a":1}'],
  ['{ no json }', '{ no json }'],
])('%s', (json, text) => {
  expect(humanLines(`${json}\n`)).toBe(`${text}\n`);
});

test('several lines of one write are several lines', () => {
  const one = line({ level: 40, msg: 'late' });
  expect(humanLines(`${one}\n${one}\n`)).toBe('10:00:05 WARN  late\n10:00:05 WARN  late\n');
});
