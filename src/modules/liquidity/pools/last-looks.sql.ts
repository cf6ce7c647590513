import type pg from 'pg';

/** What is left to do for a closed pool, so that its figures end explained. */
export interface LastLook {
  /** No snapshot was taken since it was closed and its last hold ended, or money is in flight. */
  readonly observe: boolean;
  /** Its last snapshot is not explained from the one before. */
  readonly reconcile: boolean;
}

/**
 * Closed pools with something left, for a day: the contracts of a pool that was closed because they
 * broke may never be read again. `held` is above zero while a hold is live.
 */
const LAST_LOOKS = `select * from (
  select p.id, p.held = 0 and (p.in_flight > 0 or p.snapshot_advanced_at <= c.at) as observe,
    coalesce((select max(r.to_ledger) from reconciliations r where r.pool_id = p.id),
      e.baseline_ledger) < p.snapshot_ledger as reconcile
  from pools p join event_cursors e on e.pool_id = p.id join lateral (
    select max(h.at) as at from pool_rules_history h where h.pool_id = p.id and h.state = 'closed') c on true
  where p.state = 'closed' and p.snapshot_ledger is not null
    and c.at > clock_timestamp() - interval '1 day') left_over
where observe or reconcile`;

export async function lastLooks(reader: pg.Pool): Promise<Map<string, LastLook>> {
  const { rows } = await reader.query<LastLook & { id: string }>(LAST_LOOKS);
  return new Map(rows.map(({ id, ...look }) => [id, look]));
}
