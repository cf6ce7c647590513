import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { Connections, LimitedClient } from './limited-client.js';
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
/** Without listening to errors, as `events.once` would. */
const endOf = (client: pg.ClientBase): Promise<void> =>
  new Promise((resolve) => client.once('end', resolve));
/** A message of the server: its letter, its length, its body. */
function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5, letter, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
/** Signed in, and ready for a statement. */
const READY = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const fatal = (words: string): Buffer =>
  message('E', Buffer.from(`SFATAL\0VFATAL\0C57P01\0M${words}\0\0`));

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

test('a connection that is cut while nobody waits fails the next statement, not the process', async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  process.prependListener('uncaughtExceptionMonitor', note);
  const client = await pool.connect();
  const ended = endOf(client);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const other = new LimitedClient(database.url);
  await other.connect();
  await other.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await other.end();
  await ended;
  await expect(client.query('select 1')).rejects.toThrow('not queryable');
  client.release();
  process.off('uncaughtExceptionMonitor', note);
  expect(uncaught).toEqual([]);
  expect(await word(1)).toBe('one');
});

test('a connection that is cut while its limits are set is refused, and ends nothing else', async () => {
  const cut = net.createServer((socket) => {
    let answers = 0;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      answers += 1;
      if (answers === 1) return void socket.write(READY);
      socket.write(fatal('terminating connection due to unexpected postmaster exit'));
      socket.write(fatal('terminating connection due to unexpected postmaster exit'));
      socket.end(fatal('terminating connection due to unexpected postmaster exit'));
    });
  });
  cut.listen(0, '127.0.0.1');
  await once(cut, 'listening');
  const { port } = cut.address() as AddressInfo;
  const client = new LimitedClient({ host: '127.0.0.1', port, user: 'holdfast', database: 'any' });
  const ended = endOf(client);
  await expect(client.connect()).rejects.toThrow('unexpected postmaster exit');
  await ended;
  cut.close();
});
