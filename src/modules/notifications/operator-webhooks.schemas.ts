import { z } from 'zod';
import { limit, nextCursorSchema, rowCursor } from '../../http/list-query.js';
import { reason } from '../../http/reason.schemas.js';
import { instant } from '../../http/wire.schemas.js';
import type { Webhook } from './webhook-store.js';
import { renderWebhook, webhookSchema } from './webhooks.schemas.js';

export const tenantWebhookSchema = webhookSchema
  .extend({ tenantId: z.string().meta({ description: 'Whose it is' }) })
  .meta({ id: 'TenantWebhook' });
export const tenantWebhookListSchema = z
  .object({ webhooks: z.array(tenantWebhookSchema), nextCursor: nextCursorSchema })
  .meta({ id: 'TenantWebhookList' });
export const tenantWebhookQuery = z.strictObject({
  tenantId: z
    .string('must be given once')
    .max(100)
    .optional()
    .meta({ description: 'Only of this tenant' }),
  cursor: rowCursor,
  limit,
});
export const replaySinceSchema = z
  .strictObject({
    since: instant.meta({ description: 'Events of this time or later, RFC 3339' }),
    reason,
  })
  .meta({ id: 'ReplaySince' });
export const replayedSchema = z.object({ deliveries: z.int() }).meta({ id: 'Replayed' });
/** In the query, because some proxies drop the body of a DELETE. */
export const removalQuery = z.strictObject({ reason });

export const renderTenantWebhook = (webhook: Webhook): z.infer<typeof tenantWebhookSchema> => ({
  ...renderWebhook(webhook),
  tenantId: webhook.tenantId,
});
