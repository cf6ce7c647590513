import type pg from 'pg';
import { columnList } from '../../../database/columns.js';
import type { HoldRequest } from '../reservation.js';
import { issuedOf } from './taken-in-batch.js';

/**
 * What a pool holds for a vendor, and what has settled for it after a ledger. `p.pool`, `p.vendor`
 * and `p.since` name the three. Two sums, because each has an index of its own.
 */
const sumsOf = (p: string): string => `
  coalesce((select sum(r.amount) from reservations r
      join loans l on l.pool_id = r.pool_id and l.id = r.loan_id
    where r.pool_id = ${p}.pool and r.state = 'held' and l.vendor = ${p}.vendor), 0)
  + coalesce((select sum(r.amount) from reservations r
      join loans l on l.pool_id = r.pool_id and l.id = r.loan_id
    where r.pool_id = ${p}.pool and r.state = 'settled' and r.settled_ledger > ${p}.since
      and l.vendor = ${p}.vendor), 0)`;

const fundedOf = (request: HoldRequest) => issuedOf(request)?.vendorFunded ?? null;
const ASKED = columnList<HoldRequest>({
  pool: { type: 'uuid', of: ({ poolId }) => poolId },
  vendor: { type: 'text', of: ({ loan }) => loan.vendor },
  since: { type: 'bigint', of: (request) => fundedOf(request)?.ledger },
});
/** A sum over the live holds of a pool: only where the contract caps vendors. */
const VENDOR_HOLDS = {
  name: 'hold_vendors',
  text: `select u.ord::int, (${sumsOf('u')})::text as held
    from ${ASKED.table} join pools p on p.id = u.pool where p.vendor_cap is not null`,
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
export const VENDOR_HELD = `select (${sumsOf('u')})::text as held
  from (select $1::uuid as pool, $2::text as vendor, $3::bigint as since) u`;
