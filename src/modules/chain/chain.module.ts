import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../../common/config.js';
import { CHAIN, type Chain } from './chain.js';
import { SorobanChain } from './soroban.chain.js';

/** Gives out CHAIN and nothing else. Both the URL and the passphrase must be decided by then: what is missing is started before the app is built. */
@Module({})
export class ChainModule {
  static register(config: Config): DynamicModule {
    return { module: ChainModule, providers: [{ provide: CHAIN, useFactory: () => chainFrom(config) }], exports: [CHAIN] };
  }
}

/** @throws Error when the node's URL or the network's passphrase is not decided */
export function chainFrom(config: Config): Chain {
  const { STELLAR_RPC_URL: rpcUrl, STELLAR_NETWORK_PASSPHRASE: networkPassphrase } = config;
  if (rpcUrl === undefined || networkPassphrase === undefined) throw new Error('STELLAR_RPC_URL and STELLAR_NETWORK_PASSPHRASE must be known before the chain can be used');
  return new SorobanChain({ rpcUrl, networkPassphrase, timeoutMs: config.RPC_TIMEOUT_MS, counterWindow: config.COUNTER_WINDOW, inclusionFee: config.INCLUSION_FEE });
}
