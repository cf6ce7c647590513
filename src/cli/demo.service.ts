import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../common/config.js';
import { ControlClient } from '../../sandbox/control-client.js';
import { STANDALONE_PASSPHRASE } from '../../sandbox/network/network-limits.js';
import { fileOf } from '../common/places.js';
import { readRunning, type Running } from '../common/running.js';
import { DemoApi } from './demo-api.js';

const MAIN = fileOf('main');
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 30_000;
const LOOK_AGAIN_MS = 100;

/**
 * The demo makes pools and borrowers from nothing: only our own network can do that, and only there
 * may anything be made up.
 */
export class ForeignNetwork extends Error {}

export interface Service {
  readonly running: Running;
  readonly api: DemoApi;
  readonly control: ControlClient;
  stop(): Promise<void>;
}

/**
 * The service that runs from DATA_DIR, else one that is started for the demo and stopped after it.
 * @throws ForeignNetwork when it runs against another network than the local one
 */
export async function findOrStart(config: Config, say: (line: string) => void): Promise<Service> {
  if (config.NODE_ENV === 'production' || config.STELLAR_RPC_URL !== undefined) {
    throw new ForeignNetwork(
      'The demo makes up pools and borrowers, so it runs on the local network only; this ' +
        'configuration names another one.',
    );
  }
  const found = readRunning(config.DATA_DIR);
  if (found) {
    const service = { ...(await checked(found)), stop: () => Promise.resolve() };
    await untilReady(service.api, () => undefined);
    return service;
  }
  say('No service is running here: starting one for the demo (it is stopped afterwards).');
  const log = path.join(config.DATA_DIR, 'demo-service.log');
  const child = launch(config.DATA_DIR, log);
  const stop = (): Promise<void> => end(child);
  try {
    const running = await untilRunning(config.DATA_DIR, child, log);
    const parts = await checked(running);
    await untilReady(parts.api, () => {
      assertAlive(child, log);
    });
    return { ...parts, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

async function checked(running: Running): Promise<Omit<Service, 'stop'>> {
  if (running.controlUrl === null || running.networkPassphrase !== STANDALONE_PASSPHRASE) {
    throw new ForeignNetwork(
      `The service at ${running.apiUrl} runs against a network that is not ours; the demo ` +
        'makes up pools and borrowers, so it runs on the local network only.',
    );
  }
  const control = new ControlClient(running.controlUrl);
  const state = await control.state();
  if (state.passphrase !== STANDALONE_PASSPHRASE)
    throw new ForeignNetwork(
      `The control port at ${running.controlUrl} belongs to another network (${state.passphrase}).`,
    );
  if (state.closeSeconds === 0)
    throw new ForeignNetwork(
      'The local network closes ledgers by hand only (LOCAL_LEDGER_SECONDS=0); the demo needs one that runs by itself.',
    );
  return { running, api: new DemoApi(running.apiUrl, running.apiKey ?? ''), control };
}

function launch(dataDir: string, logFile: string): ChildProcess {
  mkdirSync(dataDir, { recursive: true });
  const log = openSync(logFile, 'w', 0o600);
  try {
    // not of our process group: at Ctrl-C the demo closes its pool first, and stops it then
    return spawn(process.execPath, ['--enable-source-maps', MAIN], {
      stdio: ['ignore', log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

async function untilRunning(dataDir: string, child: ChildProcess, log: string): Promise<Running> {
  const until = performance.now() + START_LIMIT_MS;
  for (;;) {
    const running = readRunning(dataDir);
    if (running) return running;
    assertAlive(child, log);
    if (performance.now() > until)
      throw new Error(
        `The service did not start in ${START_LIMIT_MS / 1000} s; its log is ${log}.`,
      );
    await wait(LOOK_AGAIN_MS);
  }
}

async function untilReady(api: DemoApi, check: () => void): Promise<void> {
  const until = performance.now() + START_LIMIT_MS;
  while (!(await api.isReady())) {
    check();
    if (performance.now() > until)
      throw new Error('The service does not become ready: GET /health/ready says why.');
    await wait(LOOK_AGAIN_MS);
  }
}

function assertAlive(child: ChildProcess, log: string): void {
  if (child.exitCode === null && child.signalCode === null) return;
  throw new Error(
    `The service ended while it started. The end of its log:\n${readFileSync(log, 'utf8').slice(-2000)}`,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const limit = new AbortController();
  await Promise.race([
    gone,
    wait(STOP_LIMIT_MS, undefined, { signal: limit.signal }).then(
      () => {
        child.kill('SIGKILL');
      },
      () => undefined,
    ),
  ]);
  limit.abort();
}
