import { BOSS_SCHEMA } from '../database/boss-schema.js';
import type { JobFigures, JobFiguresRead } from '../modules/operations/job-figures.js';
import { DEAD_LETTERS, JOBS } from './jobs-table.js';

/**
 * Counts waiting and running rounds, and dead letters. Finished rounds are left out: there are
 * thousands, and the index of waiting rounds does not cover them. Times are by the database's
 * clock, which the queue uses.
 */
const QUESTION = `select name as queue, count(*) filter (where state < 'active'
  and start_after <= now())::int as due, count(*) filter (where state < 'active'
  and start_after > now())::int as deferred,
    count(*) filter (where state = 'active')::int as active, coalesce(extract(epoch
      from now() - min(start_after) filter (where state < 'active'
      and start_after <= now())), 0)::float8 as lag, 0 as letters, null::float8 as newest
  from ${BOSS_SCHEMA}.job where name = any($1) and state <= 'active' group by name
  union all select name, 0, 0, 0, 0, count(*)::int, extract(epoch from max(created_on))::float8
    from ${BOSS_SCHEMA}.job where name = $2 group by name`;

interface Row {
  readonly queue: string;
  readonly due: number;
  readonly deferred: number;
  readonly active: number;
  readonly lag: number;
  readonly letters: number;
  readonly newest: number | null;
}

export class JobsFigures implements JobFigures {
  readonly question = { text: QUESTION, values: [JOBS.map(({ queue }) => queue), DEAD_LETTERS] };

  read(rows: readonly Readonly<Record<string, unknown>>[]): JobFiguresRead {
    const known = new Map((rows as unknown as readonly Row[]).map((row) => [row.queue, row]));
    const letters = known.get(DEAD_LETTERS);
    return {
      queues: JOBS.map(({ queue }) => {
        const row = known.get(queue);
        return {
          queue,
          due: row?.due ?? 0,
          deferred: row?.deferred ?? 0,
          active: row?.active ?? 0,
          lagSeconds: row?.lag ?? 0,
        };
      }),
      deadLetters: letters?.letters ?? 0,
      newestDeadLetter: letters?.newest ?? null,
    };
  }
}
