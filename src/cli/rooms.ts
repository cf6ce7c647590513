import { type Config, ledgerPace } from '../common/config.js';
import { openChain } from '../modules/chain/chain.module.js';
import type { Chain } from '../modules/chain/chain.js';
import { CONNECTIONS_LEAST, connectionShares } from '../database/connection-shares.js';
import { LedgerConnections } from '../modules/liquidity/guards/ledger-connections.js';
import { ChannelRegistry } from '../modules/liquidity/landings/channel-registry.js';
import { PoolRegistry } from '../modules/liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../modules/liquidity/reservation-ledger.js';
import { WebhookStore } from '../modules/notifications/webhook-store.js';
import { webhookOptions } from '../modules/notifications/webhooks.module.js';
import { WebhooksService } from '../modules/notifications/webhooks.service.js';
import { SettlementService } from '../modules/settlement/settlement.service.js';
import { readRunning } from '../common/running.js';

export interface Place {
  readonly databaseUrl: string;
  readonly rpcUrl: string;
  readonly networkPassphrase: string;
}

/** The rooms of the service without HTTP and Nest, for the command line. */
export interface Rooms {
  readonly connections: LedgerConnections;
  readonly ledger: ReservationLedger;
  readonly pools: PoolRegistry;
  readonly channels: ChannelRegistry;
  readonly chain: Chain;
  readonly settlement: SettlementService;
  readonly webhooks: WebhooksService;
  close(): Promise<void>;
}

/**
 * Where the service's database and network are: each from the configuration, else from the service
 * that runs from DATA_DIR. What neither says is undefined.
 */
export function knownPlace(config: Config): {
  readonly [Name in keyof Place]: Place[Name] | undefined;
} {
  const running = config.NODE_ENV === 'production' ? undefined : readRunning(config.DATA_DIR);
  return {
    databaseUrl: config.DATABASE_URL ?? running?.databaseUrl,
    rpcUrl: config.STELLAR_RPC_URL ?? running?.rpcUrl,
    networkPassphrase:
      config.STELLAR_RPC_URL === undefined
        ? running?.networkPassphrase
        : config.STELLAR_NETWORK_PASSPHRASE,
  };
}

/** @throws Error with what is missing */
export function placeFrom(config: Config): Place {
  const { databaseUrl, rpcUrl, networkPassphrase } = knownPlace(config);
  if (databaseUrl === undefined || rpcUrl === undefined || networkPassphrase === undefined) {
    throw new Error(
      `No service runs from ${config.DATA_DIR}. Start it with \`npm start\`, or set ` +
        'DATABASE_URL, STELLAR_RPC_URL and STELLAR_NETWORK_PASSPHRASE.',
    );
  }
  return { databaseUrl, rpcUrl, networkPassphrase };
}

export function openRooms(place: Place, config: Config): Rooms {
  const connections = new LedgerConnections({
    url: place.databaseUrl,
    shares: connectionShares(CONNECTIONS_LEAST), // the service beside it needs the others
    deadlineMs: config.LEDGER_DEADLINE_MS,
  });
  const ledger = new ReservationLedger(connections, {
    deadlineMs: config.LEDGER_DEADLINE_MS,
    queueMax: config.LEDGER_QUEUE_MAX,
    batchMax: config.LEDGER_BATCH_MAX,
    keyHours: config.IDEMPOTENCY_HOURS,
    chainLagSeconds: config.CHAIN_LAG_SECONDS_MAX,
    pace: ledgerPace(config),
  });
  const pools = new PoolRegistry(connections, config.LEDGER_DEADLINE_MS);
  const chain = openChain(place, config);
  const webhooks = new WebhooksService(new WebhookStore(connections), webhookOptions(config));
  return {
    connections,
    ledger,
    pools,
    channels: new ChannelRegistry(connections, config.LEDGER_DEADLINE_MS),
    chain,
    settlement: new SettlementService({ ledger, pools, chain }),
    webhooks,
    close: () => connections.close(),
  };
}
