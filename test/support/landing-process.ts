import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { AuthorizationStage } from './authorization-stage.js';
import { compileCache, workerFile } from './service-process.js';

export type WorkerRound = 'land' | 'observe';

/** A worker with the channels' keys in a process of its own. */
export class LandingProcess {
  #stderr = '';

  private constructor(readonly child: ChildProcess) {
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
  }

  /** @param env CRASH_AT or HALT_AT: a step (crash-preload.ts) */
  static async start(
    { stage, secrets }: AuthorizationStage,
    env: Readonly<Record<string, string>> = {},
  ): Promise<LandingProcess> {
    const { databaseUrl, network } = stage;
    const place = { databaseUrl, rpcUrl: network.rpcUrl, passphrase: network.passphrase };
    const at = (name: string): string => path.join(import.meta.dirname, name);
    const child = fork(workerFile('landing-worker'), [JSON.stringify(place)], {
      execArgv: ['--enable-source-maps', '--import', `file://${at('crash-preload.js')}`],
      env: { ...compileCache(), CHANNEL_SECRETS: secrets.join(), ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const started = new LandingProcess(child);
    await started.#answer();
    return started;
  }

  async round(round: WorkerRound): Promise<void> {
    this.child.send(round);
    await this.#answer();
  }

  /** The round that the process does not survive. @returns the signal that ended it */
  async dies(round: WorkerRound): Promise<unknown> {
    this.child.send(round);
    const [, signal] = (await once(this.child, 'exit')) as [number | null, string | null];
    return signal;
  }

  /** Begins a round in a process with HALT_AT. Resolves when it has stopped at the step. */
  async halts(round: WorkerRound): Promise<{ readonly goOn: () => Promise<void> }> {
    this.child.send(round);
    while (!this.#stderr.includes('halted at') && this.child.stderr)
      await once(this.child.stderr, 'data');
    return {
      goOn: async () => {
        this.child.kill('SIGCONT');
        await this.#answer();
      },
    };
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  async #answer(): Promise<void> {
    const waiting = new AbortController();
    const { signal } = waiting;
    try {
      const [message] = (await Promise.race([
        once(this.child, 'message', { signal }),
        once(this.child, 'exit', { signal }).then(() => {
          throw new Error(`the worker ended: ${this.#stderr.slice(-2000)}`);
        }),
      ])) as [{ readonly error?: string }];
      if (message.error !== undefined) throw new Error(`the round failed: ${message.error}`);
    } finally {
      waiting.abort();
    }
  }
}
