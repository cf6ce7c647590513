import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { asError } from '../src/common/errors.js';
import { fileOf } from '../src/common/places.js';
import { withFileLock } from './file-lock.js';
import {
  commandLine,
  endProcess,
  isAlive,
  markOf,
  stillRuns,
  until,
} from '../src/common/processes.js';
import { joinUsers } from './users.js';

const announcement = z.object({
  pid: z.number().int().positive(),
  rpcUrl: z.url(),
  controlUrl: z.url(),
  passphrase: z.string().min(1),
});
/** What the network writes into DATA_DIR/network.json (mode 600) when it is ready. */
type NetworkAnnouncement = Readonly<z.infer<typeof announcement>>;

export interface LocalNetwork extends NetworkAnnouncement {
  /** false: a running one was found and is used. */
  readonly started: boolean;
  /**
   * Starts the network again at the same ports if it was killed.
   * @returns its new process; undefined when it still runs
   * @throws Error when it cannot be started there
   */
  revive(): Promise<number | undefined>;
  /**
   * Leaves the network, and stops it when no other process uses it.
   * @returns whether it was stopped
   */
  stop(): Promise<boolean>;
}

export interface NetworkOptions {
  readonly dataDir: string;
  /** Variables that the network needs beyond our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Compiled entry point of the network; another one in tests only. */
  readonly entrance?: string;
}

const START_LIMIT_MS = 60_000;
const LOCK_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 15_000;
const ENTRANCE = fileOf('network');

/**
 * The local network of a data folder: found if it runs, otherwise started. It outlives this
 * process, as Postgres does, because its ledgers must go on while the service restarts.
 */
export async function startNetwork(options: NetworkOptions): Promise<LocalNetwork> {
  const dataDir = path.resolve(options.dataDir);
  const entrance = options.entrance ?? ENTRANCE;
  mkdirSync(dataDir, { recursive: true });
  const lock = path.join(dataDir, 'network.lock');
  const { found, started, usage } = await withFileLock(lock, LOCK_LIMIT_MS, async () => {
    return {
      ...(await ensureRunning(dataDir, entrance, options.env ?? {})),
      usage: joinUsers(path.join(dataDir, 'network.users')),
    };
  });
  let mark = markOf(found.pid);
  return {
    ...found,
    started,
    get pid() {
      return mark.pid;
    },
    revive: async () => {
      if (stillRuns(mark)) return undefined;
      const { found: again } = await withFileLock(lock, LOCK_LIMIT_MS, () =>
        ensureRunning(dataDir, entrance, { ...options.env, ...portsOf(found) }),
      );
      mark = markOf(again.pid);
      return again.pid;
    },
    stop: () =>
      withFileLock(lock, LOCK_LIMIT_MS, async () => {
        if (usage.leave() > 0) return false;
        if (!(await isOurNetwork(mark.pid, entrance))) return true;
        if (!(await endProcess(mark.pid, 'SIGTERM', STOP_LIMIT_MS)))
          await endProcess(mark.pid, 'SIGKILL', STOP_LIMIT_MS);
        return true;
      }),
  };
}

/**
 * They count as configured ports, which do not move, so that clients of the network keep its
 * addresses.
 */
const portsOf = ({ rpcUrl, controlUrl }: NetworkAnnouncement): Record<string, string> => ({
  LOCAL_RPC_PORT: new URL(rpcUrl).port,
  LOCAL_CONTROL_PORT: new URL(controlUrl).port,
});

async function ensureRunning(
  dataDir: string,
  entrance: string,
  env: Readonly<Record<string, string>>,
): Promise<{ found: NetworkAnnouncement; started: boolean }> {
  let child: ChildProcess | undefined;
  const look = async (): Promise<{ found: NetworkAnnouncement; started: boolean } | undefined> => {
    const found = readAnnouncement(dataDir);
    if (found && (await isOurNetwork(found.pid, entrance)))
      return (await isHealthy(found.rpcUrl)) ? { found, started: child !== undefined } : undefined;
    if (child && (child.exitCode !== null || child.signalCode !== null))
      throw new Error('it ended at once');
    child ??= await launch(dataDir, entrance, env);
    return undefined;
  };
  try {
    return await until('a healthy answer', START_LIMIT_MS, look);
  } catch (thrown) {
    throw new Error(
      `The local network in ${dataDir} did not start (${asError(thrown).message}). The end ` +
        `of its log:\n${logTail(dataDir)}`,
      { cause: thrown },
    );
  }
}

/**
 * Detached, with its output in a file, so that neither Ctrl-C in this terminal nor the end of this
 * process reaches it.
 */
async function launch(
  dataDir: string,
  entrance: string,
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const log = openSync(logFile(dataDir), 'a', 0o600);
  try {
    const variables = Object.entries({ DATA_DIR: dataDir, ...env }).map(
      ([name, value]) => `${name}=${value}`,
    );
    // /usr/bin/env adds variables to those the child inherits: only config.ts may read process.env.
    const child = spawn(
      '/usr/bin/env',
      [...variables, process.execPath, '--enable-source-maps', entrance],
      { stdio: ['ignore', log, log], detached: true },
    );
    child.unref();
    await once(child, 'spawn');
    return child;
  } finally {
    closeSync(log);
  }
}

function readAnnouncement(dataDir: string): NetworkAnnouncement | undefined {
  try {
    return announcement.parse(JSON.parse(readFileSync(path.join(dataDir, 'network.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * The number in the file may by now belong to another process. It is trusted and signalled only
 * when that process runs our entry point.
 */
async function isOurNetwork(pid: number, entrance: string): Promise<boolean> {
  return isAlive(pid) && (await commandLine(pid)).includes(entrance);
}

async function isHealthy(rpcUrl: string): Promise<boolean> {
  try {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth' }),
      signal: AbortSignal.timeout(2000),
    });
    const reply = z
      .object({ result: z.object({ status: z.literal('healthy') }) })
      .safeParse(await response.json());
    return reply.success;
  } catch {
    return false;
  }
}

const logFile = (dataDir: string): string => path.join(dataDir, 'network.log');

function logTail(dataDir: string): string {
  return existsSync(logFile(dataDir))
    ? readFileSync(logFile(dataDir), 'utf8').slice(-2000)
    : '(no log)';
}
