import { Module, type DynamicModule } from '@nestjs/common';
import { type Config, type FrontDoor, proxyFor } from '../../common/config.js';
import { CHAIN, type Chain } from './chain.js';
import { channelKeys, channelSecrets } from './channel-keys.js';
import { RpcClient } from './rpc-client.js';
import { Sep10WebAuth } from './sep10-web-auth.js';
import { SorobanChain } from './soroban-chain.js';
import { WEB_AUTH, type WebAuth } from './web-auth.js';

/**
 * Provides CHAIN. The URL and the passphrase must be decided by then: a missing node is started
 * before the app is built.
 */
@Module({})
export class ChainModule {
  static register(config: Config): DynamicModule {
    return {
      module: ChainModule,
      providers: [{ provide: CHAIN, useFactory: () => chainFrom(config) }],
      exports: [CHAIN],
    };
  }
}

/** Provides WEB_AUTH. */
@Module({})
export class WebAuthModule {
  static register(config: Config & FrontDoor): DynamicModule {
    return {
      module: WebAuthModule,
      providers: [{ provide: WEB_AUTH, useFactory: () => webAuthFrom(config) }],
      exports: [WEB_AUTH],
    };
  }
}

function webAuthFrom(config: Config & FrontDoor): WebAuth {
  const { STELLAR_RPC_URL: rpcUrl, STELLAR_NETWORK_PASSPHRASE: networkPassphrase } = config;
  if (rpcUrl === undefined || networkPassphrase === undefined)
    throw new Error(
      'STELLAR_RPC_URL and STELLAR_NETWORK_PASSPHRASE must be known before wallets can sign in',
    );
  return new Sep10WebAuth(
    new RpcClient({
      rpcUrl,
      networkPassphrase,
      timeoutMs: config.RPC_TIMEOUT_MS,
      proxy: proxyFor(rpcUrl),
    }),
    {
      seed: config.AUTH_SIGNING_SEED,
      networkPassphrase,
      homeDomain: config.HOME_DOMAIN,
      webAuthDomain: config.WEB_AUTH_DOMAIN,
    },
  );
}

/**
 * @throws Error when the node's URL or the network's passphrase is not decided, or a channel's
 * secret is none
 */
export function chainFrom(config: Config): Chain {
  const { STELLAR_RPC_URL: rpcUrl, STELLAR_NETWORK_PASSPHRASE: networkPassphrase } = config;
  if (rpcUrl === undefined || networkPassphrase === undefined)
    throw new Error(
      'STELLAR_RPC_URL and STELLAR_NETWORK_PASSPHRASE must be known before the chain can be used',
    );
  return openChain({ rpcUrl, networkPassphrase }, config);
}

/** The chain room on this node. */
export const openChain = (
  { rpcUrl, networkPassphrase }: { readonly rpcUrl: string; readonly networkPassphrase: string },
  config: Config,
): SorobanChain =>
  new SorobanChain({
    rpcUrl,
    networkPassphrase,
    timeoutMs: config.RPC_TIMEOUT_MS,
    proxy: proxyFor(rpcUrl),
    inclusionFee: config.INCLUSION_FEE,
    channels: channelKeys(channelSecrets(config)),
  });
