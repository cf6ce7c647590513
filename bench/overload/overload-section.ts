import { percentile, short } from '../lab/figures.js';
import type { Row, Section } from '../lab/section.js';
import type { Burst } from './burst.js';
import type { Answers, Load, OverloadReport } from './overload.js';

/** A snapshot that is older makes the service refuse; the default of a pool. */
const AGE_MAX_SECONDS = 30;

const rateOf = ({ accepted, seconds }: Answers): number => accepted.length / seconds;
const medianOf = ({ accepted }: Answers): number => percentile(accepted, 0.5);
const mean = (one: number, other: number): number => (one + other) / 2;
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
const least = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => Math.min(a, b));
const spread = (values: readonly number[]): string =>
  values.length === 0
    ? ''
    : `${short(percentile(values, 0.5))} / ${short(percentile(values, 0.99))}`;

const rowOf = ({ label, answers, watched }: Load): Row => {
  const rate = rateOf(answers);
  return {
    label,
    bar: { median: rate, least: rate, most: rate },
    kind: 'ours',
    figures: [
      spread(answers.accepted),
      answers.refused.length / answers.seconds,
      spread(answers.refused),
      `${short(percentile(watched.snapshotAges, 0.5))} / ${short(most(watched.snapshotAges))}`,
      short(most(watched.behind)),
      watched.rounds === 0 ? '' : `${short(1 / watched.rounds)} / ${short(watched.roundSeconds)}`,
      `${watched.notReady} of ${watched.readyMs.length}`,
      short(most(watched.readyMs)),
      watched.cores,
      rate / watched.cores,
      watched.callerCores,
    ],
  };
};

/** Time to each refusal, and what it was worth to come back when it said so. */
const burstText = ({ answers, told, again, acceptedThen }: Burst): string =>
  `Of ${answers.accepted.length + answers.refused.length - again} requests at once ${told.length} were ` +
  `refused at the door, in ${spread(answers.refused)} ms, with the time that they would wait and a ` +
  `Retry-After of ${least(told)} to ${most(told)} s; of those that came back then ${acceptedThen} of ` +
  `${again} were accepted, and what was admitted was answered in ${spread(answers.accepted)} ms.`;

export function overloadOutcome(report: OverloadReport): {
  readonly section: Section;
  readonly faults: readonly string[];
} {
  const { few, many, flood, fewAgain, alone, beside, aloneAgain, oddities } = report;
  const loads = [few, many, flood, fewAgain, alone, beside, aloneAgain];
  const ownRate = mean(rateOf(alone.answers), rateOf(aloneAgain.answers));
  const ownWait = mean(medianOf(alone.answers), medianOf(aloneAgain.answers));
  const oldest = most(loads.flatMap(({ watched }) => watched.snapshotAges));
  const best = Math.max(...[few, many, fewAgain].map(({ answers }) => rateOf(answers)));
  return {
    faults: [
      ...[...oddities].map(([odd, times]) => `${times} times ${odd}`),
      ...(oldest > AGE_MAX_SECONDS ? [`a snapshot was ${short(oldest)} s old`] : []),
    ],
    section: {
      title: `Overload: ${report.plan.role === 'all' ? 'one process for all' : 'an API and a worker'}`,
      about:
        `Every request is POST /loans. Latencies are p50 / p99 in ms, ages p50 / most in s. ` +
        `With ten times the demand ${short(rateOf(flood.answers) / best)} of the best goodput is left; ` +
        `beside a flooding tenant another has ${short(rateOf(beside.answers) / ownRate)} ` +
        `of its own and waits ` +
        `${short(medianOf(beside.answers) / ownWait)} times as long. ${burstText(report.burst)} ` +
        `Pipelined requests for a public document on four sockets: a read of another ` +
        `caller takes ${spread(report.pipelinedMs)} ms, at most ${short(most(report.pipelinedMs))}; ` +
        `${spread(report.quietMs)} before, at most ${short(most(report.quietMs))}.`,
      unit: 'loans a second',
      columns: [
        'answered in',
        'refused a second',
        'refused in',
        'snapshot age',
        'behind the head',
        'a round each / takes',
        'not ready',
        'readiness, most ms',
        'cores',
        'loans a core',
        "callers' cores",
      ],
      rows: loads.map(rowOf),
    },
  };
}
