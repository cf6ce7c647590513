import { type EmbeddedPostgres, startPostgres } from '../src/sandbox/postgres/embedded.js';

/** Name of the database that the loader fills. */
export const LOADED = 'loaded';
/** Passphrase of the network its pools are on; there is none of that name. */
export const LOADED_NETWORK = 'Loaded Network';
/** The server of a folder that `npm run load` filled, with memory as a real one has it. */
export const startLoaded = (folder: string): Promise<EmbeddedPostgres> => startPostgres({ folder, durable: true, settings: { shared_buffers: '1GB' } });
