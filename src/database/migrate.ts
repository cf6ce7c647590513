import pg from 'pg';
import { PgBoss } from 'pg-boss';
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
import { ByteOrder1800000600000 } from '../../migrations/1800000600000-byte-order.js';
import { applyRepeatables, readRepeatables } from './repeatables.js';

/**
 * Every process that migrates takes this advisory lock, because TypeORM takes none. The number
 * itself has no meaning.
 */
const MIGRATION_LOCK = 7_241_190_221;
export const BOSS_SCHEMA = 'pgboss';
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
  ],
  migrationsTableName: 'schema_migrations',
};

/**
 * A statement may take as long as it needs: an index over ten million reservations took 16 s. A
 * wait for a lock ends after 30 s, because everything else queues behind it.
 */
export const migrationOptions = (url: string): DataSourceOptions => ({
  type: 'postgres',
  url,
  ...MIGRATIONS,
  migrationsTransactionMode: 'each',
  synchronize: false,
  logging: false,
  applicationName: 'holdfast-migrate',
  extra: {
    statement_timeout: 0,
    lock_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: 10_000,
  },
});

export interface MigrateOptions {
  /** The folder of the database, when this service started its server. */
  readonly databaseFolder?: string | undefined;
  /** The folder with functions, views and roles; absent: the built one. */
  readonly sqlFolder?: URL;
}

/**
 * Brings the product's schema and pg-boss's up to date before anything listens, under an advisory
 * lock: versioned migrations first, then functions, views and the reporting role.
 * @returns names of the migrations and SQL files that this call applied; empty when another process
 * applied them
 * @throws Error when the database is from before the baseline
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const guard = new pg.Client({
    connectionString: url,
    application_name: 'holdfast-migrate',
    connectionTimeoutMillis: 10_000,
  });
  await guard.connect();
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await refuseEarlier(guard, options.databaseFolder);
    const source = await new DataSource(migrationOptions(url)).initialize();
    try {
      const ran = await source.runMigrations();
      const applied = await applyRepeatables(guard, await readRepeatables(options.sqlFolder));
      const boss = new PgBoss({
        connectionString: url,
        schema: BOSS_SCHEMA,
        supervise: false,
        schedule: false,
        max: 1,
      });
      await boss.start();
      await boss.stop({ graceful: false });
      return [...ran.map((migration) => migration.name), ...applied];
    } finally {
      await source.destroy();
    }
  } finally {
    await guard.end();
  }
}

async function refuseEarlier(client: pg.Client, folder: string | undefined): Promise<void> {
  const hasRun = await client.query(
    "select where to_regclass('public.schema_migrations') is not null",
  );
  if (hasRun.rowCount === 0) return;
  const earlier = await client.query('select from schema_migrations where timestamp < $1 limit 1', [
    BASELINE,
  ]);
  if (earlier.rowCount === 0) return;
  throw new Error(
    `The database ${client.database ?? ''} was made by a version of Holdfast from before the baseline ` +
      'migration and cannot be upgraded: to start afresh without its rows, ' +
      (folder === undefined
        ? 'drop the database and create it again, or name another one in DATABASE_URL.'
        : `delete the folder ${folder} and start again.`),
  );
}
