import type pg from 'pg';
import * as metrics from '../../../telemetry/metrics.js';
import type { Settlement, Transition } from './end-evidence.js';

/**
 * Tells the metrics of settlements that this process wrote, and how long each hold took. Read after
 * the commit: under the gate it would cost every waiting hold. A figure
 * that cannot be read then is counted as lost; the settlement stands, so it is no failure of the
 * round.
 */
export async function measureSettled(
  read: pg.Pool,
  list: readonly Settlement[],
  done: readonly Transition[],
): Promise<void> {
  const settled = list.filter((_, index) => done[index]?.written === true);
  for (const { poolId } of settled)
    metrics.count('holdfast_holds_ended_total', { pool: poolId, outcome: 'settled' });
  if (settled.length === 0) return;
  try {
    const { rows } = await read.query<{ pool_id: string; seconds: number }>(
      `select r.pool_id, extract(epoch from r.ended_at - r.held_at)::float8 as seconds
      from unnest($1::uuid[], $2::uuid[]) as s(pool_id, id)
        join reservations r on r.pool_id = s.pool_id and r.id = s.id`,
      [settled.map(({ poolId }) => poolId), settled.map(({ reservationId }) => reservationId)],
    );
    for (const { pool_id: pool, seconds } of rows)
      metrics.measure('holdfast_hold_settle_seconds', { pool }, seconds);
  } catch {
    metrics.count('holdfast_figures_lost_total', { figure: 'settle_time' }, settled.length);
  }
}
