import type pg from 'pg';
import * as metrics from '../../../telemetry/metrics.js';
import type { Settlement, Transition } from './end-evidence.js';

/**
 * Records the settlements of this process in the metrics, with how long each hold took. It reads
 * after the commit, because a read under the gate would delay every waiting hold. When it fails,
 * the figure counts as lost and the settlement stands.
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
