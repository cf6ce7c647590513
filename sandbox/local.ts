import path from 'node:path';
import type { Config } from '../src/common/config.js';
import { guard } from './guard.js';
import { startNetwork, type LocalNetwork } from './network-child.js';
import { admitRole } from './postgres/admit-role.js';
import { startPostgres, type EmbeddedPostgres } from './postgres/embedded.js';

/** The addresses that the service uses, given or started here. */
export interface LocalServices {
  /** Of the embedded server as its owner, for migrations, commands and people. */
  readonly databaseUrl: string;
  /** Absent: the database is not ours. */
  readonly databaseFolder?: string | undefined;
  /**
   * Lets a role sign in that the migrations made. Absent: the database is not ours.
   * @returns the database's address for it
   */
  readonly admit?: ((role: string) => Promise<string>) | undefined;
  readonly rpcUrl: string;
  readonly networkPassphrase: string;
  /** null: the network is not ours. */
  readonly controlUrl: string | null;
  /** Whether this call started it; false when it was given or found running. */
  readonly startedPostgres: boolean;
  readonly startedNetwork: boolean;
  /**
   * Stops the network first, then Postgres, each only when no other process uses it. After a kill
   * -9 both keep running, and the next start finds them.
   */
  stop(): Promise<void>;
}

type Log = (line: string) => void;
const DATABASE = 'holdfast';
const NETWORK_SETTINGS = [
  'LOCAL_RPC_PORT',
  'LOCAL_CONTROL_PORT',
  'LOCAL_LEDGER_SECONDS',
  'LOCAL_NETWORK_PASSPHRASE',
  'LOG_LEVEL',
] as const;

/**
 * Starts what the configuration does not give: Postgres without DATABASE_URL, the network without
 * STELLAR_RPC_URL. Until `stop`, each is started again when it is killed.
 * @throws Error in production, and when one cannot be started; what was started before is then
 * stopped
 */
export async function startLocal(config: Config, log: Log): Promise<LocalServices> {
  if (config.NODE_ENV === 'production')
    throw new Error('Nothing embedded starts in production: set DATABASE_URL and STELLAR_RPC_URL.');
  const postgres = config.DATABASE_URL === undefined ? await localPostgres(config, log) : undefined;
  const network =
    config.STELLAR_RPC_URL === undefined ? await localNetwork(config, log, postgres) : undefined;
  const leaveAlone = guard(
    [
      ...(postgres ? [{ what: 'Postgres', revive: () => postgres.revive() }] : []),
      ...(network ? [{ what: 'Local Stellar network', revive: () => network.revive() }] : []),
    ],
    log,
  );
  return {
    databaseFolder: postgres?.folder,
    admit: postgres && ((role) => admitRole(postgres.url(DATABASE), role)),
    databaseUrl: postgres?.url(DATABASE) ?? required(config.DATABASE_URL, 'DATABASE_URL'),
    rpcUrl: network?.rpcUrl ?? required(config.STELLAR_RPC_URL, 'STELLAR_RPC_URL'),
    networkPassphrase:
      network?.passphrase ??
      required(config.STELLAR_NETWORK_PASSPHRASE, 'STELLAR_NETWORK_PASSPHRASE'),
    controlUrl: network?.controlUrl ?? null,
    startedPostgres: postgres?.started ?? false,
    startedNetwork: network?.started ?? false,
    stop: async () => {
      await leaveAlone();
      try {
        await network?.stop();
      } finally {
        await postgres?.stop();
      }
    },
  };
}

async function localPostgres(config: Config, log: Log): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({
    folder: path.join(config.DATA_DIR, 'postgres'),
    durable: true,
  });
  log(
    `Postgres: ${postgres.started ? 'started' : 'found running'}, process ${postgres.pid}, data in ${postgres.folder}`,
  );
  await postgres.ensureDatabase(DATABASE);
  return postgres;
}

/**
 * The network chooses its ports by the same configuration, because it knows best when one is taken.
 */
async function localNetwork(
  config: Config,
  log: Log,
  postgres: EmbeddedPostgres | undefined,
): Promise<LocalNetwork> {
  try {
    const env = Object.fromEntries(
      NETWORK_SETTINGS.filter((name) => config.given.has(name)).map((name) => [
        name,
        String(config[name]),
      ]),
    );
    const network = await startNetwork({ dataDir: config.DATA_DIR, env });
    if (
      config.given.has('LOCAL_NETWORK_PASSPHRASE') &&
      network.passphrase !== config.LOCAL_NETWORK_PASSPHRASE
    ) {
      await network.stop();
      throw new Error(
        `the local network of ${config.DATA_DIR} runs with the passphrase "${network.passphrase}"; ` +
          'LOCAL_NETWORK_PASSPHRASE names another. Use another DATA_DIR.',
      );
    }
    log(
      `Local Stellar network: ${network.started ? 'started' : 'found running'}, process ` +
        `${network.pid}, RPC ${network.rpcUrl}, control ${network.controlUrl}`,
    );
    return network;
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

function required(value: string | undefined, name: string): string {
  // readConfig has already refused this.
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}
