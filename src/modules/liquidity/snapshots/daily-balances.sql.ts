import type { Transaction } from '../../../database/transaction.js';
import type { Term } from './observation.js';

/** The column of each term in `daily_balances`. The table's own check misses a term without one. */
const COLUMNS = {
  settledByUs: 'settled_by_us',
  unreservedFundings: 'unreserved_fundings',
  repayments: 'repayments',
  deposits: 'deposits',
  withdrawals: 'withdrawals',
  interest: 'interest',
  guarantees: 'guarantees',
  losses: 'losses',
  externalTransfers: 'external_transfers',
} as const satisfies Record<Term, string>;
const TERMS = Object.entries(COLUMNS);
/** What is summed up over the reconciliations of a day. */
const SUMS = [...Object.values(COLUMNS), 'unexplained', 'not_known'];
const sums = (write: (column: string) => string): string => SUMS.map(write).join(', ');

const DAY = `date_bin('1 day', coalesce(r.snapshot_at, r.at), '2000-01-01 00:00:00+00'::timestamptz)`;

/**
 * From `pairs` (from_ledger, to_ledger, at, day, bridges) and `before` (figure, closing), the sums of
 * each day and figure. A jump between two pairs is not known: reconciliations that explained it are
 * gone. Where events are lost, the terms show only those that were found.
 */
const MOVES = `bridged as (
    select p.day, p.from_ledger, p.to_ledger, p.at, f.figure, f.bridge,
      (f.bridge ->> 'before')::numeric as before, (f.bridge ->> 'after')::numeric as after,
      (f.bridge ->> 'difference')::numeric as difference, coalesce(
        lag((f.bridge ->> 'after')::numeric) over (partition by f.figure order by p.to_ledger),
        (select b.closing from before b where b.figure = f.figure),
        (f.bridge ->> 'before')::numeric) as opening
    from pairs p cross join lateral (values ('total', p.bridges -> 'total'),
      ('locked', p.bridges -> 'locked'), ('token_balance', p.bridges -> 'tokenBalance')
    ) f (figure, bridge)
  ), moves as (
    select b.day, b.figure, (array_agg(b.opening order by b.to_ledger))[1] as opening,
      ${TERMS.map(
        ([term, column]) =>
          `sum(coalesce((b.bridge -> 'terms' ->> '${term}')::numeric, 0)) as ${column}`,
      ).join(',\n      ')},
      sum(coalesce(b.difference, 0)) as unexplained,
      sum(b.before - b.opening + case when b.difference is null then b.after - b.before - (
        select coalesce(sum(t.value::numeric), 0) from jsonb_each_text(b.bridge -> 'terms') t
      ) else 0 end) as not_known,
      (array_agg(b.after order by b.to_ledger desc))[1] as closing,
      min(b.from_ledger) as first_ledger, max(b.to_ledger) as last_ledger,
      (array_agg(b.at order by b.to_ledger desc))[1] as closed_at, count(*)::int as pairs
    from bridged b group by b.day, b.figure
  )`;

/**
 * Where the first day begins: upkeep deletes what explains everything in order, so nothing is missing
 * after the oldest of these; before it are those that follow each other without a gap.
 */
const BEGIN = `with recursive back as (
    select r.from_ledger from reconciliations r where r.pool_id = $1 and r.to_ledger = coalesce(
      (select min(u.to_ledger) from reconciliations u where u.pool_id = $1
        and u.outcome = 'explained' and not (u.breaks @? '$[*] ? (@.class != "in_transit")')),
      (select max(u.to_ledger) from reconciliations u where u.pool_id = $1))
    union all
    select r.from_ledger from back b
      join reconciliations r on r.pool_id = $1 and r.to_ledger = b.from_ledger
  ) select min(from_ledger) from back`;

/**
 * Adds the reconciliations after the last one that is summed up, oldest first. Days do not go back,
 * also where the database clock stands in for the chain's.
 */
const ADD = `with place as (
    select d.day, d.last_ledger from daily_balances d
      where d.pool_id = $1 and d.pairs > 0 order by d.day desc limit 1
  ), before as (
    select d.figure, d.closing from daily_balances d join place l on l.day = d.day where d.pool_id = $1
  ), next as (
    select r.from_ledger, r.to_ledger, r.bridges, coalesce(r.snapshot_at, r.at) as at, ${DAY} as day
      from reconciliations r where r.pool_id = $1 and r.to_ledger > coalesce(
        (select last_ledger from place),
        (${BEGIN}),
        0)
      order by r.to_ledger limit $2
  ), pairs as materialized (
    select n.from_ledger, n.to_ledger, n.bridges, n.at, greatest((select day from place),
      max(n.day) over (order by n.to_ledger)) as day from next n
  ), ${MOVES}, written as (
    insert into daily_balances as d (pool_id, day, figure, opening, ${sums((column) => column)},
      closing, first_ledger, last_ledger, closed_at, pairs)
    select $1, m.day, m.figure, m.opening, ${sums((column) => `m.${column}`)}, m.closing,
      m.first_ledger, m.last_ledger, m.closed_at, m.pairs from moves m
    on conflict (pool_id, day, figure) do update set
      ${sums((column) => `${column} = d.${column} + excluded.${column}`)},
      closing = excluded.closing, last_ledger = excluded.last_ledger,
      closed_at = excluded.closed_at, pairs = d.pairs + excluded.pairs
      where d.last_ledger = (select last_ledger from place)
    returning 1
  ), missing as (
    insert into daily_balances (pool_id, day, figure, pairs)
    select $1, gap.day, f.figure, 0 from (
        select day, coalesce(lag(day) over (order by day), (select day from place)) as last
        from moves where figure = 'total') m
      cross join lateral generate_series(m.last + interval '24 hours',
        m.day - interval '24 hours', interval '24 hours') gap (day)
      cross join (values ('total'), ('locked'), ('token_balance')) f (figure)
    returning 1
  )
  select (select count(*) from pairs)::int as added, (select count(*) from moves)::int as due,
    (select count(*) from written)::int as written, (select count(*) from missing)::int as missing`;

/**
 * In a transaction that another one's commit ends with 40001: two workers add the same
 * reconciliations once.
 * @returns how many were added; fewer than the limit: none is left
 */
export async function addToDays(tx: Transaction, poolId: string, limit: number): Promise<number> {
  const { rows } = await tx.client.query<{ added: number; due: number; written: number }>(ADD, [
    poolId,
    limit,
  ]);
  const { added = 0, due = 0, written = 0 } = rows[0] ?? {};
  if (written !== due)
    throw new Error(
      `daily balances of pool ${poolId}: ${written} of ${due} rows follow the one before`,
    );
  return added;
}

export interface StoredDay {
  readonly day: Date;
  readonly firstLedger: string;
  readonly lastLedger: string;
}

/**
 * Days whose differences were explained after they were summed up, while all of their
 * reconciliations are still there.
 */
export async function explainedDays(
  reader: Pick<Transaction['client'], 'query'>,
  poolId: string,
): Promise<StoredDay[]> {
  const { rows } = await reader.query<StoredDay>(
    `select distinct d.day, d.first_ledger::text as "firstLedger", d.last_ledger::text as "lastLedger"
    from daily_balances d cross join lateral (
      select count(*) as pairs, coalesce(sum(case d.figure when 'total' then r.total_difference
        when 'locked' then r.locked_difference else r.token_difference end), 0) as unexplained
      from reconciliations r where r.pool_id = $1 and r.to_ledger > d.first_ledger
        and r.to_ledger <= d.last_ledger) now
    where d.pool_id = $1 and d.unexplained <> 0 and now.pairs = d.pairs
      and now.unexplained <> d.unexplained order by d.day`,
    [poolId],
  );
  return rows;
}

const AGAIN = `with before as (select null::text as figure, null::numeric as closing where false),
  pairs as materialized (
    select r.from_ledger, r.to_ledger, r.bridges, coalesce(r.snapshot_at, r.at) as at, $2::timestamptz as day
      from reconciliations r where r.pool_id = $1 and r.to_ledger > $3 and r.to_ledger <= $4
  ), ${MOVES}
  update daily_balances d set ${sums((column) => `${column} = m.${column}`)} from moves m
    where d.pool_id = $1 and d.day = $2 and d.figure = m.figure and d.pairs = m.pairs
      and d.first_ledger = $3 and d.last_ledger = $4`;

/** Sums such a day up again. @returns whether it was still as it was read */
export async function sumUpAgain(
  tx: Transaction,
  poolId: string,
  { day, firstLedger, lastLedger }: StoredDay,
): Promise<boolean> {
  const { rowCount } = await tx.client.query(AGAIN, [poolId, day, firstLedger, lastLedger]);
  return rowCount === 3;
}
