import 'reflect-metadata';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Baseline1800000000000 } from './migrations/1800000000000-baseline.js';
import { readConfig } from './src/common/config.js';
import { EnvelopeEntity } from './src/modules/liquidity/holds/envelope.entity.js';
import { LoanEntity } from './src/modules/liquidity/holds/loan.entity.js';
import { PoolEntity } from './src/modules/liquidity/pools/pool.entity.js';
import { ReservationEventEntity } from './src/modules/liquidity/journal/reservation-event.entity.js';
import { ReservationEntity } from './src/modules/liquidity/holds/reservation.entity.js';

/**
 * One source of truth for the service, the TypeORM command line and the tests. Classes, no globs:
 * they survive ESM and bundling.
 */
export function dataSourceOptions(url: string): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: [PoolEntity, ReservationEntity, LoanEntity, EnvelopeEntity, ReservationEventEntity],
    migrations: [Baseline1800000000000],
    migrationsTableName: 'schema_migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    poolSize: 6,
    applicationName: 'holdfast-read',
    extra: {
      statement_timeout: 10_000,
      idle_in_transaction_session_timeout: 10_000,
      connectionTimeoutMillis: 5_000,
    },
  };
}

/**
 * For whoever migrates. An index over ten million reservations took 16 s: under the readers' limit
 * of 10 s on a statement no start would ever get past it. Who keeps a lock is waited for so long
 * and no longer, because everything else queues behind the wait.
 */
export function migrationOptions(url: string): DataSourceOptions {
  return {
    ...dataSourceOptions(url),
    extra: {
      statement_timeout: 0,
      lock_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      connectionTimeoutMillis: 10_000,
    },
  } as DataSourceOptions;
}

// the TypeORM command line takes the one DataSource exported here: `migration:revert` needs the
// same time
export default new DataSource(
  migrationOptions(readConfig().DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/holdfast'),
);
