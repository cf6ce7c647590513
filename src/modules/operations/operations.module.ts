import { type DynamicModule, Module } from '@nestjs/common';
import { ReservationReader } from '../liquidity/reservation.reader.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';
import { PoolsController } from './pools.controller.js';
import { ReservationsController } from './reservations.controller.js';

/** Looking, for operators and callers. Needs the ledger's doors (global) and CHAIN from the module given. */
@Module({})
export class OperationsModule {
  static register(chain: DynamicModule): DynamicModule {
    return { module: OperationsModule, imports: [chain], controllers: [PoolsController, ReservationsController, HealthController, MetricsController], providers: [HealthService, MetricsService, ReservationReader] };
  }
}
