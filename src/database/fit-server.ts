import type pg from 'pg';

/** The oldest Postgres that the statements run on, tested by `test/operations/old-postgres.spec`. */
const OLDEST_POSTGRES = 15;

/**
 * Looks whether this server can be migrated, before anything is written.
 * @throws Error with one sentence that says what is wrong with it
 */
export async function refuseUnfitServer(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{
    version: number;
    named: string;
    standby: boolean;
    read_only: boolean;
    encoding: string;
  }>(
    `select current_setting('server_version_num')::int as version, pg_is_in_recovery() as standby,
       current_setting('server_version') as named, current_setting('server_encoding') as encoding,
       current_setting('default_transaction_read_only')::boolean as read_only`,
  );
  const [server] = rows;
  if (!server) return;
  if (server.version < OLDEST_POSTGRES * 10_000)
    throw new Error(
      `The database is Postgres ${server.named}, and Holdfast needs Postgres ${OLDEST_POSTGRES} or ` +
        'later; nothing was written.',
    );
  if (server.standby)
    throw new Error(
      'The database is a standby that was not promoted and cannot be written; nothing was ' +
        'started. Point DATABASE_URL at the primary (docs/operations.md#database-away).',
    );
  if (server.read_only)
    throw new Error(
      'The database is read-only (default_transaction_read_only is on); nothing was started. ' +
        'docs/operations.md#database-away says what to look at.',
    );
  if (server.encoding !== 'UTF8')
    throw new Error(
      `The database is encoded in ${server.encoding}, and Holdfast stores text as UTF8; nothing was ` +
        "written. Create it with: create database holdfast encoding 'UTF8' template template0",
    );
}
