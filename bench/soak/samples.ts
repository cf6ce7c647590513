import { readdirSync, readlinkSync } from 'node:fs';
import pg from 'pg';
import { type Child } from '../lab/children.js';
import { cpuOf, memoryOf } from '../lab/cpu.js';

/** What is looked at: the service's processes, its database, and one pool of it. */
export interface Watched {
  readonly databaseUrl: string;
  readonly poolId: string;
  readonly processes: readonly Child[];
}

export interface Sample {
  readonly seconds: number;
  readonly holds: number;
  readonly answers: number;
  readonly memory: number;
  readonly sockets: number;
  readonly connections: number;
  readonly logBytes: number;
  readonly cpuMs: number;
  /** Tables that keep a row for each hold, with their indexes. */
  readonly keptBytes: number;
  /** Tables that keep rows for hours or days: snapshots, bridges, finished jobs. */
  readonly historyBytes: number;
  /** All others: counters, windows, live holds. */
  readonly otherBytes: number;
  readonly deadRows: number;
  readonly snapshotAge: number;
}

/** They grow with each hold and are kept; idempotency keys for a day. */
const KEPT = [
  'reservations',
  'loans',
  'envelopes',
  'envelope_hashes',
  'reservation_events',
  'authorizations',
  'landings',
  'fundings',
  'landed_loans',
  'account_sequences',
  'idempotency_keys',
  'refusals',
  'chain_events',
];
/** Their rows end by age, as those of the queues do. */
const HISTORY = ['snapshots', 'reconciliations', 'ledger_times'];
const SIZES = `select
    coalesce(sum(pg_total_relation_size(c.oid)) filter (where c.relname = any ($1)), 0)::float8 as kept,
    coalesce(sum(pg_total_relation_size(c.oid)) filter (where c.relname = any ($2)
      or n.nspname = 'pgboss'), 0)::float8 as history,
    coalesce(sum(pg_total_relation_size(c.oid)) filter (where c.relname <> all ($1)
      and c.relname <> all ($2) and n.nspname <> 'pgboss'), 0)::float8 as other
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname in ('public', 'pgboss')`;
const ROWS = `select
    (select coalesce(sum(n_dead_tup), 0)::float8 from pg_stat_user_tables) as dead,
    (select count(*)::float8 from pg_stat_activity where datname = current_database()
      and application_name like 'holdfast%' and application_name <> 'holdfast-soak') as connections,
    (select count(*)::float8 from reservations) as holds,
    (select coalesce(extract(epoch from clock_timestamp() - snapshot_close_time), 0)::float8
      from pools where id = $1) as age`;

/** Reads on a connection of its own, which the load cannot use up. */
export class Sampler {
  private constructor(
    private readonly client: pg.Client,
    private readonly watched: Watched,
  ) {}

  static async open(watched: Watched): Promise<Sampler> {
    const client = new pg.Client({
      connectionString: watched.databaseUrl,
      application_name: 'holdfast-soak',
    });
    await client.connect();
    return new Sampler(client, watched);
  }

  async look(seconds: number, answers: number): Promise<Sample> {
    const { processes, poolId } = this.watched;
    const sizes = await this.client.query<{ kept: number; history: number; other: number }>(SIZES, [
      KEPT,
      HISTORY,
    ]);
    const rows = await this.client.query<{
      dead: number;
      connections: number;
      holds: number;
      age: number;
    }>(ROWS, [poolId]);
    const [size, row] = [sizes.rows[0], rows.rows[0]];
    if (!size || !row) throw new Error('the database said nothing about its tables');
    const pids = processes.map(({ pid }) => pid);
    const sum = (of: (pid: number) => number): number =>
      pids.reduce((all, pid) => all + of(pid), 0);
    return {
      seconds,
      answers,
      holds: row.holds,
      memory: sum(memoryOf),
      sockets: sum(socketsOf),
      connections: row.connections,
      logBytes: processes.reduce((all, each) => all + each.written(), 0),
      cpuMs: cpuOf(pids),
      keptBytes: size.kept,
      historyBytes: size.history,
      otherBytes: size.other,
      deadRows: row.dead,
      snapshotAge: row.age,
    };
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

/** Of a process of this user, on Linux; elsewhere 0. */
function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).filter((name) => isSocket(`${folder}/${name}`)).length;
  } catch {
    return 0;
  }
}
function isSocket(file: string): boolean {
  try {
    return readlinkSync(file).startsWith('socket:');
  } catch {
    return false; // closed since
  }
}
