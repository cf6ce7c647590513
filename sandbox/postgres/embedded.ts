import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { asError } from '../../src/common/errors.js';
import { freePort, listenPort } from '../../src/common/ports.js';
import { withFileLock } from '../file-lock.js';
import { endProcess, markOf, stillRuns, until } from '../../src/common/processes.js';
import { joinUsers } from '../users.js';
import { binaries, canEnter, folderElsewhere, stepDown, type StepDown } from './binaries.js';
import { answers, findPostmaster, type Postmaster } from './postmaster.js';

export interface PostgresOptions {
  /**
   * Folder that keeps the data between runs. Absent: a new temporary folder, removed by the last
   * user's `stop()`.
   */
  readonly folder?: string;
  /** A temporary folder is made in memory, where the system has room for it there. */
  readonly inMemory?: boolean;
  /** False loses data when the machine stops, and is fast: tests only. */
  readonly durable: boolean;
  /**
   * Server settings besides ours. They apply when this call starts the server, not when it finds
   * one running.
   */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder of other binaries, as the packages have them; absent: the installed ones. */
  readonly native?: string;
}

export interface EmbeddedPostgres {
  url(database: string): string;
  readonly pid: number;
  /** Holds `data/`, `password` and `postgres.log`. */
  readonly folder: string;
  /** False: a running server was found and is used. */
  readonly started: boolean;
  ensureDatabase(name: string): Promise<void>;
  /**
   * Starts the server again if it was killed.
   * @returns its new process; undefined when it still runs
   * @throws Error when it cannot be started at the same port
   */
  revive(): Promise<number | undefined>;
  /**
   * Leaves the server, and stops it when no other process uses it.
   * @returns whether it was stopped
   */
  stop(): Promise<boolean>;
}

/** The folders, and the user that runs the server. */
interface Site {
  readonly folder: string;
  readonly data: string;
  readonly native: string;
  readonly user: StepDown;
}

/** Prefix of the names of temporary folders. */
export const TEMPORARY = 'holdfast-postgres-';
/** Linux keeps these files in memory. A container has 64 MB there, if nobody asked for more. */
const IN_MEMORY = '/dev/shm';
/** Of the folder and of the machine, bytes. */
const ENOUGH_MEMORY = 6 * 1024 ** 3;
/** Where temporary folders may be. */
export const TEMPORARY_PLACES = [tmpdir(), ...(existsSync(IN_MEMORY) ? [IN_MEMORY] : [])];
const START_LIMIT_MS = 60_000;
const LOCK_LIMIT_MS = 90_000;
const SUPERUSER = 'postgres';
const SERVER_ENV = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

const ALWAYS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  wal_compression: 'on', // pglz: these binaries are built without lz4
  log_line_prefix: '%m [%p] %a ',
  timezone: 'UTC',
};
const DURABLE: Readonly<Record<string, string>> = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
};
/** For tests: data survives the end of the server but not of the machine, which no test causes. */
const FAST: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
};

/**
 * A real PostgreSQL 18 as a child process that outlives this one: after a `kill -9` of the caller
 * it still runs, and the next call finds it.
 * @throws Error with a sentence and the end of its log when it cannot be started
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const temporary = options.folder === undefined;
  const wanted =
    options.folder === undefined
      ? mkdtempSync(path.join(options.inMemory ? memoryOrDisk() : tmpdir(), TEMPORARY))
      : path.resolve(options.folder);
  const site = chooseSite(wanted, temporary, options.native);
  const lock = path.join(site.folder, 'lock');
  const users = path.join(site.folder, 'users');
  const { server, started, usage } = await withFileLock(lock, LOCK_LIMIT_MS, async () => {
    ensureCluster(site, options.durable);
    return { ...(await ensureRunning(site, options)), usage: joinUsers(users) };
  });
  const password = readFileSync(passwordFileOf(site), 'utf8');
  const url = (database: string): string => urlOf(server.port, password, database);
  let mark = markOf(server.pid);
  return {
    url,
    folder: site.folder,
    started,
    get pid() {
      return mark.pid;
    },
    ensureDatabase: (name) => ensureDatabase(url(SUPERUSER), name),
    revive: async () => {
      if (stillRuns(mark)) return undefined;
      const { server: again } = await withFileLock(lock, LOCK_LIMIT_MS, () =>
        ensureRunning(site, options),
      );
      mark = markOf(again.pid);
      if (again.port !== server.port)
        throw new Error(
          `it runs at port ${again.port} now, ${server.port} is taken: stop the service and start it again`,
        );
      return again.pid;
    },
    stop: async () => {
      const stopped = await withFileLock(lock, LOCK_LIMIT_MS, async () => {
        if (usage.leave() > 0) return false;
        await stopServer(site.data, options.durable ? 'SIGINT' : 'SIGQUIT');
        return true;
      });
      if (stopped && temporary)
        for (const folder of new Set([wanted, site.folder]))
          rmSync(folder, { recursive: true, force: true });
      return stopped;
    },
  };
}

function memoryOrDisk(): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return Math.min(bavail * bsize, freemem()) >= ENOUGH_MEMORY ? IN_MEMORY : tmpdir();
  } catch {
    return tmpdir(); // another system
  }
}

/**
 * `wanted` where the server's user can enter it, otherwise a private folder whose name `wanted`
 * stores.
 */
function chooseSite(wanted: string, temporary: boolean, native?: string): Site {
  const user = stepDown();
  openParents(wanted, mkdirSync(wanted, { recursive: true }));
  const base = canEnter(wanted, user)
    ? wanted
    : folderElsewhere(path.join(wanted, 'elsewhere'), !temporary);
  const folder = realpathSync(base);
  return { folder, data: path.join(folder, 'data'), native: binaries(user, folder, native), user };
}

/**
 * The server may run as another user, so the folders created here stay traversable, whatever the
 * umask is.
 */
function openParents(folder: string, firstMade: string | undefined): void {
  chmodSync(folder, 0o711);
  if (firstMade === undefined) return;
  for (
    let parent = path.dirname(folder);
    parent.length >= firstMade.length;
    parent = path.dirname(parent)
  )
    chmodSync(parent, 0o755);
}

/**
 * Creates the cluster once, in another folder that is then renamed, so that an interrupted start
 * leaves no cluster that looks finished.
 */
function ensureCluster(site: Site, durable: boolean): void {
  if (existsSync(path.join(site.data, 'PG_VERSION'))) return;
  const fresh = path.join(site.folder, 'data.new');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  refuseOpenFolder(fresh, statSync(fresh).mode);
  const passwordFile = passwordFileOf(site);
  writeFileSync(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
  for (const owned of [fresh, passwordFile])
    if (site.user.uid !== undefined && site.user.gid !== undefined)
      chownSync(owned, site.user.uid, site.user.gid);
  const args = [
    '-D',
    fresh,
    '-U',
    SUPERUSER,
    '-A',
    'scram-sha-256',
    '--pwfile',
    passwordFile,
    '-E',
    'UTF8',
    '--locale=C',
    ...(durable ? [] : ['--no-sync']),
  ];
  const made = spawnSync(path.join(site.native, 'bin', 'initdb'), args, {
    ...site.user,
    cwd: site.folder,
    env: SERVER_ENV,
    encoding: 'utf8',
  });
  if (made.status !== 0)
    throw new Error(
      `The embedded Postgres could not make its data folder ${fresh}: ` +
        `${made.error?.message ?? ''} ${made.stderr.trim()}${hint(made.stderr)}`,
    );
  renameSync(fresh, site.data);
}

/**
 * Postgres refuses a data folder that others may read.
 * @param mode of the folder after it was made for its owner alone
 * @throws Error when the file system did not keep it
 */
export function refuseOpenFolder(folder: string, mode: number): void {
  if ((mode & 0o077) === 0) return;
  throw new Error(
    `The folder ${folder} is open to other users (mode ${(mode & 0o777).toString(8)}) although it was ` +
      'made for its owner alone: its file system ignores chmod, as mounted Windows and network ' +
      'folders do. Set DATA_DIR to a folder on another file system, or set DATABASE_URL.',
  );
}

function hint(stderr: string): string {
  return stderr.includes('user does not exist')
    ? ' (this user id has no entry in /etc/passwd: run as another user, or set DATABASE_URL)'
    : /could not change permissions|has invalid permissions/.test(stderr)
      ? ' (its file system ignores chmod: set DATA_DIR to a folder on another one)'
      : '';
}

/** Finds the folder's server or starts it. Call under the folder's lock. */
async function ensureRunning(
  site: Site,
  options: PostgresOptions,
): Promise<{ server: Postmaster; started: boolean }> {
  const password = readFileSync(passwordFileOf(site), 'utf8');
  let child: ChildProcess | undefined;
  let launches = 0;
  const look = async (): Promise<{ server: Postmaster; started: boolean } | undefined> => {
    const found = await findPostmaster(site.data);
    // Only a file that names a foreign process is removed. One that names a dead server stays:
    // Postgres itself uses it to notice orphaned backends.
    if (found === 'stale') rmSync(path.join(site.data, 'postmaster.pid'), { force: true });
    else if (found)
      return (await answers(urlOf(found.port, password, SUPERUSER), site.data))
        ? { server: found, started: child !== undefined }
        : undefined;
    if (child && child.exitCode === null && child.signalCode === null) return undefined;
    if (launches++ >= 3) throw new Error('it ended at once');
    if (launches > 1) await wait(300); // the backends of a killed server need a moment to end
    child = await launch(site, options);
    return undefined;
  };
  try {
    return await until('an answer', START_LIMIT_MS, look);
  } catch (thrown) {
    throw new Error(
      `The embedded Postgres in ${site.folder} did not start (${asError(thrown).message}). ` +
        `The end of its log:\n${logTail(site)}`,
      { cause: thrown },
    );
  }
}

/**
 * Starts the server in a session of its own (Ctrl-C in our terminal must not reach it) with its
 * output in a file (a pipe would tie it to us).
 */
async function launch(site: Site, options: PostgresOptions): Promise<ChildProcess> {
  const portFile = path.join(site.folder, 'port');
  const lastPort = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
  // The same port as last time where possible, because people keep URLs.
  const port = await listenPort(lastPort || (await freePort()), false);
  writeFileSync(portFile, String(port));
  const settings = { ...ALWAYS, ...(options.durable ? DURABLE : FAST), ...options.settings };
  const args = [
    '-D',
    site.data,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const log = openSync(path.join(site.folder, 'postgres.log'), 'a', 0o600);
  try {
    const child = spawn(path.join(site.native, 'bin', 'postgres'), args, {
      ...site.user,
      cwd: site.folder,
      env: SERVER_ENV,
      stdio: ['ignore', log, log],
      detached: true,
    });
    child.unref();
    await once(child, 'spawn'); // rejects when it could not be run at all
    return child;
  } finally {
    closeSync(log);
  }
}

/** Asks the server of that folder to stop, gently at first. Signals no other process. */
export async function stopServer(data: string, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  const found = await findPostmaster(data);
  if (!found || found === 'stale') return;
  if (!(await endProcess(found.pid, signal, 30_000))) await endProcess(found.pid, 'SIGQUIT', 5000);
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client(adminUrl);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

function urlOf(port: number, password: string, database: string): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

function passwordFileOf(site: Site): string {
  return path.join(site.folder, 'password');
}

function logTail(site: Site): string {
  try {
    return readFileSync(path.join(site.folder, 'postgres.log'), 'utf8').slice(-2000);
  } catch {
    return '(no log)';
  }
}
