import type pg from 'pg';
import { columnList } from '../../../database/columns.js';
import type { HoldRequest } from '../reservation.js';
import { issuedOf } from './taken-in-batch.js';

/**
 * What a pool holds for a vendor, and what has settled for it after a ledger, for each row of `asked`
 * (pool, vendor, since, ord). One pass over the live holds serves all rows: it runs under the gate.
 */
const sumsOf = (asked: string): string => `with asked as materialized (${asked}),
  live as materialized (
    select r.pool_id, l.vendor, sum(r.amount) as amount
      from (select distinct a.pool from asked a) q
      join reservations r on r.pool_id = q.pool and r.state = 'held'
      cross join lateral (select l.vendor from loans l
        where l.pool_id = r.pool_id and l.id = r.loan_id limit 1) l
      group by r.pool_id, l.vendor)
  select a.ord::int, (coalesce(l.amount, 0) + coalesce((select sum(r.amount) from reservations r
        join loans l on l.pool_id = r.pool_id and l.id = r.loan_id
      where r.pool_id = a.pool and r.state = 'settled' and r.settled_ledger > a.since
        and l.vendor = a.vendor), 0))::text as held
    from asked a left join live l on l.pool_id = a.pool and l.vendor = a.vendor`;

const fundedOf = (request: HoldRequest) => issuedOf(request)?.vendorFunded ?? null;
const ASKED = columnList<HoldRequest>({
  pool: { type: 'uuid', of: ({ poolId }) => poolId },
  vendor: { type: 'text', of: ({ loan }) => loan.vendor },
  since: { type: 'bigint', of: (request) => fundedOf(request)?.ledger },
});
/** A sum over the live holds of a pool: only where the contract caps vendors. */
const VENDOR_HOLDS = {
  name: 'hold_vendors',
  text: sumsOf(`select u.pool, u.vendor, u.since, u.ord
    from ${ASKED.table} join pools p on p.id = u.pool where p.vendor_cap is not null`),
};

/** @returns base units by the index of the request; requests without a vendor's cap are left out */
export async function readVendorHolds(
  client: pg.ClientBase,
  batch: readonly HoldRequest[],
): Promise<ReadonlyMap<number, bigint>> {
  const asked = batch.flatMap((request, index) =>
    fundedOf(request) === null ? [] : [{ request, index }],
  );
  if (asked.length === 0) return new Map();
  const { rows } = await client.query<{ ord: number; held: string }>({
    ...VENDOR_HOLDS,
    values: ASKED.values(asked.map(({ request }) => request)),
  });
  return new Map(rows.map(({ ord, held }) => [asked[ord - 1]?.index ?? -1, BigInt(held)]));
}

/** Takes pool, vendor and ledger. */
export const VENDOR_HELD = sumsOf(
  'select $1::uuid as pool, $2::text as vendor, $3::bigint as since, 1 as ord',
);
