import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../common/config.js';
import { HOLD_FOLLOW_UP } from '../modules/liquidity/hold.follow-up.js';
import { SettlementModule } from '../modules/settlement/settlement.module.js';
import { ReconciliationService } from '../modules/settlement/reconciliation.service.js';
import { SettlementService } from '../modules/settlement/settlement.service.js';
import { BossService } from './boss.service.js';
import { jobHandlers } from './job.handlers.js';
import { JobsFollowUp } from './jobs.follow-up.js';
import { JobsRunner } from './jobs.runner.js';

/** Gives out HOLD_FOLLOW_UP to everyone; runs the jobs only where `work` says so. */
@Module({})
export class JobsModule {
  static register(config: Config & { readonly DATABASE_URL: string }, options: { readonly work: boolean }): DynamicModule {
    const runner = {
      provide: JobsRunner,
      inject: [BossService, SettlementService, ReconciliationService],
      useFactory: (service: BossService, settlement: SettlementService, reconciliation: ReconciliationService) => new JobsRunner(service, jobHandlers(settlement, reconciliation), { pauseSeconds: config.OBSERVE_SECONDS }),
    };
    return {
      module: JobsModule,
      global: true,
      imports: options.work ? [SettlementModule.register(config)] : [],
      providers: [
        { provide: BossService, useFactory: () => new BossService({ databaseUrl: config.DATABASE_URL, work: options.work }) },
        { provide: HOLD_FOLLOW_UP, inject: [BossService], useFactory: (service: BossService) => new JobsFollowUp(service) },
        ...(options.work ? [runner] : []),
      ],
      exports: [HOLD_FOLLOW_UP, BossService],
    };
  }
}
