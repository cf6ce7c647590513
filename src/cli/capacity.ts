import { readConfig } from '../common/config.js';
import { capacityPage } from '../modules/chain/capacity.js';
import { NetworkSettingsReader, TESTNET_SETTINGS } from '../modules/chain/network-settings.js';
import { RpcClient } from '../modules/chain/rpc-client.js';
import { readRunning } from '../common/running.js';
import { runUnderstood, UsageError } from './understood.js';

const USAGE = `Usage:
  npm run capacity [-- --testnet]

  Prints what one ledger and one minute of the network carry, by the settings that the configured node gives.
  --testnet   the settings of the public test network, without a node: the tables of docs/capacity.md`;

function isTestnet(args: readonly string[]): boolean {
  if (args.some((arg) => arg !== '--testnet'))
    throw new UsageError(`Not understood: ${args.join(' ')}`);
  return args.length > 0;
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

process.exitCode = await runUnderstood({
  usage: USAGE,
  understand: () => isTestnet(process.argv.slice(2)),
  open: () => undefined,
  close: () => Promise.resolve(),
  complain: (line) => {
    console.error(line);
  },
  work: async (_, testnet) => {
    process.stdout.write(`${capacityPage(testnet ? TESTNET_SETTINGS : await node().read())}\n`);
    return 0;
  },
});
