import type pg from 'pg';
import { hasBoss, refuseNewerBoss } from './boss-schema.js';
import { LimitedClient } from './limited-client.js';
import type { Repeatable } from './repeatables.js';

/** Migrations have run, and another role than this one owns what they made. */
const FOREIGN = `select from pg_class c where c.oid = to_regclass('public.schema_migrations')
  and not pg_has_role(current_user, c.relowner, 'usage')`;

/** Whether the role owns the tables, or there are none yet (decision 0050). */
export async function mayMigrate(client: pg.ClientBase): Promise<boolean> {
  return (await client.query(FOREIGN)).rowCount === 0;
}

/** @returns the names that the table does not have */
const missing = async (
  client: pg.ClientBase,
  table: 'schema_migrations' | 'repeatable_objects',
  names: readonly string[],
): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select n.name from unnest($1::text[]) n (name)
      where not exists (select from ${table} t where t.name = n.name)`,
    [names],
  );
  return rows.map(({ name }) => name);
};

/**
 * For a role that may not migrate. A file of functions or views that differs is accepted only when
 * the database has a migration that this program does not know: a newer release has migrated it.
 * @throws Error in one sentence when something is not migrated
 */
export async function refuseUnmigrated(
  client: pg.Client,
  migrations: readonly string[],
  files: readonly Repeatable[],
): Promise<void> {
  const { rows: roles } = await client.query<{ role: string; isPermitted: boolean }>(
    `select current_user as role, has_table_privilege('schema_migrations', 'select')
      and has_table_privilege('repeatable_objects', 'select') as "isPermitted"`,
  );
  const role = roles[0]?.role ?? '';
  if (roles[0]?.isPermitted !== true)
    throw new Error(
      `The role ${role} has no rights on the tables of the database ${client.database ?? ''}: ` +
        `grant it holdfast_server (docs/database.md#roles).`,
    );
  await refuseNewerBoss(client);
  const absent = [
    ...(await missing(client, 'schema_migrations', migrations)),
    ...(await missing(
      client,
      'repeatable_objects',
      files.map(({ name }) => name),
    )),
    ...((await hasBoss(client)) ? [] : ['the queues of the jobs']),
    ...(await changed(client, migrations, files)),
  ];
  if (absent.length === 0) return;
  throw new Error(
    `The database ${client.database ?? ''} is not migrated for this release (${absent.slice(0, 3).join(', ')}` +
      `${absent.length > 3 ? ` and ${absent.length - 3} more` : ''}), and the role ${role} does not own its ` +
      'tables: run `npx holdfast migrate` with DATABASE_OWNER_URL (docs/database.md#roles).',
  );
}

async function changed(
  client: pg.ClientBase,
  migrations: readonly string[],
  files: readonly Repeatable[],
): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select n.name from unnest($1::text[], $2::text[]) n (name, hash)
      join repeatable_objects o on o.name = n.name and o.hash <> n.hash
      where not exists (select from schema_migrations m where m.name <> all ($3::text[]))`,
    [files.map(({ name }) => name), files.map(({ hash }) => hash), migrations],
  );
  return rows.map(({ name }) => name);
}

const OWNS_JOURNAL = `select from pg_class c where c.oid = to_regclass('public.reservation_events')
  and pg_has_role(current_user, c.relowner, 'usage')`;

/** Whether the role could switch the guards of the journal off, because the tables are its own. */
export const ownsJournal = async (client: pg.Pool | pg.ClientBase): Promise<boolean> =>
  (await client.query(OWNS_JOURNAL)).rowCount === 1;

export async function ownsTables(url: string): Promise<boolean> {
  const client = new LimitedClient({ connectionString: url, application_name: 'holdfast-migrate' });
  client.on('error', () => undefined); // the statement fails and says why
  await client.connect();
  try {
    return await ownsJournal(client);
  } finally {
    await client.end();
  }
}
