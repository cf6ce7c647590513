import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { BossService } from './boss.service.js';
import { JobsLag } from './jobs-lag.js';
import { JOBS } from './jobs-table.js';

let database: TestDatabase;
let client: pg.Client;
let service: BossService;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
  service = new BossService({ databaseUrl: database.url, work: false });
});
afterAll(async () => {
  await service.onApplicationShutdown();
  await client.end();
  await database.drop();
});

test('every queue is listed; only due rounds that have not begun count, and the first one gives the lag', async () => {
  const lag = new JobsLag(service);
  expect(await lag.lags()).toEqual(JOBS.map(({ queue }) => ({ queue, waiting: 0, lagSeconds: 0 })));
  await service.boss.send('judge-lapsed', {}, { startAfter: 3600, singletonKey: 'later' });
  const late = await service.boss.send('judge-lapsed', {}, { singletonKey: 'late' });
  await service.boss.send('judge-lapsed', {}, { singletonKey: 'now' });
  await client.query(
    "update pgboss.job set start_after = now() - interval '90 seconds' where id = $1",
    [late],
  );
  const lapsed = (await lag.lags()).find(({ queue }) => queue === 'judge-lapsed');
  expect(lapsed).toMatchObject({ waiting: 2 });
  expect(lapsed?.lagSeconds).toBeGreaterThanOrEqual(90);
  expect(lapsed?.lagSeconds).toBeLessThan(150);
});

test("the table's settings of a queue replace what an older release left", async () => {
  await client.query(
    "update pgboss.queue set deletion_seconds = 1, dead_letter = null where name = 'judge-lapsed'",
  );
  const second = new BossService({ databaseUrl: database.url, work: false });
  await second.ready();
  await second.onApplicationShutdown();
  const { rows } = await client.query(
    "select policy, deletion_seconds, dead_letter from pgboss.queue where name = 'judge-lapsed'",
  );
  expect(rows).toEqual([
    {
      policy: 'short',
      deletion_seconds: JOBS.find(({ queue }) => queue === 'judge-lapsed')?.keepSeconds,
      dead_letter: 'dead',
    },
  ]);
});

test('the history of the queues, which grows by 140,000 rows a day, is kept for a day', async () => {
  const tables = async (): Promise<unknown> =>
    (
      await client.query(
        `select c.relname = 'queue_stats_' || to_char(now() - interval '3 days', 'YYYYMMDD') as old
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = 'pgboss.queue_stats'::regclass order by 1 desc limit 1`,
      )
    ).rows;
  await client.query(`do $$ begin execute format(
    'create table pgboss.%I partition of pgboss.queue_stats for values from (%L) to (%L)',
    'queue_stats_' || to_char(now() - interval '3 days', 'YYYYMMDD'),
    current_date - 3, current_date - 2); end $$`);
  expect(await tables()).toEqual([{ old: true }]);
  const worker = new BossService({ databaseUrl: database.url, work: true });
  await worker.ready();
  await worker.boss.supervise();
  expect(await tables()).toEqual([{ old: false }]);
  const { rows } = await client.query('select from pgboss.queue_stats limit 1');
  expect(rows).toHaveLength(1);
  await worker.onApplicationShutdown();
});
