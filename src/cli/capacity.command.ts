import type { Command } from 'commander';
import { readConfig } from '../common/config.js';
import { readRunning } from '../common/running.js';
import { capacityPage } from '../modules/chain/capacity.js';
import { NetworkSettingsReader, TESTNET_SETTINGS } from '../modules/chain/network-settings.js';
import { RpcClient } from '../modules/chain/rpc-client.js';
import { command, does } from './command-line.js';
import type { Terminal } from './terminal.js';
import { logToStderr } from './with-rooms.js';

export function capacityCommand({ write }: Pick<Terminal, 'write'>): Command {
  return does(
    command('capacity', {
      summary: 'print how many loans one ledger of the network can carry',
      more: 'By the settings that the configured node gives, for one ledger and for one minute.',
      example: 'holdfast capacity --testnet',
    }).option(
      '--testnet',
      'the settings of the public test network, without a node: the tables of docs/capacity.md',
    ),
    async ({ testnet }) => {
      logToStderr();
      const settings = testnet === true ? TESTNET_SETTINGS : await node().read();
      await write(`${capacityPage(settings)}\n`);
    },
  );
}

function node(): NetworkSettingsReader {
  const config = readConfig();
  const running = config.STELLAR_RPC_URL === undefined ? readRunning(config.DATA_DIR) : undefined;
  const rpcUrl = config.STELLAR_RPC_URL ?? running?.rpcUrl;
  const networkPassphrase =
    config.STELLAR_RPC_URL === undefined
      ? running?.networkPassphrase
      : config.STELLAR_NETWORK_PASSPHRASE;
  if (rpcUrl === undefined || networkPassphrase === undefined)
    throw new Error(
      'No node is configured. Set STELLAR_RPC_URL and STELLAR_NETWORK_PASSPHRASE, start the service, or use --testnet.',
    );
  return new NetworkSettingsReader(
    new RpcClient({ rpcUrl, networkPassphrase, timeoutMs: config.RPC_TIMEOUT_MS }),
  );
}
