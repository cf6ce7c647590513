import {
  type OperatorAction,
  type OperatorNote,
  runAndNote,
} from '../liquidity/pools/operator-actions.js';
import type { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import type { Delivery, DeliveryFilter, Webhook, WebhookFilter } from './webhook-store.js';
import type { WebhookTestAnswer } from './webhooks.schemas.js';
import type { WebhooksService } from './webhooks.service.js';

/**
 * What operators do with the webhooks of every tenant, on the use-cases of callers. Each action is
 * recorded before it runs and again when it has ended; its subject is the webhook.
 */
export class WebhookDesk {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly connections: Pick<LedgerConnections, 'read'>,
  ) {}

  list(filter: WebhookFilter): Promise<Webhook[]> {
    return this.webhooks.listAll(filter);
  }

  /** @throws HoldfastError WEBHOOK_NOT_FOUND */
  find(id: string): Promise<Webhook> {
    return this.webhooks.find(null, id);
  }

  /** @throws HoldfastError WEBHOOK_NOT_FOUND */
  deliveries(id: string, filter: DeliveryFilter): Promise<Delivery[]> {
    return this.webhooks.deliveries(null, id, filter);
  }

  /** @throws HoldfastError WEBHOOK_NOT_FOUND, NOT_FOUND when webhooks are off */
  test(id: string, note: OperatorNote): Promise<WebhookTestAnswer> {
    return this.runAndNote({ ...note, action: 'webhook.test', subject: id }, () =>
      this.webhooks.test(null, id),
    );
  }

  /** @throws HoldfastError WEBHOOK_NOT_FOUND, DELIVERY_NOT_FOUND */
  replay(id: string, deliveryId: string, note: OperatorNote): Promise<Delivery> {
    return this.runAndNote(
      { ...note, action: 'webhook.replay', subject: id },
      async () => {
        const { tenantId, id: known } = await this.find(id);
        return this.webhooks.replay(tenantId, known, deliveryId);
      },
      ({ id: delivery, state }) => ({ delivery, state }),
    );
  }

  /**
   * Replays all deliveries of a webhook that ended, delivered or dead, of events since then.
   * @throws HoldfastError WEBHOOK_NOT_FOUND
   */
  replaySince(
    id: string,
    since: Date,
    note: OperatorNote,
  ): Promise<{ readonly deliveries: number }> {
    return this.runAndNote(
      { ...note, action: 'webhook.replay', subject: id },
      async () => {
        const { tenantId, id: known } = await this.find(id);
        return { deliveries: await this.webhooks.replaySince(tenantId, since, known) };
      },
      ({ deliveries }) => ({ since: since.toISOString(), deliveries }),
    );
  }

  /** @throws HoldfastError WEBHOOK_NOT_FOUND */
  async remove(id: string, note: OperatorNote): Promise<void> {
    await this.runAndNote(
      { ...note, action: 'webhook.remove', subject: id },
      async () => {
        const webhook = await this.find(id);
        await this.webhooks.remove(webhook.tenantId, webhook.id);
        return webhook;
      },
      ({ tenantId, url }) => ({ tenantId, url }),
    );
  }

  private runAndNote<T extends object>(
    action: Omit<OperatorAction, 'facts'>,
    work: () => Promise<T>,
    factsOf?: (done: T) => Record<string, unknown>,
  ): Promise<T> {
    return runAndNote(this.connections.read, action, work, factsOf);
  }
}
