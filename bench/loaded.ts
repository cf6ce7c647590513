import { migrate } from '../src/database/migrate.js';
import { type EmbeddedPostgres, startPostgres } from '../sandbox/postgres/embedded.js';

/** Name of the database that the loader fills. */
export const LOADED = 'loaded';
/** Passphrase of the network that its pools are on. No such network exists. */
export const LOADED_NETWORK = 'Loaded Network';
/**
 * Starts the server of a folder that `npm run bench -- load` filled, with as much memory as a real
 * server has. It migrates the schema, because an older version may have loaded the folder.
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
