import {
  type DynamicModule,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { type Config, ledgerPace } from '../../common/config.js';
import { ChangeNotifier } from './journal/change-signal.js';
import { connectionShares } from '../../database/connection-shares.js';
import { connectionRoom } from './guards/connection-room.sql.js';
import { refuseVolatile } from './guards/database-durability.js';
import { orderSentence } from './guards/text-order.sql.js';
import { HOLD_FOLLOW_UP, type HoldFollowUp } from './holds/hold-follow-up.js';
import { LedgerConnections } from './guards/ledger-connections.js';
import { LedgerUpkeep } from './guards/ledger-upkeep.js';
import { ChannelRegistry } from './landings/channel-registry.js';
import { LedgerFigures } from './pools/ledger-figures.js';
import { PoolRegistry } from './pools/pool-registry.js';
import { DailyBalances } from './snapshots/daily-balances.js';
import { ReconciliationLedger } from './snapshots/reconciliation-ledger.js';
import { ReservationLedger } from './reservation-ledger.js';

const log = new Logger('ledger');

/**
 * Logs retries. The lock order is fixed, so a deadlock (40P01) is an alarm
 * (docs/protocol.md#ledger-transaction). A first retry for another reason is ordinary.
 */
function logRetries(sqlState: string, attempt: number): void {
  if (sqlState === '40P01')
    log.error(
      { alarm: 'deadlock', sqlState, attempt },
      'deadlock in a ledger transaction: the lock order is broken somewhere',
    );
  else if (attempt > 1) log.warn({ sqlState, attempt }, 'a ledger transaction is tried again');
}
/** What the configuration allows of the database. */
interface DatabaseRules {
  readonly volatile: boolean;
  readonly connections: number;
}
const DATABASE_RULES = Symbol('database rules');

/** Stops with the module, besides its connections. */
class LedgerHelpers {
  constructor(
    readonly notifier: ChangeNotifier,
    readonly figures: LedgerFigures,
  ) {}
}

/**
 * Exports the ledger and the list of pools. `followUp` is the module that provides HOLD_FOLLOW_UP,
 * if jobs run.
 */
@Module({})
export class LiquidityModule implements OnApplicationShutdown, OnModuleInit {
  constructor(
    @Inject(DATABASE_RULES) private readonly rules: DatabaseRules,
    private readonly ledger: ReservationLedger,
    private readonly connections: LedgerConnections,
    private readonly helpers: LedgerHelpers,
  ) {}

  static register(config: LedgerConfig): DynamicModule {
    return {
      module: LiquidityModule,
      global: true,
      providers: [...connectionProviders(config), ...ledgerProviders(config)],
      exports: [
        ReservationLedger,
        PoolRegistry,
        ChannelRegistry,
        ReconciliationLedger,
        DailyBalances,
        LedgerUpkeep,
        LedgerConnections,
        LedgerFigures,
      ],
    };
  }

  /** Runs before anything listens. */
  async onModuleInit(): Promise<void> {
    const { write } = this.connections;
    await refuseVolatile(write, this.rules.volatile);
    const crowded = await connectionRoom(write, this.rules.connections);
    if (crowded !== null) log.warn(`${crowded}.`);
    await this.ledger.guards.noticeDatabase();
    const unseen = await this.ledger.guards.unseenIdentity();
    if (unseen !== null) log.warn(`${unseen}.`);
    const changed = await this.ledger.guards.orderChange();
    if (changed) log.warn(`In the database, ${orderSentence(changed)}.`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ledger.drain();
    this.helpers.notifier.stop();
    await Promise.all([this.connections.close(), this.helpers.figures.close()]);
  }
}

type LedgerConfig = Config & { readonly DATABASE_URL: string };

/** The connections, and the providers that read or signal over them. */
const connectionProviders = (config: LedgerConfig): Provider[] => [
  {
    provide: DATABASE_RULES,
    useValue: {
      volatile: config.VOLATILE_DATABASE === 'allow',
      connections: config.DATABASE_CONNECTIONS,
    } satisfies DatabaseRules,
  },
  {
    provide: LedgerConnections,
    useFactory: () =>
      new LedgerConnections({
        url: config.DATABASE_URL,
        shares: connectionShares(config.DATABASE_CONNECTIONS),
        deadlineMs: config.LEDGER_DEADLINE_MS,
        log: (line) => {
          new Logger('ledger').warn(line);
        },
      }),
  },
  {
    provide: ChangeNotifier,
    inject: [LedgerConnections],
    useFactory: (connections: LedgerConnections) =>
      new ChangeNotifier(connections.read, (line) => {
        new Logger('ledger').debug(line);
      }),
  },
  {
    provide: LedgerFigures,
    useFactory: () =>
      new LedgerFigures(config.DATABASE_URL, (line) => {
        log.warn(line);
      }),
  },
];

/** The ledger and the parts that write, each in ledger transactions of its own. */
const ledgerProviders = (config: LedgerConfig): Provider[] => [
  {
    provide: ReservationLedger,
    inject: [LedgerConnections, ChangeNotifier, { token: HOLD_FOLLOW_UP, optional: true }],
    useFactory: (
      connections: LedgerConnections,
      notifier: ChangeNotifier,
      followUp?: HoldFollowUp,
    ) =>
      new ReservationLedger(
        connections,
        {
          deadlineMs: config.LEDGER_DEADLINE_MS,
          queueMax: config.LEDGER_QUEUE_MAX,
          batchMax: config.LEDGER_BATCH_MAX,
          keyHours: config.IDEMPOTENCY_HOURS,
          chainLagSeconds: config.CHAIN_LAG_SECONDS_MAX,
          pace: ledgerPace(config),
          onRetry: logRetries,
          onCommit: () => {
            notifier.changed();
          },
        },
        followUp,
      ),
  },
  {
    provide: LedgerHelpers,
    inject: [ChangeNotifier, LedgerFigures],
    useFactory: (notifier: ChangeNotifier, figures: LedgerFigures) =>
      new LedgerHelpers(notifier, figures),
  },
  {
    provide: PoolRegistry,
    inject: [LedgerConnections, ChangeNotifier],
    useFactory: (connections: LedgerConnections, notifier: ChangeNotifier) =>
      new PoolRegistry(connections, config.LEDGER_DEADLINE_MS, () => {
        notifier.changed();
      }),
  },
  {
    provide: ChannelRegistry,
    inject: [LedgerConnections],
    useFactory: (connections: LedgerConnections) =>
      new ChannelRegistry(connections, config.LEDGER_DEADLINE_MS),
  },
  {
    provide: ReconciliationLedger,
    inject: [LedgerConnections],
    useFactory: (connections: LedgerConnections) =>
      new ReconciliationLedger(connections, config.LEDGER_DEADLINE_MS),
  },
  {
    provide: DailyBalances,
    inject: [LedgerConnections],
    useFactory: (connections: LedgerConnections) =>
      new DailyBalances(connections, config.LEDGER_DEADLINE_MS),
  },
  {
    provide: LedgerUpkeep,
    inject: [LedgerConnections],
    useFactory: (connections: LedgerConnections) =>
      new LedgerUpkeep(connections, config.LEDGER_DEADLINE_MS),
  },
];
