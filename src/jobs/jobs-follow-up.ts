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
  /** By the text of each statement: pg-boss writes the same one for each insert into a queue. */
  private readonly names = new Map<string, string>();

  constructor(private readonly service: BossService) {}

  async afterHolds(tx: Transaction, holds: NewHolds): Promise<void> {
    const due = new Date(Number(holds.firstDeadline) * 1000).toISOString();
    const db = {
      executeSql: async (text: string, values?: unknown[]) => ({
        rows: (await tx.client.query<Record<string, unknown>>(this.named(text, values))).rows,
      }),
    };
    await this.service.boss.insert(QUEUE, [{ startAfter: due, singletonKey: due }], { db });
  }

  /** With a name it is parsed and planned once a connection, and not inside each hold. */
  private named(
    text: string,
    values: unknown[] = [],
  ): { readonly name: string; readonly text: string; readonly values: unknown[] } {
    const name = this.names.get(text) ?? `follow_up_${this.names.size + 1}`;
    this.names.set(text, name);
    return { name, text, values };
  }
}
