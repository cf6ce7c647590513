import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.js';
import type { SeededPool } from './banner.js';
import type { DevelopmentKeys } from './cli/development-keys.js';
import { listenPort } from './common/ports.js';
import {
  type DecidedConfig,
  frontDoor,
  seedPool,
  triedOn,
  withLocalChannels,
} from './development.js';
import { JobsModule } from './jobs/jobs.module.js';
import { ApiKeys } from './modules/access/api-keys.js';
import type { LocalServices } from '../sandbox/local.js';

/**
 * Connections that may wait to be accepted. Of more the kernel drops the first packet, and their
 * clients try again after one second, then two: with Node's 511 a crowd ran into time limits. The
 * kernel has a limit of its own (`net.core.somaxconn`, 4,096).
 */
const BACKLOG = 4096;

/** The API as it listens, with the jobs where ROLE asks for them. */
export interface Served {
  readonly app: NestFastifyApplication;
  readonly apiUrl: string;
  /** Of a service that started its own database or network. */
  readonly keys: DevelopmentKeys | undefined;
  readonly seeded: SeededPool | undefined;
}

/**
 * Seeds a fresh local network, builds the app and listens. The schema must be up to date.
 * @param onApp gets the app before it listens: whatever fails afterwards, it can be closed
 */
export async function serve(
  given: DecidedConfig,
  local: LocalServices | undefined,
  onApp: (app: NestFastifyApplication) => void,
): Promise<Served> {
  const seeded = local?.controlUrl ? await seedPool(given, local.controlUrl) : undefined;
  const config = withLocalChannels(given, seeded);
  const port = await listenPort(config.PORT, config.given.has('PORT'));
  const app = await createApp(
    { ...config, ...(await frontDoor(config, port)) },
    [JobsModule.register(config, { work: config.ROLE === 'all' })],
    seeded && triedOn(seeded),
  );
  onApp(app);
  await app.listen({ port, host: config.HOST, backlog: BACKLOG });
  const apiUrl = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`;
  if (!local) return { app, apiUrl, keys: undefined, seeded };
  const { ensureDevelopmentKeys } = await import('./cli/development-keys.js');
  const keys = await ensureDevelopmentKeys(app.get(ApiKeys, { strict: false }), config.DATA_DIR);
  return { app, apiUrl, keys, seeded };
}
