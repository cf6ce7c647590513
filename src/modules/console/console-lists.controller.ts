import { Controller, Get, Header, Inject, Optional, Param, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { isUuid } from '../../common/uuid.js';
import { Access } from '../../http/access-rule.js';
import { rowPage } from '../../http/list-query.js';
import { parsed } from '../../http/validation.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { listActions } from '../liquidity/pools/operator-actions.js';
import { WebhookStore } from '../notifications/webhook-store.js';
import {
  type DeliveryAnswer,
  deliveryQuery,
  renderDelivery,
} from '../notifications/webhooks.schemas.js';
import { renderAction } from '../operations/action-answer.js';
import { JOB_FIGURES, type JobFigures, type JobFiguresRead } from '../operations/job-figures.js';
import { type ActionAnswer, actionQuery } from '../operations/operator.schemas.js';
import { listedChannels, listedKeys, listedWebhooks } from '../reporting/console-lists.js';
import {
  channelsCursorOf,
  channelsQuery,
  keysQuery,
  type Page,
  webhooksQuery,
} from './console-queries.js';

/** Lists that belong to no pool. Only GET, as in `ConsoleController`. */
@ApiExcludeController()
@Controller('console/data')
export class ConsoleListsController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly webhookStore: WebhookStore,
    @Optional() @Inject(JOB_FIGURES) private readonly jobFigures?: JobFigures,
  ) {}

  @Get('actions')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async actions(@Query() query: unknown): Promise<Page & { actions: ActionAnswer[] }> {
    const { subject = null, cursor = null, limit } = parsed(actionQuery, query, 'query');
    const filter = { subject, before: cursor, limit: limit + 1 };
    const { rows, nextCursor } = rowPage(await listActions(this.connections.read, filter), limit);
    return { actions: rows.map(renderAction), nextCursor };
  }

  @Get('keys')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async keys(@Query() query: unknown): Promise<Page & { keys: unknown }> {
    const { tenant = null, live, cursor = null, limit } = parsed(keysQuery, query, 'query');
    const { rows: keys, nextCursor } = rowPage(
      await listedKeys(this.connections.read, {
        tenantId: tenant,
        live: live === undefined ? null : live === 'true',
        before: cursor,
        limit: limit + 1,
      }),
      limit,
    );
    return { keys, nextCursor };
  }

  @Get('webhooks')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async webhooks(@Query() query: unknown): Promise<Page & { webhooks: unknown }> {
    const given = parsed(webhooksQuery, query, 'query');
    const { id = null, tenant = null, event = null, cursor = null, limit } = given;
    const filter = { id, tenantId: tenant, event, before: cursor, limit: limit + 1 };
    const isKnown = id === null || isUuid(id);
    const found = isKnown ? await listedWebhooks(this.connections.read, filter) : [];
    const { rows: webhooks, nextCursor } = rowPage(found, limit);
    return { webhooks, nextCursor };
  }

  @Get('channels')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async channels(@Query() query: unknown): Promise<Page & { channels: unknown }> {
    const { state, cursor, limit } = parsed(channelsQuery, query, 'query');
    const { channels, next } = await listedChannels(this.connections.read, {
      state,
      after: cursor,
      limit,
    });
    return { channels, nextCursor: next && channelsCursorOf(next) };
  }

  @Get('webhooks/:id/deliveries')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async deliveries(
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Page & { deliveries: DeliveryAnswer[] }> {
    const { state = null, cursor = null, limit } = parsed(deliveryQuery, query, 'query');
    const filter = { state, before: cursor, limit: limit + 1 };
    const found = isUuid(id) ? await this.webhookStore.deliveries(id, filter) : [];
    const { rows, nextCursor } = rowPage(found, limit);
    return { deliveries: rows.map(renderDelivery), nextCursor };
  }

  /** Null: the jobs run in no process that this one knows. */
  @Get('jobs')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async jobs(): Promise<{ jobs: JobFiguresRead | null }> {
    if (!this.jobFigures) return { jobs: null };
    const { text, values } = this.jobFigures.question;
    const { rows } = await this.connections.read.query<Record<string, unknown>>(text, [...values]);
    return { jobs: this.jobFigures.read(rows) };
  }
}
