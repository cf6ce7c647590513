import type pg from 'pg';
import {
  microsOf,
  momentOf,
  nextPlace,
  type PlaceRow,
  type RowPlace,
  unplaced,
} from './row-place.js';

/** What is open by the database's word. Amounts are token units as text. */
export interface OpenAlarm {
  readonly kind: 'break' | 'overdue' | 'upgrade' | 'silent_chain';
  readonly poolId: string | null;
  readonly poolName: string | null;
  /** Class of a break, hash of an upgrade. */
  readonly what: string | null;
  readonly since: Date;
  /** When it was found last; null: it lasts. */
  readonly until: Date | null;
  /** Of the newest snapshot that shows a break: it finds the episode. */
  readonly ledger: number | null;
  readonly amount: string | null;
  readonly count: number;
}

/** As `OVERDUE_SECONDS` of the settlement room: a proof takes 20 s. */
const OVERDUE = "interval '300 seconds'";
/** A ledger closes every five seconds. */
const SILENT = "interval '60 seconds'";

/**
 * A break that lasts is found with every snapshot. Episodes as in reporting.break_episodes_v1, of the
 * last day alone, because the page asks every few seconds.
 */
const ALARMS = `with begun as (
    select b.pool_id, b.pool_name, b.class, b.to_ledger, b.number, b.at, b.amount,
        coalesce(b.from_ledger <> lag(b.to_ledger) over pairs
        and b.at - lag(b.at) over pairs > interval '60 seconds', true) as begins
      from reporting.breaks_v1 b where b.is_alarm and b.at > now() - interval '1 day'
      window pairs as (partition by b.pool_id, b.class order by b.to_ledger, b.number)
  ), episodes as (
    select *, count(*) filter (where begins)
        over (partition by pool_id, class order by to_ledger, number) as episode from begun
  )
  select 'silent_chain' as kind, null::uuid as "poolId", network as "poolName",
    null as what, max(head_close_time) as since, null::timestamptz as until, null::int as ledger,
    null as amount, 1 as count, network as part from pools where state <> 'closed'
    group by network having max(head_close_time) < now() - ${SILENT}
  union all select 'overdue', p.id, p.name, null, min(r.expires_at), null, null,
    reporting.token_units(sum(r.amount), p.decimals)::text, count(*)::int, null from pools p
    join reservations r on r.pool_id = p.id and r.state = 'held'
      and r.expires_at < p.head_close_time - ${OVERDUE} group by p.id
  union all select 'break', pool_id, pool_name, class, min(at), max(at), max(to_ledger)::int,
    (case when class = 'shortfall' then max(amount) else sum(amount) end)::text,
    count(distinct to_ledger)::int, class from episodes group by pool_id, pool_name, class, episode
  union all select 'upgrade', p.id, p.name, u.wasm_hash, u.unlocks_at, null, null, null, 1, u.contract
    from pool_upgrades u join pools p on p.id = u.pool_id where p.state <> 'closed'`;
/** What an alarm is about; with its beginning it names the alarm. */
const TIE = `md5(concat_ws('|', kind, "poolId", part))::uuid`;
const PAGE = `select kind, "poolId", "poolName", what, since, until, ledger, amount, count,
    ${microsOf('since')} as place_at, ${TIE}::text as place_tie from (${ALARMS}) alarms
  where $1::bigint is null or (since, ${TIE}) > (${momentOf('$1')}, $2::uuid)
  order by since, ${TIE} limit $3`;

interface AlarmsPage {
  readonly alarms: readonly OpenAlarm[];
  readonly next: RowPlace | null;
}

/** The oldest first. */
export async function openAlarms(
  database: Pick<pg.Pool, 'query'>,
  { after, limit }: { readonly after?: RowPlace | undefined; readonly limit: number },
): Promise<AlarmsPage> {
  const { rows } = await database.query<OpenAlarm & PlaceRow>(PAGE, [
    after?.at ?? null,
    after?.tie ?? null,
    limit + 1,
  ]);
  return { alarms: rows.slice(0, limit).map(unplaced), next: nextPlace(rows, limit) };
}
