import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { METRICS } from '../../src/telemetry/metric-list.js';
import { documentedMetrics } from '../support/scrape.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: unknown }[];
  };
}

const { groups } = parse(readFileSync('ops/alerts.yaml', 'utf8')) as {
  groups: readonly { name: string; rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(readFileSync('ops/grafana-dashboard.json', 'utf8')) as Dashboard;
const anchors = JSON.parse(readFileSync('ops/runbook-anchors.json', 'utf8')) as Record<
  string,
  string
>;

/**
 * Metrics that an expression names, and the labels that it matches of each. @throws Error when it
 * is not PromQL
 */
function namedIn(expr: string): {
  metrics: string[];
  matchers: { metric: string; label: string }[];
  grouped: string[];
} {
  const metrics: string[] = [];
  const matchers: { metric: string; label: string }[] = [];
  const grouped: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, from, to }) => {
      const text = expr.slice(from, to);
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expr}`);
      if (type.name === 'Identifier') metrics.push(text);
      if (
        type.name === 'LabelName' &&
        /[{,]\s*$/.test(expr.slice(0, from)) &&
        /^\s*[=!]/.test(expr.slice(to))
      )
        matchers.push({ metric: metrics.at(-1) ?? '', label: text });
      else if (type.name === 'LabelName') grouped.push(text);
    },
  });
  return { metrics, matchers, grouped };
}

/** Series that Prometheus itself writes for a target, with the labels of each. */
const OF_SCRAPING: Readonly<Record<string, readonly string[]>> = { up: ['job', 'instance'] };
const HISTOGRAM_PARTS = /_(bucket|sum|count)$/;
const labelsOf = (name: string): readonly string[] =>
  METRICS[metricOf(name) as keyof typeof METRICS]?.labels ?? OF_SCRAPING[name] ?? [];
const metricOf = (name: string): string => {
  const whole = name.replace(HISTOGRAM_PARTS, '');
  return whole in METRICS && METRICS[whole as keyof typeof METRICS].type === 'histogram'
    ? whole
    : name;
};

/** Faults of an expression, in sentences. */
function faultsOf(expr: string): string[] {
  const { metrics, matchers } = namedIn(expr);
  const unknown = metrics
    .map(metricOf)
    .filter(
      (name) => !(name in METRICS) && !(name in OF_SCRAPING) && !/^(process|nodejs)_/.test(name),
    )
    .map((name) => `no such metric: ${name}`);
  const bare = metrics
    .filter((name) => name in METRICS && METRICS[name as keyof typeof METRICS].type === 'histogram')
    .map((name) => `a histogram has no series of its own name: ${name}`);
  const strange = matchers
    .filter(({ metric, label }) => !labelsOf(metric).includes(label))
    .map(({ metric, label }) => `${metric} has no label ${label}`);
  return [...(metrics.length === 0 ? ['names no metric'] : []), ...unknown, ...bare, ...strange];
}

test.each([
  ['max by (pool) (holdfast_pool_nothing) > 0', ['no such metric: holdfast_pool_nothing']],
  ['holdfast_pool_state{colour="red"}', ['holdfast_pool_state has no label colour']],
  [
    'rate(holdfast_hold_wait_seconds[5m])',
    ['a histogram has no series of its own name: holdfast_hold_wait_seconds'],
  ],
  ['1 + 1', ['names no metric']],
  ['histogram_quantile(0.9, sum by (le) (rate(holdfast_hold_wait_seconds_bucket[5m])))', []],
])('the check itself: %s', (expr, faults) => {
  expect(faultsOf(expr)).toEqual(faults);
});

test('the check itself: it reports an expression that is not PromQL', () => {
  expect(() => faultsOf('sum by (holdfast_pool_state{')).toThrow('not PromQL');
});

test('each alert has a name of its own, a sound expression, a severity, a summary and a description', () => {
  expect(rules.length).toBeGreaterThanOrEqual(15);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { alert, expr, labels, annotations, for: lasting } of rules) {
    expect({ alert, faults: faultsOf(expr) }).toEqual({ alert, faults: [] });
    expect(alert).toMatch(/^Holdfast[A-Z]/);
    expect(['page', 'warn']).toContain(labels['severity']);
    expect(annotations['summary']?.length).toBeGreaterThan(10);
    expect(annotations['description']?.length).toBeGreaterThan(20);
    expect(lasting ?? '1m').toMatch(/^\d+[sm]$/);
  }
});

test('the expression keeps every label that a message names', () => {
  for (const { alert, expr, annotations } of rules) {
    const { grouped, metrics } = namedIn(expr);
    const own = metrics.flatMap(labelsOf);
    const left = /\b(by|on)\b/.test(expr) ? grouped : [...own, 'instance'];
    for (const [, label] of Object.values(annotations)
      .join(' ')
      .matchAll(/\$labels\.(\w+)/g))
      expect({ alert, label, left }).toEqual({
        alert,
        label,
        left: expect.arrayContaining([label]),
      });
  }
});

test("each alert says where its runbook is, and each anchor of the runbook is an alert's", () => {
  const used = rules.map(({ annotations }) => annotations['runbook_url'] ?? '');
  const links = Object.keys(anchors).map(
    (anchor) => `{{ $externalLabels.holdfast_docs }}/operations.md#${anchor}`,
  );
  for (const link of used) expect(links).toContain(link);
  expect(new Set(used).size).toBe(Object.keys(anchors).length);
});

const RUNBOOK = 'docs/operations.md';
const written = existsSync(RUNBOOK);
test('the runbook has a heading for every anchor', () => {
  const found = [
    ...(written ? readFileSync(RUNBOOK, 'utf8') : '').matchAll(/<a id="([^"]+)">|^#+ (.+)$/gm),
  ].map(
    ([, id, heading = '']) =>
      id ??
      heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .trim()
        .replaceAll(' ', '-'),
  );
  const missing = Object.keys(anchors).filter((anchor) => !found.includes(anchor));
  expect(missing).toEqual(written ? [] : Object.keys(anchors));
});

test(
  'the scrape configuration loads the rules beside it, and has the jobs that the rule ' +
    'on targets names',
  () => {
    const { rule_files: files, scrape_configs: jobs } = parse(
      readFileSync('ops/prometheus.yaml', 'utf8'),
    ) as { rule_files: string[]; scrape_configs: { job_name: string }[] };
    expect(files).toEqual(['alerts.yaml']);
    const asked =
      /up\{job=~"([^"]+)"\}/.exec(
        rules.find(({ alert }) => alert === 'HoldfastProcessDown')?.expr ?? '',
      )?.[1] ?? '$';
    expect(jobs.map(({ job_name: name }) => name)).toEqual(['holdfast-api', 'holdfast-worker']);
    for (const { job_name: name } of jobs) expect(name).toMatch(new RegExp(`^(?:${asked})$`));
  },
);

test('the table of metrics names every alert, and no other', () => {
  const named = [...documentedMetrics().values()].flatMap(({ alert }) =>
    [...alert.matchAll(/`(Holdfast\w+)`/g)].map(([, name = '']) => name),
  );
  expect([...new Set(named)].sort()).toEqual(rules.map(({ alert }) => alert).sort());
});

test('the dashboard queries figures that exist', () => {
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const asking = dashboard.panels.filter(({ type }) => type !== 'row');
  expect(asking.length).toBeGreaterThanOrEqual(20);
  for (const { title, targets = [] } of asking) {
    expect(targets.length).toBeGreaterThan(0);
    for (const { expr } of targets)
      expect({ title, faults: faultsOf(expr.replaceAll('$pool', '.*')) }).toEqual({
        title,
        faults: [],
      });
  }
  const variables = dashboard.templating.list
    .map(({ query }) => /label_values\((\w+), (\w+)\)/.exec(JSON.stringify(query)))
    .filter((match) => match !== null);
  expect(variables).toHaveLength(1);
  for (const [, metric = '', label] of variables)
    expect(METRICS[metric as keyof typeof METRICS]?.labels).toContain(label);
});

test('figures of the database are never summed over processes', () => {
  const all = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ];
  for (const expr of all)
    for (const [, , metric = ''] of expr.matchAll(
      /\b(sum|avg|count)\s*(?:by\s*\([^)]*\))?\s*\(\s*(?:rate\(|increase\()?(\w+)/g,
    )) {
      expect({ expr, source: METRICS[metricOf(metric) as keyof typeof METRICS]?.source }).toEqual({
        expr,
        source: 'process',
      });
    }
});
