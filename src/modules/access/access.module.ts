import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { LIVE_KEYS, type LiveKeys } from '../../common/caller.js';
import type { Config, FrontDoor } from '../../common/config.js';
import { RateCounts } from '../../database/rate-counts.js';
import { WEB_AUTH, type WebAuth } from '../chain/web-auth.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { ApiKeys } from './api-keys.js';
import { ActionTicketsController } from './action-tickets.controller.js';
import { AuthController } from './auth.controller.js';
import { Door } from './door.js';
import { RateLimits } from './rate-limits.js';
import { KeysController } from './keys.controller.js';
import { SignInController } from './sign-in.controller.js';
import { SpentTokens } from './spent-tokens.js';
import { StellarTomlController } from './stellar-toml.controller.js';
import { TicketsController } from './tickets.controller.js';
import { Tokens } from './tokens.js';
import { WalletSignIn } from './wallet-sign-in.js';

const LOG_EVERY_MS = 10_000;
const CONTROLLERS = [
  AuthController,
  StellarTomlController,
  KeysController,
  SignInController,
  TicketsController,
  ActionTicketsController,
];

/**
 * Logs the first failure and then one every ten seconds, because each request may meet the same
 * one.
 */
function seldom<T>(log: (about: T) => void): (about: T) => void {
  let next = 0;
  return (about) => {
    if (performance.now() >= next) {
      next = performance.now() + LOG_EVERY_MS;
      log(about);
    }
  };
}

/**
 * Identifies the callers of the API. Needs CONFIG and LedgerConnections (both global) and WEB_AUTH
 * from the given module; exports the door.
 */
@Module({})
export class AccessModule
  implements BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown
{
  constructor(
    private readonly keys: ApiKeys,
    private readonly counts: RateCounts,
  ) {}

  static register(
    config: Config & FrontDoor & { readonly DATABASE_URL: string },
    webAuth: DynamicModule,
  ): DynamicModule {
    const log = new Logger('access');
    return {
      module: AccessModule,
      imports: [webAuth],
      controllers: CONTROLLERS,
      providers: [
        {
          provide: ApiKeys,
          inject: [LedgerConnections],
          useFactory: (connections: LedgerConnections) =>
            new ApiKeys(connections, config.LEDGER_DEADLINE_MS, (err) => {
              log.warn({ err }, 'the use of a key could not be noted');
            }),
        },
        {
          provide: SpentTokens,
          inject: [LedgerConnections],
          useFactory: (connections: LedgerConnections) => new SpentTokens(connections),
        },
        {
          provide: LIVE_KEYS,
          inject: [ApiKeys, SpentTokens],
          useFactory: (keys: ApiKeys, spent: SpentTokens): LiveKeys => ({
            liveAmong: (ids) => keys.liveAmong(ids),
            signedOutAmong: (ids) => spent.spentAmong(ids),
          }),
        },
        { provide: Tokens, useFactory: () => new Tokens(config) },
        {
          provide: Door,
          inject: [ApiKeys, Tokens, SpentTokens],
          useFactory: (keys: ApiKeys, tokens: Tokens, spent: SpentTokens) =>
            new Door(keys, tokens, spent),
        },
        {
          provide: RateCounts,
          useFactory: () =>
            new RateCounts({
              url: config.DATABASE_URL,
              waitMs: config.RATE_COUNT_TIMEOUT_MS,
              onTrouble: seldom((err) => {
                log.warn({ err }, 'requests are not limited: the count did not come in time');
              }),
            }),
        },
        {
          provide: RateLimits,
          inject: [RateCounts],
          useFactory: (counts: RateCounts) => new RateLimits(config, counts),
        },
        {
          provide: WalletSignIn,
          inject: [WEB_AUTH, Tokens, LedgerConnections],
          useFactory: (auth: WebAuth, tokens: Tokens, connections: LedgerConnections) =>
            new WalletSignIn(auth, tokens, connections),
        },
      ],
      exports: [Door, RateLimits, ApiKeys, LIVE_KEYS, Tokens],
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.keys.settled();
  }
  async onApplicationBootstrap(): Promise<void> {
    await this.counts.open();
  }
  async onApplicationShutdown(): Promise<void> {
    await this.counts.close();
  }
}
