import type { WebhookRounds } from '../modules/notifications/webhook.rounds.js';
import type { ReconciliationService } from '../modules/settlement/reconciliation.service.js';
import type { SettlementService } from '../modules/settlement/settlement.service.js';
import type { JobHandler } from './jobs.table.js';

/** Which use-case each queue calls. */
export function jobHandlers(settlement: SettlementService, reconciliation: ReconciliationService, webhooks: Pick<WebhookRounds, 'round'>): readonly JobHandler[] {
  return [
    { queue: 'observe-pools', run: async () => (await settlement.observeAll()).again },
    { queue: 'judge-lapsed', run: async () => (await settlement.expireAll()).again },
    { queue: 'reconcile-pools', run: async () => (await reconciliation.reconcileAll()).again },
    { queue: 'deliver-webhooks', run: async () => (await webhooks.round()).again },
  ];
}
