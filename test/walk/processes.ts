import type { ChildProcess } from 'node:child_process';
import { freePort } from '../../src/common/ports.js';
import { endService, spawnService } from '../support/service-process.js';
import type { Api } from './world.js';

const ANSWER_MS = 8000;

/**
 * One process of the service as an operator runs it. It can be killed and started again at the same
 * address.
 */
export class ServiceProcess implements Api {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly role: 'api' | 'worker',
    private readonly port: number,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async of(
    role: 'api' | 'worker',
    environment: Readonly<Record<string, string>>,
  ): Promise<ServiceProcess> {
    const process = new ServiceProcess(role, await freePort(), environment);
    await process.start();
    return process;
  }

  /** Resolves when the API listens or the worker works. */
  async start(): Promise<void> {
    this.#child = (
      await spawnService(
        { ...this.environment, ROLE: this.role, PORT: String(this.port) },
        this.role === 'worker' ? { ready: 'worker runs' } : {},
      )
    ).child;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (this.#child) await endService(this.#child, 'SIGKILL');
  }

  async send({
    method,
    url,
    headers,
    payload,
  }: Parameters<Api['send']>[0]): ReturnType<Api['send']> {
    const answer = await fetch(`http://127.0.0.1:${this.port}${url}`, {
      method,
      headers,
      ...(payload !== undefined && { body: payload }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: answer.status, text: await answer.text() };
  }
}
