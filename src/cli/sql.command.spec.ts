import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { writeRunning } from '../common/running.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function sql(
  args: readonly string[],
  env: Record<string, string> = { DATABASE_URL: database.url },
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [MAIN, 'sql', ...args],
      { env: { PATH: '/usr/bin:/bin', DATA_DIR: folder, ...env } },
      (_, out, err) => {
        resolve({ code: child.exitCode ?? -1, out: out.trim(), err: err.trim() });
      },
    );
  });
}

test('Ctrl-C cancels the statement on the server too, with exit code 130', async () => {
  const client = new pg.Client(database.url);
  await client.connect();
  const running = async (): Promise<number> =>
    (
      await client.query(
        `select from pg_stat_activity where application_name = 'holdfast-sql' and state = 'active'
          and query like '%pg_sleep%'`,
      )
    ).rowCount ?? 0;
  const child = spawn(process.execPath, [MAIN, 'sql', 'select pg_sleep(25)'], {
    env: { PATH: '/usr/bin:/bin', DATA_DIR: folder, DATABASE_URL: database.url },
  });
  try {
    let err = '';
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString();
    });
    const ended = once(child, 'exit');
    while ((await running()) === 0) await wait(50);
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(err).toContain('canceling statement due to user request (57014)');
    expect(await running()).toBe(0);
  } finally {
    child.kill('SIGKILL');
    await client.end();
  }
});

test('prints an aligned table, numbers to the right, every digit kept', async () => {
  const { code, out } = await sql([
    "select 'a' as letter, 170141183460469231731687303715884105727::numeric(39,0) as most " +
      "union all select 'long', null",
  ]);
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'letter |                                    most',
    '-------+----------------------------------------',
    'a      | 170141183460469231731687303715884105727',
    'long   |',
    '(2 rows)',
  ]);
});

test('runs several statements and a file', async () => {
  const file = path.join(folder, 'two.sql');
  writeFileSync(file, 'select 1 as first; select 2 as second;');
  const { code, out } = await sql(['-f', file]);
  expect(code).toBe(0);
  expect(out).toMatch(/first[^]*\(1 row\)[^]*second[^]*\(1 row\)/);
});

describe('changes', () => {
  test('are refused without --write, also after a commit in the text', async () => {
    expect(await sql(['create table slip (id int)'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/read-only transaction \(25006\)\n {2}add --write/),
    });
    expect(await sql(['commit; create table slip (id int)'])).toMatchObject({ code: 1 });
  });

  test('are made with --write', async () => {
    expect(
      await sql(['--write', 'create table wanted (id int); insert into wanted values (1), (2)']),
    ).toMatchObject({ code: 0, out: expect.stringContaining('INSERT 2') });
    expect((await sql(['select count(*) from wanted'])).out).toContain('    2');
  });
});

test('says plainly what is wrong: SQL, time, arguments, no database', async () => {
  expect(await sql(['select nothing from nowhere'])).toEqual({
    code: 1,
    out: '',
    err: 'relation "nowhere" does not exist (42P01)\n  at character 21',
  });
  expect(await sql(['--timeout', '0.2', 'select pg_sleep(30)'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('statement timeout'),
  });
  expect(await sql([])).toMatchObject({
    code: 2,
    err: expect.stringContaining('Usage: holdfast sql'),
  });
  expect(await sql(['--timeout', 'long', 'select 1'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--timeout takes a number of seconds, not long'),
  });
  expect(await sql(['select 1'], {})).toMatchObject({
    code: 1,
    err: expect.stringContaining('No database'),
  });
});

test('finds the running service by itself', async () => {
  writeRunning(folder, {
    apiUrl: 'http://127.0.0.1:3000',
    databaseUrl: database.url,
    rpcUrl: 'http://127.0.0.1:8000',
    controlUrl: null,
    networkPassphrase: 'p',
    pid: process.pid,
    poolIds: [],
  });
  expect((await sql(['select current_database() as name'], {})).out).toContain(database.name);
});
