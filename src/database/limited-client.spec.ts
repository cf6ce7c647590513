import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { Connections } from './limited-client.js';
import { inTransaction, READ_COMMITTED } from './transaction.js';

let database: TestDatabase;
let pool: Connections;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Connections({ connectionString: database.url, max: 1 });
  await pool.query('create table seen (id int primary key, word text not null)');
  await pool.query("insert into seen values (1, 'one'), (2, 'two')");
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const word = (id: number): Promise<string | undefined> =>
  pool
    .query<{ word: string }>('select word from seen where id = $1', [id])
    .then(({ rows }) => rows[0]?.word);
/** The statements whose plans the server keeps for the pool's one connection. */
const kept = async (): Promise<string[]> =>
  (
    await pool.query<{ statement: string }>(
      'select statement from pg_prepared_statements order by prepare_time, name',
    )
  ).rows.map(({ statement }) => statement);

test('a statement with parameters is planned once, from its third use on', async () => {
  await word(1);
  await word(2);
  expect(await kept()).toEqual([]);
  expect([await word(1), await word(2), await word(3)]).toEqual(['one', 'two', undefined]);
  expect(await kept()).toEqual(['select word from seen where id = $1']);
});

test('a statement that is sent with its values, for rows as arrays, is planned once too', async () => {
  const text = 'select word, id from seen where id = $1';
  for (let use = 0; use < 4; use++)
    expect((await pool.query({ text, values: [2], rowMode: 'array' })).rows).toEqual([['two', 2]]);
  expect(await kept()).toContain(text);
});

test('each text has a plan of its own, and a statement that is sent as a whole has none', async () => {
  for (const text of ['select $1::int + 1 as sum', 'select $1::int + 2 as sum'])
    for (const value of [1, 2, 3])
      expect((await pool.query<{ sum: number }>(text, [value])).rows[0]?.sum).toBe(
        value + Number(/\+ (\d)/.exec(text)?.[1]),
      );
  for (let use = 0; use < 4; use++) await pool.query('select 1');
  const texts = await kept();
  expect(texts).toHaveLength(new Set(texts).size);
  expect(texts).toEqual(
    expect.arrayContaining(['select $1::int + 1 as sum', 'select $1::int + 2 as sum']),
  );
  expect(texts).not.toContain('select 1');
});

test('a column whose type an upgrade changed: the transaction runs again on another connection', async () => {
  const retries: string[] = [];
  const whole = (): Promise<unknown> =>
    inTransaction(
      pool,
      { begin: READ_COMMITTED, deadlineMs: 10_000, onRetry: (code) => retries.push(code) },
      async ({ client }) =>
        (await client.query<object>('select * from seen where id = $1', [1])).rows[0],
    );
  for (let use = 0; use < 4; use++) await whole();
  await pool.query('alter table seen add column number int');
  expect(await whole()).toEqual({ id: 1, word: 'one', number: null });
  expect(retries).toEqual(['0A000']);
});

test('texts that vary without end do not fill the server', async () => {
  for (let text = 0; text < 400; text++)
    for (let use = 0; use < 3; use++) await pool.query(`select $1::int as n${text}`, [text]);
  expect((await kept()).length).toBeLessThanOrEqual(300);
});
