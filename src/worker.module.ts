import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { logOptions } from './http/request-log.js';
import { logLines } from './telemetry/log-lines.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LiquidityModule } from './modules/liquidity/liquidity.module.js';
import { MetricsService } from './modules/operations/metrics.service.js';
import type { DecidedConfig } from './development.js';

/** A worker without an API: the ledger and the jobs, and the figures for METRICS_PORT. */
@Module({})
export class WorkerModule {
  static register(config: DecidedConfig): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        LoggerModule.forRoot({
          pinoHttp: [logOptions(config.LOG_LEVEL), logLines()],
          forRoutes: [],
        }),
        LiquidityModule.register(config),
        JobsModule.register(config, { work: true }),
      ],
      providers: [MetricsService],
    };
  }
}
