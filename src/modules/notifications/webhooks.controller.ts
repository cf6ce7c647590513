import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { FromBackend } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import type { Backend } from '../../common/caller.js';
import { rowPage } from '../../http/list-query.js';
import { parsed } from '../../http/validation.js';
import {
  type DeliveryAnswer,
  deliveryListSchema,
  deliveryQuery,
  deliverySchema,
  newWebhookSchema,
  renderDelivery,
  renderWebhook,
  type WebhookAnswer,
  webhookListSchema,
  webhookSchema,
  webhookSchemaIn,
  type WebhookTestAnswer,
  webhookTestSchema,
} from './webhooks.schemas.js';
import { WebhooksService } from './webhooks.service.js';

/** No body is needed, but one that is sent is read. */
const BODY = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'] as const;
const ID = {
  name: 'id',
  description: 'Webhook id',
  schema: { type: 'string', format: 'uuid' },
} as const;

/** HTTP only: read, call, answer. */
@ApiTags('webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  @HttpCode(201)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'addWebhook',
    summary: 'Post changes to a URL',
    description:
      "Posts each journal row of the caller's reservations as JSON `{id, type, sequence, at, " +
      'loanId, data}`, at least once and not always in order. `Holdfast-Event-Id` identifies ' +
      'repeats; `sequence` orders the events of one reservation. An answer other than 2xx ' +
      'within 10 s is tried again, ten times in about 85 minutes. Redirects are not followed.',
    problems: [
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_FAILED',
      'NOT_FOUND',
      'BUSY_RETRY',
    ],
  })
  @ApiResponse({
    status: 201,
    description: 'The webhook with its secret, which is shown only here.',
    standardSchema: newWebhookSchema,
    headers: { Location: { description: 'The webhook', schema: { type: 'string' } } },
  })
  async add(
    @Body({ schema: webhookSchemaIn }) body: unknown,
    @FromBackend() { tenantId }: Backend,
    @Res({ passthrough: true }) reply: { header(name: string, value: string): unknown },
  ): Promise<WebhookAnswer & { secret: string }> {
    const added = await this.webhooks.add(tenantId, parsed(webhookSchemaIn, body, 'body'));
    reply.header('location', `/webhooks/${added.id}`);
    reply.header('cache-control', 'no-store');
    return { ...renderWebhook(added), secret: added.secret };
  }

  @Get()
  @ApiRoute({
    access: 'loans:read',
    operationId: 'listWebhooks',
    summary: "The caller's webhooks",
    problems: ['BUSY_RETRY'],
  })
  @ApiResponse({
    status: 200,
    description: 'In the order they were added.',
    standardSchema: webhookListSchema,
  })
  async list(@FromBackend() { tenantId }: Backend): Promise<{ webhooks: WebhookAnswer[] }> {
    return { webhooks: (await this.webhooks.list(tenantId)).map(renderWebhook) };
  }

  @Get(':id')
  @ApiRoute({
    access: 'loans:read',
    operationId: 'getWebhook',
    summary: 'One webhook',
    problems: ['WEBHOOK_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({
    status: 200,
    description: 'The webhook, without its secret.',
    standardSchema: webhookSchema,
  })
  async get(@Param('id') id: string, @FromBackend() { tenantId }: Backend): Promise<WebhookAnswer> {
    return renderWebhook(await this.webhooks.find(tenantId, id));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'removeWebhook',
    summary: 'Remove a webhook',
    description: 'Deliveries that still wait are not attempted.',
    problems: [...BODY, 'WEBHOOK_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({ status: 204, description: 'Done.' })
  remove(@Param('id') id: string, @FromBackend() { tenantId }: Backend): Promise<void> {
    return this.webhooks.remove(tenantId, id);
  }

  @Post(':id/test')
  @HttpCode(200)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'testWebhook',
    summary: 'Post a test event now',
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
  async test(
    @Param('id') id: string,
    @FromBackend() { tenantId }: Backend,
  ): Promise<WebhookTestAnswer> {
    return this.webhooks.test(tenantId, id);
  }

  @Get(':id/deliveries')
  @ApiRoute({
    access: 'loans:read',
    operationId: 'listDeliveries',
    summary: 'Deliveries: posted, waiting and given up',
    problems: ['VALIDATION_FAILED', 'WEBHOOK_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({ status: 200, description: 'Newest first.', standardSchema: deliveryListSchema })
  async deliveries(
    @Param('id') id: string,
    @Query({ schema: deliveryQuery }) query: unknown,
    @FromBackend() { tenantId }: Backend,
  ): Promise<{ deliveries: DeliveryAnswer[]; nextCursor: string | null }> {
    const { state = null, cursor = null, limit } = parsed(deliveryQuery, query, 'query');
    const filter = { state, before: cursor, limit: limit + 1 };
    const { rows, nextCursor } = rowPage(
      await this.webhooks.deliveries(tenantId, id, filter),
      limit,
    );
    return { deliveries: rows.map(renderDelivery), nextCursor };
  }

  @Post(':id/deliveries/:deliveryId/replay')
  @HttpCode(202)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'replayDelivery',
    summary: 'Post an event again',
    description:
      'Gives the delivery its full count of attempts again. A delivery that already waits is ' +
      'left as it is.',
    problems: [...BODY, 'WEBHOOK_NOT_FOUND', 'DELIVERY_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiParam({
    name: 'deliveryId',
    description: 'Delivery id',
    schema: { type: 'string', format: 'uuid' },
  })
  @ApiResponse({
    status: 202,
    description: 'The next round attempts it, within seconds.',
    standardSchema: deliverySchema,
  })
  async replay(
    @Param('id') id: string,
    @Param('deliveryId') deliveryId: string,
    @FromBackend() { tenantId }: Backend,
  ): Promise<DeliveryAnswer> {
    const { id: known } = await this.webhooks.find(tenantId, id);
    return renderDelivery(await this.webhooks.replay(tenantId, known, deliveryId));
  }
}
