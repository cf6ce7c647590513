import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';

/**
 * Every process that migrates takes this advisory lock, because TypeORM takes none. The number
 * itself has no meaning.
 */
const MIGRATION_LOCK = 7_241_190_221;
const LOOK_AGAIN_MS = 200;

export interface LockWait {
  /** How long to wait for another start, milliseconds. */
  readonly limitMs: number;
  /** How often to say that it waits, milliseconds. */
  readonly sayMs: number;
  readonly say: (line: string) => void;
}

/** The session that has the lock, as far as this role may see it. */
const HOLDER = `
  select format('process %s of the database (application %s%s, since %s)', l.pid,
      coalesce(nullif(a.application_name, ''), 'unnamed'),
      coalesce(', from ' || host(a.client_addr), ''),
      coalesce(to_char(coalesce(a.xact_start, a.backend_start), 'YYYY-MM-DD HH24:MI:SS TZ'),
        'unknown')) as holder, l.pid
    from pg_locks l left join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and l.database = (select oid from pg_database where datname = current_database())
      and (l.classid::bigint << 32) | l.objid::bigint = $1::bigint limit 1`;

/**
 * Takes the lock for as long as the transaction that the caller has begun on this connection. A
 * lock of the session would stay with a pooler's server connection when this process is killed.
 * @throws Error that names the holder when the limit has passed
 */
export async function takeMigrationLock(client: pg.ClientBase, options: LockWait): Promise<void> {
  const began = performance.now();
  let said = began;
  while (!(await isTaken(client))) {
    const now = performance.now();
    const waited = `${Math.round((now - began) / 1000)} s`;
    if (now - began > options.limitMs) {
      const { rows } = await client.query<{ holder: string; pid: number }>(HOLDER, [
        String(MIGRATION_LOCK),
      ]);
      throw new Error(
        `Another start migrates the database: ${rows[0]?.holder ?? 'its process is not known'} has had the ` +
          `lock of migrations for ${waited}, and this start waits no longer. If that start is ` +
          `gone, end its session: select pg_terminate_backend(${rows[0]?.pid ?? 'PID'})` +
          ' (docs/database.md#migration-lock).',
      );
    }
    if (now - said > options.sayMs) {
      said = now;
      const { rows } = await client.query<{ holder: string }>(HOLDER, [String(MIGRATION_LOCK)]);
      options.say(
        `waiting for another start that migrates the database, for ${waited} until now: ` +
          (rows[0]?.holder ?? 'its process is not known'),
      );
    }
    await wait(LOOK_AGAIN_MS);
  }
}

async function isTaken(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_xact_lock($1) as taken',
    [MIGRATION_LOCK],
  );
  return rows[0]?.taken === true;
}
