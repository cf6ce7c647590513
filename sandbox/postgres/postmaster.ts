import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { commandLine, isAlive, workingFolder } from '../../src/common/processes.js';

/** The server that owns a data folder, as `postmaster.pid` names it. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/**
 * Reads `postmaster.pid` and checks it, because after a crash or a restart of the machine it may
 * name any process.
 * @returns the server; 'stale' when the file names a process that is not this folder's server;
 * undefined without a file or when its process has ended
 */
export async function findPostmaster(data: string): Promise<Postmaster | 'stale' | undefined> {
  const lines = linesOf(path.join(data, 'postmaster.pid'));
  const pid = Number(lines?.[0]);
  if (!lines || !isAlive(pid)) return undefined;
  const command = await commandLine(pid);
  const folder = workingFolder(pid);
  // A server's working folder is its data folder. Where the system hides it, the command line names
  // it.
  const isThisServer =
    /\bpostgres\b/.test(command) &&
    (folder === undefined ? command.includes(data) : folder === data);
  return isThisServer ? { pid, port: Number(lines[3]) } : 'stale';
}

function linesOf(file: string): string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return undefined;
  }
}

/** Whether the server accepts a connection and serves this folder. */
export async function answers(url: string, data: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 2000,
    query_timeout: 2000,
    application_name: 'holdfast-launcher',
  });
  client.on('error', () => {
    /** the server is shutting down; the failure of the query is the answer */
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory === data;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
