import { z } from 'zod';
import type { Delivery, Webhook } from './webhook-store.js';
import { limit, nextCursorSchema, rowCursor } from '../../http/list-query.js';
import { time } from '../../http/wire.schemas.js';

/** Kinds of journal rows (`reservation_events.kind`). */
export const EVENT_KINDS = [
  'held',
  'submitted',
  'rebuilt',
  'envelope_failed',
  'landing_issued',
  'landing_failed',
  'cancel_requested',
  'settled',
  'released',
  'expired',
] as const;

export const webhookSchemaIn = z
  .strictObject({
    url: z
      .string('must be a string')
      .meta({ description: 'Where events are posted. https to a public address in production' }),
    events: z
      .array(z.enum(EVENT_KINDS, `must be one of ${EVENT_KINDS.join(', ')}`))
      .max(EVENT_KINDS.length)
      .default([])
      .meta({ description: 'Kinds of events to post; left out or empty: all' }),
  })
  .meta({ id: 'CreateWebhook' });

const webhook = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    url: z.string(),
    events: z.array(z.string()).meta({ description: 'Empty: all' }),
    createdAt: time('Events from this time on are posted'),
  })
  .meta({ id: 'Webhook' });
export const webhookSchema = webhook;
export const newWebhookSchema = webhook
  .extend({
    secret: z.string().meta({
      description:
        'Key of the signatures, shown only here. `Holdfast-Signature: t=…,v1=…` is the hex ' +
        'HMAC-SHA256 of `<t>.<body>`',
    }),
  })
  .meta({ id: 'NewWebhook' });
export const webhookListSchema = z
  .object({ webhooks: z.array(webhook) })
  .meta({ id: 'WebhookList' });

const delivery = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    eventId: z.string().meta({ description: 'As in Holdfast-Event-Id, the same at every attempt' }),
    type: z.string(),
    sequence: z.int().meta({ description: 'Order within the reservation' }),
    state: z
      .enum(['pending', 'delivered', 'dead'])
      .meta({ description: 'dead: given up after the last attempt, and can be replayed' }),
    attempts: z.int(),
    nextAttemptAt: time('Of a pending one').nullable(),
    lastStatus: z.int().nullable(),
    lastError: z.string().nullable(),
    deliveredAt: time('When').nullable(),
    createdAt: time('When it was queued'),
  })
  .meta({ id: 'WebhookDelivery' });
export const deliverySchema = delivery;
export const deliveryQuery = z.strictObject({
  state: z
    .enum(['pending', 'delivered', 'dead'], 'must be pending, delivered or dead')
    .optional()
    .meta({ description: 'Only in this state' }),
  cursor: rowCursor,
  limit,
});
export const webhookTestSchema = z
  .object({
    eventId: z.string().meta({ description: 'As in Holdfast-Event-Id' }),
    delivered: z.boolean().meta({ description: 'Whether the answer was 2xx' }),
    status: z.int().nullable().meta({ description: 'null: there was no answer' }),
    error: z.string().nullable(),
    milliseconds: z.int().meta({ description: 'From the look-up to the answer' }),
  })
  .meta({ id: 'WebhookTest' });
export type WebhookTestAnswer = z.infer<typeof webhookTestSchema>;
export const deliveryListSchema = z
  .object({ deliveries: z.array(delivery), nextCursor: nextCursorSchema })
  .meta({ id: 'WebhookDeliveryList' });

export type WebhookAnswer = z.infer<typeof webhook>;
export type DeliveryAnswer = z.infer<typeof delivery>;

export const renderWebhook = ({ id, url, events, createdAt }: Webhook): WebhookAnswer => ({
  id,
  url,
  events: [...events],
  createdAt: createdAt.toISOString(),
});
export const renderDelivery = (row: Delivery): DeliveryAnswer => ({
  id: row.id,
  eventId: `${row.reservationId}.${row.number}`,
  type: `reservation.${row.kind}`,
  sequence: row.number,
  state: row.state,
  attempts: row.attempts,
  nextAttemptAt: row.state === 'pending' ? row.dueAt.toISOString() : null,
  lastStatus: row.lastStatus,
  lastError: row.lastError,
  deliveredAt: row.deliveredAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});
