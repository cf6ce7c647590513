import type pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Authorizations1800000550000 } from '../../migrations/1800000550000-authorizations.js';
import { Baseline1800000000000 } from '../../migrations/1800000000000-baseline.js';
import { Generations1800000000100 } from '../../migrations/1800000000100-generations.js';
import { LandedLoans1800000000200 } from '../../migrations/1800000000200-landed-loans.js';
import { InclusionFees1800000100000 } from '../../migrations/1800000100000-inclusion-fees.js';
import { ContractLimits1800000150000 } from '../../migrations/1800000150000-contract-limits.js';
import { ContractPauses1800000500000 } from '../../migrations/1800000500000-contract-pauses.js';
import { UnreadableEntries1800000500100 } from '../../migrations/1800000500100-unreadable-entries.js';
import { ContractWatch1800000400000 } from '../../migrations/1800000400000-contract-watch.js';
import { LoansWithoutIds1800000200000 } from '../../migrations/1800000200000-loans-without-ids.js';
import { LendingContract1800000450000 } from '../../migrations/1800000450000-lending-contract.js';
import { UtilisationLimit1800000470000 } from '../../migrations/1800000470000-utilisation-limit.js';
import { RowsMadeWithTheirHold1800000480000 } from '../../migrations/1800000480000-rows-made-with-their-hold.js';
import { SpentTokens1800000610000 } from '../../migrations/1800000610000-spent-tokens.js';
import { AssetCodes1800000620030 } from '../../migrations/1800000620030-asset-codes.js';
import { DailyBalances1800000620031 } from '../../migrations/1800000620031-daily-balances.js';
import { BreakCauses1800000620050 } from '../../migrations/1800000620050-break-causes.js';
import { JobsScope1800000650000 } from '../../migrations/1800000650000-jobs-scope.js';
import { ByteOrder1800000600000 } from '../../migrations/1800000600000-byte-order.js';
import { bringBossUpToDate, refuseNewerBoss } from './boss-schema.js';
import { refuseUnfitServer } from './fit-server.js';
import { LimitedClient } from './limited-client.js';
import { type LockWait, takeMigrationLock } from './migration-lock.js';
import { mayMigrate, refuseUnmigrated } from './owner.js';
import { applyRepeatables, readRepeatables } from './repeatables.js';

/** The baseline's number. Migrations with a lower number no longer exist. */
const BASELINE = 1_800_000_000_000;

/**
 * Classes instead of globs, because they survive ESM and bundling. Readiness compares this list
 * with the database.
 */
export const MIGRATIONS = {
  migrations: [
    Baseline1800000000000,
    Generations1800000000100,
    LandedLoans1800000000200,
    InclusionFees1800000100000,
    ContractLimits1800000150000,
    LoansWithoutIds1800000200000,
    ContractWatch1800000400000,
    LendingContract1800000450000,
    UtilisationLimit1800000470000,
    RowsMadeWithTheirHold1800000480000,
    ContractPauses1800000500000,
    UnreadableEntries1800000500100,
    Authorizations1800000550000,
    ByteOrder1800000600000,
    SpentTokens1800000610000,
    AssetCodes1800000620030,
    DailyBalances1800000620031,
    BreakCauses1800000620050,
    JobsScope1800000650000,
  ],
  migrationsTableName: 'schema_migrations',
};

/**
 * A statement may take as long as it needs: an index over ten million reservations took 16 s. A
 * wait for a lock ends after 30 s, because everything else queues behind it.
 */
const LIMITS = {
  statement_timeout: 0,
  lock_timeout: 30_000,
  idle_in_transaction_session_timeout: 60_000,
};
const CONNECT_MS = 10_000;
const NAME = 'holdfast-migrate';
/** Longer than any migration took until now (a minute), so that a roll-out waits for it. */
const LOCK_MS = 180_000;

export const migrationOptions = (url: string): DataSourceOptions => ({
  type: 'postgres',
  url,
  ...MIGRATIONS,
  migrationsTransactionMode: 'each',
  synchronize: false,
  logging: false,
  applicationName: NAME,
  extra: { Client: LimitedClient, limits: LIMITS, connectionTimeoutMillis: CONNECT_MS },
});

export interface MigrateOptions {
  /** The folder of the database, when this service started its server. */
  readonly databaseFolder?: string | undefined;
  /** The folder with functions, views and roles; absent: the built one. */
  readonly sqlFolder?: URL;
  /** How long to wait for another process that migrates; absent: three minutes, and in the log. */
  readonly lock?: Partial<LockWait>;
}

/**
 * Brings the product's schema and pg-boss's up to date before anything listens, under an advisory
 * lock: versioned migrations first, then functions, views and the roles. A role that does not own the
 * tables migrates nothing and only checks that all of it was done.
 * @param url of the server itself where there is one, because a pooler may have few connections
 * @returns names of the migrations and SQL files that this call applied; empty when another process
 * applied them
 * @throws Error in one sentence when the server or its schema cannot be used
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const guard = await connected(url);
  try {
    await refuseUnfitServer(guard);
    if (!(await mayMigrate(guard))) {
      const names = MIGRATIONS.migrations.map((migration) => migration.name);
      await refuseUnmigrated(guard, names, await readRepeatables(options.sqlFolder));
      return [];
    }
    // No lock of the session: one stays with a pooler's server connection when this process is
    // killed. The open transaction has no snapshot between its statements and holds nothing up.
    await guard.query('begin');
    await guard.query('set local idle_in_transaction_session_timeout = 0');
    await takeMigrationLock(guard, {
      limitMs: LOCK_MS,
      sayMs: 5_000,
      say: (line) => console.error(line),
      ...options.lock,
    });
    await refuseUnfitSchema(guard, options.databaseFolder);
    return await bringUpToDate(url, options.sqlFolder);
  } finally {
    await guard.end();
  }
}

async function connected(url: string): Promise<LimitedClient> {
  const client = new LimitedClient({
    connectionString: url,
    application_name: NAME,
    connectionTimeoutMillis: CONNECT_MS,
  });
  client.on('error', () => undefined); // the next statement fails and says why
  await client.connect();
  return client;
}

async function bringUpToDate(url: string, sqlFolder: URL | undefined): Promise<string[]> {
  const source = await new DataSource(migrationOptions(url)).initialize();
  const files = await connected(url);
  try {
    const ran = await source.runMigrations();
    await bringBossUpToDate(url);
    const applied = await applyRepeatables(files, await readRepeatables(sqlFolder));
    return [...ran.map((migration) => migration.name), ...applied];
  } finally {
    await Promise.all([files.end(), source.destroy()]);
  }
}

/**
 * Looks whether the schema that is there can be brought up to date; it writes nothing.
 * @throws Error with one sentence that says what is wrong with it
 */
export async function refuseUnfitSchema(client: pg.ClientBase, folder?: string): Promise<void> {
  await refuseEarlier(client, folder);
  await refuseNewerBoss(client);
}

async function refuseEarlier(client: pg.ClientBase, folder: string | undefined): Promise<void> {
  const hasRun = await client.query(
    "select where to_regclass('public.schema_migrations') is not null",
  );
  if (hasRun.rowCount === 0) return;
  const earlier = await client.query<{ name: string }>(
    'select current_database() as name from schema_migrations where timestamp < $1 limit 1',
    [BASELINE],
  );
  if (earlier.rowCount === 0) return;
  throw new Error(
    `The database ${earlier.rows[0]?.name ?? ''} was made by a version of Holdfast from before the baseline ` +
      'migration and cannot be upgraded: to start afresh without its rows, ' +
      (folder === undefined
        ? 'drop the database and create it again, or name another one in DATABASE_URL.'
        : `delete the folder ${folder} and start again.`),
  );
}
