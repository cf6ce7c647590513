import { percentile, short } from '../lab/figures.js';
import type { Section } from '../lab/section.js';
import type { Sample } from './samples.js';
import type { SoakReport } from './soak.js';
import { judge, type Series } from './steadiness.js';

const MB = 1_048_576;
/** A snapshot that is older makes the service refuse; the default of a pool. */
const AGE_MAX_SECONDS = 30;

/** What has to stay where it is, each with what it may grow. */
const seriesOf = (samples: readonly Sample[]): Series[] => {
  const series = (
    name: string,
    unit: string,
    bounds: Pick<Series, 'growthMax' | 'noise'>,
    valueOf: (sample: Sample, before: Sample | undefined) => number | null,
  ): Series => ({
    name,
    unit,
    ...bounds,
    points: samples.flatMap((sample, at) => {
      const value = valueOf(sample, samples[at - 1]);
      return value === null ? [] : [{ seconds: sample.seconds, value }];
    }),
  });
  return [
    series('memory', 'MB', { growthMax: 0.15, noise: 40 }, ({ memory }) => memory / MB),
    series('sockets', '', { growthMax: 0.2, noise: 12 }, ({ sockets }) => sockets),
    series('connections', '', { growthMax: 0.2, noise: 5 }, ({ connections }) => connections),
    series('log, bytes an answer', '', { growthMax: 0.2, noise: 5 }, (sample, before) =>
      before && sample.answers > before.answers
        ? (sample.logBytes - before.logBytes) / (sample.answers - before.answers)
        : null,
    ),
    series('kept rows, bytes a hold', '', { growthMax: 0.1, noise: 200 }, ({ keptBytes, holds }) =>
      holds === 0 ? null : keptBytes / holds,
    ),
    series('history, bytes a second', '', { growthMax: 0.5, noise: 3_000 }, (sample, before) =>
      before
        ? (sample.historyBytes - before.historyBytes) / (sample.seconds - before.seconds)
        : null,
    ),
    series('other tables', 'MB', { growthMax: 0.2, noise: 2 }, ({ otherBytes }) => otherBytes / MB),
    series('dead rows', '', { growthMax: 0.5, noise: 20_000 }, ({ deadRows }) => deadRows),
    series('snapshot age', 's', { growthMax: 0.5, noise: 3 }, ({ snapshotAge }) => snapshotAge),
  ];
};

export function soakOutcome(report: SoakReport): {
  readonly section: Section;
  readonly faults: readonly string[];
} {
  const { plan, samples, oddities, counterFaults } = report;
  const judged = seriesOf(samples).map((series) => ({ series, ...judge(series) }));
  const oldest = Math.max(...samples.map(({ snapshotAge }) => snapshotAge));
  const last = samples.at(-1);
  const seconds = last?.seconds ?? 1;
  const faults = [
    ...judged
      .filter(({ steady }) => !steady)
      .map(
        ({ series, growth }) =>
          `${series.name} is not steady: it grew by ${short(growth)} ${series.unit}`,
      ),
    ...(oldest > AGE_MAX_SECONDS ? [`a snapshot was ${short(oldest)} s old`] : []),
    ...[...oddities].map(([odd, times]) => `${times} times ${odd}`),
    ...counterFaults,
  ];
  return {
    faults,
    section: {
      title:
        `Soak: ${plan.minutes} minutes, ${plan.callers} callers, ` +
        `${Math.round(plan.load * 100)} % of what it answers`,
      about:
        `${plan.role === 'all' ? 'One process for all' : 'One API process and one worker'}; ` +
        'one of ten requests is a loan, ' +
        `whose hold lives 60 s. ` +
        `It can answer ${short(report.capacity)} requests a second; ` +
        `${short((last?.answers ?? 0) / seconds)} were answered, ${report.busy} of them 503 BUSY_RETRY, ` +
        `with ${short((last?.cpuMs ?? 0) / 1000 / seconds)} cores. The snapshot was at most ` +
        `${short(oldest)} s old, p50 ${short(
          percentile(
            samples.map(({ snapshotAge }) => snapshotAge),
            0.5,
          ),
        )}. ` +
        'The first third is not judged; growth is the trend over the rest.',
      unit: 'at its end',
      columns: ['at first', 'most', 'growth'],
      rows: judged.map(({ series, first, last: end, most, growth, steady }) => ({
        label: series.unit === '' ? series.name : `${series.name}, ${series.unit}`,
        bar: { median: end, least: end, most: end },
        kind: steady ? 'ours' : 'broken',
        figures: [first, most, growth],
        note: steady ? 'steady' : 'NOT STEADY',
      })),
    },
  };
}
