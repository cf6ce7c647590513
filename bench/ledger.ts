import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '../src/database/migrate.js';
import type { EmbeddedPostgres } from '../sandbox/postgres/embedded.js';
import { givenPool, openLedger } from '../test/support/given-ledger.js';
import { dropDatabase } from '../test/support/database.js';
import { limit, literal, product, type Result, type Run } from './designs.js';
import { cpuOf, cpuOfTree, REAPED_MS } from './lab/cpu.js';
import { grouped, median, percentile, spreadOf } from './lab/figures.js';
import type { Progress } from './lab/progress.js';
import type { Outcome, Row } from './lab/section.js';
import { PeerField, PEERS, type PeerSample, TRIAL } from './peers/peers.js';
import { sampleEnvelope } from './sample.js';

/**
 * The hold decision alone: the designs run in turns on one durable Postgres (fsync,
 * synchronous_commit and full_page_writes on). Rates of a shared machine mean little, so the claim
 * is the ratios.
 */
interface Design {
  readonly name: string;
  readonly kind: Row['kind'];
  readonly inFlight: number;
  readonly run: (run: Run) => Promise<Result>;
  readonly checked: boolean;
}
const LITERAL = 'literal design, the same rows';
const LIMIT = 'limit: the same rows, no decision';
const PRODUCT = 'Holdfast';
const DESIGNS: readonly Design[] = [
  { name: PRODUCT, kind: 'ours', inFlight: 1, run: product, checked: true },
  { name: PRODUCT, kind: 'ours', inFlight: 64, run: product, checked: true },
  { name: PRODUCT, kind: 'ours', inFlight: 512, run: product, checked: true },
  { name: LITERAL, kind: 'other', inFlight: 64, run: literal, checked: true },
  { name: LIMIT, kind: 'bound', inFlight: 1, run: limit, checked: false },
];
const PEERS_IN_FLIGHT = 64;

interface Sample extends Pick<PeerSample, 'name' | 'inFlight' | 'perSecond' | 'p50' | 'p99'> {
  readonly retriesPerHold: number;
  readonly kind: Row['kind'];
  readonly exact: boolean;
  /** CPU milliseconds of Node and Postgres for each hold. */ readonly cpu: number | null;
  readonly peer?: PeerSample;
}
export interface LedgerPlan {
  readonly rounds: number;
  readonly seconds: number;
  readonly peers: boolean;
  /** Only the product at 64 and the limit. */ readonly short?: boolean;
}

const designsOf = ({ short }: LedgerPlan): readonly Design[] =>
  short
    ? DESIGNS.filter(
        ({ kind, inFlight }) => kind === 'bound' || (kind === 'ours' && inFlight === 64),
      )
    : DESIGNS;

const TEMPLATE = 'bench_template';
const OVERHEAD_SECONDS = 3;

export const ledgerSeconds = (plan: LedgerPlan): number => {
  const { rounds, seconds, peers } = plan;
  return (
    rounds *
    (designsOf(plan).length * (seconds + OVERHEAD_SECONDS) +
      (peers ? PeerField.here().length * (seconds * 1.4 + OVERHEAD_SECONDS) : 0))
  );
};

export async function measureLedger(
  server: EmbeddedPostgres,
  plan: LedgerPlan,
  progress: Progress,
): Promise<Outcome> {
  await server.ensureDatabase(TEMPLATE);
  await migrate(server.url(TEMPLATE));
  const xdr = sampleEnvelope();
  const field = new PeerField(server);
  const samples: Sample[] = [];
  try {
    for (let round = 1; round <= plan.rounds; round++) {
      for (const design of designsOf(plan)) {
        const what = `ledger, round ${round}: ${design.name}, ${design.inFlight} in flight`;
        progress.next(what, plan.seconds + OVERHEAD_SECONDS);
        samples.push(await once(server, design, { milliseconds: plan.seconds * 1000, xdr }));
      }
      for (const peer of plan.peers ? PeerField.here() : []) {
        progress.next(
          `ledger, round ${round}: ${peer.name}`,
          plan.seconds * 1.4 + OVERHEAD_SECONDS,
        );
        const sample = await field.sample(peer, PEERS_IN_FLIGHT, plan.seconds);
        samples.push({ ...sample, kind: 'other', exact: true, cpu: null, peer: sample });
      }
    }
  } finally {
    await field.stop();
  }
  return outcomeOf(samples, plan);
}

let made = 0;
/** Each run has a database of its own, and its counter must equal the sum of its holds. */
async function once(
  server: EmbeddedPostgres,
  design: Design,
  window: Pick<Run, 'milliseconds' | 'xdr'>,
): Promise<Sample> {
  const label = `bench_${made++}`;
  const admin = new pg.Client({ connectionString: server.url('postgres') });
  await admin.connect();
  await admin.query(`create database ${label} template ${TEMPLATE}`);
  try {
    const under = openLedger(server.url(label));
    const pool = await givenPool(under, 10n ** 15n);
    await admin.query('checkpoint');
    const used = (): number => cpuOf([process.pid]) + cpuOfTree(server.pid);
    const before = used();
    const { inFlight } = design;
    const result = await design.run({
      url: server.url(label),
      poolId: pool.id,
      inFlight,
      ...window,
    });
    await wait(REAPED_MS);
    const spent = used() - before;
    const { rows } = await under.connections.read.query<{ exact: boolean; holds: string }>(
      `select p.held = coalesce(sum(r.amount), 0) and count(r.id) = (select count(*)
        from reservation_events) and count(r.id) = (select count(*) from envelopes) as exact,
        count(r.id)::text as holds
      from pools p left join reservations r on r.pool_id = p.id and r.state = 'held' where p.id = $1
      group by p.id`,
      [pool.id],
    );
    await under.connections.close();
    return {
      name: design.name,
      kind: design.kind,
      inFlight,
      perSecond: result.accepted / result.seconds,
      p50: percentile(result.latencies, 0.5),
      p99: percentile(result.latencies, 0.99),
      retriesPerHold: result.retries / Math.max(1, result.accepted),
      exact: !design.checked || rows[0]?.exact === true,
      // the warm-up is in both, so that it is holds by rows
      cpu: spent / Math.max(1, Number(rows[0]?.holds)),
    };
  } finally {
    await admin.end();
    await dropDatabase(label, server.url('postgres'));
  }
}

function rowOf(group: readonly Sample[]): Row | undefined {
  const [first] = group;
  if (!first) return undefined;
  const promised = Math.max(...group.map(({ peer }) => peer?.promisedOfRoom ?? 0));
  const broken = promised > TRIAL.room;
  const of = (figure: (sample: Sample) => number): number => median(group.map(figure));
  return {
    label: `${first.name}${first.kind === 'bound' ? '' : `, ${first.inFlight}`}`,
    kind: broken ? 'broken' : first.kind,
    ...(!broken && { bar: spreadOf(group.map(({ perSecond }) => perSecond)) }),
    figures: broken
      ? [null, null, null, null]
      : [
          first.kind === 'bound' ? null : of(({ p50 }) => p50),
          first.kind === 'bound' ? null : of(({ p99 }) => p99),
          of(({ retriesPerHold }) => retriesPerHold),
          first.cpu === null ? null : of(({ cpu }) => cpu ?? 0),
        ],
    note: broken
      ? `over-commits: ${promised} promised where ${TRIAL.room} fit`
      : (first.peer?.durability ?? ''),
  };
}

function outcomeOf(samples: readonly Sample[], plan: LedgerPlan): Outcome {
  const groups = grouped(samples, ({ name, inFlight }) => `${name}/${inFlight}`);
  const rows = [...groups.values()].flatMap((group) => rowOf(group) ?? []);
  const missing = plan.peers ? PEERS.filter((peer) => !PeerField.here().includes(peer)) : [];
  const rate = (name: string, inFlight: number): number =>
    median((groups.get(`${name}/${inFlight}`) ?? []).map(({ perSecond }) => perSecond));
  const cpu = (name: string, inFlight: number): number =>
    median((groups.get(`${name}/${inFlight}`) ?? []).map((sample) => sample.cpu ?? 0));
  return {
    section: {
      title: 'The ledger alone',
      about:
        'Holds a second on one pool, callers in a closed loop, durable commits, no HTTP and no ' +
        'chain. Holdfast, the literal design and the limit write the same seven rows and a ' +
        'compressed transaction; the others write two rows, or a key in Redis. What limits: the ' +
        "database's CPU for the rows, then the rows' size.",
      unit: 'holds a second',
      columns: ['p50 ms', 'p99 ms', 'retries a hold', 'CPU ms a hold'],
      rows: [
        ...rows,
        ...missing.map(({ name }): Row => ({
          label: name,
          kind: 'other',
          figures: [null, null, null, null],
          note: 'redis-server is not on this machine',
        })),
      ],
    },
    faults: samples
      .filter(({ exact }) => !exact)
      .map(({ name, inFlight }) => `${name}, ${inFlight} in flight: counter and sum differ`),
    ratios: {
      'holds a second at 64, limit = 1': rate(PRODUCT, 64) / rate(LIMIT, 1),
      'holds for the CPU of a row of the limit': cpu(LIMIT, 1) / cpu(PRODUCT, 64),
      ...(!plan.short && {
        'holds a second at 64, literal design = 1': rate(PRODUCT, 64) / rate(LITERAL, 64),
        'holds a second at 512, limit = 1': rate(PRODUCT, 512) / rate(LIMIT, 1),
      }),
    },
  };
}
