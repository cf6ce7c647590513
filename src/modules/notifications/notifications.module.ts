import { type DynamicModule, Module } from '@nestjs/common';
import { LIVE_KEYS, type LiveKeys } from '../../common/caller.js';
import { type Config, directDatabase } from '../../common/config.js';
import { Lifecycle } from '../../common/lifecycle.js';
import { JournalReader } from '../liquidity/journal/journal.reader.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { ReservationReader } from '../liquidity/holds/reservation.reader.js';
import { LoanStreams } from './loan-streams.js';
import { PoolStreams } from './pool-streams.js';
import { StreamHub } from './stream-hub.js';
import { StreamsController } from './streams.controller.js';
import { OperatorWebhooksController } from './operator-webhooks.controller.js';
import { WebhookDesk } from './webhook-desk.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksModule } from './webhooks.module.js';
import { WebhooksService } from './webhooks.service.js';

/**
 * Event streams and webhooks. Needs the ledger's doors and Lifecycle (global), and LIVE_KEYS from
 * the given module.
 */
@Module({})
export class NotificationsModule {
  static register(
    config: Config & { readonly DATABASE_URL: string },
    access: DynamicModule,
  ): DynamicModule {
    return {
      module: NotificationsModule,
      imports: [WebhooksModule.register(config), access],
      controllers: [StreamsController, WebhooksController, OperatorWebhooksController],
      providers: [
        LoanStreams,
        PoolStreams,
        ReservationReader,
        {
          provide: WebhookDesk,
          inject: [WebhooksService, LedgerConnections],
          useFactory: (webhooks: WebhooksService, connections: LedgerConnections) =>
            new WebhookDesk(webhooks, connections),
        },
        {
          provide: JournalReader,
          inject: [LedgerConnections],
          useFactory: (connections: LedgerConnections) => new JournalReader(connections),
        },
        {
          provide: StreamHub,
          inject: [JournalReader, Lifecycle, LIVE_KEYS],
          useFactory: (journal: JournalReader, lifecycle: Lifecycle, keys: LiveKeys) =>
            new StreamHub({ journal, keys }, lifecycle, {
              databaseUrl: directDatabase(config),
              streamsMax: config.EVENT_STREAMS_MAX,
            }),
        },
      ],
      exports: [PoolStreams, WebhooksModule],
    };
  }
}
