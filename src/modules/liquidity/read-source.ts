import { type DataSourceOptions } from 'typeorm';
import { LimitedClient } from '../../database/limited-client.js';
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
export const readSourceOptions = (url: string, connections = 6): DataSourceOptions => ({
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
  poolSize: connections,
  applicationName: 'holdfast-read',
  extra: {
    Client: LimitedClient,
    limits: { statement_timeout: 10_000, idle_in_transaction_session_timeout: 10_000 },
    // a reader outside a transaction has no limit of the server's behind a pooler
    query_timeout: 12_000,
    // a connection to a server that is no longer the primary ends by then
    maxLifetimeSeconds: 300,
    connectionTimeoutMillis: 5_000,
  },
});
