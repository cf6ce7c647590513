import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../test/support/database.js';
import { workerFile } from '../../test/support/service-process.js';
import { dumpSchema } from './schema-dump.js';

let migrated: TestDatabase;
let empty: TestDatabase;
const committed = readFileSync('context/schema.sql', 'utf8');

beforeAll(async () => {
  migrated = await createTestDatabase();
  empty = await createEmptyDatabase();
});
afterAll(async () => {
  await migrated.drop();
  await empty.drop();
});

async function on<T>(database: TestDatabase, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('context/schema.sql is what the migrations make', async () => {
  expect(await on(migrated, dumpSchema)).toBe(committed);
});

test('an empty database accepts the dump, and gives the same dump', async () => {
  await on(empty, (client) => client.query(committed));
  expect(await on(empty, dumpSchema)).toBe(committed);
});

test('it sees every kind of change', async () => {
  const changes = [
    'alter table loans add column extra int default 7',
    'alter table loans add constraint extra_small check (extra < 9)',
    'create index extra_index on loans (extra)',
    "comment on column loans.extra is 'more'",
    "create type mood as enum ('good', 'bad')",
    'create view extra_view as select extra from loans',
    'create function extra_function() returns trigger language plpgsql as $$ begin return new; end $$',
    'create trigger extra_trigger before insert on loans for each row execute function extra_function()',
    'create sequence extra_numbers',
  ];
  let before = await on(migrated, dumpSchema);
  for (const change of changes) {
    await on(migrated, (client) => client.query(change));
    const after = await on(migrated, dumpSchema);
    expect({ change, seen: after !== before }).toEqual({ change, seen: true });
    before = after;
  }
});

test('npm run generate writes the files; with --check it fails on a changed one and names the line', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
  const generate = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const script = workerFile('generate');
      const child = execFile(
        process.execPath,
        [script, ...args],
        { cwd: folder, env: { PATH: '/usr/bin:/bin', DATABASE_URL: migrated.url } },
        (_, out, err) => {
          resolve({ code: child.exitCode ?? -1, out, err });
        },
      );
    });
  try {
    expect(await generate('--check')).toMatchObject({
      code: 1,
      err: expect.stringContaining('context/schema.sql: is missing'),
    });
    expect(await generate()).toMatchObject({
      code: 0,
      out: expect.stringContaining('context/schema.sql: written'),
    });
    const file = path.join(folder, 'context', 'schema.sql');
    const lines = readFileSync(file, 'utf8').split('\n').length;
    appendFileSync(file, 'alter table loans drop column schedule;\n');
    expect(await generate('--check')).toMatchObject({
      code: 1,
      err: expect.stringContaining(`context/schema.sql: differs from line ${lines} on`),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
