import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { ConnectionRelay } from './connection-relay.js';
import { Connections } from './limited-client.js';
import { inTransaction, READ_COMMITTED, type Transaction } from './transaction.js';

let database: TestDatabase;
let connections: Connections;
let relay: ConnectionRelay;
beforeAll(async () => {
  database = await createTestDatabase();
  connections = new Connections({ connectionString: database.url, max: 3, pipeline: true });
  connections.on('error', () => undefined);
  relay = new ConnectionRelay(connections);
  await connections.query('create table notes (words text primary key)');
  // COMMIT takes a while, so that the next transaction is sent before its answer
  await connections.query(`create function wait() returns trigger language plpgsql
    as 'begin perform pg_sleep(0.2); return null; end'`);
  await connections.query(`create constraint trigger slow after insert on notes
    deferrable initially deferred for each row when (new.words like 'slow%') execute function wait()`);
});
beforeEach(() => connections.query('truncate notes'));
afterAll(async () => {
  await connections.end();
  await database.drop();
});

const backend = async ({ client }: Transaction): Promise<number> =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
const notes = async (client: Pick<pg.Client, 'query'> = connections): Promise<string[]> =>
  (await client.query<{ words: string }>('select words from notes order by words')).rows.map(
    ({ words }) => words,
  );

interface Started<T> {
  readonly done: Promise<T>;
  readonly committing: Promise<void>;
}
function start<T>(
  work: (tx: Transaction, attempt: number) => Promise<T>,
  onRetry?: (sqlState: string) => void,
): Started<T> {
  let attempts = 0;
  let reached: () => void = () => undefined;
  const committing = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const done = inTransaction(
    connections,
    {
      begin: READ_COMMITTED,
      deadlineMs: 10_000,
      relay,
      onCommitting: reached,
      ...(onRetry && { onRetry }),
    },
    (tx) => work(tx, ++attempts),
  );
  return { done, committing };
}
const write = async ({ client }: Transaction, words: string): Promise<void> => {
  await client.query('insert into notes values ($1)', [words]);
};

describe('while COMMIT is under way', () => {
  test('the next transaction is sent behind it on the same connection, and sees its rows', async () => {
    let ended = false;
    const first = start(async (tx) => {
      await write(tx, 'slow');
      return backend(tx);
    });
    await first.committing;
    void first.done.then(() => {
      ended = true;
    });
    const second = start(async (tx) => {
      const wasUnderWay = !ended;
      return { wasUnderWay, backend: await backend(tx), notes: await notes(tx.client) };
    });
    expect(await second.done).toEqual({
      wasUnderWay: true,
      backend: await first.done,
      notes: ['slow'],
    });
  });

  test('one that the server rolls back leaves the next one as it is', async () => {
    const first = start(async (tx) => {
      await write(tx, 'slow, and wrong');
      const failing = tx.client.query('select 1 / 0');
      tx.commitBehind?.();
      await failing;
    });
    const failed = first.done.catch((error: unknown) => error);
    const next = start(async (tx) => {
      await write(tx, 'right');
    });
    await next.done;
    expect(await failed).toMatchObject({ code: '22012' });
    expect(await notes()).toEqual(['right']);
  });

  test('when the connection is lost behind it, only the next one is tried again', async () => {
    const retries: string[] = [];
    const first = start(async (tx) => {
      await write(tx, 'slow');
      return backend(tx);
    });
    await first.committing;
    const tried = start(
      async (tx, attempt) => {
        const pid = await backend(tx);
        if (attempt === 1) {
          const killer = new pg.Client(database.url);
          await killer.connect();
          await killer.query('select pg_terminate_backend($1)', [pid]);
          await killer.end();
        }
        await write(tx, 'again');
        return pid;
      },
      (code) => retries.push(code),
    );
    expect(await tried.done).not.toBe(await first.done);
    expect(retries.length).toBeGreaterThan(0);
    expect(await notes()).toEqual(['again', 'slow']);
  });
});

test('a transaction that comes before COMMIT was sent has a connection of its own', async () => {
  let go: () => void = () => undefined;
  const wait = new Promise<void>((resolve) => {
    go = resolve;
  });
  const first = start(async (tx) => {
    const pid = await backend(tx);
    await wait;
    return pid;
  });
  const second = await start(backend).done;
  go();
  expect(await first.done).not.toBe(second);
});

test('the connection returns to the others when nothing is under way', async () => {
  const first = start((tx) => write(tx, 'slow'));
  await first.committing;
  await start((tx) => write(tx, 'next')).done;
  await first.done;
  expect(connections.idleCount).toBe(connections.totalCount);
});
