import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../src/common/ports.js';
import { stepDown } from '../../sandbox/postgres/binaries.js';

/** A pooler in front of the server of a URL. */
export interface Pooler {
  /** The same database through the pooler. */
  readonly url: string;
  /** Server connections lead to another server from their next transaction on; no client notices. */
  leadTo(url: string): void;
  stop(): Promise<void>;
}

const PLACES = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin'];
const program = PLACES.map((folder) => path.join(folder, 'pgbouncer')).find((file) =>
  existsSync(file),
);
/** Says in one line that tests are left out, where PgBouncer is not installed. */
export function hasPgBouncer(): boolean {
  if (program === undefined)
    console.log('skip: no pgbouncer on this machine, nothing runs through a pooler');
  return program !== undefined;
}

/**
 * PgBouncer with its defaults, but for what is given.
 * @param settings such as `pool_mode`
 */
export async function startPgBouncer(
  url: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Pooler> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-pgbouncer-'));
  chmodSync(folder, 0o755);
  const file = path.join(folder, 'pgbouncer.ini');
  const lines = Object.entries({
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'any',
    ...settings,
  }).map(([name, value]) => `${name} = ${value}`);
  const lead = (target: string): void => {
    const server = new URL(target);
    writeFileSync(
      file,
      `[databases]\n* = host=${server.hostname} port=${server.port} user=${server.username} ` +
        `password=${decodeURIComponent(server.password)}\n[pgbouncer]\n${lines.join('\n')}\n`,
      { mode: 0o644 },
    );
  };
  lead(url);
  const child = spawn(program ?? 'pgbouncer', [file], {
    ...stepDown(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await up(child);
  return {
    url: Object.assign(new URL(url), { port: String(port) }).href,
    leadTo: (target) => {
      lead(target);
      child.kill('SIGHUP');
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function up(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('process up')) resolve();
    });
    child.once('exit', () => {
      reject(new Error(`pgbouncer ended: ${said}`));
    });
  });
}
