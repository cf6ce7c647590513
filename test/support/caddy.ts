import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../src/common/ports.js';

const PLACES = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/bin'];
const program = PLACES.map((folder) => path.join(folder, 'caddy')).find((file) => existsSync(file));
/** Says in one line that tests are left out, where Caddy is not installed. */
export function hasCaddy(): boolean {
  if (program === undefined)
    console.log('skip: no caddy on this machine, no stream runs through a proxy that compresses');
  return program !== undefined;
}

export interface Proxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Caddy in front of a server. It compresses every text, however short. */
export async function startCaddy(upstream: string): Promise<Proxy> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-caddy-'));
  const file = path.join(folder, 'Caddyfile');
  writeFileSync(
    file,
    `{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  encode {
    gzip
    minimum_length 1
    match {
      header Content-Type text/*
    }
  }
  reverse_proxy ${new URL(upstream).host}
}
`,
  );
  const child = spawn(program ?? 'caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    env: { HOME: folder },
    stdio: 'ignore',
  });
  const gone = once(child, 'exit');
  await listening(port, gone);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGKILL'); // an orderly stop waits for open streams
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Each attempt is answered by the machine at once. @throws Error when the program has ended */
async function listening(port: number, gone: Promise<unknown>): Promise<void> {
  let isGone = false;
  gone.then(
    () => (isGone = true),
    () => (isGone = true),
  );
  for (;;) {
    if (isGone) throw new Error('caddy ended before it listened');
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
  }
}
