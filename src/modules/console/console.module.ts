import { type DynamicModule, Module } from '@nestjs/common';
import { ReservationReader } from '../liquidity/holds/reservation.reader.js';
import { ConsoleController } from './console.controller.js';
import { ConsoleAlarmsController } from './console-alarms.controller.js';
import { ConsoleBreaksController } from './console-breaks.controller.js';
import { ConsoleContractsController } from './console-contracts.controller.js';
import { ConsoleListsController } from './console-lists.controller.js';
import { ConsoleRowsController } from './console-rows.controller.js';
import { ConsoleSearchController } from './console-search.controller.js';

/**
 * The operators' page. Needs the ledger's doors and CONFIG (global), and PoolStreams from the given
 * module.
 */
@Module({})
export class ConsoleModule {
  static register(notifications: DynamicModule): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [notifications],
      controllers: [
        ConsoleController,
        ConsoleAlarmsController,
        ConsoleBreaksController,
        ConsoleContractsController,
        ConsoleListsController,
        ConsoleRowsController,
        ConsoleSearchController,
      ],
      providers: [ReservationReader],
    };
  }
}
