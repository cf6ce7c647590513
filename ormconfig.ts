import 'reflect-metadata';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { LedgerTables1790000000001 } from './migrations/1790000000001-ledger-tables.js';
import { HoldBatch1790000000002 } from './migrations/1790000000002-hold-batch.js';
import { Transitions1790000000003 } from './migrations/1790000000003-transitions.js';
import { ProvenEnds1790000000010 } from './migrations/1790000000010-proven-ends.js';
import { StrictWindow1790000000011 } from './migrations/1790000000011-strict-window.js';
import { DatabaseIdentity1790000000012 } from './migrations/1790000000012-database-identity.js';
import { LedgerRepairs1790000000013 } from './migrations/1790000000013-ledger-repairs.js';
import { Observation1790000000020 } from './migrations/1790000000020-observation.js';
import { WholeEvidence1790000000030 } from './migrations/1790000000030-whole-evidence.js';
import { Upkeep1790000000031 } from './migrations/1790000000031-upkeep.js';
import { LongestHold1790000000032 } from './migrations/1790000000032-longest-hold.js';
import { TrustupProfile1790000000034 } from './migrations/1790000000034-trustup-profile.js';
import { Access1790000000040 } from './migrations/1790000000040-access.js';
import { OperatorActions1790000000041 } from './migrations/1790000000041-operator-actions.js';
import { Lists1790000000045 } from './migrations/1790000000045-lists.js';
import { Webhooks1790000000046 } from './migrations/1790000000046-webhooks.js';
import { ReportingHistory1790000000050 } from './migrations/1790000000050-reporting-history.js';
import { ReportingHolds1790000000051 } from './migrations/1790000000051-reporting-holds.js';
import { ReportingFunnel1790000000052 } from './migrations/1790000000052-reporting-funnel.js';
import { ReportingPools1790000000053 } from './migrations/1790000000053-reporting-pools.js';
import { ReportingRole1790000000054 } from './migrations/1790000000054-reporting-role.js';
import { WalletLimits1790000000058 } from './migrations/1790000000058-wallet-limits.js';
import { RateWindows1790000000059 } from './migrations/1790000000059-rate-windows.js';
import { ListStreams1790000000060 } from './migrations/1790000000060-list-streams.js';
import { WebhookRetention1790000000061 } from './migrations/1790000000061-webhook-retention.js';
import { RulesOfWallets1790000000062 } from './migrations/1790000000062-rules-of-wallets.js';
import { QuarantineOutlasts1790000000063 } from './migrations/1790000000063-quarantine-outlasts.js';
import { LoanCounter1790000000064 } from './migrations/1790000000064-loan-counter.js';
import { WhatIsNotKept1790000000066 } from './migrations/1790000000066-what-is-not-kept.js';
import { ReaderInUtc1790000000067 } from './migrations/1790000000067-reader-in-utc.js';
import { ContractPause1790000000068 } from './migrations/1790000000068-contract-pause.js';
import { EndsThatWereWrong1790000000070 } from './migrations/1790000000070-ends-that-were-wrong.js';
import { WordsOfEnds1790000000071 } from './migrations/1790000000071-words-of-ends.js';
import { CounterWindows1790000000080 } from './migrations/1790000000080-counter-windows.js';
import { FailuresOfOurs1790000000090 } from './migrations/1790000000090-failures-of-ours.js';
import { LedgerTimes1790000000100 } from './migrations/1790000000100-ledger-times.js';
import { RegistrationBaseline1790000000110 } from './migrations/1790000000110-registration-baseline.js';
import { HoldDecision1790000000120 } from './migrations/1790000000120-hold-decision.js';
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
    migrations: [
      LedgerTables1790000000001,
      HoldBatch1790000000002,
      Transitions1790000000003,
      ProvenEnds1790000000010,
      StrictWindow1790000000011,
      DatabaseIdentity1790000000012,
      LedgerRepairs1790000000013,
      Observation1790000000020,
      WholeEvidence1790000000030,
      Upkeep1790000000031,
      LongestHold1790000000032,
      TrustupProfile1790000000034,
      Access1790000000040,
      OperatorActions1790000000041,
      Lists1790000000045,
      Webhooks1790000000046,
      ReportingHistory1790000000050,
      ReportingHolds1790000000051,
      ReportingFunnel1790000000052,
      ReportingPools1790000000053,
      ReportingRole1790000000054,
      WalletLimits1790000000058,
      RateWindows1790000000059,
      ListStreams1790000000060,
      WebhookRetention1790000000061,
      RulesOfWallets1790000000062,
      QuarantineOutlasts1790000000063,
      LoanCounter1790000000064,
      WhatIsNotKept1790000000066,
      ReaderInUtc1790000000067,
      ContractPause1790000000068,
      EndsThatWereWrong1790000000070,
      WordsOfEnds1790000000071,
      CounterWindows1790000000080,
      FailuresOfOurs1790000000090,
      LedgerTimes1790000000100,
      RegistrationBaseline1790000000110,
      HoldDecision1790000000120,
    ],
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
