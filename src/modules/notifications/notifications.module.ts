import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../../common/config.js';
import { Lifecycle } from '../../common/lifecycle.js';
import { JournalReader } from '../liquidity/journal.reader.js';
import { LedgerConnections } from '../liquidity/ledger.connections.js';
import { ReservationReader } from '../liquidity/reservation.reader.js';
import { LoanStreams } from './loan.streams.js';
import { PoolStreams } from './pool.streams.js';
import { StreamHub } from './stream.hub.js';
import { StreamsController } from './streams.controller.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksModule } from './webhooks.module.js';

/** Telling the outside what happened: streams and webhooks. Needs the ledger's doors and Lifecycle (global). */
@Module({})
export class NotificationsModule {
  static register(config: Config & { readonly DATABASE_URL: string }): DynamicModule {
    return {
      module: NotificationsModule,
      imports: [WebhooksModule.register(config)],
      controllers: [StreamsController, WebhooksController],
      providers: [
        LoanStreams, PoolStreams, ReservationReader,
        { provide: JournalReader, inject: [LedgerConnections], useFactory: (connections: LedgerConnections) => new JournalReader(connections) },
        {
          provide: StreamHub, inject: [JournalReader, Lifecycle],
          useFactory: (journal: JournalReader, lifecycle: Lifecycle) => new StreamHub(journal, lifecycle, { databaseUrl: config.DATABASE_URL, streamsMax: config.EVENT_STREAMS_MAX }),
        },
      ],
      exports: [PoolStreams],
    };
  }
}
