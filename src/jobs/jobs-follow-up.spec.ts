import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { givenPool, nowSeconds, request } from '../../test/support/given-ledger.js';
import { PoolRegistry } from '../modules/liquidity/pools/pool-registry.js';
import { LedgerConnections } from '../modules/liquidity/guards/ledger-connections.js';
import { ReservationLedger } from '../modules/liquidity/reservation-ledger.js';
import type { HoldFollowUp } from '../modules/liquidity/holds/hold-follow-up.js';
import { BossService } from './boss.service.js';
import { JobsFollowUp } from './jobs-follow-up.js';

const OPTIONS = {
  deadlineMs: 5000,
  queueMax: 1000,
  batchMax: 500,
  keyHours: 24,
  chainLagSeconds: 60,
};
let database: TestDatabase;
let connections: LedgerConnections;
let service: BossService;

beforeAll(async () => {
  database = await createTestDatabase();
  connections = new LedgerConnections({ url: database.url, deadlineMs: 5000 });
  // An API-only process: no worker has ever run here.
  service = new BossService({ databaseUrl: database.url, work: false });
  await service.onApplicationBootstrap();
});
afterEach(() => connections.read.query('delete from pgboss.job'));
afterAll(async () => {
  await service.onApplicationShutdown();
  await connections.close();
  await database.drop();
});

const under = (followUp: HoldFollowUp) => {
  const ledger = new ReservationLedger(connections, OPTIONS, followUp);
  return { ledger, registry: new PoolRegistry(connections, 5000), connections, retries: [] };
};
const jobs = async () =>
  (
    await connections.read.query<{ queue: string; due: string }>(
      'select name as queue, extract(epoch from start_after)::bigint::text as due from pgboss.job order by start_after',
    )
  ).rows;

test('a batch of holds commits with one job, due at the first of its deadlines', async () => {
  const stage = under(new JobsFollowUp(service));
  const pool = await givenPool(stage, 10_000n);
  const now = nowSeconds();
  const outcomes = await Promise.all(
    [400n, 200n, 300n].map((seconds) =>
      stage.ledger.hold(request(pool.id, { maxTime: now + seconds })),
    ),
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(['held', 'held', 'held']);
  expect(await jobs()).toEqual([{ queue: 'judge-lapsed', due: String(now + 200n) }]);
});

test('batches with the same first deadline share a job; another deadline gets its own, earlier or later', async () => {
  const stage = under(new JobsFollowUp(service));
  const pool = await givenPool(stage, 10_000n);
  const now = nowSeconds();
  for (const seconds of [300n, 300n, 100n, 500n])
    await stage.ledger.hold(request(pool.id, { maxTime: now + seconds }));
  expect((await jobs()).map(({ due }) => due)).toEqual(
    [100n, 300n, 500n].map((seconds) => String(now + seconds)),
  );
});

test('a batch without holds makes no job, nor does a batch that is rolled back', async () => {
  const refused = under(new JobsFollowUp(service));
  const small = await givenPool(refused, 50n);
  expect(await refused.ledger.hold(request(small.id))).toMatchObject({ kind: 'refused' });
  const real = new JobsFollowUp(service);
  const breaks = under({
    afterHolds: async (tx, holds) => {
      await real.afterHolds(tx, holds);
      throw new Error('after the insert');
    },
  });
  const pool = await givenPool(breaks, 10_000n);
  await expect(breaks.ledger.hold(request(pool.id))).rejects.toThrow('after the insert');
  expect(await jobs()).toEqual([]);
  expect((await breaks.ledger.reader.position(pool.id))?.held).toBe(0n);
});
