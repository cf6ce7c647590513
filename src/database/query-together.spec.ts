import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { Connections } from './limited-client.js';

const PID = 'select pg_backend_pid() as pid, $1::int as nth';
interface Pid {
  readonly pid: number;
  readonly nth: number;
}
let database: TestDatabase;
let pool: Connections;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Connections({ connectionString: database.url, max: 3, pipeline: true });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const ask = async (nth: number): Promise<Pid | undefined> =>
  (await pool.queryTogether<Pid & { [name: string]: unknown }>(PID, [nth])).rows[0];

test('what is asked for at once is answered by one connection, each by its own rows', async () => {
  const together = await Promise.all([ask(1), ask(2), ask(3)]);
  expect(together.map((row) => row?.nth)).toEqual([1, 2, 3]);
  expect(new Set(together.map((row) => row?.pid)).size).toBe(1);
  expect(pool.totalCount).toBe(1);
  // the control: without it each has a connection of its own
  const apart = await Promise.all(
    [1, 2, 3].map((nth) => pool.query<Pid>(PID, [nth]).then(({ rows }) => rows[0]?.pid)),
  );
  expect(new Set(apart).size).toBe(3);
});

test('one that fails fails alone', async () => {
  const [before, failed, after] = await Promise.allSettled([
    ask(1),
    pool.queryTogether('select 1 / $1::int', [0]),
    ask(3),
  ]);
  expect(failed).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
  expect(before).toMatchObject({ value: { nth: 1 } });
  expect(after).toMatchObject({ value: { nth: 3 } });
});

test('a connection that is cut fails those that it had not answered, and the next are answered', async () => {
  const [, cut, later] = await Promise.allSettled([
    ask(1),
    pool.queryTogether('select pg_terminate_backend(pg_backend_pid()), $1::int', [1]),
    ask(3),
  ]);
  expect([cut?.status, later?.status]).toEqual(['rejected', 'rejected']);
  expect(await ask(4)).toMatchObject({ nth: 4 });
});

test('without a connection all of them fail', async () => {
  const nowhere = new Connections({
    connectionString: 'postgres://nobody@127.0.0.1:1/none',
    pipeline: true,
  });
  const asked = await Promise.allSettled([
    nowhere.queryTogether('select $1::int', [1]),
    nowhere.queryTogether('select $1::int', [2]),
  ]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await nowhere.end();
});
