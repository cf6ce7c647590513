import type { WebhookRounds } from '../modules/notifications/webhook-rounds.js';
import type { WebhookUpkeep } from '../modules/notifications/webhook-upkeep.js';
import type { ContractWatch } from '../modules/settlement/contract-watch.js';
import type { DailyClosing } from '../modules/settlement/daily-closing.js';
import type { Lander } from '../modules/settlement/lander.js';
import type { ReconciliationService } from '../modules/settlement/reconciliation.service.js';
import type { SelfCheck } from '../modules/settlement/self-check.js';
import type { SettlementService } from '../modules/settlement/settlement.service.js';
import type { Upkeep } from '../modules/settlement/upkeep.js';
import type { JobHandler } from './jobs-table.js';

export interface UseCases {
  readonly settlement: SettlementService;
  readonly reconciliation: ReconciliationService;
  readonly selfCheck: SelfCheck;
  readonly upkeep: Upkeep;
  readonly contractWatch: Pick<ContractWatch, 'watchAll'>;
  readonly days: Pick<DailyClosing, 'noteAll'>;
  readonly lander: Pick<Lander, 'round'>;
  readonly webhooks: Pick<WebhookRounds, 'round'>;
  readonly webhookUpkeep: Pick<WebhookUpkeep, 'prune'>;
}

/** The use-case that each queue calls. */
export function jobHandlers({
  settlement,
  reconciliation,
  selfCheck,
  upkeep,
  contractWatch,
  days,
  lander,
  webhooks,
  webhookUpkeep,
}: UseCases): readonly JobHandler[] {
  return [
    { queue: 'observe-pools', run: async () => (await settlement.observeAll()).again },
    { queue: 'judge-lapsed', run: async () => (await settlement.expireAll()).again },
    { queue: 'reconcile-pools', run: async () => (await reconciliation.reconcileAll()).again },
    {
      queue: 'self-check',
      run: async () => {
        await selfCheck.run();
        return false;
      },
    },
    {
      queue: 'upkeep',
      run: async () => {
        const ledger = await upkeep.prune();
        return (await webhookUpkeep.prune()).again || ledger.again;
      },
    },
    {
      queue: 'watch-contracts',
      run: async () => {
        await contractWatch.watchAll();
        return false;
      },
    },
    { queue: 'note-days', run: async () => (await days.noteAll()).again },
    { queue: 'land-loans', run: async () => (await lander.round()).again },
    { queue: 'deliver-webhooks', run: async () => (await webhooks.round()).again },
  ];
}
