import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../src/common/ports.js';
import {
  ask,
  type GivenPool,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  postLoan,
  type Service,
  signed,
} from '../support/given.js';
import { bearer, givenKey } from '../support/access.js';
import { type Scraped, scrapeOf } from '../support/scrape.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';

let service: Service;
let given: GivenPool;
let port: number;
let worker: ServiceProcess | undefined;

beforeAll(async () => {
  service = await givenService();
  given = await givenPool(service, { deposit: 1000_0000000n });
  port = await freePort();
});
afterAll(async () => {
  await worker?.stop();
  await service.stop();
});

const startWorker = (): Promise<ServiceProcess> =>
  startServiceProcess(
    {
      databaseUrl: service.database.url,
      rpcUrl: service.network.rpcUrl,
      passphrase: service.network.passphrase,
    },
    {
      ready: 'worker runs',
      env: { ROLE: 'worker', METRICS_PORT: String(port), OBSERVE_SECONDS: '0.2' },
    },
  );
const ofWorker = async (): Promise<Scraped> =>
  scrapeOf(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
const ofApi = async (): Promise<Scraped> =>
  scrapeOf(
    (
      await ask(service, {
        url: '/metrics',
        headers: bearer(await givenKey(service.app, { scopes: ['operate'] })),
      })
    ).text,
  );

/** Scrapes until the condition is met. The test's own time limit ends the wait. */
async function until(
  scrape: () => Promise<Scraped>,
  wish: (scraped: Scraped) => boolean,
): Promise<Scraped> {
  for (;;) {
    const scraped = await scrape();
    if (wish(scraped)) return scraped;
    await wait(100);
  }
}

test(
  'a worker is scraped on its own port: what it settled, how long that took, its rounds; ' +
    'figures of the database are those of the API',
  async () => {
    worker = await startWorker();
    expect(worker.output()).toContain(`metrics on port ${port}`);
    expect(await (await fetch(`http://127.0.0.1:${port}/health/live`)).json()).toEqual({
      status: 'live',
    });
    const [borrower, other] = givenBorrowers(service, given.contract, { count: 2 });
    if (!borrower || !other) throw new Error('two were asked for');
    const made = await postLoan(service, loanBody(given, borrower), randomUUID());
    await postLoan(service, loanBody(given, other), randomUUID());
    const { loan, transaction } = made.body as {
      loan: { id: string };
      transaction: { xdr: string };
    };
    const sent = await ask(service, {
      url: `/loans/${loan.id}/submission`,
      body: { signedXdr: signed(transaction.xdr, service.network.passphrase, borrower) },
    });
    expect(sent.status).toBe(202);
    await service.network.closeLedgers(1);
    const pool = { pool: given.pool.id };
    const scraped = await until(
      ofWorker,
      (each) =>
        each.value('holdfast_holds_ended_total', { ...pool, outcome: 'settled' }) === 1 &&
        each.value('holdfast_pool_locked_tokens', pool) === 100,
    );
    expect(scraped.value('holdfast_hold_settle_seconds_count', pool)).toBe(1);
    expect(scraped.value('holdfast_hold_settle_seconds_sum', pool)).toBeGreaterThan(0);
    expect(
      scraped.value('holdfast_job_rounds_total', { queue: 'observe-pools', outcome: 'done' }),
    ).toBeGreaterThanOrEqual(1);
    expect(
      scraped.value('holdfast_job_round_duration_seconds_count', { queue: 'observe-pools' }),
    ).toBeGreaterThanOrEqual(1);
    expect(scraped.value('holdfast_job_dead_letters')).toBe(0);
    const api = await until(
      ofApi,
      (each) => each.value('holdfast_pool_locked_tokens', pool) === 100,
    );
    for (const name of [
      'holdfast_pool_held_tokens',
      'holdfast_pool_available_tokens',
      'holdfast_pool_locked_tokens',
      'holdfast_pool_snapshot_ledger',
    ])
      expect(scraped.value(name, pool)).toBe(api.value(name, pool));
    expect(scraped.value('holdfast_pool_holds', { ...pool, state: 'held' })).toBe(1);
    expect(scraped.value('holdfast_reconciliation_ledger', pool)).toBeGreaterThan(0);
    expect(api.value('holdfast_hold_decisions_total', { ...pool, outcome: 'held', code: '' })).toBe(
      2,
    ); // the API's figure: the worker decides no holds
    expect(
      scraped.value('holdfast_hold_decisions_total', { ...pool, outcome: 'held', code: '' }),
    ).toBeUndefined();
  },
  120_000,
);

test('after a restart figures of the database are as before, and counters begin again', async () => {
  const pool = { pool: given.pool.id };
  const before = await ofWorker();
  worker?.process.kill('SIGKILL');
  await new Promise((resolve) => {
    worker?.process.once('exit', resolve);
  });
  worker = await startWorker();
  const after = await ofWorker();
  for (const name of [
    'holdfast_pool_held_tokens',
    'holdfast_pool_locked_tokens',
    'holdfast_pool_observed_available_tokens',
  ]) {
    expect(after.value(name, pool)).toBeGreaterThan(0);
    expect(after.value(name, pool)).toBe(before.value(name, pool));
  }
  expect(
    after.value('holdfast_holds_ended_total', { ...pool, outcome: 'settled' }),
  ).toBeUndefined();
}, 120_000);

test('lines of a worker are structured and name the job', () => {
  const lines = (worker?.output() ?? '').split('\n').filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines)
    expect(JSON.parse(line)).toMatchObject({
      level: expect.any(Number),
      time: expect.any(Number),
      pid: expect.any(Number),
    });
});
