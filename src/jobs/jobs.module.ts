import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../common/config.js';
import { ObservationPace } from '../common/observation-pace.js';
import { connectionShares } from '../database/connection-shares.js';
import { HOLD_FOLLOW_UP } from '../modules/liquidity/holds/hold-follow-up.js';
import { WebhookRounds } from '../modules/notifications/webhook-rounds.js';
import { WebhookUpkeep } from '../modules/notifications/webhook-upkeep.js';
import { WebhooksModule } from '../modules/notifications/webhooks.module.js';
import { SettlementModule } from '../modules/settlement/settlement.module.js';
import { ContractWatch } from '../modules/settlement/contract-watch.js';
import { DailyClosing } from '../modules/settlement/daily-closing.js';
import { Lander } from '../modules/settlement/lander.js';
import { ReconciliationService } from '../modules/settlement/reconciliation.service.js';
import { SelfCheck } from '../modules/settlement/self-check.js';
import { SettlementService } from '../modules/settlement/settlement.service.js';
import { Upkeep } from '../modules/settlement/upkeep.js';
import { JOB_FIGURES } from '../modules/operations/job-figures.js';
import { JOB_LAG } from '../modules/operations/job-lag.js';
import { BossService } from './boss.service.js';
import { DeadLetterLog } from './dead-letters.js';
import { jobHandlers } from './job-handlers.js';
import { JobsFigures } from './jobs-figures.js';
import { JobsFollowUp } from './jobs-follow-up.js';
import { JobsLag } from './jobs-lag.js';
import { JobsRunner } from './jobs-runner.js';

const LETTERS = {
  provide: DeadLetterLog,
  inject: [BossService],
  useFactory: (service: BossService) => new DeadLetterLog(service),
};

const runner = ({ OBSERVE_SECONDS: pauseSeconds }: Pick<Config, 'OBSERVE_SECONDS'>) => ({
  provide: JobsRunner,
  inject: [
    BossService,
    SettlementService,
    ReconciliationService,
    SelfCheck,
    Upkeep,
    ContractWatch,
    DailyClosing,
    Lander,
    WebhookRounds,
    WebhookUpkeep,
    // of a process that answers requests too
    { token: ObservationPace, optional: true },
  ],
  useFactory: (
    service: BossService,
    settlement: SettlementService,
    reconciliation: ReconciliationService,
    ...[selfCheck, upkeep, contractWatch, days, lander, webhooks, webhookUpkeep, pace]: [
      SelfCheck,
      Upkeep,
      ContractWatch,
      DailyClosing,
      Lander,
      WebhookRounds,
      WebhookUpkeep,
      ObservationPace | undefined,
    ]
  ) =>
    new JobsRunner(
      service,
      jobHandlers({
        settlement,
        reconciliation,
        selfCheck,
        upkeep,
        contractWatch,
        days,
        lander,
        webhooks,
        webhookUpkeep,
      }),
      { pauseSeconds, ...(pace && { pace }) },
    ),
});

/** Provides HOLD_FOLLOW_UP, JOB_LAG and JOB_FIGURES globally; runs the jobs only with `work`. */
@Module({})
export class JobsModule {
  static register(
    config: Config & { readonly DATABASE_URL: string },
    options: { readonly work: boolean },
  ): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      imports: options.work
        ? [SettlementModule.register(config), WebhooksModule.register(config)]
        : [],
      providers: [
        {
          provide: BossService,
          useFactory: () =>
            new BossService({
              databaseUrl: config.DATABASE_URL,
              work: options.work,
              connections: connectionShares(config.DATABASE_CONNECTIONS).jobs,
            }),
        },
        {
          provide: HOLD_FOLLOW_UP,
          inject: [BossService],
          useFactory: (service: BossService) => new JobsFollowUp(service),
        },
        {
          provide: JOB_LAG,
          inject: [BossService],
          useFactory: (service: BossService) => new JobsLag(service),
        },
        { provide: JOB_FIGURES, useFactory: () => new JobsFigures() },
        ...(options.work ? [runner(config), LETTERS] : []),
      ],
      exports: [HOLD_FOLLOW_UP, JOB_LAG, JOB_FIGURES, BossService],
    };
  }
}
