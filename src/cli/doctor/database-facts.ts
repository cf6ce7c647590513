import type pg from 'pg';
import { asError } from '../../common/errors.js';
import { refuseUnfitServer } from '../../database/fit-server.js';
import { Connections, isEncrypted, isPooled } from '../../database/limited-client.js';
import { MIGRATIONS, refuseUnfitSchema } from '../../database/migrate.js';
import { roomOn } from '../../modules/liquidity/guards/connection-room.sql.js';
import { durabilityFaults } from '../../modules/liquidity/guards/database-durability.js';
import { unseenIdentity } from '../../modules/liquidity/guards/quarantine.sql.js';
import { orderChange, type OrderChange } from '../../modules/liquidity/guards/text-order.sql.js';

const LIMIT_MS = 5_000;

interface Server {
  readonly version: string;
  readonly migrated: boolean;
  readonly role: string;
  /** Whether the role may make schemas, and tables in the schema public. */
  readonly creates: boolean;
  /** Whether it owns, or is a member of what owns, the tables that are there. */
  readonly owns: boolean;
  /** Whether it is the service's role, or a member of it, and owns no table. */
  readonly serves: boolean;
  /** Whether the role of the reports is there or can be made. */
  readonly reports: boolean;
  readonly textOrder: string;
}

export interface DatabaseFacts extends Server {
  /** Sentences of the checks that the start makes; null: it would not refuse. */
  readonly unfitServer: string | null;
  readonly unfitSchema: string | null;
  readonly volatile: readonly string[];
  readonly tooFewConnections: string | null;
  readonly crowded: string | null;
  /** null: not known, because the schema is not there yet. */
  readonly unseenIdentity: string | null;
  readonly orderChange: OrderChange | null;
  readonly migrations: { readonly missing: number; readonly unknown: readonly string[] };
  readonly encrypted: boolean;
  /** Milliseconds that the database's clock is ahead of this machine's. */
  readonly aheadMs: number;
  /** Unix milliseconds. */
  readonly at: number;
}

/** Whether `DATABASE_URL` leads to a pooler. @throws Error with what to do about the connection */
export const readPooled = (url: string): Promise<boolean> =>
  withConnection(url, (client) => Promise.resolve(isPooled(client)));

/**
 * Everything in one transaction that cannot write.
 * @param needed connections that a process of this configuration opens
 * @throws Error with what to do about the connection
 */
export const readDatabase = (url: string, needed: number): Promise<DatabaseFacts> =>
  withConnection(url, async (client) => {
    await client.query('begin transaction read only');
    const facts = await factsOn(client, needed);
    await client.query('rollback');
    return facts;
  });

async function withConnection<T>(
  url: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const connections = new Connections({
    connectionString: url,
    max: 1,
    application_name: 'holdfast-doctor',
    connectionTimeoutMillis: LIMIT_MS,
    limits: { statement_timeout: LIMIT_MS, lock_timeout: LIMIT_MS },
    query_timeout: LIMIT_MS + 1_000,
  });
  connections.on('error', () => undefined); // the next statement fails and says why
  try {
    const client = await connections.connect();
    try {
      return await work(client);
    } finally {
      client.release(true);
    }
  } finally {
    await connections.end();
  }
}

async function factsOn(client: pg.PoolClient, needed: number): Promise<DatabaseFacts> {
  const server = await serverOn(client);
  const unfitServer = await refusalOf(() => refuseUnfitServer(client));
  let crowded: string | null = null;
  const tooFewConnections = await refusalOf(async () => {
    crowded = await roomOn(client, needed);
  });
  return {
    ...server,
    unfitServer,
    unfitSchema: await refusalOf(() => refuseUnfitSchema(client)),
    volatile: await durabilityFaults(client),
    tooFewConnections,
    crowded,
    unseenIdentity: server.migrated ? await unseenIdentity(client) : null,
    orderChange: await orderChange(client),
    migrations: server.migrated ? await migrationsOn(client) : ALL_MISSING,
    encrypted: isEncrypted(client),
    ...(await clockOn(client)),
  };
}

async function refusalOf(check: () => Promise<void>): Promise<string | null> {
  try {
    await check();
    return null;
  } catch (thrown) {
    const error = asError(thrown);
    if ('code' in error) throw error; // of the server, which is no refusal
    return error.message;
  }
}

async function serverOn(client: pg.ClientBase): Promise<Server> {
  const { rows } = await client.query<Server>(
    `select current_setting('server_version') as version, current_user as role,
       to_regclass('public.schema_migrations') is not null
         and to_regclass('public.database_identity') is not null as migrated,
       has_database_privilege(current_database(), 'create')
         and has_schema_privilege('public', 'create') as creates,
       not exists (select from pg_class c where c.relnamespace = 'public'::regnamespace
         and c.relkind = 'r' and not pg_has_role(c.relowner, 'usage')) as owns,
       exists (select from pg_roles s where s.rolname = 'holdfast_server'
         and pg_has_role(s.oid, 'usage')) as serves,
       exists (select from pg_roles where rolname = 'holdfast_reporting')
         or r.rolsuper or r.rolcreaterole as reports,
       case d.datlocprovider when 'i' then 'ICU' when 'b' then 'Postgres itself'
         else 'the C library' end
         || coalesce(', version ' || d.datcollversion, '') as "textOrder"
     from pg_roles r, pg_database d
     where r.rolname = current_user and d.datname = current_database()`,
  );
  const [server] = rows;
  if (!server) throw new Error('The server does not say which role and database this is.');
  return server;
}

const KNOWN: readonly string[] = MIGRATIONS.migrations.map(({ name }) => name);
const ALL_MISSING = { missing: KNOWN.length, unknown: [] };

async function migrationsOn(client: pg.ClientBase): Promise<DatabaseFacts['migrations']> {
  const { rows } = await client.query<{ name: string }>('select name from schema_migrations');
  const applied = rows.map(({ name }) => name);
  return {
    missing: KNOWN.filter((name) => !applied.includes(name)).length,
    unknown: applied.filter((name) => !KNOWN.includes(name)),
  };
}

/** Half of the round trip is the answer's age. */
async function clockOn(client: pg.ClientBase): Promise<Pick<DatabaseFacts, 'at' | 'aheadMs'>> {
  const before = Date.now();
  const { rows } = await client.query<{ at: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as at',
  );
  const at = rows[0]?.at ?? Number.NaN;
  return { at, aheadMs: at - (before + Date.now()) / 2 };
}
