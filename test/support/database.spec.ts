import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './database.js';

let first: TestDatabase;
let second: TestDatabase;

beforeAll(async () => {
  first = await createTestDatabase();
  second = await createTestDatabase();
});

afterAll(async () => {
  await first.drop();
  await second.drop();
});

async function rowsOf(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

test('each clone has the migrated schema and is a database of its own', async () => {
  const tables =
    "SELECT count(*)::int AS tables FROM information_schema.tables WHERE table_schema = 'public'";
  expect(await rowsOf(first.url, tables)).not.toEqual([{ tables: 0 }]);
  await rowsOf(first.url, 'CREATE TABLE only_here (id int)');
  expect(await rowsOf(second.url, "SELECT to_regclass('only_here') AS found")).toEqual([
    { found: null },
  ]);
});

test('the server is PostgreSQL 18 with room for several processes', async () => {
  const [row] = await rowsOf(
    first.url,
    "SELECT current_setting('server_version_num')::int / 10000 AS major, " +
      "current_setting('max_connections')::int >= 100 AS roomy",
  );
  expect(row).toEqual({ major: 18, roomy: true });
});
