import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import {
  evaluated,
  hasProgram,
  NO_PROMTOOL,
  RULES,
  ruleOf,
  rules,
  type Series,
} from '../support/promtool.js';
import { testWhere } from '../support/test-where.js';

/**
 * The alert rules by Prometheus's own evaluation (promtool): each fires when it should, is silent
 * just short of that, and two processes that export one figure of the database count once.
 */
interface Case {
  readonly alert: string;
  /** A sample each 30 s, in promtool's own short form. */
  readonly fires: Series;
  readonly at: string;
  /** Shown by the rule's messages: `value` is `{{ $value }}`, the rest are labels. */
  readonly shown?: Readonly<Record<string, string>>;
  readonly silent: Series;
}

const TWICE = (name: string, labels: string, values: string): Series => ({
  [`${name}{${labels},instance="a"}`]: values,
  [`${name}{${labels},instance="b"}`]: values,
});
const MAIN = 'pool="Main"';
const CASES: readonly Case[] = [
  {
    alert: 'HoldfastShortfall',
    fires: TWICE('holdfast_pool_shortfall_tokens', MAIN, '100x20'),
    at: '5m',
    shown: { pool: 'Main', value: '100' },
    silent: TWICE('holdfast_pool_shortfall_tokens', MAIN, '0 100 0x20'),
  },
  {
    alert: 'HoldfastUnexplained',
    fires: TWICE('holdfast_reconciliation_outcome', `${MAIN},outcome="unexplained"`, '1x20'),
    at: '1m',
    shown: { pool: 'Main' },
    silent: TWICE('holdfast_reconciliation_outcome', `${MAIN},outcome="unknown"`, '1x20'),
  },
  {
    alert: 'HoldfastLedgerError',
    fires: { 'holdfast_alarms_total{name="ledger_error",instance="a"}': '0 0 1x20' },
    at: '3m',
    shown: { name: 'ledger_error' },
    silent: { 'holdfast_alarms_total{name="shortfall",instance="a"}': '0 0 1x20' },
  },
  {
    alert: 'HoldfastCounterMismatch',
    fires: TWICE('holdfast_pool_mismatch_tokens', `${MAIN},counter="held"`, '-2x20'),
    at: '5m',
    shown: { pool: 'Main', counter: 'held', value: '2' },
    silent: TWICE('holdfast_pool_mismatch_tokens', `${MAIN},counter="held"`, '0x20'),
  },
  {
    alert: 'HoldfastHoldsLapsing',
    fires: TWICE('holdfast_pool_lapsing_seconds', MAIN, '300x20'),
    at: '5m',
    shown: { pool: 'Main', value: '300' },
    silent: TWICE('holdfast_pool_lapsing_seconds', MAIN, '20x20'),
  },
  {
    alert: 'HoldfastFailedByUs',
    at: '3m',
    shown: { cause: 'ours', reason: 'resource_limit' },
    fires: {
      'holdfast_transactions_failed_total{cause="ours",reason="resource_limit",instance="a"}':
        '0 0 1x20',
    },
    silent: {
      'holdfast_transactions_failed_total{cause="contract",reason="contract_error",instance="a"}':
        '0 0 1x20',
      'holdfast_transactions_failed_total{cause="ours",reason="budget",instance="a"}': '2x20',
    },
  },
  {
    alert: 'HoldfastOutbid',
    at: '10m',
    shown: { pool: 'Main' },
    fires: {
      ...TWICE('holdfast_outbid_envelopes', MAIN, '2x60'),
      ...TWICE('holdfast_pool_holds', `${MAIN},state="held"`, '3x60'),
    },
    silent: {
      ...TWICE('holdfast_outbid_envelopes', MAIN, '2x60'),
      ...TWICE('holdfast_pool_holds', `${MAIN},state="held"`, '4x60'),
    },
  },
  {
    alert: 'HoldfastOutdated',
    at: '10m',
    shown: { pool: 'Main' },
    fires: {
      ...TWICE('holdfast_pool_holds', `${MAIN},state="outdated"`, '2x60'),
      ...TWICE('holdfast_pool_holds', `${MAIN},state="held"`, '3x60'),
    },
    silent: {
      ...TWICE('holdfast_pool_holds', `${MAIN},state="outdated"`, '2x60'),
      ...TWICE('holdfast_pool_holds', `${MAIN},state="held"`, '4x60'),
    },
  },
  {
    alert: 'HoldfastUndecided',
    fires: { 'holdfast_alarms_total{name="loans_ambiguous",instance="a"}': '0+1x40' },
    at: '10m',
    shown: { name: 'loans_ambiguous' },
    silent: { 'holdfast_alarms_total{name="lookup_proves_nothing",instance="a"}': '3x40' },
  },
  {
    alert: 'HoldfastChannels',
    fires: { 'holdfast_alarms_total{name="channel_low",instance="a"}': '0+1x40' },
    at: '10m',
    shown: { name: 'channel_low' },
    silent: { 'holdfast_alarms_total{name="no_channel",instance="a"}': '3x40' },
  },
  {
    alert: 'HoldfastLanderLate',
    fires: { 'holdfast_lander_lag_seconds{instance="a"}': '61x40' },
    at: '10m',
    shown: { value: '61' },
    silent: { 'holdfast_lander_lag_seconds{instance="a"}': '60x40' },
  },
  {
    alert: 'HoldfastPoolQuarantined',
    fires: TWICE('holdfast_pool_state', `${MAIN},state="quarantined"`, '1x60'),
    at: '20m',
    shown: { pool: 'Main' },
    silent: TWICE('holdfast_pool_state', `${MAIN},state="quarantined"`, '1x20 0x40'),
  },
  {
    alert: 'HoldfastPoolPaused',
    fires: TWICE('holdfast_pool_state', `${MAIN},state="paused"`, '1x60'),
    at: '6m',
    shown: { pool: 'Main' },
    silent: {
      ...TWICE('holdfast_pool_state', `${MAIN},state="active"`, '1x60'),
      ...TWICE('holdfast_pool_contract_paused', MAIN, '0x60'),
    },
  },
  {
    alert: 'HoldfastContractLapsing',
    fires: TWICE('holdfast_pool_contract_ttl_ledgers', `${MAIN},contract="token"`, '51839x60'),
    at: '11m',
    shown: { pool: 'Main', contract: 'token', value: '51839' },
    silent: TWICE('holdfast_pool_contract_ttl_ledgers', `${MAIN},contract="token"`, '51840x60'),
  },
  {
    alert: 'HoldfastUpgradeProposed',
    fires: TWICE('holdfast_pool_upgrade_unlocks_seconds', MAIN, '0x60'),
    at: '1m',
    shown: { pool: 'Main', value: '0' },
    silent: TWICE('holdfast_pool_contract_ttl_ledgers', `${MAIN},contract="pool"`, '60000x60'),
  },
  {
    alert: 'HoldfastInTransitLasting',
    fires: TWICE('holdfast_reconciliation_newest_breaks', `${MAIN},class="in_transit"`, '1x60'),
    at: '10m',
    shown: { pool: 'Main' },
    silent: TWICE(
      'holdfast_reconciliation_newest_breaks',
      `${MAIN},class="in_transit"`,
      '1x15 0 1x40',
    ),
  },
  {
    alert: 'HoldfastEventsStuck',
    fires: { 'holdfast_alarms_total{name="events_stuck",instance="a"}': '0+1x40' },
    at: '10m',
    silent: { 'holdfast_alarms_total{name="events_stuck",instance="a"}': '3x40' },
  },
  {
    alert: 'HoldfastEventsLost',
    fires: { 'holdfast_alarms_total{name="events_lost",instance="a"}': '0 0 1x20' },
    at: '3m',
    silent: { 'holdfast_alarms_total{name="events_lost",instance="a"}': '1x20' },
  },
  {
    alert: 'HoldfastReconciliationWaiting',
    fires: TWICE('holdfast_reconciliation_waiting_seconds', MAIN, '400x20'),
    at: '5m',
    shown: { pool: 'Main', value: '400' },
    silent: TWICE('holdfast_reconciliation_waiting_seconds', MAIN, '299x20'),
  },
  {
    alert: 'HoldfastSnapshotStale',
    at: '5m',
    shown: { pool: 'Main', value: '61' },
    fires: {
      ...TWICE('holdfast_pool_snapshot_age_seconds', MAIN, '61x20'),
      ...TWICE('holdfast_pool_snapshot_age_limit_seconds', MAIN, '60x20'),
      ...TWICE('holdfast_pool_state', `${MAIN},state="active"`, '1x20'),
    },
    silent: {
      ...TWICE('holdfast_pool_snapshot_age_seconds', MAIN, '61x20'),
      ...TWICE('holdfast_pool_snapshot_age_limit_seconds', MAIN, '60x20'),
      ...TWICE('holdfast_pool_state', `${MAIN},state="active"`, '0x20'),
    },
  },
  {
    alert: 'HoldfastChainUnreachable',
    at: '6m', // the process restarted in the middle: a reset is no decrease
    fires: {
      'holdfast_rpc_requests_total{method="getHealth",outcome="unreachable",instance="a"}':
        '0+9x6 0+9x20',
      'holdfast_rpc_requests_total{method="getHealth",outcome="ok",instance="a"}': '0+1x6 0+1x20',
    },
    silent: {
      'holdfast_rpc_requests_total{method="getHealth",outcome="unreachable",instance="a"}':
        '0+1x20',
      'holdfast_rpc_requests_total{method="getHealth",outcome="ok",instance="a"}': '0+9x20',
    },
  },
  {
    alert: 'HoldfastClockLag',
    fires: TWICE('holdfast_pool_chain_lag_seconds', MAIN, '60x20'),
    at: '5m',
    shown: { value: '60' },
    silent: TWICE('holdfast_pool_chain_lag_seconds', MAIN, '6x20'),
  },
  {
    alert: 'HoldfastJobsLate',
    fires: TWICE('holdfast_job_lag_seconds', 'queue="observe-pools"', '90x20'),
    at: '5m',
    shown: { queue: 'observe-pools', value: '90' },
    silent: TWICE('holdfast_job_lag_seconds', 'queue="observe-pools"', '29x20'),
  },
  {
    alert: 'HoldfastDeadLetters',
    fires: { 'holdfast_job_newest_dead_letter_timestamp_seconds{instance="a"}': '60x60' },
    at: '10m',
    silent: { 'holdfast_job_newest_dead_letter_timestamp_seconds{instance="a"}': '-900x60' },
  },
  {
    alert: 'HoldfastTransactionRetries',
    fires: TWICE(
      'holdfast_transaction_retries_total',
      'transaction="hold",sqlstate="55P03"',
      '0+30x60',
    ),
    at: '25m',
    shown: { sqlstate: '55P03', value: '2' },
    silent: TWICE(
      'holdfast_transaction_retries_total',
      'transaction="hold",sqlstate="55P03"',
      '0+9x60',
    ),
  },
  {
    alert: 'HoldfastDeadlock',
    fires: {
      'holdfast_transaction_retries_total{transaction="hold",sqlstate="40P01",instance="a"}':
        '0 0 1x20',
    },
    at: '5m',
    silent: {
      'holdfast_transaction_retries_total{transaction="hold",sqlstate="40P01",instance="a"}':
        '5x5 0x20',
    },
  },
  {
    alert: 'HoldfastServerErrors',
    at: '12m',
    shown: { value: '2%' },
    fires: {
      'holdfast_http_requests_total{status="500",instance="a"}': '0+2x60',
      'holdfast_http_requests_total{status="201",instance="a"}': '0+98x60',
    },
    silent: {
      'holdfast_http_requests_total{status="503",instance="a"}': '0+50x60',
      'holdfast_http_requests_total{status="201",instance="a"}': '0+50x60',
    },
  },
  {
    alert: 'HoldfastHoldQueueNearLimit',
    at: '5m',
    shown: { instance: 'b', value: '90%' },
    fires: {
      'holdfast_hold_queue_length{instance="b"}': '900x20',
      'holdfast_hold_queue_limit{instance="b"}': '1000x20',
    },
    silent: {
      'holdfast_hold_queue_length{instance="b"}': '700x20',
      'holdfast_hold_queue_limit{instance="b"}': '1000x20',
    },
  },
  {
    alert: 'HoldfastDatabaseUnreachable',
    fires: TWICE('holdfast_scrape_error', 'job="h"', '1x20'),
    at: '5m',
    silent: {
      'holdfast_scrape_error{instance="a"}': '1x20',
      'holdfast_scrape_error{instance="b"}': '0x20',
    },
  },
  {
    alert: 'HoldfastProcessDown',
    at: '5m',
    shown: { job: 'holdfast-api', instance: 'a' }, // a scrape of the worker does not hide it
    fires: {
      'up{job="holdfast-api",instance="a"}': '1 1 0x20',
      'up{job="holdfast-worker",instance="b"}': '1x20',
      'up{job="node",instance="c"}': '0x20',
    },
    silent: {
      'up{job="holdfast-api",instance="a"}': '1x8 0 0 1x20',
      'up{job="holdfast-worker",instance="b"}': '1x20',
      'up{job="node",instance="c"}': '0x20',
    },
  },
  {
    alert: 'HoldfastNoApi',
    at: '5m',
    fires: {
      'holdfast_process_info{role="api",version="1",instance="a"}': '1 1 stale',
      'holdfast_process_info{role="worker",version="1",instance="b"}': '1x40',
    },
    silent: {
      'holdfast_process_info{role="api",version="1",instance="a"}': '1 1 stale',
      'holdfast_process_info{role="all",version="1",instance="c"}': '1x40',
    }, // one of two is gone
  },
  {
    alert: 'HoldfastNoWorker',
    at: '5m',
    fires: {
      'holdfast_process_info{role="worker",version="1",instance="a"}': '1 1 stale',
      'holdfast_process_info{role="api",version="1",instance="b"}': '1x40',
    },
    // no target is scraped: HoldfastNotScraped says that
    silent: { 'holdfast_process_info{role="worker",version="1",instance="a"}': '1 1 stale' },
  },
  {
    alert: 'HoldfastNotScraped',
    fires: { 'holdfast_scrape_error{instance="a"}': '0 0 _x40' },
    at: '12m',
    silent: {
      'holdfast_scrape_error{instance="a"}': '0 0 _x40',
      'holdfast_scrape_error{instance="b"}': '0x40',
    },
  },
];

/**
 * Rules on figures that stand still or grow once a pool is closed, because it is no longer observed
 * or reconciled.
 */
const OF_THE_CHAIN = [
  'HoldfastShortfall',
  'HoldfastUnexplained',
  'HoldfastInTransitLasting',
  'HoldfastReconciliationWaiting',
  'HoldfastSnapshotStale',
  'HoldfastClockLag',
];
const BROKEN = 'HoldfastLedgerError';
/** The pool as it was when the rule fired, then closed, beside another pool that is well. */
const closedFrom = (fires: Series): Series => ({
  ...Object.fromEntries(
    Object.entries(fires).filter(([name]) => !name.includes('holdfast_pool_state')),
  ),
  ...TWICE('holdfast_pool_state', `${MAIN},state="active"`, '0x60'),
  ...TWICE('holdfast_pool_state', `${MAIN},state="closed"`, '1x60'),
  ...TWICE('holdfast_pool_state', 'pool="Other",state="closed"', '0x60'),
});

const promtoolTest = testWhere(hasProgram('promtool'), NO_PROMTOOL);

test('every rule has its case', () => {
  expect(CASES.map(({ alert }) => alert).toSorted()).toEqual(
    rules.map(({ alert }) => alert).toSorted(),
  );
});

promtoolTest('promtool takes the rules', () => {
  expect(execFileSync('promtool', ['check', 'rules', RULES]).toString()).toContain(
    `SUCCESS: ${rules.length} rules found`,
  );
});

promtoolTest('promtool takes the scrape configuration, beside its rules and a key', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-prometheus-'));
  try {
    for (const file of ['prometheus.yaml', 'alerts.yaml'])
      copyFileSync(path.join('ops', file), path.join(folder, file));
    writeFileSync(path.join(folder, 'holdfast-scrape-key'), 'a key\n');
    expect(
      execFileSync('promtool', [
        'check',
        'config',
        path.join(folder, 'prometheus.yaml'),
      ]).toString(),
    ).toContain(`SUCCESS: ${rules.length} rules found`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

promtoolTest.each(CASES.map((one) => [one.alert, one] as const))(
  '%s fires, and is silent short of it',
  (_, { alert, fires, silent, ...one }) => {
    const rule = ruleOf(alert);
    expect(
      evaluated([
        { ...one, rule, series: fires, fires: true },
        { ...one, rule, series: silent, fires: false },
      ]),
    ).toMatch(/^0 [^]*SUCCESS/);
  },
);

promtoolTest(
  'a pool whose contract is paused on the chain is reported as paused, once, whatever its ' +
    'state here',
  () => {
    const paused = {
      ...TWICE('holdfast_pool_state', `${MAIN},state="paused"`, '0x60'),
      ...TWICE('holdfast_pool_contract_paused', MAIN, '1x60'),
    };
    expect(
      evaluated([
        {
          rule: ruleOf('HoldfastPoolPaused'),
          series: paused,
          at: '6m',
          shown: { pool: 'Main' },
          fires: true,
        },
      ]),
    ).toMatch(/^0 [^]*SUCCESS/);
  },
);

promtoolTest('a break in transit at the first scrape of all is not one that lasts', () => {
  const series = TWICE(
    'holdfast_reconciliation_newest_breaks',
    `${MAIN},class="in_transit"`,
    '_x10 1 1 0x40',
  );
  expect(
    evaluated([
      { rule: ruleOf('HoldfastInTransitLasting'), series, at: '5m30s', fires: false },
      { rule: ruleOf('HoldfastInTransitLasting'), series, at: '6m', fires: false },
    ]),
  ).toMatch(/^0 [^]*SUCCESS/);
});

promtoolTest.each(OF_THE_CHAIN)('%s says nothing of a closed pool', (alert) => {
  const { fires, at } = CASES.find((one) => one.alert === alert) ?? { fires: {}, at: '' };
  expect(evaluated([{ rule: ruleOf(alert), series: closedFrom(fires), at, fires: false }])).toMatch(
    /^0 [^]*SUCCESS/,
  );
});

promtoolTest(
  'an old ledger_error of a closed pool is silent; one of an open pool fires, and an ' +
    'alarm of either does',
  () => {
    const old = TWICE(
      'holdfast_reconciliation_recent_breaks',
      `${MAIN},class="ledger_error"`,
      '1x20',
    );
    const alarm = { 'holdfast_alarms_total{name="ledger_error",instance="a"}': '0 0 1x20' };
    expect(
      evaluated([
        { rule: ruleOf(BROKEN), series: closedFrom(old), at: '3m', fires: false },
        { rule: ruleOf(BROKEN), series: old, at: '3m', shown: { pool: 'Main' }, fires: true },
        {
          rule: ruleOf(BROKEN),
          series: closedFrom(alarm),
          at: '3m',
          shown: { name: 'ledger_error' },
          fires: true,
        },
      ]),
    ).toMatch(/^0 [^]*SUCCESS/);
  },
);

promtoolTest('one closed pool hides no other: the clock lags in the one that is open', () => {
  const lag = {
    ...closedFrom(TWICE('holdfast_pool_chain_lag_seconds', MAIN, '9000x20')),
    ...TWICE('holdfast_pool_chain_lag_seconds', 'pool="Other"', '60x20'),
  };
  expect(
    evaluated([
      {
        rule: ruleOf('HoldfastClockLag'),
        series: lag,
        at: '5m',
        shown: { value: '60' },
        fires: true,
      },
    ]),
  ).toMatch(/^0 [^]*SUCCESS/);
});
