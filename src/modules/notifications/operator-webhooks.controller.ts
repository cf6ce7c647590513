import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { actorOf, type Backend } from '../../common/caller.js';
import { FromOperator } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { rowPage } from '../../http/list-query.js';
import { parsed } from '../../http/validation.js';
import type { OperatorNote } from '../liquidity/pools/operator-actions.js';
import { reasonSchema } from '../operations/operator.schemas.js';
import {
  renderTenantWebhook,
  replayedSchema,
  replaySinceSchema,
  removalQuery,
  tenantWebhookListSchema,
  tenantWebhookQuery,
  tenantWebhookSchema,
} from './operator-webhooks.schemas.js';
import { WebhookDesk } from './webhook-desk.js';
import {
  type DeliveryAnswer,
  deliveryListSchema,
  deliveryQuery,
  deliverySchema,
  renderDelivery,
  type WebhookTestAnswer,
  webhookTestSchema,
} from './webhooks.schemas.js';

const BODY = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'] as const;
const ID = {
  name: 'id',
  description: 'Webhook id',
  schema: { type: 'string', format: 'uuid' },
} as const;

/** The webhooks of every tenant, for operators. HTTP only: read, call, answer. */
@ApiTags('operator')
@Controller('operator/webhooks')
export class OperatorWebhooksController {
  constructor(private readonly desk: WebhookDesk) {}

  @Get()
  @ApiRoute({
    access: 'operate',
    operationId: 'listTenantWebhooks',
    summary: 'Webhooks of every tenant, newest first',
    problems: ['VALIDATION_FAILED', 'BUSY_RETRY'],
  })
  @ApiResponse({
    status: 200,
    description: 'Without those that were removed, and without secrets.',
    standardSchema: tenantWebhookListSchema,
  })
  async list(
    @Query({ schema: tenantWebhookQuery }) query: unknown,
  ): Promise<z.infer<typeof tenantWebhookListSchema>> {
    const { tenantId = null, cursor = null, limit } = parsed(tenantWebhookQuery, query, 'query');
    const filter = { tenantId, before: cursor, limit: limit + 1 };
    const { rows, nextCursor } = rowPage(await this.desk.list(filter), limit);
    return { webhooks: rows.map(renderTenantWebhook), nextCursor };
  }

  @Get(':id')
  @ApiRoute({
    access: 'operate',
    operationId: 'getTenantWebhook',
    summary: 'One webhook of any tenant',
    problems: ['WEBHOOK_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({
    status: 200,
    description: 'The webhook, without its secret.',
    standardSchema: tenantWebhookSchema,
  })
  async get(@Param('id') id: string): Promise<z.infer<typeof tenantWebhookSchema>> {
    return renderTenantWebhook(await this.desk.find(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiRoute({
    access: 'operate',
    operationId: 'removeTenantWebhook',
    summary: 'Remove a webhook of any tenant',
    description: 'Deliveries that still wait are not attempted.',
    problems: [...BODY, 'WEBHOOK_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({ status: 204, description: 'Done.' })
  remove(
    @Param('id') id: string,
    @Query({ schema: removalQuery }) query: unknown,
    @FromOperator() operator: Backend,
  ): Promise<void> {
    const { reason } = parsed(removalQuery, query, 'query');
    return this.desk.remove(id, { by: actorOf(operator), reason });
  }

  @Post(':id/test')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'testTenantWebhook',
    summary: 'Post a test event to a webhook of any tenant now',
    description:
      'One attempt, signed as every event is, with the type `test` and no loan. It is no delivery: ' +
      'it is not listed and not attempted again.',
    problems: [...BODY, 'WEBHOOK_NOT_FOUND', 'NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({
    status: 200,
    description: 'What the receiver answered.',
    standardSchema: webhookTestSchema,
  })
  test(
    @Param('id') id: string,
    @Body({ schema: reasonSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<WebhookTestAnswer> {
    return this.desk.test(id, note(body, operator));
  }

  @Get(':id/deliveries')
  @ApiRoute({
    access: 'operate',
    operationId: 'listTenantDeliveries',
    summary: 'Deliveries of a webhook of any tenant: posted, waiting and given up',
    problems: ['VALIDATION_FAILED', 'WEBHOOK_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({ status: 200, description: 'Newest first.', standardSchema: deliveryListSchema })
  async deliveries(
    @Param('id') id: string,
    @Query({ schema: deliveryQuery }) query: unknown,
  ): Promise<{ deliveries: DeliveryAnswer[]; nextCursor: string | null }> {
    const { state = null, cursor = null, limit } = parsed(deliveryQuery, query, 'query');
    const filter = { state, before: cursor, limit: limit + 1 };
    const { rows, nextCursor } = rowPage(await this.desk.deliveries(id, filter), limit);
    return { deliveries: rows.map(renderDelivery), nextCursor };
  }

  @Post(':id/replay')
  @HttpCode(202)
  @ApiRoute({
    access: 'operate',
    operationId: 'replayTenantDeliveries',
    summary: 'Post every event since a time again',
    description:
      'Of deliveries that ended, well or badly, as far back as they are kept. One that waits is ' +
      'left as it is.',
    problems: [...BODY, 'WEBHOOK_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({
    status: 202,
    description: 'How many the next rounds attempt.',
    standardSchema: replayedSchema,
  })
  replaySince(
    @Param('id') id: string,
    @Body({ schema: replaySinceSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<z.infer<typeof replayedSchema>> {
    const { since, reason } = parsed(replaySinceSchema, body, 'body');
    return this.desk.replaySince(id, since, { by: actorOf(operator), reason });
  }

  @Post(':id/deliveries/:deliveryId/replay')
  @HttpCode(202)
  @ApiRoute({
    access: 'operate',
    operationId: 'replayTenantDelivery',
    summary: 'Post an event of any tenant again',
    description:
      'Gives the delivery its full count of attempts again. A delivery that already waits is ' +
      'left as it is.',
    problems: [...BODY, 'WEBHOOK_NOT_FOUND', 'DELIVERY_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiParam({ ...ID, name: 'deliveryId', description: 'Delivery id' })
  @ApiResponse({
    status: 202,
    description: 'The next round attempts it, within seconds.',
    standardSchema: deliverySchema,
  })
  async replay(
    @Param('id') id: string,
    @Param('deliveryId') deliveryId: string,
    @Body({ schema: reasonSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<DeliveryAnswer> {
    return renderDelivery(await this.desk.replay(id, deliveryId, note(body, operator)));
  }
}

const note = (body: unknown, operator: Backend): OperatorNote => ({
  by: actorOf(operator),
  reason: parsed(reasonSchema, body, 'body').reason,
});
