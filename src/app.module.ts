import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import { connectionShares } from './database/connection-shares.js';
import { MIGRATIONS } from './database/migrate.js';
import { readSourceOptions } from './modules/liquidity/read-source.js';
import { CONFIG, type Config, type FrontDoor } from './common/config.js';
import { Lifecycle } from './common/lifecycle.js';
import { ObservationPace } from './common/observation-pace.js';
import { logOptions } from './http/request-log.js';
import { logLines } from './telemetry/log-lines.js';
import { AccessModule } from './modules/access/access.module.js';
import { ChainModule, WebAuthModule } from './modules/chain/chain.module.js';
import { ConsoleModule } from './modules/console/console.module.js';
import { LiquidityModule } from './modules/liquidity/liquidity.module.js';
import { LoansModule } from './modules/loans/loans.module.js';
import { NotificationsModule } from './modules/notifications/notifications.module.js';
import { OperationsModule } from './modules/operations/operations.module.js';
import { SettlementModule } from './modules/settlement/settlement.module.js';

/**
 * The settings that are decided by the time the app is built: where the database is, and who is let
 * in.
 */
export type AppConfig = Config & FrontDoor & { readonly DATABASE_URL: string };

/**
 * The floor plan: rooms and what they need. It is a function because decorators run at import,
 * before the configuration is known.
 */
@Module({})
export class AppModule {
  static register(config: AppConfig, extraModules: readonly DynamicModule[]): DynamicModule {
    const chain = ChainModule.register(config);
    const access = AccessModule.register(config, WebAuthModule.register(config));
    const notifications = NotificationsModule.register(config, access);
    return {
      module: AppModule,
      global: true,
      imports: [
        // requests have their own lines, so its middleware is left out
        LoggerModule.forRoot({
          forRoutes: [],
          pinoHttp: [logOptions(config.LOG_LEVEL), logLines()],
        }),
        TypeOrmModule.forRoot({
          ...readSourceOptions(
            config.DATABASE_URL,
            connectionShares(config.DATABASE_CONNECTIONS).entities,
          ),
          ...MIGRATIONS,
          retryAttempts: 3,
          retryDelay: 500,
        }),
        LiquidityModule.register(config),
        LoansModule.register(chain),
        OperationsModule.register(chain, SettlementModule.register(config, chain)),
        notifications,
        ConsoleModule.register(notifications),
        access,
        ...extraModules,
      ],
      providers: [{ provide: CONFIG, useValue: config }, Lifecycle, ObservationPace],
      exports: [CONFIG, Lifecycle, ObservationPace],
    };
  }
}
