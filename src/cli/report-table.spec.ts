import { expect, test } from '@jest/globals';
import { grouped, peopleTable } from './report-table.js';

test.each([
  ['0', '0'],
  ['999', '999'],
  ['1000', '1,000'],
  ['-1234567.0000001', '-1,234,567.0000001'],
  [
    '170141183460469231731687303715884105727',
    '170,141,183,460,469,231,731,687,303,715,884,105,727',
  ],
  ['1234.56789', '1,234.56789'],
  ['NaN', 'NaN'],
])('%s is grouped as %s', (value, text) => {
  expect(grouped(value)).toBe(text);
});

test('people read shares in percent, times without letters, and ledgers as they are', () => {
  const columns = [
    { name: 'at', kind: 'time' },
    { name: 'day', kind: 'time' },
    { name: 'to_ledger', kind: 'number' },
    { name: 'asked_amount', kind: 'decimal' },
    { name: 'conversion', kind: 'decimal' },
    { name: 'lapsing', kind: 'boolean' },
  ] as const;
  const row = ['2026-11-21T10:00:05.123Z', '2026-11-21T00:00:00Z', '123456', '123456.5', '0.6667'];
  expect(peopleTable(columns, [[...row, null]])).toBe(
    [
      'at                  | day        | to ledger | asked amount | settled of ended | lapsing',
      '--------------------+------------+-----------+--------------+------------------+--------',
      '2026-11-21 10:00:05 | 2026-11-21 |    123456 |    123,456.5 |          66.67 % |',
      '(1 row)',
    ].join('\n'),
  );
});
