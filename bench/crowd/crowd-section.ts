import { percentile, short, spreadOf } from '../lab/figures.js';
import type { Progress } from '../lab/progress.js';
import type { Outcome, Row, Section } from '../lab/section.js';
import {
  Crowd,
  crowdSeconds,
  type CrowdPlan,
  type CrowdReport,
  type Fate,
  FUNDED,
} from './crowd.js';

const SUITE_PLAN: CrowdPlan = {
  callers: 500,
  seconds: 5,
  fit: 20,
  signing: 'transaction',
  patienceSeconds: 60,
};
export const SUITE_CROWD_SECONDS = crowdSeconds(SUITE_PLAN);

export async function measureCrowd(progress: Progress): Promise<Outcome> {
  const report = await Crowd.measure(SUITE_PLAN, (what, seconds) => {
    progress.next(what, seconds);
  });
  return crowdOutcome(report);
}

export const crowdOutcome = (report: CrowdReport): Outcome => ({
  section: sectionOf(report),
  faults: faultsOf(report),
  ratios: {},
});

const FATES: readonly Fate[] = ['promised', 'refused', 'gave up'];

function sectionOf(report: CrowdReport): Section {
  const { plan, books, snapshotAges } = report;
  const answers = [...report.answers.values()].reduce((sum, { length }) => sum + length, 0);
  return {
    title: `Flash crowd: ${plan.callers} callers in ${plan.seconds} s, funds for ${plan.fit}`,
    about:
      `One API process, one worker, signing by ${plan.signing}, a network with ledgers of 5 s. A ` +
      'caller who is promised signs at once; the others ask again with the same key, as the answer ' +
      `says or after 5 s, for ${plan.patienceSeconds} s. ${answers} answers in ` +
      `${short(report.seconds)} s took ${short(report.cpuSeconds)} s of the service's CPU. ` +
      `Settled ${books.settled} of ${books.promised} promised. The snapshot was at most ` +
      `${short(Math.max(...snapshotAges))} s old (p50 ${short(percentile(snapshotAges, 0.5))}), ` +
      `${report.ageAllowed} s are allowed.`,
    unit: 'count',
    columns: ['p50 ms', 'p99 ms'],
    rows: [
      ...FATES.map((fate): Row => {
        const after = fate === 'gave up' ? undefined : report.decidedAfter[fate];
        return rowOf(
          `callers: ${fate}`,
          report.fates.get(fate) ?? 0,
          after,
          'since the first request',
        );
      }),
      ...rowsOf('POST /loans', report.answers),
      ...rowsOf('submission', report.submissions),
    ],
  };
}

const rowsOf = (what: string, answers: ReadonlyMap<string, readonly number[]>): readonly Row[] =>
  [...answers].map(([outcome, times]) => rowOf(`${what}: ${outcome}`, times.length, times, ''));

const rowOf = (
  label: string,
  count: number,
  times: readonly number[] | undefined,
  note: string,
): Row => ({
  label,
  kind: / 5[0-9][0-9] /.test(`${label} `) ? 'bound' : 'ours',
  bar: spreadOf([count]),
  figures:
    times && times.length > 0 ? [percentile(times, 0.5), percentile(times, 0.99)] : [null, null],
  ...(note !== '' && { note }),
});

/** What the product must never do, however many come. A 503 says so and is no fault. */
function faultsOf({ plan, fates, answers, submissions, books, ...report }: CrowdReport): string[] {
  const outcomes = [...answers.keys(), ...submissions.keys()];
  const odd = outcomes.filter(
    (outcome) => !/^(20[012]|409 INSUFFICIENT_LIQUIDITY|503 .*)$/.test(outcome),
  );
  const promised = fates.get('promised') ?? 0;
  const decided = !fates.has('gave up');
  return [
    ...odd.map((outcome) => `crowd: an answer was ${outcome}`),
    books.promised > plan.fit ? `crowd: ${books.promised} promised where ${plan.fit} fit` : '',
    decided && promised !== Math.min(plan.fit, plan.callers)
      ? `crowd: only ${promised} promised of ${plan.fit}`
      : '',
    books.promised < promised ? `crowd: ${promised} answered, ${books.promised} written` : '',
    books.untrue > 0 ? `crowd: ${books.untrue} refusals for lack of funds were not true` : '',
    books.counterIsSum ? '' : 'crowd: the counter differs from the sum of the holds',
    books.lockedOnChain === FUNDED * BigInt(books.settled)
      ? ''
      : `crowd: ${books.settled} settled, ${books.lockedOnChain} locked on the chain`,
    books.settled < books.promised
      ? `crowd: ${books.promised - books.settled} promised loans have not landed`
      : '',
    books.released > 0 ? `crowd: ${books.released} promised loans failed on the chain` : '',
    Math.max(...report.snapshotAges) > report.ageAllowed ? 'crowd: the snapshot was too old' : '',
  ].filter((fault) => fault !== '');
}
