import { totalmem } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { EmbeddedPostgres } from '../../sandbox/postgres/embedded.js';
import { migrate } from '../../src/database/migrate.js';
import { givenPool, openLedger } from '../../test/support/given-ledger.js';
import { fillReservations } from '../../test/support/many-reservations.js';
import { product, type Result, type Run } from '../designs.js';
import { cpuOf, cpuOfTree, REAPED_MS } from '../lab/cpu.js';
import { grouped, median, percentile, short, spreadOf } from '../lab/figures.js';
import type { Progress } from '../lab/progress.js';
import type { Outcome, Row } from '../lab/section.js';
import { sampleEnvelope } from '../sample.js';
import { holdsWhileOthersExpire } from './expiry.js';

export interface ScalePlan {
  readonly rounds: number;
  readonly seconds: number;
  /** Length of the window that is not counted, seconds. */
  readonly warmUp: number;
  /** Live holds of the largest ledger. */
  readonly live: number;
  /** Finished reservations of the largest ledger. */
  readonly finished: number;
}

/** What a database holds before the first window. */
interface State {
  readonly name: string;
  readonly live: number;
  readonly finished: number;
  readonly pools: number;
  readonly expiring?: boolean;
}
interface Sample {
  readonly state: State;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU milliseconds of Node and Postgres for each hold; null: others worked beside. */
  readonly cpu: number | null;
  readonly expiredPerSecond: number | null;
}
interface Filled {
  readonly state: State;
  readonly url: string;
  readonly poolIds: readonly string[];
}

/** Of the machine or of the container, whichever is smaller. */
const memory = Math.min(totalmem(), process.constrainedMemory() || totalmem());
/** A quarter of the memory, as a server with millions of rows is set up. */
export const SCALE_SETTINGS = {
  shared_buffers: `${Math.floor(memory / 4 / 2 ** 20)}MB`,
} as const;
const IN_FLIGHT = 64;
const ROOM = 10n ** 15n;
const MANY_POOLS = 1000;
const POOLS_AT_ONCE = 8;
const LIVE = 100_000;
const TEMPLATE = 'scale_template';
const OVERHEAD_SECONDS = 3;
const FILL_SECONDS_PER_100_000 = 8;
const EMPTY: State = { name: 'nothing before it', live: 0, finished: 0, pools: 1 };

const statesOf = ({ live, finished }: ScalePlan): readonly State[] => [
  EMPTY,
  { ...EMPTY, name: `${amount(LIVE)} live holds`, live: LIVE },
  ...(live > LIVE ? [{ ...EMPTY, name: `${amount(live)} live holds`, live }] : []),
  { ...EMPTY, name: `${amount(finished)} finished`, finished },
  { ...EMPTY, name: `${amount(MANY_POOLS)} pools in turn`, pools: MANY_POOLS },
  { ...EMPTY, name: `${amount(LIVE)} live holds that expire`, live: LIVE, expiring: true },
];
const amount = (count: number): string => count.toLocaleString('en');
const fillSeconds = ({ live, finished, pools }: State): number =>
  2 + ((live + finished) / 100_000) * FILL_SECONDS_PER_100_000 + (pools > 1 ? 20 : 0);
export const scaleSeconds = (plan: ScalePlan): number =>
  statesOf(plan).reduce(
    (sum, state) =>
      sum +
      fillSeconds(state) +
      (state.expiring ? 0 : plan.warmUp + OVERHEAD_SECONDS) +
      plan.rounds * (plan.seconds + OVERHEAD_SECONDS),
    0,
  );

/** The same holds on ledgers of different size, in turns. */
export async function measureScale(
  server: EmbeddedPostgres,
  plan: ScalePlan,
  progress: Progress,
): Promise<Outcome> {
  await server.ensureDatabase(TEMPLATE);
  await migrate(server.url(TEMPLATE));
  const filled: Filled[] = [];
  for (const [index, state] of statesOf(plan).entries()) {
    progress.next(`scale: loading ${state.name}`, fillSeconds(state));
    filled.push(await fill(server, state, `scale_${index}`));
  }
  await onServer(server, 'checkpoint');
  const xdr = sampleEnvelope();
  const samples: Sample[] = [];
  const faults: string[] = [];
  const window = { milliseconds: plan.seconds * 1000, xdr };
  // Not counted: code that is not compiled and pages that are not in memory cost a multiple, and so
  // does the first write to a page since a checkpoint.
  for (const one of filled) {
    if (one.state.expiring) continue;
    progress.next(`scale, warming up: ${one.state.name}`, plan.warmUp + OVERHEAD_SECONDS);
    await sample(server, one, { ...window, milliseconds: plan.warmUp * 1000 });
  }
  for (let round = 1; round <= plan.rounds; round++)
    for (const one of filled) {
      progress.next(`scale, round ${round}: ${one.state.name}`, plan.seconds + OVERHEAD_SECONDS);
      samples.push(await sample(server, one, window));
    }
  for (const one of filled) faults.push(...(await faultsOf(one)));
  return outcomeOf(samples, faults);
}

async function onServer(server: EmbeddedPostgres, statement: string): Promise<void> {
  const admin = new pg.Client(server.url('postgres'));
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}

async function fill(server: EmbeddedPostgres, state: State, database: string): Promise<Filled> {
  await onServer(server, `create database ${database} template ${TEMPLATE}`);
  const url = server.url(database);
  const under = openLedger(url, { deadlineMs: 60_000 });
  try {
    const poolIds: string[] = [];
    while (poolIds.length < state.pools) {
      const count = Math.min(POOLS_AT_ONCE, state.pools - poolIds.length);
      const pools = await Promise.all(
        Array.from({ length: count }, () =>
          givenPool(under, ROOM, { maxSnapshotAgeSeconds: 3600 }),
        ),
      );
      poolIds.push(...pools.map(({ id }) => id));
    }
    const [poolId = ''] = poolIds;
    // every row is made from an existing one, so foreign keys need not be looked up
    const bulk = new URL(url);
    bulk.searchParams.set('options', '-c session_replication_role=replica');
    if (state.live > 0) await fillReservations(bulk.href, poolId, state.live, 'live');
    if (state.finished > 0) await fillReservations(bulk.href, poolId, state.finished, 'old');
    const client = new pg.Client(url);
    await client.connect();
    await client.query('vacuum (analyze)');
    await client.end();
    return { state, url, poolIds };
  } finally {
    await under.connections.close();
  }
}

async function sample(
  server: EmbeddedPostgres,
  { state, url, poolIds }: Filled,
  window: Pick<Run, 'milliseconds' | 'xdr'>,
): Promise<Sample> {
  const run: Run = { url, poolId: poolIds[0] ?? '', poolIds, inFlight: IN_FLIGHT, ...window };
  const holdsBefore = await heldOf(url);
  const used = (): number => cpuOf([process.pid]) + cpuOfTree(server.pid);
  // the backend of heldOf has just counted all rows
  await wait(REAPED_MS);
  const before = used();
  const { holds, ...expiry } = state.expiring
    ? await holdsWhileOthersExpire(run)
    : { holds: await product(run), expired: 0, seconds: 1 };
  await wait(REAPED_MS);
  const spent = used() - before;
  const made = (await heldOf(url)) - holdsBefore;
  return {
    state,
    ...ratesOf(holds),
    cpu: state.expiring ? null : spent / Math.max(1, made),
    expiredPerSecond: state.expiring ? expiry.expired / expiry.seconds : null,
  };
}

const ratesOf = (holds: Result): Pick<Sample, 'perSecond' | 'p50' | 'p99'> => ({
  perSecond: holds.accepted / holds.seconds,
  p50: percentile(holds.latencies, 0.5),
  p99: percentile(holds.latencies, 0.99),
});

/** Holds of the ledger so far, bulk-loaded ones left out. */
async function heldOf(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::int as count from reservations where at_ledger <> 50',
    );
    return rows[0]?.count ?? 0;
  } finally {
    await client.end();
  }
}

async function faultsOf({ state, url }: Filled): Promise<readonly string[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ wrong: number }>(
      `select count(*)::int as wrong from pools p join ledger_sums s on s.pool_id = p.id
        where p.held <> s.held_sum`,
    );
    return rows[0]?.wrong === 0
      ? []
      : [`scale, ${state.name}: counter and sum differ in ${rows[0]?.wrong ?? 'all'} pools`];
  } finally {
    await client.end();
  }
}

function outcomeOf(samples: readonly Sample[], faults: readonly string[]): Outcome {
  const groups = [...grouped(samples, ({ state }) => state.name).values()];
  const base = median(
    samples.filter(({ state }) => state === EMPTY).map(({ cpu }) => cpu ?? Number.NaN),
  );
  return {
    section: {
      title: 'The ledger as it grows',
      about:
        `Holds a second at ${IN_FLIGHT} in flight on ledgers of different size, in turns, without ` +
        'HTTP and chain. "Beside an empty one" is the CPU of a hold, Node and Postgres together, in ' +
        'units of the first row. The server has a quarter of the memory as its buffers. Where ' +
        'holds expire, the CPU of both is one sum, so it has no figure. What limits: the CPU of the database.',
      unit: 'holds a second',
      columns: ['p50 ms', 'p99 ms', 'CPU ms a hold', 'beside an empty one'],
      rows: groups.flatMap((group) => rowOf(group, base) ?? []),
    },
    faults,
    ratios: {},
  };
}

function rowOf(group: readonly Sample[], base: number): Row | undefined {
  const [first] = group;
  if (!first) return undefined;
  const cpu = first.cpu === null ? null : median(group.map((one) => one.cpu ?? 0));
  const expired = group.map(({ expiredPerSecond }) => expiredPerSecond ?? 0);
  return {
    label: first.state.name,
    kind: 'ours',
    bar: spreadOf(group.map(({ perSecond }) => perSecond)),
    figures: [
      median(group.map(({ p50 }) => p50)),
      median(group.map(({ p99 }) => p99)),
      cpu,
      cpu === null ? null : cpu / base,
    ],
    ...(first.state.expiring && { note: `${short(median(expired))} expire a second` }),
  };
}
