import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Command } from 'commander';
import pg from 'pg';
import { command, does } from '../src/cli/command-line.js';
import { migrate } from '../src/database/migrate.js';
import { startPostgres } from '../sandbox/postgres/embedded.js';
import { givenPool, openLedger } from '../test/support/given-ledger.js';
import { limit, literal, product, type Result, type Run } from './designs.js';
import { sampleEnvelope } from './sample.js';

/**
 * Runs the designs in turns on one durable Postgres (fsync, synchronous_commit and full_page_writes
 * on) with the same rows and indexes. Rates of a shared machine mean little, so the claim is the
 * ratios. Exits 1 when an invariant breaks; a missed aim is only reported.
 */
const ROUNDS = 3;
const WINDOW_MS = 2000;
const DESIGNS: {
  name: string;
  inFlight: number;
  run: (run: Run) => Promise<Result>;
  checked: boolean;
}[] = [
  { name: 'product', inFlight: 64, run: product, checked: true },
  { name: 'literal', inFlight: 64, run: literal, checked: true },
  { name: 'limit', inFlight: 1, run: limit, checked: false },
  { name: 'product', inFlight: 1, run: product, checked: true },
  { name: 'product', inFlight: 512, run: product, checked: true },
  { name: 'literal', inFlight: 8, run: literal, checked: true },
];
const AIMS = [
  {
    what: 'product at 64 / literal at 64',
    least: 100,
    ratio: (rate: (key: string) => number) => rate('product 64') / rate('literal 64'),
  },
  {
    what: 'product at 64 / limit',
    least: 0.6,
    ratio: (rate: (key: string) => number) => rate('product 64') / rate('limit 1'),
  },
];

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  0;

/** Each run has a database of its own. Returns the counter and the sum it must equal. */
async function once(
  server: { url(name: string): string },
  design: (typeof DESIGNS)[number],
  label: string,
  xdr: string,
): Promise<Result & { exact: boolean }> {
  const admin = new pg.Client({ connectionString: server.url('postgres') });
  await admin.connect();
  await admin.query(`create database ${label} template bench_template`);
  try {
    const under = openLedger(server.url(label));
    const pool = await givenPool(under, 10n ** 15n);
    await admin.query('checkpoint');
    const result = await design.run({
      url: server.url(label),
      poolId: pool.id,
      inFlight: design.inFlight,
      milliseconds: WINDOW_MS,
      xdr,
    });
    const sums = await under.connections.read.query<{ exact: boolean }>(
      `select p.held = coalesce(sum(r.amount), 0) and count(r.id) = (select count(*)
        from reservation_events) and count(r.id) = (select count(*) from envelopes) as exact
      from pools p left join reservations r on r.pool_id = p.id and r.state = 'held' where p.id = $1 group by p.id`,
      [pool.id],
    );
    await under.connections.close();
    return { ...result, exact: !design.checked || sums.rows[0]?.exact === true };
  } finally {
    await admin.query(`drop database ${label} with (force)`);
    await admin.end();
  }
}

export function designsCommand(): Command {
  return does(
    command('designs', {
      summary: "compare the ledger with the literal design and with the machine's limit",
      more: 'Takes about a minute. The exit code is 1 when an invariant breaks.',
      example: 'npm run bench -- designs',
    }),
    compare,
  );
}

/** @returns the exit code */
async function compare(): Promise<number> {
  const server = await startPostgres({
    durable: true,
    settings: { max_wal_size: '8GB', checkpoint_timeout: '15min' },
  });
  try {
    await server.ensureDatabase('bench_template');
    await migrate(server.url('bench_template'));
    const xdr = sampleEnvelope();
    console.log(
      `${ROUNDS} interleaved rounds of ${WINDOW_MS / 1000} s, ${cpus().length} cores ` +
        `shared with the server, envelope ${xdr.length} characters, Node ${process.version}\n`,
    );
    const results = new Map<string, (Result & { exact: boolean })[]>();
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, design] of DESIGNS.entries()) {
        const key = `${design.name} ${design.inFlight}`;
        results.set(key, [
          ...(results.get(key) ?? []),
          await once(server, design, `bench_${round}_${index}`, xdr),
        ]);
      }
    }
    return report(results, xdr.length);
  } finally {
    await server.stop();
  }
}

function report(
  results: ReadonlyMap<string, readonly (Result & { exact: boolean })[]>,
  envelopeCharacters: number,
): number {
  const rows = [...results].map(([key, runs]) => ({
    design: key.split(' ')[0],
    'in flight': Number(key.split(' ')[1]),
    'holds/s (median)': Math.round(median(runs.map((run) => run.accepted / run.seconds))),
    runs: runs.map((run) => Math.round(run.accepted / run.seconds)).join(' '),
    'p50 ms': round(median(runs.map((run) => percentile(run.latencies, 0.5)))),
    'p99 ms': round(median(runs.map((run) => percentile(run.latencies, 0.99)))),
    'retries per hold': round(median(runs.map((run) => run.retries / Math.max(1, run.accepted)))),
    'counter = sum': runs.every((run) => run.exact),
  }));
  console.table(rows);
  const rate = (key: string): number =>
    median((results.get(key) ?? []).map((run) => run.accepted / run.seconds));
  const ratios = AIMS.map((aim) => ({
    ratio: aim.what,
    measured: round(aim.ratio(rate)),
    aim: aim.least,
    reached: aim.ratio(rate) >= aim.least,
  }));
  console.table(ratios);
  mkdirSync('artifacts', { recursive: true });
  const report = {
    at: new Date().toISOString(),
    node: process.version,
    cores: cpus().length,
    envelopeCharacters,
    rows,
    ratios,
  };
  writeFileSync('artifacts/bench.json', `${JSON.stringify(report, null, 2)}\n`);
  console.log(
    'limit: the same rows in transactions of 500 by a loop inside the server, no Node, no ' +
      'decision. Written to artifacts/bench.json',
  );
  if (rows.every((row) => row['counter = sum'])) return 0;
  console.error('An invariant broke: a counter differs from its sum.');
  return 1;
}
const round = (value: number): number => Math.round(value * 100) / 100;
