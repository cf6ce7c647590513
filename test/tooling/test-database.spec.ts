import { setTimeout as wait } from 'node:timers/promises';
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
  let isDropped = false;
  const dropped = database.drop().finally(() => {
    isDropped = true;
  });
  try {
    while (!isDropped && !(await isWaitedFor())) await wait(POLL_MS);
    await closing.end();
    await dropped;
  } finally {
    await watching.end();
  }
  expect(errors).toEqual([]);
});

test('a connection that stays is cut', async () => {
  const database = await createEmptyDatabase();
  const staying = new pg.Client(database.url);
  const cut = new Promise<string>((resolve) => {
    staying.on('error', ({ message }) => {
      resolve(message);
    });
  });
  await staying.connect();
  await database.drop();
  expect(await cut).toBe('terminating connection due to administrator command');
});
