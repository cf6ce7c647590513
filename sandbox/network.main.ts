import { Command, Option } from 'commander';
import { type Generation, STEPFI_GENERATIONS } from './contracts/generations.js';
import { DataFolder } from './network/data-folder.js';
import { startNetwork } from './network/network.js';
import { asError } from '../src/common/errors.js';
import { readConfig, type Config } from '../src/common/config.js';

const MISUSED = 2;

interface Choices {
  readonly generation: Generation;
  /** Absent: the configuration's. */
  readonly networkPassphrase?: string;
}

/** `npm run network`: the local network alone, until it gets a signal to stop. */
async function run(config: Config, { generation, networkPassphrase }: Choices): Promise<void> {
  if (config.NODE_ENV === 'production')
    throw new Error(
      'the local network is for development and tests: it never starts with NODE_ENV=production',
    );
  const data = DataFolder.claim(config.DATA_DIR);
  const network = await startNetwork({
    rpcPort: config.LOCAL_RPC_PORT,
    rpcPortMayMove: !config.given.has('LOCAL_RPC_PORT'),
    controlPort: config.LOCAL_CONTROL_PORT,
    controlPortMayMove: !config.given.has('LOCAL_CONTROL_PORT'),
    closeSeconds: config.LOCAL_LEDGER_SECONDS,
    folder: data.chainFolder,
    passphrase: networkPassphrase ?? config.LOCAL_NETWORK_PASSPHRASE,
    generation,
    onFailure: (thrown) => {
      console.error(`A ledger could not be closed: ${asError(thrown).message}`);
    },
  }).catch((thrown: unknown) => {
    data.release();
    throw thrown;
  });
  const stop = (): void => {
    network
      .close()
      .catch((thrown: unknown) => {
        console.error(asError(thrown).message);
      })
      .finally(() => {
        data.release();
        process.exit(0);
      });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const { rpcUrl, controlUrl, passphrase } = network;
  data.publish({
    pid: process.pid,
    rpcUrl,
    controlUrl,
    rpcPort: Number(new URL(rpcUrl).port),
    controlPort: Number(new URL(controlUrl).port),
    passphrase,
  });
  const { ledger } = network.control.head();
  const pace =
    config.LOCAL_LEDGER_SECONDS > 0
      ? `a ledger every ${config.LOCAL_LEDGER_SECONDS} s`
      : 'ledgers close by hand only (POST /ledgers)';
  console.log(
    `Local Stellar network at ledger ${ledger}, ${pace}. A model of the network, not a ` +
      `Soroban host.\n  RPC         ${rpcUrl}\n  passphrase  ${passphrase}\n  control     ` +
      `${controlUrl}`,
  );
}

new Command('npm run network --')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : MISUSED))
  .description(
    'Run the local Stellar network alone, until it is stopped. Settings: LOCAL_* and DATA_DIR.',
  )
  .addOption(
    new Option('--generation <name>', 'contracts of pools whose request names none')
      .choices(STEPFI_GENERATIONS)
      .default('g1'),
  )
  .addOption(
    new Option(
      '--network-passphrase <text>',
      'passphrase of the network; left out: LOCAL_NETWORK_PASSPHRASE',
    ),
  )
  .addHelpText('after', '\nExample:\n  LOCAL_LEDGER_SECONDS=0 npm run network -- --generation g3')
  .action((choices: Choices) =>
    run(readConfig(), choices).catch((thrown: unknown) => {
      console.error(`The local network did not start: ${asError(thrown).message}`);
      process.exitCode = 1;
    }),
  )
  .parse();
