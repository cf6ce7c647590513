import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import type { Config } from '../../common/config.js';
import { stroopsOf } from '../../common/money.js';
import { CHAIN, type Chain } from '../chain/chain.js';
import { ChainModule } from '../chain/chain.module.js';
import { senderFrom } from '../chain/landing-sender.js';
import { ChannelRegistry } from '../liquidity/landings/channel-registry.js';
import { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { LedgerUpkeep } from '../liquidity/guards/ledger-upkeep.js';
import { DailyBalances } from '../liquidity/snapshots/daily-balances.js';
import { AlarmLog } from './alarm-log.js';
import { ContractWatch } from './contract-watch.js';
import { DailyClosing } from './daily-closing.js';
import { Lander } from './lander.js';
import { ReconciliationService } from './reconciliation.service.js';
import { EndLines } from './end-log.js';
import { SelfCheck } from './self-check.js';
import { SettlementService } from './settlement.service.js';
import { Upkeep } from './upkeep.js';

/** A landing lives about six ledgers: long enough for a surge, short enough to bid again. */
const LANDER = {
  candidates: 200,
  callsAtOnce: 8,
  landingSeconds: 30,
  ledgerWriteBytes: 286_720,
};

/** Those that look after the rows of the ledger, and never read the chain. */
const bookkeepers = (config: Config): Provider[] => [
  {
    provide: SelfCheck,
    inject: [ReservationLedger, PoolRegistry],
    useFactory: (ledger: ReservationLedger, pools: PoolRegistry) =>
      new SelfCheck({ ledger, pools }),
  },
  {
    provide: DailyClosing,
    inject: [PoolRegistry, DailyBalances],
    useFactory: (pools: PoolRegistry, days: DailyBalances) => new DailyClosing({ pools, days }),
  },
  {
    provide: Upkeep,
    inject: [LedgerUpkeep],
    useFactory: (ledger: LedgerUpkeep) =>
      new Upkeep(ledger, {
        snapshotDays: config.SNAPSHOT_DAYS,
        chainEventDays: config.CHAIN_EVENT_DAYS,
        reconciliationDays: config.RECONCILIATION_DAYS,
      }),
  },
];

/**
 * Provides SettlementService, ReconciliationService, ContractWatch, Lander, SelfCheck, DailyClosing
 * and Upkeep. The ledger comes from LiquidityModule, which is global.
 */
@Module({})
export class SettlementModule {
  static register(
    config: Config,
    chain: DynamicModule = ChainModule.register(config),
  ): DynamicModule {
    return {
      module: SettlementModule,
      imports: [chain],
      providers: [
        {
          provide: SettlementService,
          inject: [ReservationLedger, PoolRegistry, CHAIN],
          useFactory: (ledger: ReservationLedger, pools: PoolRegistry, chain: Chain) =>
            new SettlementService({ ledger, pools, chain }, undefined, undefined, new EndLines()),
        },
        {
          provide: ReconciliationService,
          inject: [ReconciliationLedger, PoolRegistry, CHAIN],
          useFactory: (ledger: ReconciliationLedger, pools: PoolRegistry, chain: Chain) =>
            new ReconciliationService({ ledger, pools, chain }),
        },
        {
          provide: ContractWatch,
          inject: [ReconciliationLedger, PoolRegistry, CHAIN, ReservationLedger],
          useFactory: (
            ledger: ReconciliationLedger,
            pools: PoolRegistry,
            chain: Chain,
            { guards }: ReservationLedger,
          ) => new ContractWatch({ ledger, pools, chain, guards }),
        },
        {
          provide: Lander,
          inject: [ReservationLedger, PoolRegistry, ChannelRegistry, CHAIN],
          useFactory: (
            ledger: ReservationLedger,
            pools: PoolRegistry,
            channels: ChannelRegistry,
            chain: Chain,
          ) =>
            new Lander(
              { ledger, pools, channels, chain, sender: senderFrom(config, chain) },
              new AlarmLog(),
              {
                ...LANDER,
                balanceMin: stroopsOf(BigInt(config.CHANNEL_BALANCE_MIN)),
              },
            ),
        },
        ...bookkeepers(config),
      ],
      exports: [
        SettlementService,
        ReconciliationService,
        ContractWatch,
        Lander,
        SelfCheck,
        DailyClosing,
        Upkeep,
      ],
    };
  }
}
