import type { AppConfig } from '../../src/app.module.js';
import { ledgerPace } from '../../src/common/config.js';
import { channelKeys } from '../../src/modules/chain/channel-keys.js';
import { SorobanChain } from '../../src/modules/chain/soroban-chain.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { ChannelRegistry } from '../../src/modules/liquidity/landings/channel-registry.js';
import { PoolRegistry } from '../../src/modules/liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../../src/modules/liquidity/reservation-ledger.js';
import { ReconciliationLedger } from '../../src/modules/liquidity/snapshots/reconciliation-ledger.js';
import { DailyBalances } from '../../src/modules/liquidity/snapshots/daily-balances.js';
import type { Alarms } from '../../src/modules/settlement/alarm-log.js';
import { DailyClosing } from '../../src/modules/settlement/daily-closing.js';
import { Lander, type LanderRooms } from '../../src/modules/settlement/lander.js';
import {
  type ReconciliationRooms,
  ReconciliationService,
} from '../../src/modules/settlement/reconciliation.service.js';
import type { SettlementRooms } from '../../src/modules/settlement/settlement-rooms.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import type { Breakage } from './world.js';

/** The use-cases of one worker process, on connections of its own. */
export interface Worker {
  readonly connections: LedgerConnections;
  readonly ledger: ReservationLedger;
  readonly settlement: SettlementService;
  readonly reconciliation: ReconciliationService;
  readonly lander: Lander;
  readonly days: DailyClosing;
}

/** Few, so that a walk has several batches. */
const PAIRS_AT_ONCE = 20;
/** A channel may run dry in a walk, and is alarmed long before. */
const LANDER = {
  candidates: 20,
  callsAtOnce: 4,
  landingSeconds: 30,
  balanceMin: 50_000_000n,
  ledgerWriteBytes: 286_720,
};

export function openWorker(
  config: AppConfig,
  alarms: Alarms,
  breakage: Breakage | undefined,
): Worker {
  const connections = new LedgerConnections({
    url: config.DATABASE_URL,
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
  const channels = new ChannelRegistry(connections, config.LEDGER_DEADLINE_MS);
  const chain = new SorobanChain({
    rpcUrl: config.STELLAR_RPC_URL ?? '',
    networkPassphrase: config.STELLAR_NETWORK_PASSPHRASE ?? '',
    timeoutMs: config.RPC_TIMEOUT_MS,
    inclusionFee: config.INCLUSION_FEE,
    channels: channelKeys(config.CHANNEL_SECRETS ?? ''),
  });
  const rooms: SettlementRooms = { ledger, pools, chain };
  const landing: LanderRooms = { ...rooms, channels };
  const books: ReconciliationRooms = {
    ledger: new ReconciliationLedger(connections, config.LEDGER_DEADLINE_MS),
    pools,
    chain,
  };
  const quiet = { warn: () => undefined };
  return {
    connections,
    ledger,
    settlement: new SettlementService(breakage?.rooms?.(rooms) ?? rooms, alarms),
    reconciliation: new ReconciliationService(breakage?.bookkeeping?.(books) ?? books, alarms),
    days: new DailyClosing(
      { pools, days: new DailyBalances(connections, config.LEDGER_DEADLINE_MS, PAIRS_AT_ONCE) },
      alarms,
    ),
    lander: new Lander(breakage?.landing?.(landing) ?? landing, alarms, LANDER, quiet),
  };
}
