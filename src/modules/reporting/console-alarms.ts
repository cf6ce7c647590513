import type pg from 'pg';

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
  readonly amount: string | null;
  readonly count: number;
}

/** As `OVERDUE_SECONDS` of the settlement room: a proof takes 20 s. */
const OVERDUE = "interval '300 seconds'";
/** A ledger closes every five seconds. */
const SILENT = "interval '60 seconds'";
const ALARMS_MAX = 200;

/** A break that lasts is found with every snapshot, so breaks of one class are one episode. */
const ALARMS = `select 'silent_chain' as kind, null::uuid as "poolId", network as "poolName",
    null as what, max(head_close_time) as since, null::timestamptz as until, null as amount,
    1 as count from pools where state <> 'closed'
    group by network having max(head_close_time) < now() - ${SILENT}
  union all select 'overdue', p.id, p.name, null, min(r.expires_at), null,
    reporting.token_units(sum(r.amount), p.decimals)::text, count(*)::int from pools p
    join reservations r on r.pool_id = p.id and r.state = 'held'
      and r.expires_at < p.head_close_time - ${OVERDUE} group by p.id
  union all select 'break', pool_id, pool_name, class, min(at), max(at), max(amount)::text,
    count(*)::int from reporting.breaks_v1 where is_alarm and at > now() - interval '1 day'
    group by pool_id, pool_name, class
  union all select 'upgrade', p.id, p.name, u.wasm_hash, u.unlocks_at, null, null, 1
    from pool_upgrades u join pools p on p.id = u.pool_id where p.state <> 'closed'
  order by since limit ${ALARMS_MAX}`;

/** The oldest first. */
export async function openAlarms(database: Pick<pg.Pool, 'query'>): Promise<OpenAlarm[]> {
  return (await database.query<OpenAlarm>(ALARMS)).rows;
}
