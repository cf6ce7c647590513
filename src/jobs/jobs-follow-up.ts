import type { Transaction } from '../database/transaction.js';
import type { HoldFollowUp, NewHolds } from '../modules/liquidity/holds/hold-follow-up.js';
import type { BossService } from './boss.service.js';
import type { QueueName } from './jobs-table.js';

const QUEUE: QueueName = 'judge-lapsed';

/**
 * A batch of holds and the job that will judge them commit together: one insert, due at the batch's
 * first deadline. Batches whose first deadline is the same
 * second share one job. T is chain time and the queue's clock is the database's: the job only knows
 * when to look, the chain decides.
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
