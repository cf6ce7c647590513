import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/reporting-role.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface Told {
  readonly name: string;
  readonly type: string | null;
  readonly words: string | null;
}
const EVERYTHING = `
select c.relname || '.' || a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
  col_description(c.oid, a.attnum) as words
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = 'reporting'::regnamespace and c.relkind in ('v', 'm')
union all select c.relname, null, obj_description(c.oid, 'pg_class') from pg_class c
  where c.relnamespace = 'reporting'::regnamespace and c.relkind in ('v', 'm', 'r')
union all select p.proname || '()', null, obj_description(p.oid, 'pg_proc') from pg_proc p
  where p.pronamespace = 'reporting'::regnamespace
union all select 'schema', null, obj_description('reporting'::regnamespace, 'pg_namespace') order by 1`;
const everything = (): Promise<Told[]> =>
  withClient(database.url, async (client) => (await client.query<Told>(EVERYTHING)).rows);
/** A comment on a number must name its unit in one of these forms. */
const UNIT = new RegExp(
  'token units|base units|stroops|seconds|; a count|ledger number|loan id|0 to 1|version|place among|' +
    'place of|to order by|fraction digits|number [a-z ]*seen|count of',
  'i',
);
const TIME = /clock|until when|begin of|null: still/i;

test('everything in the schema has a comment', async () => {
  const all = await everything();
  expect(all.length).toBeGreaterThan(150);
  expect(
    all.filter(({ words }) => words === null || words.length < 4).map(({ name }) => name),
  ).toEqual([]);
});

test('a comment names the unit of a number or the clock of a time', async () => {
  const columns = (await everything()).filter(({ type }) => type !== null);
  expect(
    columns
      .filter(
        ({ type, words }) =>
          /^(numeric|bigint|integer|smallint)/.test(type ?? '') && !UNIT.test(words ?? ''),
      )
      .map(({ name, words }) => `${name}: ${words}`),
  ).toEqual([]);
  expect(
    columns
      .filter(({ type, words }) => type === 'timestamp with time zone' && !TIME.test(words ?? ''))
      .map(({ name, words }) => `${name}: ${words}`),
  ).toEqual([]);
});

test(
  'views of refusals name every refusal without a row, and views whose rows are deleted ' +
    'by age name the variable',
  async () => {
    const words = new Map((await everything()).map((each) => [each.name, each.words ?? '']));
    for (const view of ['refusals_v1', 'funnel_hourly_v1', 'funnel_daily_v1'])
      for (const code of [
        'BORROWER_BUSY',
        'BORROWER_BACK_OFF',
        'WALLET_SHARE_EXCEEDED',
        'COUNTER_WINDOW_FULL',
        'CHAIN_LIQUIDITY_SHORT',
      ])
        expect(words.get(view)).toContain(code);
    for (const [view, variable] of [
      ['utilisation_v1', 'SNAPSHOT_DAYS'],
      ['reconciliations_v1', 'RECONCILIATION_DAYS'],
      ['breaks_v1', 'RECONCILIATION_DAYS'],
      ['break_episodes_v1', 'RECONCILIATION_DAYS'],
      ['break_causes_v1', 'SNAPSHOT_DAYS'],
    ] as const)
      expect(words.get(view)).toContain(variable);
  },
);

test('every proof that the ledger writes is explained where it is shown', async () => {
  const written = [
    ...readFileSync('src/modules/liquidity/ends/transition.sql.ts', 'utf8').matchAll(
      /certificate: (?:[\w.]+ \?\? )?'(\w+)'/g,
    ),
  ].map(([, certificate = '']) => certificate);
  expect([...new Set(written)].sort()).toEqual([
    'D1',
    'D2',
    'D3',
    'D4',
    'D5',
    'contract_state',
    'operator',
  ]);
  const words = new Map((await everything()).map((each) => [each.name, each.words ?? '']));
  const document = readFileSync('docs/reporting.md', 'utf8');
  for (const certificate of written)
    for (const place of [
      words.get('reservations_v1.certificate'),
      words.get('journal_v1.certificate'),
      document.slice(document.indexOf('## Holds: `'), document.indexOf('## Every change: `')),
    ])
      expect(place).toContain(certificate);
});

test('a column without a comment is found', async () => {
  await withClient(database.url, (client) =>
    client.query(
      'comment on column reporting.journal_v1.kind is null; create view reporting.bare_v1 as select 1 as one',
    ),
  );
  expect(
    (await everything()).filter(({ words }) => words === null).map(({ name }) => name),
  ).toEqual(['bare_v1', 'bare_v1.one', 'journal_v1.kind']);
});

test('every published view has its version in its name', async () => {
  const names = (await everything())
    .filter(({ name }) => !/[.()]|^schema$|^bare_v1$/.test(name))
    .map(({ name }) => name);
  expect(names.length).toBeGreaterThanOrEqual(13);
  expect(names.filter((name) => !/_v[0-9]+$/.test(name))).toEqual([]);
});
