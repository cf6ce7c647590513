import type { Transaction } from '../database/transaction.js';
import type { HoldFollowUp, NewHolds } from '../modules/liquidity/holds/hold-follow-up.js';
import type { BossService } from './boss.service.js';
import type { QueueName } from './jobs-table.js';

const QUEUE: QueueName = 'judge-lapsed';

/**
 * Commits a batch of holds together with the job that ends them, due at the batch's first deadline.
 * Batches with the same first deadline, to the second, share one job. T is chain time and the job
 * is due by the database's clock: the chain decides.
 */
export class JobsFollowUp implements HoldFollowUp {
  constructor(private readonly service: BossService) {}

  async afterHolds(tx: Transaction, holds: NewHolds): Promise<void> {
    const due = new Date(Number(holds.firstDeadline) * 1000).toISOString();
    const db = {
      executeSql: async (text: string, values?: unknown[]) => ({
        rows: (await tx.client.query<Record<string, unknown>>(text, values)).rows,
      }),
    };
    await this.service.boss.insert(QUEUE, [{ startAfter: due, singletonKey: due }], { db });
  }
}
