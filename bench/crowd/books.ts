import type { LabPool, Stage } from '../lab/stage.js';

/** What the ledger and the chain say of the pool afterwards. */
export interface Books {
  readonly promised: number;
  readonly settled: number;
  readonly live: number;
  readonly expired: number;
  readonly released: number;
  /** Recorded refusals, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Recorded refusals for lack of funds although the funds were enough for one more. */
  readonly untrue: number;
  readonly counterIsSum: boolean;
  /** Base units that are locked on the chain. */
  readonly lockedOnChain: bigint;
}

/**
 * A refusal for lack of funds is true when it names less than it was asked for, and comes after the
 * hold that took the last funds, or in its batch: rows of one transaction have the same xmin.
 */
const BOOKS = `
  with of_pool as (select * from pools where id = $1),
  states as (select count(*)::int as promised,
      count(*) filter (where state = 'settled')::int as settled,
      count(*) filter (where state = 'held')::int as live,
      count(*) filter (where state = 'expired')::int as expired,
      count(*) filter (where state = 'released')::int as released,
      coalesce(sum(amount) filter (where state = 'held'), 0) as sum
    from reservations where pool_id = $1),
  counts as (select coalesce(jsonb_object_agg(code, count), '{}') as refusals
    from (select code, count(*)::int from refusals where pool_id = $1 group by code) c),
  last_fit as (select at, xmin::text as batch from reservation_events where pool_id = $1 and kind = 'held'
    order by at offset $2 - 1 limit 1)
  select states.*, counts.refusals, of_pool.held = states.sum as exact,
    (select count(*)::int from refusals f where f.pool_id = $1 and f.code = 'INSUFFICIENT_LIQUIDITY'
      and ((f.facts ->> 'available')::numeric >= f.amount
        or not exists (select from last_fit l
          where l.at <= f.created_at or l.batch = f.xmin::text))) as untrue
  from states, counts, of_pool`;

export async function readBooks(stage: Stage, pool: LabPool, fit: number): Promise<Books> {
  const { rows } = await stage.rooms.connections.read.query<
    Omit<Books, 'lockedOnChain' | 'counterIsSum'> & { readonly exact: boolean }
  >(BOOKS, [pool.record.id, fit]);
  const [row] = rows;
  if (!row) throw new Error('the pool is gone');
  const { pools } = await stage.control.state();
  const onChain = pools.find((one) => one.pool === pool.record.poolContract);
  const { exact, ...books } = row;
  return { ...books, counterIsSum: exact, lockedOnChain: BigInt(onChain?.locked ?? '0') };
}
