import type { SettlementService } from '../modules/settlement/settlement.service.js';
import type { JobHandler } from './jobs.table.js';

/** Which use-case each queue calls. */
export function jobHandlers(settlement: SettlementService): readonly JobHandler[] {
  return [
    { queue: 'observe-pools', run: async () => (await settlement.observeAll()).again },
    { queue: 'judge-lapsed', run: async () => (await settlement.expireAll()).again },
  ];
}
