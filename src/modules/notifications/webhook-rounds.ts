import type { BlockList } from 'node:net';
import { Logger } from '@nestjs/common';
import { renderJournalEvent } from './journal-answer.js';
import { post } from './webhook-sender.js';
import { secretOf, signatureOf } from './webhook-signature.js';
import type { Claimed, WebhookStore } from './webhook-store.js';

export interface RoundOptions {
  /** undefined: webhooks are off, and a round does nothing. */
  readonly key: string | undefined;
  readonly publicOnly: boolean;
  readonly inside?: BlockList;
  /** Limit of one attempt, milliseconds. */
  readonly timeLimitMs?: number;
  readonly attemptsMax?: number;
  /** Wait before the second attempt; it doubles each time, to one hour at most. */
  readonly backoffMs?: number;
  /** An attempt without a recorded result by then counts as lost. */
  readonly leaseMs?: number;
}
/** 5 s, 10 s, 20 s … 43 min: ten attempts in about 85 minutes. */
const DEFAULTS = {
  timeLimitMs: 10_000,
  attemptsMax: 10,
  backoffMs: 5_000,
  leaseMs: 60_000,
} as const;
const WAIT_MAX_MS = 3_600_000;
/** Posts that run at once. */
const PER_WEBHOOK = 5;
const MOST = 50;
/** A round goes on while deliveries are due, and ends early enough for a stop that waits for it. */
const ROUND_MS = 5_000;

/**
 * The id of one event, by which a receiver recognises it: the same at every attempt and for every
 * webhook.
 */
const eventIdOf = ({ event }: Pick<Claimed, 'event'>): string =>
  `${event.reservationId}.${event.number}`;

/**
 * The body that is sent: the journal's row. `sequence` orders the events of one reservation, which
 * may arrive in another order.
 */
function bodyOf(claimed: Pick<Claimed, 'event'>): string {
  const { event } = claimed;
  return JSON.stringify({
    id: eventIdOf(claimed),
    type: `reservation.${event.kind}`,
    sequence: event.number,
    at: event.at.toISOString(),
    loanId: event.loanId,
    data: renderJournalEvent(event),
  });
}

/**
 * The use-case of the job: journal rows become deliveries, and due deliveries are attempted.
 * Delivery is at least once; a receiver drops what it already has by `Holdfast-Event-Id`.
 */
export class WebhookRounds {
  private readonly options: Required<Omit<RoundOptions, 'key' | 'inside'>> &
    Pick<RoundOptions, 'inside'>;
  private readonly log = new Logger('webhooks');

  constructor(
    private readonly store: WebhookStore,
    private readonly given: RoundOptions,
  ) {
    this.options = { ...DEFAULTS, ...given };
  }

  async round(): Promise<{
    dispatched: number;
    delivered: number;
    failed: number;
    dead: number;
    again: boolean;
  }> {
    const { key } = this.given;
    if (key === undefined) return { dispatched: 0, delivered: 0, failed: 0, dead: 0, again: false };
    const until = performance.now() + ROUND_MS;
    const ends: string[] = [];
    const count = (wanted: string): number => ends.filter((end) => end === wanted).length;
    for (let dispatched = 0; ;) {
      const step = await this.store.dispatch();
      const claimed = await this.store.claim({
        perWebhook: PER_WEBHOOK,
        most: MOST,
        leaseMs: this.options.leaseMs,
      });
      dispatched += step.dispatched;
      ends.push(...(await Promise.all(claimed.map((one) => this.attempt(one, key)))));
      const more = step.behind || claimed.length >= PER_WEBHOOK;
      if (!more || performance.now() > until)
        return {
          dispatched,
          delivered: count('delivered'),
          failed: count('pending'),
          dead: count('dead'),
          again: more,
        };
    }
  }

  private async attempt(claimed: Claimed, key: string): Promise<'pending' | 'delivered' | 'dead'> {
    const { timeLimitMs, publicOnly, inside, attemptsMax, backoffMs } = this.options;
    const body = bodyOf(claimed);
    const signature = signatureOf(
      secretOf(key, claimed.webhookId),
      Math.floor(Date.now() / 1000),
      body,
    );
    const { delivered, status, error } = await post(
      {
        url: claimed.url,
        body,
        headers: { 'holdfast-signature': signature, 'holdfast-event-id': eventIdOf(claimed) },
      },
      { timeLimitMs, publicOnly, ...(inside && { inside }) },
    );
    const state = delivered ? 'delivered' : claimed.attempts >= attemptsMax ? 'dead' : 'pending';
    // jitter, so that a receiver that recovers does not get all of them at once
    const waitMs = Math.round(
      Math.min(backoffMs * 2 ** (claimed.attempts - 1), WAIT_MAX_MS) * (0.75 + Math.random() / 2),
    );
    await this.store.note(claimed, { state, status, error, waitMs });
    if (state === 'dead')
      this.log.error(
        `dead_webhook ${JSON.stringify({
          delivery: claimed.id,
          webhook: claimed.webhookId,
          event: eventIdOf(claimed),
          attempts: claimed.attempts,
          status,
          error,
        })}`,
      );
    return state;
  }
}
