import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stoppedAtEnd } from './cleanup.js';

const BUILD = fileURLToPath(new URL('../../', import.meta.url));
const OUTPUT_KEPT = 8000;

export interface Child {
  readonly pid: number;
  output(): string;
  /** Bytes of log so far. */
  written(): number;
  stop(): Promise<void>;
}

/** Of a build: its bundle, or its modules, which a preloaded file can replace. */
export type Main = 'program/main.js' | 'src/main.js';

/**
 * Starts the service's own program in exactly that environment.
 * @param args of node, before the program
 * @param build folder of another build, such as another worktree's `dist`
 * @throws Error with the end of its log when it ends before it has logged `ready`
 */
export async function startProgram(
  environment: Readonly<Record<string, string>>,
  {
    ready,
    args = [],
    build = BUILD,
    main = 'program/main.js',
  }: {
    readonly ready: string;
    readonly args?: readonly string[];
    readonly build?: string;
    readonly main?: Main;
  },
): Promise<Child> {
  const program = path.resolve(build, main);
  const child = spawn(process.execPath, ['--enable-source-maps', ...args, program], {
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = stoppedAtEnd(() => ended(child));
  let output = '';
  let written = 0;
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      written += chunk.length;
      output += chunk.toString();
      if (output.includes(ready)) resolve();
      if (output.length > 2 * OUTPUT_KEPT) output = output.slice(-OUTPUT_KEPT);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      reject(new Error(`it ended before it said "${ready}":\n${output.slice(-OUTPUT_KEPT)}`));
    });
  });
  return { pid: child.pid ?? 0, output: () => output, written: () => written, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** A worker of the bench in a process of its own, which answers one message with one. */
export class Worker<Question extends object, Answer extends object> {
  readonly #child: ChildProcess;

  /** @param url of the compiled module */
  constructor(url: URL) {
    this.#child = fork(path.resolve(fileURLToPath(url)), {
      execArgv: ['--enable-source-maps'],
      serialization: 'advanced',
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** @throws Error with what the worker threw */
  async ask(question: Question): Promise<Answer> {
    const limit = new AbortController();
    const answered = once(this.#child, 'message', { signal: limit.signal });
    const gone = once(this.#child, 'exit', { signal: limit.signal });
    gone.catch(() => undefined);
    answered.catch(() => undefined);
    this.#child.send(question);
    const [message] = (await Promise.race([answered, gone])) as [
      Answer | { readonly error: string } | number | null,
    ];
    limit.abort();
    if (typeof message !== 'object' || message === null) throw new Error('a worker has ended');
    if ('error' in message && typeof message.error === 'string') throw new Error(message.error);
    return message as Answer;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** The other end of a `Worker`. */
export function answerMessages<Question, Answer extends object>(
  answer: (question: Question) => Promise<Answer>,
): void {
  process.on('message', (question: Question) => {
    answer(question).then(
      (reply) => process.send?.(reply),
      (thrown: unknown) => process.send?.({ error: String(thrown) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
