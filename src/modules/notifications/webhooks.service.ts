import { HoldfastError } from '../../common/errors.js';
import { isUuid, uuidV7 } from '../../common/uuid.js';
import { validationFailed } from '../../http/validation.js';
import { post, type SenderOptions, urlFaultNow } from './webhook-sender.js';
import { secretOf, signatureOf } from './webhook-signature.js';
import type {
  Delivery,
  DeliveryFilter,
  Webhook,
  WebhookFilter,
  WebhookStore,
} from './webhook-store.js';
import type { WebhookTestAnswer } from './webhooks.schemas.js';

/** Maximum webhooks of one tenant: each costs a row and a request for every event. */
const WEBHOOKS_MAX = 20;
/** Somebody waits for the answer, and a handler has its own limit. */
const TEST_MS = 8_000;

/** What callers and the command line do with webhooks. */
export class WebhooksService {
  /** @param options.key undefined: webhooks are off */
  constructor(
    private readonly store: WebhookStore,
    private readonly options: { readonly key: string | undefined } & Pick<
      SenderOptions,
      'publicOnly' | 'inside'
    >,
  ) {}

  /**
   * The secret is returned here only.
   * @throws HoldfastError VALIDATION_FAILED, NOT_FOUND when webhooks are off
   */
  async add(
    tenantId: string,
    request: { url: string; events: readonly string[] },
  ): Promise<Webhook & { readonly secret: string }> {
    const { key } = this.options;
    if (key === undefined) throw webhooksOff();
    const fault = await urlFaultNow(request.url, this.options);
    if (fault !== null) throw validationFailed([{ field: 'url', message: fault }]);
    const added = await this.store.add(
      tenantId,
      { url: request.url, events: [...new Set(request.events)] },
      WEBHOOKS_MAX,
    );
    if (!added)
      throw validationFailed([
        {
          field: 'url',
          message: `cannot be added: there are ${WEBHOOKS_MAX} webhooks already, remove one first`,
        },
      ]);
    return { ...added, secret: secretOf(key, added.id) };
  }

  list(tenantId: string): Promise<Webhook[]> {
    return this.store.list(tenantId);
  }

  /** Of every tenant, for operators. */
  listAll(filter: WebhookFilter): Promise<Webhook[]> {
    return this.store.listAll(filter);
  }

  /**
   * @param tenantId null: of any tenant, for operators
   * @throws HoldfastError WEBHOOK_NOT_FOUND
   */
  async find(tenantId: string | null, id: string): Promise<Webhook> {
    const found = isUuid(id) ? await this.store.find(tenantId, id) : null;
    if (!found) throw webhookNotFound(id, tenantId === null ? '/operator/webhooks' : '/webhooks');
    return found;
  }

  /** @throws HoldfastError WEBHOOK_NOT_FOUND */
  async remove(tenantId: string, id: string): Promise<void> {
    if (!isUuid(id) || !(await this.store.remove(tenantId, id))) throw webhookNotFound(id);
  }

  /** @throws HoldfastError WEBHOOK_NOT_FOUND */
  async deliveries(
    tenantId: string | null,
    id: string,
    filter: DeliveryFilter,
  ): Promise<Delivery[]> {
    const { id: known } = await this.find(tenantId, id);
    return this.store.deliveries(known, filter);
  }

  /**
   * One attempt with an event that is in no journal.
   * @throws HoldfastError WEBHOOK_NOT_FOUND, NOT_FOUND when webhooks are off
   */
  async test(tenantId: string | null, id: string): Promise<WebhookTestAnswer> {
    const { key, publicOnly, inside } = this.options;
    if (key === undefined) throw webhooksOff();
    const webhook = await this.find(tenantId, id);
    const at = new Date();
    const eventId = `test.${uuidV7()}`;
    const body = JSON.stringify({
      id: eventId,
      type: 'test',
      sequence: 0,
      at: at.toISOString(),
      loanId: null,
      data: null,
    });
    const signature = signatureOf(secretOf(key, webhook.id), Math.floor(at.getTime() / 1000), body);
    const begun = performance.now();
    const outcome = await post(
      {
        url: webhook.url,
        body,
        headers: { 'holdfast-signature': signature, 'holdfast-event-id': eventId },
      },
      { timeLimitMs: TEST_MS, publicOnly, ...(inside && { inside }) },
    );
    return { eventId, ...outcome, milliseconds: Math.round(performance.now() - begun) };
  }

  /**
   * A delivery that already waits for its attempt is left as it is.
   * @param webhookId null: any webhook of the tenant
   * @throws HoldfastError DELIVERY_NOT_FOUND
   */
  async replay(tenantId: string, webhookId: string | null, id: string): Promise<Delivery> {
    const found = isUuid(id) ? await this.store.delivery(tenantId, id) : null;
    if (!found || (webhookId !== null && found.webhookId !== webhookId.toLowerCase()))
      throw new HoldfastError('DELIVERY_NOT_FOUND', `There is no delivery ${id}.`);
    await this.store.replay(tenantId, id);
    return (await this.store.delivery(tenantId, id)) ?? found;
  }

  /**
   * Replays all deliveries that ended, delivered or dead, of events since then.
   * @returns how many
   */
  replaySince(tenantId: string, since: Date, webhookId: string | null): Promise<number> {
    return this.store.replaySince(tenantId, since, webhookId);
  }
}

const webhooksOff = (): HoldfastError =>
  new HoldfastError('NOT_FOUND', 'Webhooks are off: WEBHOOK_KEY is not configured.');
const webhookNotFound = (id: string, list = '/webhooks'): HoldfastError =>
  new HoldfastError('WEBHOOK_NOT_FOUND', `There is no webhook ${id}; GET ${list} lists them.`);
