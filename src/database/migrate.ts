import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { DataSource } from 'typeorm';
import { migrationOptions } from '../../ormconfig.js';

/**
 * Any fixed number: every process that migrates takes the same advisory lock, since TypeORM itself
 * takes none.
 */
const MIGRATION_LOCK = 7_241_190_221;
export const BOSS_SCHEMA = 'pgboss';

/**
 * Brings the schema up to date, ours and pg-boss's, once, under an advisory lock, before anything
 * listens.
 * @returns names of the migrations that ran here; empty when another process was first
 */
export async function migrate(url: string): Promise<string[]> {
  const guard = new pg.Client({
    connectionString: url,
    application_name: 'holdfast-migrate',
    connectionTimeoutMillis: 10_000,
  });
  await guard.connect();
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const source = await new DataSource(migrationOptions(url)).initialize();
    try {
      const ran = await source.runMigrations();
      const boss = new PgBoss({
        connectionString: url,
        schema: BOSS_SCHEMA,
        supervise: false,
        schedule: false,
        max: 1,
      });
      await boss.start();
      await boss.stop({ graceful: false });
      return ran.map((migration) => migration.name);
    } finally {
      await source.destroy();
    }
  } finally {
    await guard.end();
  }
}
