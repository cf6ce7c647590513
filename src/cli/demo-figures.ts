import { setTimeout as wait } from 'node:timers/promises';
import { formatAmount } from '../common/money.js';
import type { PoolRecord } from '../modules/liquidity/pools/pool-registry.js';
import type { DemoApi, PoolPage } from './demo-api.js';
import type { Rooms } from './rooms.js';

/** One view of a pool's figures, token units as text. */
interface View {
  readonly total: string;
  readonly locked: string;
  readonly tokenBalance: string;
  readonly observedAvailable: string;
  readonly held: string;
  readonly inFlight: string;
  readonly available: string;
}
export interface Views {
  readonly api: View;
  readonly sql: View;
  readonly chain: View;
}

const NAMES: Readonly<Record<keyof View, string>> = {
  total: 'total',
  locked: 'locked',
  tokenBalance: 'token balance',
  observedAvailable: 'observed available',
  held: 'held',
  inFlight: 'in flight',
  available: 'available',
};
const KEYS = Object.keys(NAMES) as (keyof View)[];
const LIMIT_MS = 60_000;
const LOOK_AGAIN_MS = 200;

/**
 * Waits until the service has read the pool at or after the ledger of the last settlement: from
 * then on no figure is in transit.
 */
export async function untilSnapshotPassed(
  api: DemoApi,
  poolId: string,
  ledger: number,
): Promise<PoolPage> {
  const until = performance.now() + LIMIT_MS;
  for (;;) {
    const page = await api.pool(poolId);
    if (page.atLedger !== null && page.atLedger >= ledger) return page;
    if (performance.now() > until)
      throw new Error(
        `The pool's snapshot did not reach ledger ${ledger} in ${LIMIT_MS / 1000} s. Does a worker run?`,
      );
    await wait(LOOK_AGAIN_MS);
  }
}

/**
 * The same figures from three sides that do not know of each other: HTTP, rows added up by SQL, and
 * the contracts' own entries.
 */
export async function threeViews(api: DemoApi, rooms: Rooms, pool: PoolRecord): Promise<Views> {
  return {
    api: viewOfPage(await api.pool(pool.id)),
    sql: await viewOfRows(rooms, pool),
    chain: await viewOfChain(rooms, pool),
  };
}

function viewOfPage(page: PoolPage): View {
  const known = (text: string | null): string => text ?? 'none';
  return {
    total: known(page.total),
    locked: known(page.locked),
    tokenBalance: known(page.tokenBalance),
    observedAvailable: known(page.observedAvailable),
    held: page.held,
    inFlight: page.inFlight,
    available: page.available,
  };
}

/** Promises are added up from the reservations, past the counters that the service decides by. */
const SUMS = `
  select p.snapshot_total::text as total, p.snapshot_locked::text as locked,
    p.snapshot_token_balance::text as token_balance, p.buffer::text as buffer,
    coalesce(sum(r.amount) filter (where r.state = 'held'), 0)::text as held,
    coalesce(sum(r.amount) filter (where r.state = 'settled'
      and r.settled_ledger > p.snapshot_ledger), 0)::text as in_flight
  from pools p left join reservations r on r.pool_id = p.id where p.id = $1 group by p.id`;
type Sums = Readonly<
  Record<'total' | 'locked' | 'token_balance' | 'buffer' | 'held' | 'in_flight', string>
>;

async function viewOfRows(rooms: Rooms, pool: PoolRecord): Promise<View> {
  const [row] = (await rooms.connections.read.query<Sums>(SUMS, [pool.id])).rows;
  if (!row) throw new Error(`pool ${pool.id} is not in the database`);
  const { total, locked, token_balance: tokenBalance, buffer, held, in_flight: inFlight } = row;
  return view(
    {
      total: BigInt(total),
      locked: BigInt(locked),
      tokenBalance: BigInt(tokenBalance),
      held: BigInt(held),
      inFlight: BigInt(inFlight),
      buffer: BigInt(buffer),
    },
    pool.decimals,
  );
}

/** The chain knows nothing of promises: what is not lent out is available. */
async function viewOfChain(rooms: Rooms, pool: PoolRecord): Promise<View> {
  const reading = await rooms.chain.observePool(pool);
  return view({ ...reading, held: 0n, inFlight: 0n, buffer: 0n }, pool.decimals);
}

function view(
  units: {
    total: bigint;
    locked: bigint;
    tokenBalance: bigint;
    held: bigint;
    inFlight: bigint;
    buffer: bigint;
  },
  decimals: number,
): View {
  const unlocked = units.total - units.locked;
  const observed = unlocked < units.tokenBalance ? unlocked : units.tokenBalance;
  const print = (amount: bigint): string => formatAmount(amount, decimals);
  const room = observed - units.held - units.inFlight - units.buffer;
  return {
    total: print(units.total),
    locked: print(units.locked),
    tokenBalance: print(units.tokenBalance),
    observedAvailable: print(observed),
    held: print(units.held),
    inFlight: print(units.inFlight),
    available: print(room > 0n ? room : 0n),
  };
}

/** Names of the figures on which the three do not agree. */
export function disagreements(views: Views): readonly string[] {
  return KEYS.filter(
    (key) => views.api[key] !== views.sql[key] || views.sql[key] !== views.chain[key],
  ).map((key) => NAMES[key]);
}

/** A table, one line a figure. */
export function printViews(views: Views): readonly string[] {
  const rows = [
    ['', 'API', 'SQL', 'chain'],
    ...KEYS.map((key) => [NAMES[key], views.api[key], views.sql[key], views.chain[key]]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const differing = new Set(disagreements(views));
  return rows.map(([name = '', ...cells], index) => {
    const mark = index === 0 ? '' : differing.has(name) ? '  DIFFER' : '  agree';
    return (
      `     ${name.padEnd(widths[0] ?? 0)}  ` +
      `${cells.map((cell, column) => cell.padStart(widths[column + 1] ?? 0)).join('  ')}${mark}`
    );
  });
}
