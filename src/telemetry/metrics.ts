import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  METRICS,
  type Sample,
} from './metric-list.js';
import type { Metric } from './metric-kinds.js';

const entriesOf = (source: Metric['source']): [string, Metric][] =>
  Object.entries<Metric>(METRICS).filter(([, metric]) => metric.source === source);

/** The figures of this process, with Node's own (`process_`, `nodejs_`). */
const registry = new Registry();
const kept = new Map<string, Counter | Gauge | Histogram>(
  entriesOf('process').map(([name, { type, labels, help, buckets = [] }]) => {
    const common = { name, help, labelNames: [...labels], registers: [registry] };
    return [
      name,
      type === 'counter'
        ? new Counter(common)
        : type === 'gauge'
          ? new Gauge(common)
          : new Histogram({ ...common, buckets: [...buckets] }),
    ];
  }),
);
let defaults = false;

/**
 * Starts a counter at zero. Prometheus sees no increase in a series that begins with its first
 * event, so increase() would miss it. Code that knows all values of a counter's labels calls this
 * when it is loaded.
 */
export function beginAtZero<Name extends CounterName>(name: Name, labels: LabelsOf<Name>): void {
  count(name, labels, 0);
}
export function count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by = 1): void {
  (kept.get(name) as Counter).inc(labels, by);
}
export function measure<Name extends HistogramName>(
  name: Name,
  labels: LabelsOf<Name>,
  value: number,
): void {
  (kept.get(name) as Histogram).observe(labels, value);
}
export function set<Name extends GaugeName>(
  name: Name,
  labels: LabelsOf<Name>,
  value: number,
): void {
  (kept.get(name) as Gauge).set(labels, value);
}

/** Seconds since `since`, a value of `performance.now()`. */
export const secondsSince = (since: number): number => (performance.now() - since) / 1000;

/** The text that Prometheus reads: this process's own figures and the given samples. */
export async function exposition(
  samples: readonly Sample[],
): Promise<{ readonly contentType: string; readonly text: string }> {
  // Collected from the first scrape on: without a scraper, Node's figures cost nothing.
  if (!defaults) collectDefaultMetrics({ register: registry });
  defaults = true;
  const database = new Registry();
  const gauges = new Map(
    entriesOf('database').map(([name, { labels, help }]) => [
      name,
      new Gauge({ name, help, labelNames: [...labels], registers: [database] }),
    ]),
  );
  // A gauge starts at 0, and an unknown value must not read as zero.
  for (const [name, { labels }] of entriesOf('database'))
    if (labels.length === 0) gauges.get(name)?.remove();
  for (const { name, labels, value } of samples) gauges.get(name)?.set(labels, value);
  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    text: await Registry.merge([registry, database]).metrics(),
  };
}
