import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { freePort } from '../../src/common/ports.js';
import { exposition } from '../../src/telemetry/metrics.js';
import { inTransaction, READ_COMMITTED } from '../../src/database/transaction.js';
import { AlarmLog } from '../../src/modules/settlement/alarm-log.js';
import { bearer, givenKey } from '../support/access.js';
import { createTestDatabase } from '../support/database.js';
import { givenService, type Service } from '../support/given.js';
import {
  evaluated,
  hasProgram,
  NO_PROMTOOL,
  ruleOf,
  rules,
  type Series,
} from '../support/promtool.js';
import { type Scraped, scrapeOf } from '../support/scrape.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { testWhere } from '../support/test-where.js';

/**
 * A rule with increase() must see the first event, so its series must be there, at zero, in the
 * first scrape of every process. The figures are the real service's.
 */
interface Counted {
  readonly alert: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * One for each value that a matcher names.
 * @throws Error at an increase() or a matcher that this cannot parse, which would go untested
 */
function countedBy(alert: string, expr: string): Counted[] {
  const read = [...expr.matchAll(/\bincrease\((\w+)(?:\{([^}]*)\})?\[/g)];
  if (read.length !== expr.split('increase(').length - 1)
    throw new Error(`${alert}: an increase() of something else than a metric`);
  return read.flatMap(([, metric = '', matchers = '']) => {
    const each = [...matchers.matchAll(/(\w+)(=~|=|!~|!=)"([^"]*)"/g)].map(
      ([whole, label = '', sign, value = '']) => {
        if (sign?.startsWith('!') || !/^[\w|]+$/.test(value))
          throw new Error(`${alert}: ${whole} names no values`);
        return value.split('|').map((one) => ({ [label]: one }));
      },
    );
    return each
      .reduce<Readonly<Record<string, string>>[]>(
        (all, values) => all.flatMap((labels) => values.map((one) => ({ ...labels, ...one }))),
        [{}],
      )
      .map((labels) => ({ alert, metric, labels }));
  });
}

const counted = rules.flatMap(({ alert, expr }) => countedBy(alert, expr));
const valuesOf = (
  { series }: Scraped,
  { metric, labels }: Pick<Counted, 'metric' | 'labels'>,
): number[] =>
  series
    .filter(
      (each) =>
        each.name === metric &&
        Object.entries(labels).every(([name, value]) => each.labels[name] === value),
    )
    .map(({ value }) => value);

test('the check itself: what it reads from an expression, and what it refuses', () => {
  expect(
    countedBy('A', 'sum(increase(m_total{a=~"x|y",b="z"}[5m])) > 0 or increase(n_total[1m])'),
  ).toEqual([
    { alert: 'A', metric: 'm_total', labels: { a: 'x', b: 'z' } },
    { alert: 'A', metric: 'm_total', labels: { a: 'y', b: 'z' } },
    { alert: 'A', metric: 'n_total', labels: {} },
  ]);
  expect(() => countedBy('A', 'increase(m_total{a!="x"}[5m])')).toThrow('names no values');
  expect(() => countedBy('A', 'increase(sum(m_total)[5m:30s])')).toThrow('something else');
});

describe('a fresh process', () => {
  let service: Service;
  const started: ServiceProcess[] = [];
  beforeAll(async () => {
    service = await givenService();
  });
  afterAll(async () => {
    await Promise.all(started.map((each) => each.stop()));
    await service.stop();
  });

  test.each(['api', 'worker'] as const)(
    'ROLE=%s has every series that a rule counts on, at zero',
    async (role) => {
      const port = await freePort();
      const place = {
        databaseUrl: service.database.url,
        rpcUrl: service.network.rpcUrl,
        passphrase: service.network.passphrase,
      };
      const one = await startServiceProcess(
        place,
        role === 'api'
          ? {}
          : { ready: 'worker runs', env: { ROLE: 'worker', METRICS_PORT: String(port) } },
      );
      started.push(one);
      const headers = bearer(await givenKey(service.app, { scopes: ['operate'] }));
      const scraped = scrapeOf(
        await (
          await fetch(role === 'api' ? `${one.url}/metrics` : `http://127.0.0.1:${port}/metrics`, {
            headers,
          })
        ).text(),
      );
      expect(counted.length).toBeGreaterThanOrEqual(6);
      expect(
        counted.filter((each) => {
          const values = valuesOf(scraped, each);
          return values.length === 0 || values.some((value) => value !== 0);
        }),
      ).toEqual([]);
      // any transaction may be the first to deadlock
      for (const transaction of ['hold', 'settle', 'observe', 'repair', 'reconcile', 'other'])
        expect(
          scraped.value('holdfast_transaction_retries_total', { transaction, sqlstate: '40P01' }),
        ).toBe(0);
    },
    60_000,
  );
});

const promtoolTest = testWhere(hasProgram('promtool'), NO_PROMTOOL);
const scrape = async (): Promise<Scraped> => scrapeOf((await exposition([])).text);

/**
 * Two minutes of one exposition, then the other: what a scraper of this process would have stored.
 */
function stored(metric: string, before: Scraped, after: Scraped): Series {
  const named = ({ labels }: Scraped['series'][number]): string =>
    `${metric}{${Object.entries({ ...labels, instance: 'a' })
      .map(([name, value]) => `${name}="${value}"`)
      .join(',')}}`;
  const of = ({ series }: Scraped): Map<string, number> =>
    new Map(series.filter(({ name }) => name === metric).map((each) => [named(each), each.value]));
  const [first, then] = [of(before), of(after)];
  return Object.fromEntries(
    [...new Set([...first.keys(), ...then.keys()])].map((name) => [
      name,
      `${first.get(name) ?? '_'}x4 ${then.get(name) ?? '_'}x10`,
    ]),
  );
}

promtoolTest.each(['ledger_error', 'success_without_our_events', 'failed_without_effect'] as const)(
  'the first %s of a process makes HoldfastLedgerError fire',
  async (name) => {
    const before = await scrape();
    new AlarmLog({ warn: () => undefined }).raise(name, { pool: 'p' });
    const after = await scrape();
    const rule = ruleOf('HoldfastLedgerError');
    const metric = 'holdfast_alarms_total';
    expect(
      evaluated([
        { rule, series: stored(metric, before, after), at: '4m', shown: { name }, fires: true },
        { rule, series: stored(metric, before, before), at: '4m', fires: false },
      ]),
    ).toMatch(/^0 [^]*SUCCESS/);
  },
);

promtoolTest('the first deadlock of a process makes HoldfastDeadlock fire', async () => {
  const before = await scrape();
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  let tries = 0;
  await inTransaction(
    pool,
    { name: 'repair', begin: READ_COMMITTED, deadlineMs: 5000 },
    ({ client }) =>
      client.query(
        tries++ === 0 ? "do $$ begin raise exception using errcode = '40P01'; end $$" : 'select 1',
      ),
  );
  await pool.end();
  await database.drop();
  const after = await scrape();
  const rule = ruleOf('HoldfastDeadlock');
  const metric = 'holdfast_transaction_retries_total';
  expect(tries).toBe(2);
  expect(
    evaluated([
      { rule, series: stored(metric, before, after), at: '4m', fires: true },
      { rule, series: stored(metric, before, before), at: '4m', fires: false },
    ]),
  ).toMatch(/^0 [^]*SUCCESS/);
});
