import { type DynamicModule, Module } from '@nestjs/common';
import { type Config, webhookKey } from '../../common/config.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { networksOf } from './address-guard.js';
import { WebhookRounds } from './webhook-rounds.js';
import { WebhookStore } from './webhook-store.js';
import { WebhookUpkeep } from './webhook-upkeep.js';
import { WebhooksService } from './webhooks.service.js';

/** What webhooks are posted with, for the service and the command line. */
export const webhookOptions = (config: Config) => ({
  key: webhookKey(config),
  publicOnly: config.NODE_ENV === 'production',
  ...(config.WEBHOOK_NETWORKS !== undefined && { inside: networksOf(config.WEBHOOK_NETWORKS) }),
});

/** Webhooks without HTTP, for the routes and the jobs. Needs the ledger's connections (global). */
@Module({})
export class WebhooksModule {
  static register(config: Config): DynamicModule {
    const options = webhookOptions(config);
    return {
      module: WebhooksModule,
      providers: [
        {
          provide: WebhookStore,
          inject: [LedgerConnections],
          useFactory: (connections: LedgerConnections) => new WebhookStore(connections),
        },
        {
          provide: WebhooksService,
          inject: [WebhookStore],
          useFactory: (store: WebhookStore) => new WebhooksService(store, options),
        },
        {
          provide: WebhookRounds,
          inject: [WebhookStore],
          useFactory: (store: WebhookStore) => new WebhookRounds(store, options),
        },
        {
          provide: WebhookUpkeep,
          inject: [WebhookStore],
          useFactory: (store: WebhookStore) =>
            new WebhookUpkeep(store, { days: config.WEBHOOK_DAYS }),
        },
      ],
      exports: [WebhookStore, WebhooksService, WebhookRounds, WebhookUpkeep],
    };
  }
}
