import { type BeforeApplicationShutdown, type DynamicModule, Logger, Module } from '@nestjs/common';
import type { Config, FrontDoor } from '../../common/config.js';
import { WEB_AUTH, type WebAuth } from '../chain/web.auth.js';
import { LedgerConnections } from '../liquidity/ledger.connections.js';
import { ApiKeys } from './api.keys.js';
import { AuthController } from './auth.controller.js';
import { Door } from './door.js';
import { KeysController } from './keys.controller.js';
import { SignInController } from './sign-in.controller.js';
import { StellarTomlController } from './stellar-toml.controller.js';
import { Tokens } from './tokens.js';
import { WalletSignIn } from './wallet.sign-in.js';

/** Who may ask. Needs CONFIG and LedgerConnections (both global) and WEB_AUTH from the module given; gives out the door. */
@Module({})
export class AccessModule implements BeforeApplicationShutdown {
  constructor(private readonly keys: ApiKeys) {}

  static register(config: Config & FrontDoor, webAuth: DynamicModule): DynamicModule {
    const log = new Logger('access');
    return {
      module: AccessModule,
      imports: [webAuth],
      controllers: [AuthController, StellarTomlController, KeysController, SignInController],
      providers: [
        { provide: ApiKeys, inject: [LedgerConnections], useFactory: (connections: LedgerConnections) => new ApiKeys(connections, config.LEDGER_DEADLINE_MS, (err) => { log.warn({ err }, 'the use of a key could not be noted'); }) },
        { provide: Tokens, useFactory: () => new Tokens(config) },
        { provide: Door, inject: [ApiKeys, Tokens], useFactory: (keys: ApiKeys, tokens: Tokens) => new Door(keys, tokens) },
        { provide: WalletSignIn, inject: [WEB_AUTH, Tokens, LedgerConnections], useFactory: (auth: WebAuth, tokens: Tokens, connections: LedgerConnections) => new WalletSignIn(auth, tokens, connections, config.HOME_DOMAIN) },
      ],
      exports: [Door, ApiKeys, Tokens],
    };
  }

  async beforeApplicationShutdown(): Promise<void> { await this.keys.settled(); }
}
