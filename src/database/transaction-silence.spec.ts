import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { HoldfastError } from '../common/errors.js';
import { retryableCode } from './sqlstates.js';
import { inTransaction, READ_COMMITTED } from './transaction.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const raising = (code: string): string =>
  `do $$ begin raise exception 'as asked' using errcode = '${code}'; end $$`;

/**
 * Runs one transaction whose work gets the number of its attempt. Returns the answer or the error,
 * the codes of failed attempts, and how often the work ran.
 */
async function attempt(
  work: (client: pg.ClientBase, run: number) => Promise<unknown>,
  options: pg.PoolConfig & { deadlineMs?: number } = {},
): Promise<{ outcome: unknown; codes: string[]; runs: number }> {
  const { deadlineMs = 5000, ...config } = options;
  const pool = new pg.Pool({ connectionString: database.url, max: 1, ...config });
  const codes: string[] = [];
  let runs = 0;
  try {
    const outcome = await inTransaction(
      pool,
      { begin: READ_COMMITTED, deadlineMs, onRetry: (code) => codes.push(code) },
      ({ client }) => work(client, ++runs),
    ).catch((thrown: unknown) => thrown);
    return { outcome, codes, runs };
  } finally {
    await pool.end();
  }
}

describe('what may be tried again', () => {
  test.each(['40001', '40P01', '55P03'])('%s runs the whole of the work again', async (code) => {
    expect(
      await attempt(async (client, run) => {
        await client.query(run === 1 ? raising(code) : 'select 1');
        return 'done';
      }),
    ).toEqual({ outcome: 'done', codes: [code], runs: 2 });
  });

  test('an error that a retry cannot help is thrown at once', async () => {
    const { outcome, codes, runs } = await attempt((client) => client.query(raising('23514')));
    expect([outcome, codes, runs]).toEqual([expect.objectContaining({ code: '23514' }), [], 1]);
  });

  test.each([
    ['Query read timeout', '08006'],
    ['Connection terminated unexpectedly', '08006'],
    ['timeout exceeded when trying to connect', '08006'],
    ['something else', undefined],
  ])('an error without a code, %s: %s', (message, code) => {
    expect(retryableCode(new Error(message))).toBe(code);
  });
});

describe('a server that says nothing', () => {
  test('is BUSY_RETRY, never an unexpected error', async () => {
    const { outcome, codes } = await attempt((client) => client.query('select pg_sleep(5)'), {
      query_timeout: 150,
      deadlineMs: 300,
    });
    expect(outcome).toBeInstanceOf(HoldfastError);
    expect(outcome).toMatchObject({ code: 'BUSY_RETRY', facts: { commitUnknown: false } });
    expect(codes).toEqual(codes.map(() => '08006'));
  });

  test('while COMMIT is under way leaves open whether it was done', async () => {
    const { outcome } = await attempt(
      async (client) => {
        await client.query(`create table slow (n integer);
          create function wait() returns trigger language plpgsql
            as 'begin perform pg_sleep(5); return null; end';
          create constraint trigger slow_commit after insert on slow
            deferrable initially deferred for each row execute function wait();
          insert into slow values (1)`);
      },
      { query_timeout: 150, deadlineMs: 150 },
    );
    expect(outcome).toMatchObject({ code: 'BUSY_RETRY', facts: { commitUnknown: true } });
  });
});
