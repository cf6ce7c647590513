import type { SelectQueryBuilder } from 'typeorm';
import type { Whose } from '../../../common/caller.js';
import type { ListPlace } from '../../../common/list-place.js';
import type { ReservationState } from '../reservation.js';

/** What is left out does not narrow the list. */
export interface ListFilter {
  readonly poolId?: string | undefined;
  readonly state?: ReservationState | undefined;
  readonly borrower?: string | undefined;
  /** Made at this time or later. */
  readonly createdAfter?: Date | undefined;
  /** Made before this time. */
  readonly createdBefore?: Date | undefined;
  /** Rows behind this one. */
  readonly cursor?: ListPlace | undefined;
  readonly limit: number;
}
/** `next`: the place of the last row, when there are more behind it. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: ListPlace | null;
}

/**
 * Which reservations a page is of, newest first: a statement that gives their keys (pool_id, id),
 * and its parameters.
 */
interface Keys {
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const NEWEST_FIRST = 'order by x.held_at desc, x.id desc';
/**
 * As in `reservations_listed`: a backend's tenant has no colon, so it is a stream; the wallets of a
 * pool (`wallet:G…`) are one together.
 */
const STREAM = `split_part(x.tenant_id, ':', 1)`;
/**
 * A time as the index has it: to the microsecond, where a Date would lose three digits and with
 * them a row between two pages.
 */
const MICROS = '(extract(epoch from r.held_at) * 1000000)::bigint';
const BEHIND = `(x.held_at, x.id) < (timestamptz 'epoch' + :micros::bigint * interval '1 microsecond', :placeId::uuid)`;

/**
 * @param query that has a reservation as `r`. One row more than asked for tells whether there is a
 * next page
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
 * all pools and tenants: it would be one more to pay for with every hold.
 */
function keysOf(whose: Whose, filter: ListFilter): Keys {
  const borrower =
    filter.borrower ?? (whose !== 'everybody' && 'borrower' in whose ? whose.borrower : undefined);
  const { conditions, values } = narrowed(whose, filter);
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
 * By the index of live holds, all of them. In the list's order the holds of a stream that has none
 * would be looked for through its whole past.
 */
const liveKeys = (
  conditions: readonly string[],
): string => `with live as materialized (select x.pool_id, x.id, x.held_at from reservations x
  where ${conditions.join(' and ')})
  select x.pool_id, x.id from live x ${NEWEST_FIRST} limit :most`;

/**
 * A page of all is a page of each stream, merged. Streams are found by jumping from one to the next
 * in the index; the newest row of each tells which may have a row on this page: not more
 * of them than the page has rows, because each of those has a newer row than all that are left out.
 * So a page of n rows reads one row of each stream and n squared at most.
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

/** Conditions on a reservation `x`, which has its loan's tenant and borrower. */
function narrowed(
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
  // a place before that time says more, and of two bounds the index may begin at the farther one: a
  // late page would read all those before it again
  if (
    createdBefore !== undefined &&
    (cursor === undefined || cursor.heldAtMicros >= BigInt(createdBefore.getTime()) * 1000n)
  )
    add('x.held_at < :createdBefore', { createdBefore });
  if (cursor !== undefined)
    add(BEHIND, { micros: cursor.heldAtMicros.toString(), placeId: cursor.reservationId });
  return { conditions, values };
}
