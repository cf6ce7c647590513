import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { cpuOf } from '../lab/cpu.js';
import type { HttpClient } from '../lab/http-load.js';
import type { Answers } from './overload.js';

/** What was seen of the service during one load. */
export interface Watched {
  readonly snapshotAges: readonly number[];
  /** Seconds between the close of the node's newest ledger and that of the snapshot. */
  readonly behind: readonly number[];
  /** Rounds of observation a second, and seconds that one took on average. */
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly readyMs: readonly number[];
  readonly notReady: number;
  /** Of the service's processes, and of the callers. */
  readonly cores: number;
  readonly callerCores: number;
}

interface Place {
  readonly databaseUrl: string;
  readonly rpcUrl: string;
  readonly poolId: string;
  readonly pids: readonly number[];
}

const LOOK_MS = 250;
const SNAPSHOT = `select extract(epoch from clock_timestamp())::float8 as now,
  extract(epoch from snapshot_close_time)::float8 as closed from pools where id = $1`;
const ROUNDS = /^holdfast_job_round_duration_seconds_(sum|count)\{queue="observe-pools"\} (\S+)$/gm;

/** Looks at a loaded service: its snapshot in the database, its readiness, its CPU. */
export class Eyes {
  private constructor(
    private readonly place: Place,
    private readonly database: pg.Client,
  ) {}

  static async open(place: Place): Promise<Eyes> {
    const database = new pg.Client(place.databaseUrl);
    await database.connect();
    return new Eyes(place, database);
  }

  close(): Promise<void> {
    return this.database.end();
  }

  async watch(
    client: HttpClient,
    run: () => Promise<Answers>,
  ): Promise<{ readonly answers: Answers; readonly watched: Watched }> {
    const over = new AbortController();
    const before = await this.rounds(client);
    const [cpu, own, begun] = [cpuOf(this.place.pids), process.cpuUsage(), performance.now()];
    const looks = Promise.all([this.snapshots(over.signal), readiness(client, over.signal)]);
    const answers = await run().finally(() => {
      over.abort();
    });
    const elapsed = performance.now() - begun;
    const cores = (cpuOf(this.place.pids) - cpu) / elapsed;
    const { user, system } = process.cpuUsage(own);
    const [snapshots, ready] = await looks;
    const after = await this.rounds(client);
    const rounds = after.count - before.count;
    return {
      answers,
      watched: {
        ...snapshots,
        ...ready,
        rounds: (1000 * rounds) / elapsed,
        roundSeconds: (after.sum - before.sum) / rounds,
        cores,
        callerCores: (user + system) / 1000 / elapsed,
      },
    };
  }

  private async snapshots(over: AbortSignal): Promise<Pick<Watched, 'snapshotAges' | 'behind'>> {
    const [snapshotAges, behind] = [[] as number[], [] as number[]];
    while (!over.aborted) {
      const [{ rows }, head] = await Promise.all([
        this.database.query<{ now: number; closed: number }>(SNAPSHOT, [this.place.poolId]),
        this.headClosed(),
      ]);
      const { now = NaN, closed = NaN } = rows[0] ?? {};
      snapshotAges.push(now - closed);
      behind.push(Math.max(0, head - closed));
      await wait(LOOK_MS);
    }
    return { snapshotAges, behind };
  }

  /** Unix seconds. */
  private async headClosed(): Promise<number> {
    const reply = await fetch(this.place.rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth' }),
    });
    const { result } = (await reply.json()) as { result: { latestLedgerCloseTime: string } };
    return Number(result.latestLedgerCloseTime);
  }

  /** Of the first process; without a worker's metrics they are 0. */
  private async rounds(
    client: HttpClient,
  ): Promise<{ readonly sum: number; readonly count: number }> {
    const { text } = await client.ask({ method: 'GET', path: '/metrics' });
    const found = new Map(
      [...text.matchAll(ROUNDS)].map(([, name, value]) => [name, Number(value)]),
    );
    return { sum: found.get('sum') ?? 0, count: found.get('count') ?? 0 };
  }
}

async function readiness(
  client: HttpClient,
  over: AbortSignal,
): Promise<Pick<Watched, 'readyMs' | 'notReady'>> {
  const readyMs: number[] = [];
  let notReady = 0;
  while (!over.aborted) {
    const from = performance.now();
    const { status } = await client.ask({ method: 'GET', path: '/health/ready' });
    readyMs.push(performance.now() - from);
    if (status !== 200) notReady++;
    await wait(LOOK_MS);
  }
  return { readyMs, notReady };
}
