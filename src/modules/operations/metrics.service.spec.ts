import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { scrapeOf } from '../../../test/support/scrape.js';
import { METRICS } from '../../telemetry/metric-list.js';
import { LedgerFigures, type PoolFigures } from '../liquidity/pools/ledger-figures.js';
import { MetricsListener } from './metrics-listener.js';
import { poolSamples } from './metrics-samples.js';
import { MetricsService } from './metrics.service.js';

const STORED = Object.entries(METRICS)
  .filter(([, { source }]) => source === 'database')
  .map(([name]) => name);
const jobs = {
  question: { text: 'select 7 as letters', values: [] },
  read: (rows: readonly Readonly<Record<string, unknown>>[]) => ({
    queues: [{ queue: 'q', due: 1, deferred: 2, active: 3, lagSeconds: 4.5 }],
    deadLetters: Number(rows[0]?.['letters']),
    newestDeadLetter: null,
  }),
};
let database: TestDatabase;
Logger.overrideLogger(false); // this spec does not look at the log
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** One scrape of a service that has nothing cached. */
async function scrapedFrom(url: string): Promise<ReturnType<typeof scrapeOf>> {
  const figures = new LedgerFigures(url);
  try {
    return scrapeOf((await new MetricsService(figures, jobs).text()).text);
  } finally {
    await figures.close();
  }
}

test(
  'a database that is away is reported, and its figures are absent, not zero; those of ' +
    'the process are there',
  async () => {
    const { series, types, value } = await scrapedFrom('postgres://postgres@127.0.0.1:1/none');
    expect(value('holdfast_scrape_error')).toBe(1);
    expect(series.filter(({ name }) => STORED.includes(name))).toEqual([]);
    expect([...types.keys()]).toEqual(expect.arrayContaining(STORED));
    expect(value('process_start_time_seconds')).toBeGreaterThan(0);
    expect((await scrapedFrom(database.url)).value('holdfast_scrape_error')).toBe(0);
  },
);

test('a database that does not answer in time ends the scrape, not the scraper', async () => {
  const blocker = new pg.Client(database.url);
  await blocker.connect();
  await blocker.query('begin; lock table pools in access exclusive mode');
  const began = performance.now();
  const { value } = await scrapedFrom(database.url);
  expect(value('holdfast_scrape_error')).toBe(1);
  expect(value('holdfast_scrape_duration_seconds')).toBeGreaterThan(1.9);
  expect(performance.now() - began).toBeLessThan(15_000);
  await blocker.query('rollback');
  await blocker.end();
  expect((await scrapedFrom(database.url)).value('holdfast_scrape_error')).toBe(0);
}, 60_000);

test('a connection that is cut in the middle of a question fails the scrape, and not the process', async () => {
  const { hostname, port } = new URL(database.url);
  const sockets: net.Socket[] = [];
  const between = net.createServer((socket) => {
    const server = net.connect(Number(port), hostname);
    for (const each of [socket, server]) each.on('error', () => undefined);
    sockets.push(socket.pipe(server).pipe(socket));
  });
  await once(between.listen(0, '127.0.0.1'), 'listening');
  const figures = new LedgerFigures(
    Object.assign(new URL(database.url), {
      hostname: '127.0.0.1',
      port: String((between.address() as net.AddressInfo).port),
    }).href,
  );
  const watching = new pg.Client(database.url);
  await watching.connect();
  try {
    const asked = figures.read({ text: 'select pg_sleep(60)', values: [] }).then(
      () => 'read',
      (thrown: unknown) => String(thrown),
    );
    while (
      (
        await watching.query(
          "select from pg_stat_activity where datname = current_database() and query = 'select pg_sleep(60)'",
        )
      ).rowCount === 0
    );
    for (const socket of sockets) socket.resetAndDestroy();
    expect(await asked).toMatch(/terminated|ECONNRESET/);
    expect((await figures.read()).pools).toEqual([]);
  } finally {
    await watching.end();
    await figures.close();
    between.close();
  }
}, 60_000);

test('it cannot write, and a further query runs in the same snapshot', async () => {
  const figures = new LedgerFigures(database.url);
  await expect(figures.read({ text: 'delete from pools', values: [] })).rejects.toMatchObject({
    code: '25006',
  });
  expect((await figures.read({ text: 'select $1::int as n', values: [3] })).further).toEqual([
    { n: 3 },
  ]);
  await figures.close();
  const { value } = await scrapedFrom(database.url);
  expect([
    value('holdfast_job_dead_letters'),
    value('holdfast_job_lag_seconds', { queue: 'q' }),
    value('holdfast_job_queue_length', { queue: 'q', state: 'deferred' }),
  ]).toEqual([7, 4.5, 2]);
  expect(value('holdfast_job_newest_dead_letter_timestamp_seconds')).toBeUndefined();
});

describe('samples of a pool', () => {
  const pool: PoolFigures = {
    poolId: 'p',
    name: 'n',
    generation: 'scaled',
    decimals: 18,
    state: 'paused',
    contractPauses: null,
    total: 0n,
    locked: -5n,
    tokenBalance: (1n << 127n) - 1n,
    observedAvailable: 5n,
    held: (1n << 127n) - 1n,
    heldSum: (1n << 127n) - 1n,
    inFlight: 0n,
    inFlightSum: 1n,
    buffer: 0n,
    heldCount: 1,
    lapsingCount: 0,
    outdatedCount: null,
    windowRoom: null,
    outbidCount: null,
    goingRate: null,
    lowestBid: null,
    inFlightCount: 0,
    oldestDeadline: null,
    lapsingSeconds: 0,
    snapshotLedger: 3_000_000_000,
    ageSeconds: null,
    maxAgeSeconds: 30,
    chainLagSeconds: null,
    reconciledLedger: null,
    outcome: null,
    waitingSeconds: null,
    newestBreaks: {},
    lifetimes: { pool: 120_000, lending_contract: 0 },
    upgradeSeconds: 3600,
    recentBreaks: { gap: 2 },
  };
  const value = (
    of: PoolFigures,
    name: string,
    labels: Record<string, string> = {},
  ): number | undefined =>
    poolSamples(of).find(
      (sample) =>
        sample.name === name &&
        JSON.stringify(sample.labels) === JSON.stringify({ pool: 'p', ...labels }),
    )?.value;

  test('the greatest amount a contract can have is the nearest float64, a negative one keeps its sign', () => {
    expect(value(pool, 'holdfast_pool_held_tokens')).toBe(
      Number('170141183460469231731.687303715884105727'),
    );
    expect(value(pool, 'holdfast_pool_locked_tokens')).toBe(-5e-18);
    expect(value(pool, 'holdfast_pool_mismatch_tokens', { counter: 'in_flight' })).toBe(-1e-18);
    expect(value(pool, 'holdfast_pool_promised_ratio')).toBe(Number(((1n << 127n) - 1n) / 5n));
  });

  test('lifetimes by the name of the contract, and no figures of the chain for a closed pool', () => {
    const figures = (of: PoolFigures) => [
      value(of, 'holdfast_pool_contract_ttl_ledgers', { contract: 'pool' }),
      value(of, 'holdfast_pool_contract_ttl_ledgers', { contract: 'lending_contract' }),
      value(of, 'holdfast_pool_contract_ttl_ledgers', { contract: 'token' }),
      value(of, 'holdfast_pool_upgrade_unlocks_seconds'),
    ];
    expect(figures(pool)).toEqual([120_000, 0, undefined, 3600]);
    expect(figures({ ...pool, state: 'closed' })).toEqual(Array(4).fill(undefined));
    expect(figures({ ...pool, upgradeSeconds: null })[3]).toBeUndefined();
  });

  test('what is not known is absent; what is known to be nothing is zero', () => {
    const unseen = {
      ...pool,
      total: null,
      locked: null,
      tokenBalance: null,
      observedAvailable: null,
      snapshotLedger: null,
    };
    for (const name of [
      'holdfast_pool_total_tokens',
      'holdfast_pool_observed_available_tokens',
      'holdfast_pool_promised_ratio',
      'holdfast_pool_snapshot_age_seconds',
      'holdfast_pool_oldest_deadline_timestamp_seconds',
    ])
      expect(value(unseen, name)).toBeUndefined();
    expect([
      value(unseen, 'holdfast_pool_available_tokens'),
      value(unseen, 'holdfast_pool_shortfall_tokens'),
      value(unseen, 'holdfast_reconciliation_waiting_seconds'),
    ]).toEqual([0, 0, 0]);
    expect([
      value(pool, 'holdfast_reconciliation_recent_breaks', { class: 'gap' }),
      value(pool, 'holdfast_reconciliation_recent_breaks', { class: 'ledger_error' }),
    ]).toEqual([2, 0]);
    expect(
      [pool, { ...pool, outdatedCount: 0 }, { ...pool, outdatedCount: 3 }].map((of) =>
        value(of, 'holdfast_pool_holds', { state: 'outdated' }),
      ),
    ).toEqual([undefined, 0, 3]);
    expect(
      [pool, { ...pool, windowRoom: 0 }, { ...pool, windowRoom: -3 }].map((of) =>
        value(of, 'holdfast_pool_window_room_loans'),
      ),
    ).toEqual([undefined, 0, -3]);
    expect(
      [
        { ...pool, outbidCount: 2 },
        { ...pool, outbidCount: 0, goingRate: 4300, lowestBid: 5000 },
        { ...pool, state: 'active' as const, outbidCount: null, goingRate: 100 },
        { ...pool, state: 'closed' as const, outbidCount: 2, goingRate: 4300, lowestBid: 1000 },
      ].map((of) => [
        value(of, 'holdfast_outbid_envelopes'),
        value(of, 'holdfast_pool_going_rate_stroops'),
        value(of, 'holdfast_pool_lowest_bid_stroops'),
      ]),
    ).toEqual([
      [2, undefined, undefined],
      [0, 4300, 5000],
      [undefined, 100, undefined],
      [undefined, undefined, undefined],
    ]);
    expect(
      [
        pool,
        { ...pool, contractPauses: {} },
        { ...pool, contractPauses: { pool: false, lending_contract: true } },
        { ...pool, contractPauses: { pool: true, lending_contract: null } },
        {
          ...pool,
          state: 'closed' as const,
          contractPauses: { pool: true, lending_contract: true },
        },
      ].map((of) =>
        ['pool', 'lending_contract'].map((contract) =>
          value(of, 'holdfast_pool_contract_paused', { contract }),
        ),
      ),
    ).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [0, 1],
      [1, undefined],
      [undefined, undefined],
    ]);
  });

  test(
    'no figure of a closed pool grows by itself: its ages are absent, its counters are ' +
      'still watched',
    () => {
      const [open, closed] = (['active', 'closed'] as const).map((state) => ({
        ...pool,
        state,
        ageSeconds: 9000,
        chainLagSeconds: 9006,
        waitingSeconds: 8990,
      }));
      const ages = (of: PoolFigures | undefined): unknown[] =>
        [
          'holdfast_pool_snapshot_age_seconds',
          'holdfast_pool_chain_lag_seconds',
          'holdfast_reconciliation_waiting_seconds',
        ].map((name) => of && value(of, name));
      expect([ages(open), ages(closed)]).toEqual([
        [9000, 9006, 8990],
        [undefined, undefined, undefined],
      ]);
      expect(
        closed && value(closed, 'holdfast_pool_mismatch_tokens', { counter: 'in_flight' }),
      ).toBe(-1e-18);
    },
  );
});

describe('the listener of a worker', () => {
  const listener = new MetricsListener(
    {
      text: () =>
        Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'figures 1\n' }),
    },
    { host: '127.0.0.1', port: 0 },
  );
  let port = 0;
  beforeAll(async () => {
    port = await listener.listen();
  });
  afterAll(() => listener.close());

  test.each([
    ['GET', '/metrics', 200, 'figures 1\n'],
    ['GET', '/metrics?x=1', 200, 'figures 1\n'],
    ['GET', '/health/live', 200, '{"status":"live"}'],
    ['HEAD', '/metrics', 200, ''],
    ['GET', '/loans', 404, 'this process has /metrics and /health/live\n'],
    ['POST', '/metrics', 405, 'only GET\n'],
  ])('%s %s', async (method, path, status, text) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    expect([answer.status, await answer.text()]).toEqual([status, text]);
  });

  test('a port that is taken is an error with its code', async () => {
    const second = new MetricsListener(
      { text: () => Promise.reject(new Error('never asked')) },
      { host: '127.0.0.1', port },
    );
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await second.close();
  });
});
