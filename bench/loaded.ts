import { migrate } from '../src/database/migrate.js';
import { type EmbeddedPostgres, startPostgres } from '../sandbox/postgres/embedded.js';

/** Name of the database that the loader fills. */
export const LOADED = 'loaded';
/** Passphrase of the network its pools are on; there is none of that name. */
export const LOADED_NETWORK = 'Loaded Network';
/**
 * The server of a folder that `npm run bench -- load` filled, with memory as a real one has it, and the
 * schema of today: a folder may have been loaded by an older version.
 */
export async function startLoaded(folder: string): Promise<EmbeddedPostgres> {
  const server = await startPostgres({
    folder,
    durable: true,
    settings: { shared_buffers: '1GB' },
  });
  await migrate(server.url(LOADED));
  return server;
}
