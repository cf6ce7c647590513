import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { freePort } from '../../src/common/ports.js';
import type { Api } from './world.js';

const MAIN = path.join(import.meta.dirname, '..', '..', 'src', 'main.js');
const ANSWER_MS = 8000;

/** One process of the service as an operator runs it. It can be killed, and started anew in the same place. */
export class ServiceProcess implements Api {
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(private readonly role: 'api' | 'worker', private readonly port: number, private readonly environment: Readonly<Record<string, string>>) {}

  static async of(role: 'api' | 'worker', environment: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const process = new ServiceProcess(role, await freePort(), environment);
    await process.start();
    return process;
  }

  /** Resolves when it listens, or works. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--enable-source-maps', MAIN], { env: { ...this.environment, ROLE: this.role, PORT: String(this.port) }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#output = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.#output = (this.#output + chunk.toString()).slice(-4000);
        if (this.#output.includes(this.role === 'api' ? 'listening on' : 'worker runs')) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', () => { reject(new Error(`the ${this.role} ended:\n${this.#output}`)); });
    });
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async send({ method, url, headers, payload }: Parameters<Api['send']>[0]): ReturnType<Api['send']> {
    const answer = await fetch(`http://127.0.0.1:${this.port}${url}`, { method, headers, ...(payload !== undefined && { body: payload }), signal: AbortSignal.timeout(ANSWER_MS) });
    return { status: answer.status, text: await answer.text() };
  }
}
