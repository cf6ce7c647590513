import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { freePort } from '../../src/common/ports.js';
import { OperationsWorld } from '../support/operations-world.js';
import { Prometheus } from '../support/prometheus.js';
import { hasProgram, rules } from '../support/promtool.js';
import { testWhere } from '../support/test-where.js';

/**
 * API and worker as operators run them, scraped by a real Prometheus with ops/prometheus.yaml and
 * ops/alerts.yaml. The tests follow one another on one service.
 */
interface Target {
  readonly labels: { readonly job: string; readonly instance: string };
  readonly health: string;
  readonly lastError: string;
}
interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}
interface RuleState {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}
interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly unknown[];
}
interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

const isHere = hasProgram('prometheus');
const prometheusTest = testWhere(
  isHere,
  'no prometheus here (Debian: package prometheus): rules and dashboard are not run in one',
);
/** Panels that show only trouble: on a healthy service they may be empty. */
const MAY_BE_EMPTY = [
  'Breaks among the last 100 reconciliations A',
  'Retries per second A',
  'Alarms A',
];
/** Time for two scrapes of a busy machine. */
const INTERVAL = '2s';

let world: OperationsWorld;
let prometheus: Prometheus;
let api: string;
let worker: string;

beforeAll(async () => {
  if (!isHere) return;
  world = await OperationsWorld.open();
  world.env['METRICS_PORT'] = String(await freePort());
  [api, worker] = [`127.0.0.1:${world.env['PORT']}`, `127.0.0.1:${world.env['METRICS_PORT']}`];
  await Promise.all([world.start('worker'), world.start('api')]);
  await world.untilReady();
  // something of everything that has a panel: a hold that settles, one that lives, a request that
  // is a problem
  const settled = await world.hold('a');
  await world.hold('b');
  await world.submit(settled);
  await world.untilSql(
    'a settlement',
    "select exists (select from reservations where state = 'settled')",
  );
  await world.ask(`/loans/${randomUUID()}`);
  prometheus = await Prometheus.start({
    targets: { 'holdfast-api': [api], 'holdfast-worker': [worker] },
    key: world.env['KEY'] ?? '',
    interval: INTERVAL,
  });
}, 120_000);
afterAll(async () => {
  if (!isHere) return;
  await prometheus?.stop();
  await world.close();
}, 60_000);

const targets = async (): Promise<readonly Target[]> =>
  (await prometheus.ask<{ activeTargets: Target[] }>('targets', { state: 'active' })).activeTargets;
const alerts = async (): Promise<readonly Alert[]> =>
  (await prometheus.ask<{ alerts: Alert[] }>('alerts')).alerts;
const named = (
  all: readonly Alert[],
  alertname: string,
  own: Readonly<Record<string, string>> = {},
): Alert | undefined =>
  all.find(({ labels }) =>
    Object.entries({ alertname, ...own }).every(([name, value]) => labels[name] === value),
  );

prometheusTest(
  'both jobs are scraped: the API with the key of the file, the worker without',
  async () => {
    await world.until(
      'both are scraped',
      async () => (await targets()).filter(({ health }) => health === 'up').length === 2,
    );
    const found = (await targets()).map(
      ({ labels: { job, instance }, health, lastError }) =>
        `${job} ${instance} ${health} ${lastError}`,
    );
    expect(found.toSorted()).toEqual([`holdfast-api ${api} up `, `holdfast-worker ${worker} up `]);
    // a target is up a moment before what was read of it can be asked for
    let result: { metric: Record<string, string> }[] = [];
    await world.until('figures of both', async () => {
      ({ result } = await prometheus.ask<{ result: typeof result }>('query', {
        query: 'holdfast_process_info',
      }));
      return result.length === 2;
    });
    expect(result.map(({ metric }) => `${metric['job']} ${metric['role']}`).toSorted()).toEqual([
      'holdfast-api api',
      'holdfast-worker worker',
    ]);
  },
  60_000,
);

prometheusTest(
  'every rule is evaluated without an error',
  async () => {
    const states = async (): Promise<readonly RuleState[]> =>
      (await prometheus.ask<{ groups: { rules: RuleState[] }[] }>('rules')).groups.flatMap(
        (group) => group.rules,
      );
    await world.until(
      'every rule was evaluated',
      async () =>
        (await states()).filter(({ health }) => health !== 'unknown').length === rules.length,
    );
    const found = await states();
    expect(
      found.filter(({ health, lastError }) => health !== 'ok' || lastError !== undefined),
    ).toEqual([]);
    expect(found.map(({ name }) => name).toSorted()).toEqual(
      rules.map(({ alert }) => alert).toSorted(),
    );
  },
  60_000,
);

/** What is wrong with a time series, queried as Grafana does; undefined when it has values. */
async function faultOf(query: string): Promise<string | undefined> {
  const now = Date.now() / 1000;
  try {
    const { result } = await prometheus.ask<{ result: Series[] }>('query_range', {
      query,
      start: String(now - 300),
      end: String(now),
      step: '5',
    });
    return result.some(({ values }) => values.length > 0) ? undefined : 'shows nothing';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

prometheusTest(
  'every panel of the dashboard is answered, and shows something',
  async () => {
    expect([await faultOf('holdfast_nothing'), await faultOf('sum by (')]).toEqual([
      'shows nothing',
      expect.stringContaining('parse error'),
    ]);
    const { panels } = JSON.parse(readFileSync('ops/grafana-dashboard.json', 'utf8')) as {
      panels: readonly Panel[];
    };
    const asked = panels.flatMap(({ title, targets: own = [] }) =>
      own.map(({ refId, expr }) => ({
        name: `${title} ${refId}`,
        query: expr.replaceAll('$pool', '.*'),
      })),
    );
    expect(asked.length).toBeGreaterThanOrEqual(30);
    const faults = async (): Promise<string[]> => {
      const found = await Promise.all(
        asked.map(async ({ name, query }) => ({ name, fault: await faultOf(query) })),
      );
      return found
        .filter(
          ({ name, fault }) =>
            fault !== undefined && !(fault === 'shows nothing' && MAY_BE_EMPTY.includes(name)),
        )
        .map(({ name, fault }) => `${name}: ${fault}`);
    };
    let left = await faults();
    await world
      .until('two scrapes of everything', async () => {
        left = await faults();
        return left.length === 0;
      })
      .catch(() => undefined); // the rest is reported below
    expect(left).toEqual([]);
    expect(
      await prometheus.ask<string[]>('label/pool/values', { 'match[]': 'holdfast_pool_info' }),
    ).toEqual([world.given.pool.id]); // the query of the dashboard's variable
  },
  60_000,
);

prometheusTest(
  'a healthy service raises nothing',
  async () => {
    await world.until('nothing is pending any more', async () => (await alerts()).length === 0);
    const { result } = await prometheus.ask<{ result: { metric: Record<string, string> }[] }>(
      'query',
      { query: 'count_over_time(ALERTS{alertstate="firing"}[1h])' },
    );
    expect(result.map(({ metric }) => metric['alertname'])).toEqual([]);
  },
  60_000,
);

prometheusTest(
  'the first ledger error that a worker finds fires at once, and its wrong counter is seen',
  async () => {
    await world.sql('update pools set held = held + 1');
    await world.round('self-check');
    const byAlarm = { name: 'ledger_error' }; // not for a break, which needs no counter
    await world.until(
      'HoldfastLedgerError',
      async () => named(await alerts(), 'HoldfastLedgerError', byAlarm)?.state === 'firing',
    );
    expect(named(await alerts(), 'HoldfastCounterMismatch')?.labels).toMatchObject({
      pool: world.given.pool.id,
      counter: 'held',
    });
    await world.sql('update pools set held = held - 1');
    await world.until(
      'the counter is right again',
      async () => named(await alerts(), 'HoldfastCounterMismatch') === undefined,
    );
  },
  90_000,
);

prometheusTest(
  'an API that is stopped beside a worker that is scraped is noticed, and noticed when it is back',
  async () => {
    await world.stop('api');
    const names = ['HoldfastProcessDown', 'HoldfastNoApi'];
    await world.until('both are raised', async () => {
      const raised = await alerts();
      return names.every((name) => named(raised, name) !== undefined);
    });
    const raised = await alerts();
    expect(named(raised, 'HoldfastProcessDown')?.labels).toMatchObject({
      job: 'holdfast-api',
      instance: api,
    });
    for (const name of ['HoldfastNotScraped', 'HoldfastNoWorker', 'HoldfastDatabaseUnreachable'])
      expect(named(raised, name)).toBeUndefined();
    await world.start('api');
    await world.until('neither is raised', async () => {
      const now = await alerts();
      return names.every((name) => named(now, name) === undefined);
    });
  },
  90_000,
);
