import type pg from 'pg';

/** A reservation that a search found, and by what. Amounts are token units as text. */
interface FoundReservation {
  readonly by: string;
  readonly poolId: string;
  readonly poolName: string;
  readonly reservationId: string;
  readonly loanId: string;
  readonly borrower: string;
  readonly amount: string;
  readonly state: string;
  readonly heldAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
}
export interface Found {
  readonly reservations: readonly FoundReservation[];
  /** There are more than were read. */
  readonly more: boolean;
}

const FOUND_MAX = 50;
/** Of each pool, in which the end of an id is looked for; ids begin with their time. */
const NEWEST = 2_000;

/**
 * Selects `pool_id`, `id` and `by`. Each look-up uses an index; one that has none reads a bounded
 * number of rows.
 */
interface Lookup {
  readonly accepts: RegExp;
  readonly sql: string;
}
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LOOKUPS: readonly Lookup[] = [
  {
    accepts: UUID,
    sql: `select r.pool_id, r.id, 'reservation' as by from pools p
        join reservations r on r.pool_id = p.id and r.id = $1::uuid
      union all select l.pool_id, l.reservation_id, 'loan' from pools p
        join loans l on l.pool_id = p.id and l.id = $1::uuid`,
  },
  {
    accepts: /^[0-9a-f]{64}$/i,
    sql: `select pool_id, reservation_id as id, 'transaction' as by from envelope_hashes
        where hash = lower($1)
      union all select pool_id, reservation_id, 'landing' from landings where hash = lower($1)`,
  },
  {
    accepts: /^[GC][A-Z2-7]{55}$/,
    sql: `(select pool_id, id, 'borrower' as by from reservations where borrower = $1
      order by held_at desc, id desc limit ${FOUND_MAX + 1})`,
  },
  {
    // the last part of an id, as the tables show it
    accepts: /^[0-9a-f]{12}$/i,
    sql: `select n.pool_id, n.id, 'end of the reservation' as by from pools p cross join lateral
        (select pool_id, id from reservations where pool_id = p.id order by id desc
          limit ${NEWEST}) n
        where right(n.id::text, 12) = lower($1)
      union all select n.pool_id, n.reservation_id, 'end of the loan' from pools p
        cross join lateral (select pool_id, id, reservation_id from loans where pool_id = p.id
          order by id desc limit ${NEWEST}) n
        where right(n.id::text, 12) = lower($1)
      union all select pool_id, reservation_id, 'end of a live hold' from live_borrowers
        where right(reservation_id::text, 12) = lower($1)`,
  },
];
/** Any text may be the key of a tenant. Keys are kept per tenant, and each is looked up there. */
const KEY = `select k.pool_id, k.request_id as id, 'idempotency key' as by
  from (select distinct tenant_id from api_keys) t
  join idempotency_keys k on k.tenant_id = t.tenant_id and k.key = $1 and k.outcome = 'held'`;

/** What the text names exactly: at most `FOUND_MAX` reservations, the newest first. */
export async function search(database: Pick<pg.Pool, 'query'>, text: string): Promise<Found> {
  const sources = [KEY, ...LOOKUPS.filter(({ accepts }) => accepts.test(text)).map((l) => l.sql)];
  const { rows } = await database.query<FoundReservation>(
    `with found as (select pool_id, id, min(by) as by
        from (${sources.join(' union all ')}) f group by pool_id, id)
      select f.by, p.id as "poolId", p.name as "poolName", r.id as "reservationId",
        r.loan_id as "loanId", r.borrower, r.state, r.held_at as "heldAt",
        r.expires_at as "expiresAt", r.ended_at as "endedAt",
        reporting.token_units(r.amount, p.decimals)::text as amount
      from found f join reservations r on r.pool_id = f.pool_id and r.id = f.id
      join pools p on p.id = r.pool_id order by r.held_at desc, r.id desc limit $2`,
    [text, FOUND_MAX + 1],
  );
  return { reservations: rows.slice(0, FOUND_MAX), more: rows.length > FOUND_MAX };
}
