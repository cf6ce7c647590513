import path from 'node:path';
import type { RunningNetwork } from '../../sandbox/network/network.js';
import { TEST_DOOR } from './access.js';
import { compileCache } from './service-process.js';

/** The variables of the shell that runs the runbook, and of the processes it starts. */
export function shellEnvironment(where: {
  readonly folder: string;
  readonly bin: string;
  readonly databaseUrl: string;
  readonly serverFolder: string;
  readonly network: RunningNetwork;
  readonly port: string;
}): Record<string, string> {
  return {
    PATH: [
      where.bin,
      path.join(process.cwd(), 'node_modules', '.bin'),
      path.dirname(process.execPath),
      '/usr/bin:/bin',
    ].join(':'),
    HOME: where.folder,
    ...TEST_DOOR,
    ...compileCache(),
    NODE_ENV: 'test',
    VOLATILE_DATABASE: 'allow',
    DATABASE_URL: where.databaseUrl,
    STELLAR_RPC_URL: where.network.rpcUrl,
    STELLAR_NETWORK_PASSPHRASE: where.network.passphrase,
    OBSERVE_SECONDS: '0.5',
    CHAIN_LAG_SECONDS_MAX: '5',
    LEDGER_DEADLINE_MS: '15000',
    PORT: where.port,
    NO_COLOR: '1',
    URL: `http://127.0.0.1:${where.port}`,
    LOG: path.join(where.folder, 'service.log'),
    PGDATA: path.join(where.serverFolder, 'data'),
    BACKUP: path.join(where.serverFolder, 'backup'),
  };
}
