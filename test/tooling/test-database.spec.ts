import { expect, test } from '@jest/globals';
import pg from 'pg';
import { createEmptyDatabase } from '../support/database.js';

const POLL_MS = 20;

test('a database is dropped once the connections that are closing have closed', async () => {
  const database = await createEmptyDatabase();
  const closing = new pg.Client(database.url);
  const errors: string[] = [];
  closing.on('error', ({ message }) => errors.push(message));
  await closing.connect();
  const watching = new pg.Client(
    Object.assign(new URL(database.url), { pathname: '/postgres' }).href,
  );
  await watching.connect();
  const isWaitedFor = async (): Promise<boolean> =>
    (
      await watching.query(
        'select from pg_stat_activity where starts_with(query, $1) and query like $2',
        ['do $$', `%${database.name}%`],
      )
    ).rowCount === 1;
  const dropped = database.drop();
  while (!(await isWaitedFor())) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  await closing.end();
  await dropped;
  await watching.end();
  expect(errors).toEqual([]);
});

test('a connection that stays is cut', async () => {
  const database = await createEmptyDatabase();
  const staying = new pg.Client(database.url);
  const errors: string[] = [];
  staying.on('error', ({ message }) => errors.push(message));
  await staying.connect();
  await database.drop();
  expect(errors[0]).toBe('terminating connection due to administrator command');
});
