import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { workerFile } from '../support/service-process.js';
import type { WalkOptions, WalkReport } from './walk.js';
import type { WalkAnswer } from './walk-worker.js';

/**
 * A process that makes one walk after the other, so that several lanes fill the cores. A process
 * for each walk spent a fifth of its CPU time on loading the service.
 */
export class WalkLane {
  #child: ChildProcess | undefined;
  #ended: Promise<unknown[]> = Promise.resolve([]);

  /** @throws Error with the walk's own message */
  async walk(options: Omit<WalkOptions, 'breakage'>): Promise<WalkReport> {
    const child = this.#connected();
    const ended = this.#ended;
    child.send(options);
    const answer = await Promise.race([
      once(child, 'message').then(([message]) => message as WalkAnswer),
      ended.then(([code, signal]): WalkAnswer => ({
        failure: `the walk's process ended with ${String(code ?? signal)}`,
      })),
    ]);
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.report;
  }

  async end(): Promise<void> {
    if (this.#child?.connected) this.#child.disconnect();
    await this.#ended;
  }

  /** A walk that ended its process has lost its own answer only. */
  #connected(): ChildProcess {
    if (this.#child?.connected) return this.#child;
    this.#child = fork(workerFile('walk-worker'), [], {
      execArgv: ['--enable-source-maps', '--disable-warning=ExperimentalWarning'],
    });
    this.#ended = once(this.#child, 'exit');
    return this.#child;
  }
}
