import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { WalkReport } from './walk.js';
import type { WalkAnswer, WalkOrder } from './walk-worker.js';

/**
 * A walk in a process of its own, so that several fill both cores.
 * @throws Error with the walk's own message
 */
export async function walkInProcess(order: WalkOrder): Promise<WalkReport> {
  const child = fork(path.join(import.meta.dirname, 'walk-worker.js'), [], {
    execArgv: ['--enable-source-maps', '--disable-warning=ExperimentalWarning'],
  });
  const ended = once(child, 'exit');
  child.send(order);
  const answer = await Promise.race([
    once(child, 'message').then(([message]) => message as WalkAnswer),
    ended.then(([code, signal]): WalkAnswer => ({
      failure: `the walk's process ended with ${String(code ?? signal)}`,
    })),
  ]);
  await ended;
  if ('failure' in answer) throw new Error(answer.failure);
  return answer.report;
}
