import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { isAlive, until } from '../../src/common/processes.js';
import {
  refuseOpenFolder,
  startPostgres,
  stopServer,
  type EmbeddedPostgres,
} from '../../sandbox/postgres/embedded.js';
import { findPostmaster } from '../../sandbox/postgres/postmaster.js';

const asRoot = process.getuid?.() === 0 ? test : test.skip;
const MODULE = fileURLToPath(new URL('../../sandbox/postgres/embedded.js', import.meta.url));

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Another process that starts (or finds) the server of `folder` and keeps running. Its first line
 * names the server's process.
 */
async function userProcess(folder: string): Promise<{ child: ChildProcess; serverPid: number }> {
  const code = `import { startPostgres } from ${JSON.stringify(MODULE)};
    const server = await startPostgres({ folder: ${JSON.stringify(folder)}, durable: false });
    console.log(server.pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout }))
    return { child, serverPid: Number(line) };
  throw new Error('the process ended without starting a server');
}

describe('a server with a kept folder', () => {
  let top: string;
  let folder: string;
  let servers: EmbeddedPostgres[];
  const start = async (durable = false): Promise<EmbeddedPostgres> => {
    const server = await startPostgres({ folder, durable });
    servers.push(server);
    return server;
  };

  beforeEach(() => {
    top = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
    chmodSync(top, 0o755);
    folder = path.join(top, '.data', 'postgres');
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) await stopServer(path.join(server.folder, 'data'), 'SIGQUIT');
    for (const server of servers) rmSync(server.folder, { recursive: true, force: true });
    rmSync(top, { recursive: true, force: true });
  });

  test('is durable, keeps its data and its port, and lets no other user read its password', async () => {
    const first = await start(true);
    expect(first.started).toBe(true);
    await first.ensureDatabase('holdfast');
    await first.ensureDatabase('holdfast');
    const settings = await ask(
      first.url('holdfast'),
      "SELECT current_setting('fsync') || current_setting('full_page_writes') || " +
        "current_setting('synchronous_commit') AS durable, " +
        "current_setting('wal_compression') AS compression",
    );
    expect(settings).toEqual([{ durable: 'ononon', compression: 'pglz' }]);
    await ask(first.url('holdfast'), 'CREATE TABLE kept AS SELECT 42 AS answer');
    expect(statSync(path.join(first.folder, 'password')).mode & 0o077).toBe(0);
    expect(await first.stop()).toBe(true);
    expect(isAlive(first.pid)).toBe(false);

    const second = await start(true);
    expect(second.started).toBe(true);
    expect(second.url('holdfast')).toBe(first.url('holdfast'));
    expect(await ask(second.url('holdfast'), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('is found by a second user, and only the last of them stops it', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    expect(second.pid).toBe(first.pid);
    expect([first.started, second.started].filter(Boolean)).toHaveLength(1);
    expect(await first.stop()).toBe(false);
    expect(await ask(second.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await second.stop()).toBe(true);
    expect(isAlive(second.pid)).toBe(false);
  });

  test(
    'survives the kill -9 of its user, is reused, and then belongs to the surviving user ' +
      'alone',
    async () => {
      const { child, serverPid } = await userProcess(folder);
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      const server = await start();
      expect(server.started).toBe(false);
      expect(server.pid).toBe(serverPid);
      expect(await ask(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(await server.stop()).toBe(true); // the dead user does not count
    },
  );

  test('starts again after its own kill -9', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    await until('end of the server', 10_000, () => (isAlive(first.pid) ? undefined : true));
    const second = await start();
    expect(second.started).toBe(true);
    expect(second.pid).not.toBe(first.pid);
  });

  test('does not trust, and does not signal, a foreign process that a stale postmaster.pid names', async () => {
    const first = await start();
    await first.stop();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    });
    try {
      writeFileSync(
        path.join(first.folder, 'data', 'postmaster.pid'),
        `${stranger.pid}\n${first.folder}/data\n0\n5432\n\n127.0.0.1\n0\nready\n`,
      );
      expect(await findPostmaster(path.join(first.folder, 'data'))).toBe('stale');
      const second = await start();
      expect(second.started).toBe(true);
      await second.stop();
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  asRoot(
    'works for two checkouts under a folder that only root may enter, each with data of its own',
    async () => {
      chmodSync(top, 0o700);
      const data = ['one', 'two'].map((name) =>
        path.join(top, name, 'a-long-and-equal-tail-of-the-path', '.data', 'postgres'),
      );
      for (const each of data) servers.push(await startPostgres({ folder: each, durable: false }));
      const [one, two] = servers;
      expect(new Set(servers.map((server) => server.folder)).size).toBe(2);
      expect(one?.folder.startsWith(top)).toBe(false);
      await one?.ensureDatabase('only_one');
      expect(
        await ask(
          two?.url('postgres') ?? '',
          "SELECT count(*)::int AS found FROM pg_database WHERE datname = 'only_one'",
        ),
      ).toEqual([{ found: 0 }]);
      const again = await startPostgres({ folder: data[0] ?? '', durable: false });
      expect(again.folder).toBe(one?.folder);
      expect(again.started).toBe(false);
      expect(statSync(again.folder).uid).toBe(0);
    },
  );
});

describe('a temporary server', () => {
  test('accepts extra settings, and its last stop leaves nothing behind', async () => {
    const server = await startPostgres({ durable: false, settings: { work_mem: '7MB' } });
    expect(
      await ask(
        server.url('postgres'),
        "SELECT current_setting('work_mem') AS memory, current_setting('fsync') AS fsync",
      ),
    ).toEqual([{ memory: '7MB', fsync: 'off' }]);
    expect(existsSync(server.folder)).toBe(true);
    expect(await server.stop()).toBe(true);
    expect(existsSync(server.folder)).toBe(false);
  });

  test('that cannot start reports why, with the end of its log', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
    mkdirSync(path.join(folder, 'p'));
    chmodSync(folder, 0o755);
    await expect(
      startPostgres({
        folder: path.join(folder, 'p'),
        durable: false,
        settings: { shared_buffers: 'nonsense' },
      }),
    ).rejects.toThrow(/did not start .*shared_buffers/s);
    rmSync(folder, { recursive: true, force: true });
  });
});

test('a file system that ignores chmod is named, with the variable to set', () => {
  expect(() => {
    refuseOpenFolder('/mnt/c/data', 0o40_777);
  }).toThrow(/folder \/mnt\/c\/data .*mode 777.*ignores chmod.*Set DATA_DIR/);
  expect(() => {
    refuseOpenFolder('/data', 0o40_700);
  }).not.toThrow();
});
