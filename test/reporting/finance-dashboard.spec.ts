import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { expanded, type Looked } from '../support/grafana-sql.js';
import { readerUrl } from '../support/reporting-role.js';
import { LIMA, QUITO } from '../support/reporting-rows.js';
import { loadSample } from '../support/reporting-sample.js';

/**
 * Sends every query of the finance dashboard, as Grafana would, to a real Postgres, with the role
 * that Grafana signs in with. Grafana itself is not run.
 */
interface Target {
  readonly refId: string;
  readonly format: string;
  readonly rawSql: string;
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: unknown;
  readonly targets?: readonly Target[];
}
interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string;
}
const dashboard = JSON.parse(readFileSync('ops/grafana-finance.json', 'utf8')) as {
  panels: readonly Panel[];
  templating: { list: readonly Variable[] };
};
const asking = dashboard.panels.filter(({ type }) => type !== 'row');
const targets = asking.flatMap(({ title, targets: own = [] }) =>
  own.map((target) => ({ title, ...target })),
);

/**
 * Views that grow forever, with the column of their index. A query without a range of that column
 * reads every row.
 */
const LONG: Readonly<Record<string, string>> = {
  reservations_v1: 'held_at',
  journal_v1: 'at',
  refusals_v1: 'at',
  funnel_hourly_v1: 'hour',
  funnel_daily_v1: 'day',
  utilisation_v1: 'at',
  reconciliations_v1: 'at',
  breaks_v1: 'at',
  fundings_without_hold_v1: 'seen_at',
  daily_balances_v1: 'day',
};
const looked: Looked = {
  from: '2026-11-20T00:00:00Z',
  to: new Date(Math.max(Date.now() + 86_400_000, Date.parse('2026-11-23'))).toISOString(),
  interval: '1h', // the sample's fixed day, and its holds that are live now
  variables: { pool: [LIMA, QUITO] },
};

let database: TestDatabase;
let reader: pg.Client;
let views: readonly string[];
beforeAll(async () => {
  database = await createTestDatabase();
  await loadSample(database.url);
  reader = new pg.Client(await readerUrl(database.url));
  await reader.connect();
  views = (
    await reader.query<{ name: string }>(
      "select table_name as name from information_schema.views where table_schema = 'reporting'",
    )
  ).rows.map(({ name }) => name);
});
afterAll(async () => {
  await reader.end();
  await database.drop();
});

/** Faults of a query, in sentences; none when it returns rows. */
async function faultsOf({ format, rawSql }: Pick<Target, 'format' | 'rawSql'>): Promise<string[]> {
  const named = [...rawSql.matchAll(/\b(?:from|join)\s+([\w.]+)/g)].map(([, name = '']) => name);
  const strange = named
    .filter(
      (name) =>
        !/^reporting\.\w+_v\d+$/.test(name) || !views.includes(name.replace('reporting.', '')),
    )
    .map((name) => `no view of reporting: ${name}`);
  const endless = named.flatMap((name) => {
    const column = LONG[name.replace('reporting.', '')];
    return column === undefined || rawSql.includes(`$__timeFilter(${column})`)
      ? []
      : [`${name} without a range of ${column}`];
  });
  const ofAll = rawSql.includes("pool_id = any ('{${pool:csv}}'::uuid[])")
    ? []
    : ['takes no notice of the chosen pool'];
  return [
    ...(named.length === 0 ? ['names no view'] : []),
    ...strange,
    ...endless,
    ...ofAll,
    ...(await faultsOfAnswer(format, rawSql)),
  ];
}

async function faultsOfAnswer(format: string, rawSql: string): Promise<string[]> {
  try {
    const { rows, fields } = await reader.query<Record<string, unknown>>(expanded(rawSql, looked));
    if (rows.length === 0) return ['no rows'];
    if (format !== 'time_series') return [];
    const [first, ...rest] = fields.map(({ name }) => name);
    const times = rows.map(({ time }) => (time instanceof Date ? time.getTime() : Number(time)));
    return [
      ...(first === 'time' && times.every((time) => time > 0)
        ? []
        : ['a time series begins with its time']),
      ...(times.every((time, at) => at === 0 || time >= (times[at - 1] ?? 0))
        ? []
        : ['not in the order of time']),
      ...rest
        .filter((name) => rows.every((row) => row[name] === null))
        .map((name) => `${name} is never known`),
    ];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

const ALL = "and pool_id = any ('{${pool:csv}}'::uuid[])";
test.each([
  [
    `select * from reporting.funnel_weekly_v1 where $__timeFilter(day) ${ALL}`,
    [
      'no view of reporting: reporting.funnel_weekly_v1',
      'relation "reporting.funnel_weekly_v1" does not exist',
    ],
  ],
  [
    `select * from public.reservations where true ${ALL}`,
    ['no view of reporting: public.reservations', 'permission denied for table reservations'],
  ],
  [
    `select * from reporting.refusals_v1 where true ${ALL}`,
    ['reporting.refusals_v1 without a range of at'],
  ],
  [
    `select borrower from reporting.breaks_v1 where $__timeFilter(at) ${ALL}`,
    ['column "borrower" does not exist'],
  ],
  [
    `select * from reporting.breaks_v1 where $__timeFilter(at) and at < timestamptz '2026-11-20' ${ALL}`,
    ['no rows'],
  ],
  [
    `select * from reporting.breaks_v1 where $__timeFilter(date_trunc('day', at)) ${ALL}`,
    ['reporting.breaks_v1 without a range of at', 'function date_trunc(boolean) does not exist'],
  ],
  [
    `select * from reporting.breaks_v1 where $__timeFilter(at) and $__week(at) ${ALL}`,
    ['no such macro here: __week'],
  ],
  [
    'select pool_name from reporting.pool_position_v1 where pool_id in ($pool)',
    ['takes no notice of the chosen pool', 'not known: $pool'],
  ],
  ['select 1', ['names no view', 'takes no notice of the chosen pool']],
])('the check itself: %s', async (rawSql, faults) => {
  expect(await faultsOf({ format: 'table', rawSql })).toEqual(faults);
});

test('the check itself: a time series without time, and one in no order', async () => {
  expect(
    await faultsOf({
      format: 'time_series',
      rawSql: `select pool_name, held from reporting.funnel_daily_v1 where $__timeFilter(day) ${ALL}`,
    }),
  ).toContain('a time series begins with its time');
  expect(
    await faultsOf({
      format: 'time_series',
      rawSql: `select $__time(at), total from reporting.utilisation_v1 where $__timeFilter(at) ${ALL} order by at desc`,
    }),
  ).toEqual(['not in the order of time']);
});

test('every panel queries the chosen data source, under an id and a title of its own', () => {
  expect(asking.length).toBeGreaterThanOrEqual(12);
  for (const one of ['id', 'title'] as const)
    expect(new Set(dashboard.panels.map((panel) => panel[one])).size).toBe(dashboard.panels.length);
  for (const { title, datasource, targets: own = [] } of asking)
    expect({ title, datasource, asks: own.length > 0 }).toEqual({
      title,
      datasource: { type: 'grafana-postgresql-datasource', uid: '${datasource}' },
      asks: true,
    });
});

test.each(targets.map((target) => [`${target.title} ${target.refId}`, target] as const))(
  '%s: answered by the reporting role, with rows',
  async (_, target) => {
    expect(await faultsOf(target)).toEqual([]);
  },
);

test('what moved in the chosen time leads from the opening to the closing, to the unit', async () => {
  const moved = targets.find(({ title }) => title === 'What moved in the chosen time');
  const { rows } = await reader.query<{ figure: string; left: string }>(
    `select figure, opening + deposits + withdrawals + fundings + repayments_of_principal
        + interest_and_fees + losses + other - closing as left
      from (${expanded(moved?.rawSql ?? '', looked)}) as rows`,
  );
  expect(new Set(rows.map(({ figure }) => figure))).toEqual(
    new Set(['total', 'locked', 'token_balance']),
  );
  expect(rows.map(({ left }) => Number(left))).toEqual(rows.map(() => 0));
});

test('the pools to choose from are the existing ones, by name', async () => {
  const pool = dashboard.templating.list.find(({ name }) => name === 'pool');
  const { rows } = await reader.query<{ __text: string; __value: string }>(
    expanded(pool?.query ?? '', looked),
  );
  expect(rows).toEqual([
    { __text: 'Lima', __value: LIMA },
    { __text: 'Quito', __value: QUITO },
  ]);
});

test('without any pool every query returns no row, without an error', async () => {
  const none = { ...looked, variables: { pool: [] } };
  expect(() => expanded('select 1 where pool_id in (${pool:sqlstring})', none)).not.toThrow();
  await expect(
    reader.query(
      expanded(
        'select 1 from reporting.pool_position_v1 where pool_id in (${pool:sqlstring})',
        none,
      ),
    ),
  ).rejects.toMatchObject({ code: '42601' }); // as in the query before
  for (const { title, refId, rawSql } of targets)
    expect({ title, refId, rows: (await reader.query(expanded(rawSql, none))).rows }).toEqual({
      title,
      refId,
      rows: [],
    });
});

test('one pool alone gives another result than all', async () => {
  const position = targets.find(({ title }) => title === 'Position now')?.rawSql ?? '';
  const asked = async (pool: readonly string[]): Promise<number> =>
    (await reader.query(expanded(position, { ...looked, variables: { pool } }))).rows.length;
  expect([await asked([LIMA, QUITO]), await asked([QUITO])]).toEqual([2, 1]);
});
