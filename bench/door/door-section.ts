import { grouped, median, spreadOf } from '../lab/figures.js';
import type { Progress } from '../lab/progress.js';
import type { Outcome, Row, Section } from '../lab/section.js';
import { Door, type DoorSample } from './door.js';
import { type DoorPlan, roundSeconds, WARM_UP_PLANNED, words } from './door-plan.js';
import { CHEAP, KIND_WORDS } from './requests.js';

const COLUMNS = ['503 %', 'p50 ms', 'p99 ms', 'CPU ms: service', 'Postgres', 'network', 'floors'];
const ABOUT =
  'Over HTTP, client, service, worker, network and Postgres in processes of their own, fresh ' +
  'borrowers, no rate limits. CPU is milliseconds for each answer. A floor is what the SDK alone ' +
  'needs to read the account, build, prepare and print the same loan on the same node, measured ' +
  "just before. What limits: the CPU of the service, most of it the transaction's.";

const planOf = ({ rounds, seconds }: { rounds: number; seconds: number }): DoorPlan => ({
  rounds,
  seconds,
  inFlight: [1, 16, 64],
  settings: [
    { chain: 'network', processes: 1, ledger: 'product' },
    { chain: 'stub', processes: 1, ledger: 'product' },
    { chain: 'stub', processes: 1, ledger: 'naive' },
    { chain: 'stub', processes: 4, ledger: 'product' },
    { chain: 'stub50', processes: 1, ledger: 'product' },
  ],
  kinds: CHEAP,
});

export const doorSeconds = (options: { rounds: number; seconds: number }): number => {
  const plan = planOf(options);
  return plan.settings.length * (plan.rounds * roundSeconds(plan) + WARM_UP_PLANNED);
};

export async function measureDoor(
  options: { rounds: number; seconds: number },
  progress: Progress,
): Promise<readonly Outcome[]> {
  const { samples, faults } = await Door.measure(planOf(options), (what, seconds) => {
    progress.next(what, seconds);
  });
  return doorSections(samples).map((section, index) => ({
    section,
    faults: index === 0 ? faults : [],
    ratios: index === 0 ? doorRatios(samples) : {},
  }));
}

/** A section for each chain and number of processes. */
export function doorSections(samples: readonly DoorSample[]): readonly Section[] {
  return [...grouped(samples, ({ setting }) => words(setting))].map(([setting, all]) => ({
    title: `Over HTTP: ${setting}`,
    about: ABOUT,
    unit: 'answers a second',
    columns: COLUMNS,
    rows: [...grouped(all, ({ kind, inFlight }) => `${kind}/${inFlight}`).values()].flatMap(
      (group) => rowOf(group) ?? [],
    ),
  }));
}

function rowOf(group: readonly DoorSample[]): Row | undefined {
  const [first] = group;
  if (!first) return undefined;
  const of = (figure: (sample: DoorSample) => number): number => median(group.map(figure));
  const cpu = [
    of((one) => one.cpu.service),
    of((one) => one.cpu.postgres),
    of((one) => one.cpu.chain),
  ];
  if (first.kind === 'idle')
    return {
      label: 'idle',
      kind: 'ours',
      figures: [null, null, null, ...cpu, null],
      note: 'CPU ms a second',
    };
  const floor = first.kind === 'floor';
  const asked = group.reduce((sum, { answers, busy: refused }) => sum + answers + refused, 0);
  const busy = (group.reduce((sum, one) => sum + one.busy, 0) / Math.max(1, asked)) * 100;
  const naive = first.setting.ledger === 'naive';
  return {
    label: `${first.kind === 'floor' ? 'SDK alone: the floor' : KIND_WORDS[first.kind]}, ${first.inFlight}`,
    kind: floor ? 'bound' : naive ? 'other' : 'ours',
    bar: spreadOf(group.map(({ perSecond }) => perSecond)),
    figures: [busy, of(({ p50 }) => p50), of(({ p99 }) => p99), ...cpu, of(({ floors }) => floors)],
    note: naive && !floor ? 'over-commits when callers come together' : '',
  };
}

function doorRatios(samples: readonly DoorSample[]): Readonly<Record<string, number>> {
  const loans = samples.filter(
    ({ kind, inFlight, setting: { chain, ledger, processes } }) =>
      kind === 'loan' &&
      inFlight === 16 &&
      chain === 'stub' &&
      ledger === 'product' &&
      processes === 1,
  );
  return loans.length === 0
    ? {}
    : { 'loans for the CPU of a floor': 1 / median(loans.map(({ floors }) => floors)) };
}
