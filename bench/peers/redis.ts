import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../../src/common/processes.js';
import { freePort } from '../../src/common/ports.js';
import { stoppedAtEnd } from '../lab/cleanup.js';

const PLACES = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
/** The machine's own server; undefined: its rows say that it was not there. */
export const redisServer = (): string | undefined =>
  PLACES.map((folder) => path.join(folder, 'redis-server')).find((file) => existsSync(file));

export interface RedisProcess {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** @param durable an append-only file that is synced for every command, otherwise nothing */
export async function startRedis(program: string, durable: boolean): Promise<RedisProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-redis-'));
  const port = await freePort();
  const child = spawn(
    program,
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
      ...(durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no']),
    ],
    { stdio: 'ignore' },
  );
  const gone = once(child, 'exit');
  gone.catch(() => undefined);
  await until('redis-server', 20_000, async () => {
    const client = await RedisClient.open(port).catch(() => undefined);
    client?.close();
    return client;
  });
  return {
    port,
    pid: child.pid ?? 0,
    stop: stoppedAtEnd(async () => {
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    }),
  };
}

export type Reply = number | string | null | readonly Reply[];
interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (thrown: Error) => void;
}

/**
 * Redis's protocol over one connection. Commands are pipelined: a client cannot cost less, so the
 * peers are not slowed down by theirs.
 */
export class RedisClient {
  readonly #waiting: Waiting[] = [];
  #unread: Buffer = Buffer.alloc(0);
  #out: string[] = [];

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
      this.#read();
    });
    socket.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('Redis has gone'));
    });
    socket.on('error', () => undefined);
  }

  static async open(port: number): Promise<RedisClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RedisClient(socket);
  }

  send(...words: readonly (string | number)[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      const parts = words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`);
      if (this.#out.push(`*${words.length}\r\n${parts.join('')}`) === 1)
        setImmediate(() => {
          this.socket.write(this.#out.join(''));
          this.#out = [];
        });
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #read(): void {
    let at = 0;
    for (;;) {
      const found = parsed(this.#unread, at);
      if (!found) break;
      at = found.end;
      const waiting = this.#waiting.shift();
      if (found.reply instanceof Error) waiting?.reject(found.reply);
      else waiting?.resolve(found.reply);
    }
    this.#unread = this.#unread.subarray(at);
  }
}

/** @returns undefined when the reply is not whole yet */
function parsed(
  bytes: Buffer,
  at: number,
): { readonly reply: Reply | Error; readonly end: number } | undefined {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const line = bytes.toString('utf8', at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(bytes[at] ?? 0)) {
    case ':':
      return { reply: Number(line), end };
    case '-':
      return { reply: new Error(line), end };
    case '$': {
      const length = Number(line);
      if (length < 0) return { reply: null, end };
      if (bytes.length < end + length + 2) return undefined;
      return { reply: bytes.toString('utf8', end, end + length), end: end + length + 2 };
    }
    case '*':
      return parsedList(bytes, end, Number(line));
    default:
      return { reply: line, end };
  }
}

function parsedList(
  bytes: Buffer,
  from: number,
  length: number,
): { readonly reply: Reply; readonly end: number } | undefined {
  const list: Reply[] = [];
  let end = from;
  for (let index = 0; index < length; index++) {
    const found = parsed(bytes, end);
    if (!found || found.reply instanceof Error) return undefined;
    list.push(found.reply);
    end = found.end;
  }
  return { reply: length < 0 ? null : list, end };
}
