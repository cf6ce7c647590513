import { BOSS_SCHEMA } from '../database/boss-schema.js';
import type { JobLag, QueueLag } from '../modules/operations/job-lag.js';
import type { BossService } from './boss.service.js';
import { JOBS } from './jobs-table.js';

/**
 * By the database's clock, which the queue uses. pg-boss's own counts are as old as its last upkeep
 * and have no age.
 */
const OVERDUE = `select name as queue, count(*)::int as waiting, extract(epoch
  from now() - min(start_after))::float8 as "lagSeconds"
  from ${BOSS_SCHEMA}.job where name = any($1) and state < 'active' and start_after <= now() group by name`;

export class JobsLag implements JobLag {
  constructor(private readonly service: BossService) {}

  async lags(): Promise<readonly QueueLag[]> {
    await this.service.ready();
    const { rows } = await this.service.boss
      .getDb()
      .executeSql(OVERDUE, [JOBS.map(({ queue }) => queue)]);
    const overdue = new Map((rows as QueueLag[]).map((lag) => [lag.queue, lag]));
    return JOBS.map(({ queue }) => overdue.get(queue) ?? { queue, waiting: 0, lagSeconds: 0 });
  }
}
