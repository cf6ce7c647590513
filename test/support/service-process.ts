import { fork, spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileOf, inPackage } from '../../src/common/places.js';
import { freePort } from '../../src/common/ports.js';
import { bearer, TEST_DOOR } from './access.js';
import { asServer } from './database.js';

const MAIN = fileOf('main');
const imported = (preload: string): string[] => [
  '--enable-source-maps',
  '--import',
  `file://${path.join(import.meta.dirname, `${preload}.js`)}`,
];

/** What `scripts/build.mjs` bundled of a module that runs in a process of its own. */
export const workerFile = (name: string): string => inPackage('dist', 'workers', `${name}.js`);
/** The service reads none of it; without it each process would compile the same code again. */
export const compileCache = (): Record<string, string> => {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
};

export interface ServicePlace {
  readonly databaseUrl: string;
  readonly rpcUrl: string;
  readonly passphrase: string;
}
export interface ServiceProcess {
  readonly url: string;
  readonly process: ChildProcess;
  output(): string;
  stop(): Promise<void>;
}
export interface ProcessOptions {
  /** A module of this folder that is loaded before the service. */ readonly preload?: string;
  /** The log line that shows that it serves. The default is the one that it listens. */
  readonly ready?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Spawned {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/**
 * Starts the service's own program in exactly that environment. Resolves when it has logged
 * `ready`.
 */
export async function spawnService(
  environment: Readonly<Record<string, string>>,
  {
    ready = 'listening on',
    preload = 'crash-preload',
  }: Pick<ProcessOptions, 'ready' | 'preload'> = {},
): Promise<Spawned> {
  return saying(
    ready,
    spawn(process.execPath, [...imported(preload), MAIN], {
      env: { ...compileCache(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/**
 * Starts a copy of the program in another folder.
 * @param args of node @param ready the log line that shows that it serves
 */
export const spawnIn = (
  cwd: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  ready = 'listening on',
): Promise<Spawned> =>
  saying(
    ready,
    spawn(process.execPath, args, {
      cwd,
      env: { ...compileCache(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );

async function saying(
  ready: string,
  child: ChildProcessByStdio<null, Readable, Readable>,
): Promise<Spawned> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes(ready)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      reject(new Error(`the service ended before it said "${ready}":\n${output.slice(-4000)}`));
    });
  });
  return { child, output: () => output };
}

/** Sends the signal and waits for the end of a process that has not ended. */
export async function endService(
  child: ChildProcess,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** The service as an operator runs it: ROLE=api with both URLs. Resolves when it listens. */
export async function startServiceProcess(
  place: ServicePlace,
  { env, ...wish }: ProcessOptions = {},
): Promise<ServiceProcess> {
  const port = await freePort();
  const { child, output } = await spawnService(
    {
      // ledgers close by hand here: on a slow machine the chain would seem to lag
      VOLATILE_DATABASE: 'allow',
      RATE_WRITES_PER_MINUTE: '0',
      RATE_READS_PER_MINUTE: '0',
      RATE_AUTH_PER_MINUTE: '0',
      RATE_PUBLIC_PER_MINUTE: '0',
      HANDLER_TIMEOUT_MS: '120000',
      LEDGER_DEADLINE_MS: '15000',
      RPC_TIMEOUT_MS: '30000',
      CHAIN_LAG_SECONDS_MAX: '3600',
      ROLE: 'api',
      ...TEST_DOOR,
      PORT: String(port),
      DATABASE_URL: asServer(place.databaseUrl),
      STELLAR_RPC_URL: place.rpcUrl,
      STELLAR_NETWORK_PASSPHRASE: place.passphrase,
      ...env,
    },
    wish,
  );
  return {
    url: `http://127.0.0.1:${port}`,
    process: child,
    output,
    stop: () => endService(child, 'SIGTERM'),
  };
}

export interface SettlementProcess {
  /**
   * One round of observation and of expiries over all pools.
   * @returns the clock of that process, unix milliseconds
   */
  round(): Promise<number>;
  stop(): void;
}

/** A worker in a process of its own, which runs a round on request. */
export function startSettlementProcess(
  place: ServicePlace,
  wish: ProcessOptions = {},
): SettlementProcess {
  const child = fork(workerFile('settlement-worker'), [JSON.stringify(place)], {
    execArgv: imported(wish.preload ?? 'crash-preload'),
    env: { ...compileCache(), ...wish.env },
  });
  return {
    round: async () => {
      child.send('round');
      const [message] = (await once(child, 'message')) as [{ now: number; error?: string }];
      if (message.error !== undefined) throw new Error(`the round failed: ${message.error}`);
      return message.now;
    },
    stop: () => {
      child.kill('SIGKILL');
    },
  };
}

/** Sends one loan request over a socket. */
export const postLoanTo = (
  api: { readonly url: string; readonly apiKey: string },
  body: unknown,
  key: string,
): Promise<Response> =>
  fetch(`${api.url}/loans`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'idempotency-key': key, ...bearer(api.apiKey) },
    signal: AbortSignal.timeout(30_000),
  });
