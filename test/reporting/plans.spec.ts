import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { loadDatabase } from '../../bench/loader.js';
import { measure, QUESTIONS } from '../../bench/reporting-questions.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ledgerFaults } from '../support/ledger-checks.js';
import { withClient } from '../support/reporting-role.js';
import { loadSample } from '../support/reporting-sample.js';

/**
 * 30,000 holds make 100,000 rows: enough for the planner to prefer an index to reading a whole
 * table.
 */
const PLAN = { reservations: 30_000, pools: 3, days: 30 };
const LIMIT_MS = 180_000;
const GREAT = [
  'reservations',
  'reservation_events',
  'refusals',
  'loans',
  'snapshots',
  'reconciliations',
];

let database: TestDatabase;
let client: pg.Client;
let poolId = '';
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
  await loadDatabase(client, PLAN);
  poolId =
    (await client.query<{ id: string }>('select id from pools order by id limit 1')).rows[0]?.id ??
    '';
}, LIMIT_MS);
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe('a loaded database', () => {
  test('is as large as requested, and its rows agree with each other', async () => {
    const { rows } = await client.query<{
      holds: number;
      events: number;
      steps: number;
    }>(`select (select count(*)::int from reservations) as holds, (select count(*)::int
      from reservation_events) as events,
      (select count(*)::int
        from (select held_before - lag(held_after) over (partition by pool_id
        order by pool_version) as gap from reservation_events) x where gap <> 0) as steps`);
    expect(rows[0]).toMatchObject({ holds: PLAN.reservations, steps: 0 });
    expect(rows[0]?.events).toBeGreaterThan(PLAN.reservations * 1.9);
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    try {
      const faults = await ledgerFaults(pool);
      expect(faults.filter((fault) => !fault.startsWith('envelope_version')).slice(0, 3)).toEqual(
        [],
      ); // only live holds have their envelope
    } finally {
      await pool.end();
    }
  });

  test('is not loaded twice, and a database with real pools not at all', async () => {
    await expect(loadDatabase(client, PLAN)).rejects.toThrow('loaded already');
    const real = await createTestDatabase();
    await loadSample(real.url);
    await withClient(real.url, async (other) => {
      await expect(loadDatabase(other, PLAN)).rejects.toThrow(
        '2 pools that were not loaded: nothing was written',
      );
      expect((await other.query('select from reservations')).rowCount).toBe(6);
    });
    await real.drop();
  });
});

describe('a recent window does not read all rows', () => {
  // a week of these 30 days is a quarter of the rows, and a month all of them: there reading
  // everything may be the right plan
  test.each(
    QUESTIONS.filter(
      ({ view, what }) =>
        !what.endsWith('a month') && (view !== 'funnel_daily_v1' || what !== 'all pools, a week'),
    ).map((question) => [question.view, question.what, question] as const),
  )('%s, %s', async (_, __, question) => {
    const { scanned } = await measure(client, question, poolId);
    expect(scanned.filter((table) => GREAT.includes(table))).toEqual([]);
  });

  test('the time indexes make the difference', async () => {
    const funnel = QUESTIONS.find(({ view }) => view === 'funnel_hourly_v1');
    const journal = QUESTIONS.find(({ view }) => view === 'journal_v1');
    if (!funnel || !journal) throw new Error('both are questions');
    expect((await measure(client, funnel, poolId)).indexes).toEqual(
      expect.arrayContaining(['refusals_by_time', 'reservations_by_time']),
    );
    expect((await measure(client, journal, poolId)).indexes).toContain(
      'reservation_events_by_time',
    );
    await client.query('begin; drop index reservations_by_time');
    expect((await measure(client, funnel, poolId)).scanned).toContain('reservations');
    await client.query('rollback');
  });

  test('every view and function has a query', async () => {
    const { rows } = await client.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'reporting'::regnamespace and relkind = 'v'",
    );
    expect(
      rows.map(({ name }) => name).filter((name) => !QUESTIONS.some(({ view }) => view === name)),
    ).toEqual([]);
  });
});
