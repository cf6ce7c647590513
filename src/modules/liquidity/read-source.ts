import { type DataSourceOptions } from 'typeorm';
import { AuthorizationEntity } from './landings/authorization.entity.js';
import { LandingEntity } from './landings/landing.entity.js';
import { EnvelopeEntity } from './holds/envelope.entity.js';
import { LandedLoanEntity } from './holds/landed-loan.entity.js';
import { LoanEntity } from './holds/loan.entity.js';
import { ReservationEntity } from './holds/reservation.entity.js';
import { ReservationEventEntity } from './journal/reservation-event.entity.js';
import { PoolEntity } from './pools/pool.entity.js';

/**
 * Options for the readers of the ledger's tables: the entities, and a time limit on every
 * statement.
 */
export const readSourceOptions = (url: string): DataSourceOptions => ({
  type: 'postgres',
  url,
  entities: [
    PoolEntity,
    ReservationEntity,
    LoanEntity,
    LandedLoanEntity,
    AuthorizationEntity,
    EnvelopeEntity,
    LandingEntity,
    ReservationEventEntity,
  ],
  synchronize: false,
  logging: false,
  poolSize: 6,
  applicationName: 'holdfast-read',
  extra: {
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
    connectionTimeoutMillis: 5_000,
  },
});
