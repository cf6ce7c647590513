import type { SelectQueryBuilder } from 'typeorm';
import type { Whose } from '../../../common/caller.js';
import type { ListPlace } from '../../../common/list-place.js';
import type { ReservationState } from '../reservation.js';

/** A filter that is left out does not narrow the list. */
export interface ListFilter {
  readonly poolId?: string | undefined;
  readonly state?: ReservationState | undefined;
  readonly borrower?: string | undefined;
  /** Made at this time or later. */
  readonly createdAfter?: Date | undefined;
  /** Made before this time. */
  readonly createdBefore?: Date | undefined;
  /** Only rows after this one in the list. */
  readonly cursor?: ListPlace | undefined;
  readonly limit: number;
}
/** `next`: the place of the last row, when more rows follow. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: ListPlace | null;
}

/**
 * The reservations of a page, newest first: a statement that returns their keys (pool_id, id), and
 * its parameters.
 */
interface Keys {
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const NEWEST_FIRST = 'order by x.held_at desc, x.id desc';
/**
 * As in `reservations_listed`: a backend's tenant, which has no colon, is one stream; all wallets
 * of a pool (`wallet:G…`) are one stream together.
 */
const STREAM = `split_part(x.tenant_id, ':', 1)`;
/**
 * A time to the microsecond, as in the index. A Date would drop three digits and with them a row
 * between two pages.
 */
const MICROS = '(extract(epoch from r.held_at) * 1000000)::bigint';
const BEHIND = `(x.held_at, x.id) < (timestamptz 'epoch' + :micros::bigint * interval '1 microsecond', :placeId::uuid)`;

/**
 * @param query that has a reservation as `r`. It reads one more row than the page has, to know whether
 * there is a next page
 */
export async function pageOf<Row extends object, Item>(
  query: SelectQueryBuilder<Row>,
  whose: Whose,
  filter: ListFilter,
  render: (row: Row) => Item,
): Promise<Page<Item>> {
  const { text, values } = keysOf(whose, filter);
  query
    .innerJoin(`(${text})`, 'k', 'k.pool_id = r.pool_id and k.id = r.id', values)
    .addSelect(MICROS, 'place_micros')
    .orderBy('r.heldAt', 'DESC')
    .addOrderBy('r.id', 'DESC');
  const { entities, raw } = await query.getRawAndEntities<{
    readonly place_micros: string;
    readonly r_id: string;
  }>();
  const last = raw[filter.limit - 1];
  return {
    rows: entities.slice(0, filter.limit).map(render),
    next:
      entities.length > filter.limit && last
        ? { heldAtMicros: BigInt(last.place_micros), reservationId: last.r_id }
        : null,
  };
}

/**
 * Each of the three ways reads an index in the list's order, or few rows. No index has the order of
 * all pools and tenants, because every hold would pay for it.
 */
function keysOf(whose: Whose, filter: ListFilter): Keys {
  const borrower =
    filter.borrower ?? (whose !== 'everybody' && 'borrower' in whose ? whose.borrower : undefined);
  const { conditions, values } = conditionsOf(whose, filter);
  const all = { ...values, most: filter.limit + 1 };
  if (borrower !== undefined)
    return {
      text: `select x.pool_id, x.id from reservations x where ${conditions.join(' and ')} ${NEWEST_FIRST} limit :most`,
      values: all,
    };
  if (filter.state === 'held') return { text: liveKeys(conditions), values: all };
  return {
    text: mergedKeys(conditions, {
      tenant: whose !== 'everybody',
      pool: filter.poolId !== undefined,
    }),
    values: all,
  };
}

/**
 * Reads all live holds by their index. In the list's order, a stream without live holds would be
 * searched through its whole past.
 */
const liveKeys = (
  conditions: readonly string[],
): string => `with live as materialized (select x.pool_id, x.id, x.held_at from reservations x
  where ${conditions.join(' and ')})
  select x.pool_id, x.id from live x ${NEWEST_FIRST} limit :most`;

/**
 * Merges the pages of all streams. It jumps from stream to stream in the index and keeps the
 * streams with the newest first rows, at most as many as the page has rows. A page of n rows reads
 * one row per stream and n squared at most.
 */
function mergedKeys(
  conditions: readonly string[],
  by: { readonly tenant: boolean; readonly pool: boolean },
): string {
  const next = (where: string): string =>
    `select x.pool_id, ${STREAM} as stream from reservations x ${where} order by ${STREAM}, x.pool_id limit 1`;
  const streams = by.tenant
    ? `streams as (select p.id as pool_id, split_part(:ownTenant::text, ':', 1) as stream ` +
      `from pools p ${by.pool ? 'where p.id = :poolId' : ''})`
    : `streams as ((${next('')}) union all select n.pool_id, n.stream from streams s cross ` +
      `join lateral (${next(`where (${STREAM}, x.pool_id) > (s.stream, s.pool_id)`)}) n)`;
  const rowsOf = (limit: string): string =>
    'select x.pool_id, x.id, x.held_at from reservations x where ' +
    `${[`x.pool_id = s.pool_id and ${STREAM} = s.stream`, ...conditions].join(' and ')} ` +
    `${NEWEST_FIRST} limit ${limit}`;
  return `with recursive ${streams},
    newest as (select s.pool_id, s.stream from streams s cross
      join lateral (${rowsOf('1')}) x
      ${by.pool && !by.tenant ? 'where s.pool_id = :poolId' : ''} ${NEWEST_FIRST} limit :most)
  select x.pool_id, x.id from newest s cross join lateral (${rowsOf(':most')}) x ${NEWEST_FIRST} limit :most`;
}

/** Conditions on a reservation `x`, which has the tenant and borrower of its loan. */
function conditionsOf(
  whose: Whose,
  { poolId, state, borrower, createdAfter, createdBefore, cursor }: ListFilter,
): { readonly conditions: readonly string[]; readonly values: Record<string, unknown> } {
  const conditions: string[] = [];
  const values: Record<string, unknown> = {};
  const add = (condition: string, of: Record<string, unknown>): void => {
    conditions.push(condition);
    Object.assign(values, of);
  };
  if (whose !== 'everybody') {
    if ('tenantId' in whose) add('x.tenant_id = :ownTenant', { ownTenant: whose.tenantId });
    else add('x.borrower = :ownBorrower', { ownBorrower: whose.borrower });
  }
  if (poolId !== undefined) add('x.pool_id = :poolId', { poolId });
  if (state === 'held')
    add(`x.state = 'held'`, {}); // not a parameter: the index of live holds is a partial one
  else if (state !== undefined) add('x.state = :state', { state });
  if (borrower !== undefined) add('x.borrower = :borrower', { borrower });
  if (createdAfter !== undefined) add('x.held_at >= :createdAfter', { createdAfter });
  // the cursor is the tighter of the two bounds, and with both the index may begin at the looser
  // one: a late page would read all earlier pages again
  if (
    createdBefore !== undefined &&
    (cursor === undefined || cursor.heldAtMicros >= BigInt(createdBefore.getTime()) * 1000n)
  )
    add('x.held_at < :createdBefore', { createdBefore });
  if (cursor !== undefined)
    add(BEHIND, { micros: cursor.heldAtMicros.toString(), placeId: cursor.reservationId });
  return { conditions, values };
}
