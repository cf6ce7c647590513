import type pg from 'pg';
import {
  CARRY,
  EVENTS,
  FINISH,
  JOURNAL,
  LOANS,
  POOL_NAME,
  POOLS,
  PREPARE,
  RECONCILIATIONS,
  REFUSALS,
  RESERVATIONS,
  SLICE_DONE,
  SNAPSHOTS,
  STAGE,
} from './load.sql.js';

export interface LoadPlan {
  readonly reservations: number;
  readonly pools: number;
  readonly days: number;
}

/**
 * Rows of a slice: large enough that a statement's start costs nothing, small enough that its sorts
 * stay in memory.
 */
const SLICE_ROWS = 200_000;
const MINUTE_MS = 60_000;
/** Refusals beside each 100 holds. */
const REFUSED_PER_100 = 30;

/**
 * Fills a database with what a number of holds over a number of days would leave, slice by slice of
 * time, so that rows lie in the order of their time. Unlike real use it writes each hold in its
 * final state, so there are no dead row versions.
 * @throws Error when the database has a pool that was not loaded
 */
export async function loadDatabase(
  client: pg.Client,
  plan: LoadPlan,
  say: (line: string) => void = () => undefined,
): Promise<void> {
  const {
    rows: [found],
  } = await client.query<{ real: number }>(
    'select count(*)::int as real from pools where not starts_with(name, $1)',
    [POOL_NAME],
  );
  if (found?.real !== 0)
    throw new Error(
      `This database has ${found?.real ?? 'unknown'} pools that were not loaded: nothing ` +
        'was written. The loader wants a database of its own.',
    );
  const {
    rows: [loaded],
  } = await client.query<{ any: boolean }>('select exists (select from pools) as any');
  if (loaded?.any === true)
    throw new Error('This database is loaded already: nothing was written.');
  await client.query('select setseed(0.42)');
  await client.query(PREPARE);
  const end = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const minutes = plan.days * 1440;
  const start = end - minutes * MINUTE_MS;
  await client.query(POOLS, [plan.pools, new Date(start)]);
  const slices = Math.min(minutes, Math.ceil(plan.reservations / SLICE_ROWS));
  let from = 0;
  for (let slice = 0; slice < slices; slice++) {
    const [first, after] = [
      Math.floor((minutes * slice) / slices),
      Math.floor((minutes * (slice + 1)) / slices),
    ];
    const to = Math.floor((plan.reservations * (slice + 1)) / slices);
    await oneSlice(client, {
      begin: new Date(start + first * MINUTE_MS),
      end: new Date(start + after * MINUTE_MS),
      from,
      rows: to - from,
      allEnd: new Date(end),
    });
    from = to;
    say(`${from} of ${plan.reservations} holds`);
  }
  await client.query(FINISH);
  await client.query('set session_replication_role = origin');
  say('vacuum and analyze');
  await client.query('vacuum (analyze)');
  say('done');
}

async function oneSlice(
  client: pg.Client,
  slice: { begin: Date; end: Date; from: number; rows: number; allEnd: Date },
): Promise<void> {
  const { begin, end, from, rows, allEnd } = slice;
  const seconds = (end.getTime() - begin.getTime()) / 1000;
  await client.query('begin');
  await client.query(STAGE, [begin, seconds, rows, from, allEnd]);
  await client.query(RESERVATIONS, [begin, end]);
  await client.query(LOANS, [begin, end]);
  await client.query(EVENTS, [begin, end]);
  await client.query(JOURNAL);
  await client.query(SNAPSHOTS);
  await client.query(REFUSALS, [begin, seconds, Math.ceil((rows * REFUSED_PER_100) / 100)]);
  await client.query(RECONCILIATIONS);
  await client.query(CARRY);
  for (const statement of SLICE_DONE.split('; '))
    await client.query(statement, statement.includes('$1') ? [end] : []);
  await client.query('commit');
}
