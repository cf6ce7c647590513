import type pg from 'pg';
import { isPooled } from '../../../database/limited-client.js';

interface Room {
  readonly allowed: number;
  readonly used: number;
}

/** As `roomOn`, on a connection of its own. */
export async function connectionRoom(database: pg.Pool, needed: number): Promise<string | null> {
  const client = await database.connect();
  try {
    return await roomOn(client, needed);
  } finally {
    client.release();
  }
}

/**
 * Compares the connections of this process with those of the server, before anything listens.
 * Behind a pooler its own limits apply.
 * @returns a sentence when the server has too few free ones now; null when it has enough
 * @throws Error when they can never fit
 */
export async function roomOn(client: pg.ClientBase, needed: number): Promise<string | null> {
  if (isPooled(client)) return null;
  const {
    rows: [room],
  } = await client.query<Room>(
    `select least(
          current_setting('max_connections')::int - case when r.rolsuper then 0 else
            current_setting('superuser_reserved_connections')::int
              + coalesce(current_setting('reserved_connections', true)::int, 0) end,
          case when r.rolconnlimit < 0 then null else r.rolconnlimit end)::int as allowed,
        (select count(*) from pg_stat_activity where backend_type = 'client backend'
            and pid <> pg_backend_pid())::int as used
        from pg_roles r where r.rolname = current_user`,
  );
  if (!room) return null;
  const wanted = `this process opens up to ${needed} connections (DATABASE_CONNECTIONS)`;
  if (needed > room.allowed)
    throw new Error(
      `The database allows ${room.allowed} connections, and ${wanted}: set fewer, or raise ` +
        "max_connections of the server or the role's connection limit " +
        '(docs/database.md#connections).',
    );
  return needed > room.allowed - room.used
    ? `The database has ${room.allowed - room.used} of ${room.allowed} connections free, and ${wanted}`
    : null;
}
