import { type DynamicModule, Module } from '@nestjs/common';
import { ReservationReader } from '../liquidity/holds/reservation.reader.js';
import { BreaksController } from './breaks.controller.js';
import { ChannelsController } from './channels.controller.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { OperatorController } from './operator.controller.js';
import { OperatorDesk, OperatorRooms } from './operator-desk.js';
import { RepairsController } from './repairs.controller.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';
import { PoolsController } from './pools.controller.js';
import { ReportsController } from './reports.controller.js';
import { ReservationsController } from './reservations.controller.js';

/**
 * Views for operators and callers, and operator actions. Needs the ledger's doors (global), and
 * CHAIN and the settlement services from the given modules.
 */
@Module({})
export class OperationsModule {
  static register(chain: DynamicModule, settlement: DynamicModule): DynamicModule {
    return {
      module: OperationsModule,
      imports: [chain, settlement],
      controllers: [
        PoolsController,
        ReservationsController,
        HealthController,
        MetricsController,
        OperatorController,
        BreaksController,
        ChannelsController,
        RepairsController,
        ReportsController,
      ],
      providers: [HealthService, MetricsService, ReservationReader, OperatorDesk, OperatorRooms],
    };
  }
}
