import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { METRICS } from '../../src/telemetry/metric-list.js';
import {
  ask,
  type GivenPool,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type Service,
} from '../support/given.js';
import { bearer, givenKey } from '../support/access.js';
import { documentedMetrics, type Scraped, scrapeOf } from '../support/scrape.js';

let service: Service;
let given: GivenPool;
let operator: { authorization: string };

beforeAll(async () => {
  service = await givenService();
  operator = bearer(await givenKey(service.app, { scopes: ['operate'] }));
  given = await givenPool(service, { deposit: 150_0000000n, rules: { buffer: 10_0000000n } });
});
afterAll(() => service.stop());

const scrape = async (): Promise<Scraped> =>
  scrapeOf((await ask(service, { url: '/metrics', headers: operator })).text);
async function sql(text: string, ...values: unknown[]): Promise<void> {
  const client = new pg.Client(service.database.url);
  await client.connect();
  await client.query(text, values);
  await client.end();
}
/** A scrape of figures newer than this call. The service caches them for a second. */
async function freshScrape(): Promise<Scraped> {
  await new Promise((resolve) => {
    setTimeout(resolve, 1010);
  }); // the test waits until the cache has expired
  return scrape();
}

test('the registry has the names of docs/metrics.md, each with its type, and no others', async () => {
  const answer = await ask(service, { url: '/metrics', headers: operator });
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  const { types } = scrapeOf(answer.text);
  const documented = documentedMetrics();
  const groups = [...documented.keys()]
    .filter((name) => name.endsWith('*'))
    .map((name) => name.slice(0, -1));
  expect(groups).toEqual(['process_', 'nodejs_']);
  const own = Object.fromEntries(
    [...types].filter(([name]) => !groups.some((group) => name.startsWith(group))),
  );
  expect(own).toEqual(
    Object.fromEntries(
      [...documented]
        .filter(([name]) => !name.endsWith('*'))
        .map(([name, { type }]) => [name, type]),
    ),
  );
  expect(Object.keys(own).sort()).toEqual(Object.keys(METRICS).sort());
  for (const name of types.keys()) expect(name).toMatch(/^(holdfast|process|nodejs)_/);
});

test(
  'names follow the convention: counters end in _total, every other name in its unit, ' +
    'except counts and states',
  () => {
    const entries = Object.entries(METRICS);
    expect(
      entries.filter(([name, { type }]) => (type === 'counter') !== name.endsWith('_total')),
    ).toEqual([]);
    expect(
      entries.filter(([name, { type }]) => type === 'histogram' && !/_(seconds|size)$/.test(name)),
    ).toEqual([]);
    expect(
      entries.filter(([name]) => /_(ms|milliseconds|minutes|percent|units)(_|$)/.test(name)),
    ).toEqual([]);
    expect(
      entries
        .filter(([name]) => /_(counter|gauge|histogram|summary)(_|$)/.test(name))
        .map(([name]) => name),
    ).toEqual([]); // the convention that `promtool check metrics` checks
  },
);

test('holds, amounts and refusals are reported as the ledger has them', async () => {
  const [first, second] = givenBorrowers(service, given.contract, { count: 2 });
  if (!first || !second) throw new Error('two were asked for');
  const before = await freshScrape();
  const pool = { pool: given.pool.id };
  expect(before.value('holdfast_pool_available_tokens', pool)).toBe(140);
  const held = await postLoan(service, loanBody(given, first), randomUUID());
  const refused = await postLoan(service, loanBody(given, second), randomUUID());
  expect([held.status, refused.body['code']]).toEqual([201, 'INSUFFICIENT_LIQUIDITY']);
  const after = await freshScrape();
  expect(after.value('holdfast_scrape_error')).toBe(0);
  expect(after.value('holdfast_pool_held_tokens', pool)).toBe(100);
  expect(after.value('holdfast_pool_available_tokens', pool)).toBe(40);
  expect(after.value('holdfast_pool_buffer_tokens', pool)).toBe(10);
  expect(after.value('holdfast_pool_observed_available_tokens', pool)).toBe(150);
  expect(after.value('holdfast_pool_shortfall_tokens', pool)).toBe(0);
  expect(after.value('holdfast_pool_promised_ratio', pool)).toBeCloseTo(110 / 150, 5);
  expect(after.value('holdfast_pool_holds', { ...pool, state: 'held' })).toBe(1);
  expect(after.value('holdfast_pool_holds', { ...pool, state: 'lapsing' })).toBe(0);
  expect(after.value('holdfast_pool_mismatch_tokens', { ...pool, counter: 'held' })).toBe(0);
  expect(after.value('holdfast_pool_state', { ...pool, state: 'active' })).toBe(1);
  expect(after.value('holdfast_pool_state', { ...pool, state: 'paused' })).toBe(0);
  const { expiresAt } = (held.body as { reservation: { expiresAt: string } }).reservation;
  expect(after.value('holdfast_pool_oldest_deadline_timestamp_seconds', pool)).toBe(
    Date.parse(expiresAt) / 1000,
  );
  expect(after.value('holdfast_pool_snapshot_age_seconds', pool)).toBeGreaterThanOrEqual(0);
  const more = (name: keyof typeof METRICS, labels: Record<string, string>): number =>
    (after.value(name, labels) ?? 0) - (before.value(name, labels) ?? 0);
  expect(more('holdfast_hold_decisions_total', { ...pool, outcome: 'held', code: '' })).toBe(1);
  expect(
    more('holdfast_hold_decisions_total', {
      ...pool,
      outcome: 'refused',
      code: 'INSUFFICIENT_LIQUIDITY',
    }),
  ).toBe(1);
  expect(more('holdfast_problems_total', { code: 'INSUFFICIENT_LIQUIDITY', route: '/loans' })).toBe(
    1,
  );
  expect(
    more('holdfast_http_requests_total', { method: 'POST', route: '/loans', status: '201' }),
  ).toBe(1);
  expect(
    more('holdfast_http_requests_total', { method: 'POST', route: '/loans', status: '409' }),
  ).toBe(1);
  expect(more('holdfast_envelopes_built_total', { outcome: 'built' })).toBe(1);
  expect(after.value('holdfast_hold_batch_size_count')).toBeGreaterThanOrEqual(2);
  expect(
    after.value('holdfast_ledger_gate_wait_seconds_count', { transaction: 'hold' }),
  ).toBeGreaterThanOrEqual(2);
  expect(
    after.value('holdfast_rpc_requests_total', { method: 'simulateTransaction', outcome: 'ok' }),
  ).toBeGreaterThanOrEqual(1);
  expect(after.value('holdfast_hold_queue_length')).toBe(0);
});

test(
  'refusals without a row are counted as decisions, also when the early look refused: ' +
    'back-off and share',
  async () => {
    const limited = await givenPool(service, {
      deposit: 199_0000000n,
      rules: { maxWalletShareBps: 5000 },
    });
    const [waiting, greedy] = givenBorrowers(service, limited.contract, { count: 2 });
    if (!waiting || !greedy) throw new Error('two were asked for');
    await sql(
      `insert into wallet_lapses values ($1, $2, 4, date_trunc('second', clock_timestamp()))`,
      service.network.passphrase,
      waiting.address,
    );
    const codes = [
      (await postLoan(service, loanBody(limited, waiting))).body['code'],
      (await postLoan(service, loanBody(limited, greedy))).body['code'],
    ];
    // it requests no hold, so it is no decision
    await ask(service, { url: '/loans/quote', body: loanBody(limited, greedy) });
    expect(codes).toEqual(['BORROWER_BACK_OFF', 'WALLET_SHARE_EXCEEDED']);
    const scraped = await scrape();
    for (const outcome of ['back_off', 'share_exceeded'])
      expect({
        outcome,
        value: scraped.value('holdfast_hold_decisions_total', {
          pool: limited.pool.id,
          outcome,
          code: '',
        }),
      }).toEqual({ outcome, value: 1 });
    const client = new pg.Client(service.database.url);
    await client.connect();
    const { rows } = await client.query('select from reporting.refusals_v1 where pool_id = $1', [
      limited.pool.id,
    ]);
    await client.end();
    expect(rows).toEqual([]);
  },
);

test('a shortfall, a lapsed hold and a wrong counter are reported', async () => {
  const pool = { pool: given.pool.id };
  service.network.control.actions.withdraw({ pool: given.contract, shares: 100_0000000n });
  service.network.control.travel(given.pool.holdSeconds + 30);
  await observe(service, given.pool);
  await sql('update pools set held = held + 1 where id = $1', given.pool.id);
  const scraped = await freshScrape();
  expect(scraped.value('holdfast_pool_shortfall_tokens', pool)).toBeCloseTo(60, 5);
  expect(scraped.value('holdfast_pool_available_tokens', pool)).toBe(0);
  expect(scraped.value('holdfast_pool_promised_ratio', pool)).toBeGreaterThan(1);
  expect(scraped.value('holdfast_pool_holds', { ...pool, state: 'lapsing' })).toBe(1);
  const deadline = scraped.value('holdfast_pool_oldest_deadline_timestamp_seconds', pool) ?? 0;
  // ledgers of one second push it ahead of the clock that travels, so it is not always 30
  const { closeTime } = service.network.control.head();
  expect(scraped.value('holdfast_pool_lapsing_seconds', pool)).toBe(closeTime - deadline);
  expect(closeTime - deadline).toBeGreaterThan(20);
  expect(scraped.value('holdfast_pool_mismatch_tokens', { ...pool, counter: 'held' })).toBe(
    0.0000001,
  );
  await sql('update pools set held = held - 1 where id = $1', given.pool.id);
});

test('labels have few values: a path that is no route, an id or a borrower never becomes one', async () => {
  await ask(service, { url: `/nowhere/${randomUUID()}` });
  await ask(service, { url: `/loans/${randomUUID()}` });
  await ask(service, { url: `/pools/${randomUUID()}` });
  const { series } = await scrape();
  const routes = new Set(
    series.map(({ labels }) => labels['route']).filter((route) => route !== undefined),
  );
  expect(routes).toContain('/loans/:id');
  expect(routes).toContain('unmatched');
  const values = series
    .flatMap(({ labels }) => Object.entries(labels))
    .filter(([name]) => name !== 'pool' && name !== 'channel') // an operator adds each of them
    .map(([, value]) => value);
  expect(values.filter((value) => /[0-9a-f]{8}-[0-9a-f]{4}|G[A-Z2-7]{55}/.test(value))).toEqual([]);
});

test('scrapes share one query a second, so that they cannot slow the ledger', async () => {
  const scrapes = await Promise.all(Array.from({ length: 20 }, scrape));
  const ages = new Set(
    scrapes.map((each) =>
      each.value('holdfast_pool_snapshot_age_seconds', { pool: given.pool.id }),
    ),
  );
  expect(ages.size).toBe(1);
  expect(
    (await freshScrape()).value('holdfast_pool_snapshot_age_seconds', { pool: given.pool.id }),
  ).toBeGreaterThan([...ages][0] ?? Infinity);
});
