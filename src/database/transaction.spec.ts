import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import type { StepMessage } from '../common/steps.js';
import { Connections } from './limited-client.js';
import { retryableCode } from './sqlstates.js';
import { inTransaction, READ_COMMITTED } from './transaction.js';

const SERIALIZABLE = 'BEGIN ISOLATION LEVEL SERIALIZABLE';
let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on('error', () => undefined);
  await pool.query('create table counted (id int primary key, value int not null)');
});
beforeEach(async () => {
  await pool.query('truncate counted');
  await pool.query('insert into counted values (1, 0)');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const backend = async (client: pg.ClientBase): Promise<number> =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
const raised = (code: string): string =>
  `do $$ begin raise exception 'made for the test' using errcode = '${code}'; end $$`;

test(
  'two transactions that read and then write the same row both commit: the loser runs ' +
    'again as a whole',
  async () => {
    const retries: string[] = [];
    let bothRead = 0;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const increment = (): Promise<number> =>
      inTransaction(
        pool,
        { begin: SERIALIZABLE, deadlineMs: 10_000, onRetry: (code) => retries.push(code) },
        async ({ client }) => {
          const seen =
            (await client.query<{ value: number }>('select value from counted where id = 1'))
              .rows[0]?.value ?? 0;
          if (++bothRead === 2) open();
          await gate;
          await client.query('update counted set value = $1 where id = 1', [seen + 1]);
          return seen + 1;
        },
      );
    expect((await Promise.all([increment(), increment()])).toSorted()).toEqual([1, 2]);
    expect(retries).toEqual(['40001']);
    expect((await pool.query('select value from counted')).rows).toEqual([{ value: 2 }]);
  },
);

describe('what is tried again', () => {
  test.each(['40001', '40P01', '55P03', '57014'])('%s, on the same connection', async (code) => {
    const backends = new Set<number>();
    let tries = 0;
    const result = await inTransaction(
      pool,
      { begin: READ_COMMITTED, deadlineMs: 5000 },
      async ({ client }) => {
        backends.add(await backend(client));
        if (++tries < 3) await client.query(raised(code));
        return tries;
      },
    );
    expect([result, backends.size]).toEqual([3, 1]);
  });

  test.each([
    ['aborted', raised('23514')],
    ['open', 'select 1'],
  ])(
    'a connection that comes with a transaction that is %s is given up for another one',
    async (_, statement) => {
      const one = new pg.Pool({ connectionString: database.url, max: 1 });
      const left = await one.connect();
      const first = await backend(left);
      await left.query('begin');
      await left.query(statement).catch(() => undefined);
      left.release();
      const codes: string[] = [];
      const second = await inTransaction(
        one,
        { begin: SERIALIZABLE, deadlineMs: 5000, onRetry: (code) => codes.push(code) },
        ({ client }) => backend(client),
      );
      expect([codes, second === first]).toEqual([['08000'], false]);
      await one.end();
    },
  );

  test.each(['23505', '22003', '42P01', '55000'])(
    '%s is final, reported unchanged, and keeps the connection',
    async (code) => {
      let tries = 0;
      let first = 0;
      await expect(
        inTransaction(pool, { begin: READ_COMMITTED, deadlineMs: 5000 }, async ({ client }) => {
          tries++;
          first = await backend(client);
          await client.query(raised(code));
        }),
      ).rejects.toMatchObject({ code });
      expect(tries).toBe(1);
      await inTransaction(pool, { begin: READ_COMMITTED, deadlineMs: 5000 }, async ({ client }) => {
        expect(await backend(client)).toBe(first);
      });
    },
  );

  test('a failure of the work itself is final and rolls everything back', async () => {
    await expect(
      inTransaction(pool, { begin: READ_COMMITTED, deadlineMs: 5000 }, async ({ client }) => {
        await client.query('update counted set value = 99');
        throw new TypeError('made for the test');
      }),
    ).rejects.toThrow('made for the test');
    expect((await pool.query('select value from counted')).rows).toEqual([{ value: 0 }]);
  });

  test('the table knows sockets and lost connections, and nothing else by its words', () => {
    expect(retryableCode(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toBe(
      'ECONNREFUSED',
    );
    expect(retryableCode(new Error('Connection terminated unexpectedly'))).toBe('08006');
    expect(retryableCode(new Error('could not serialize access'))).toBeUndefined();
    expect(retryableCode('40001')).toBeUndefined();
  });
});

describe('a server that cannot write now', () => {
  test.each([
    '25006',
    '53000',
    '53100',
    '53200',
    '53400',
    '57P04',
    '58000',
    '58030',
    '58P01',
    '58P02',
  ])('%s: tried again on another connection, then BUSY_RETRY and nothing is held', async (code) => {
    const backends: number[] = [];
    await expect(
      inTransaction(pool, { begin: READ_COMMITTED, deadlineMs: 400 }, async ({ client }) => {
        backends.push(await backend(client));
        await client.query('update counted set value = 7');
        await client.query(raised(code));
      }),
    ).rejects.toMatchObject({
      code: 'BUSY_RETRY',
      facts: { sqlState: code, commitUnknown: false },
    });
    expect(new Set(backends).size).toBe(backends.length);
    expect((await pool.query('select value from counted')).rows).toEqual([{ value: 0 }]);
  });

  test('55000 is one of them when the server itself says it, not when our functions do', () => {
    const said = (routine: string): Error =>
      Object.assign(new Error('recovery is in progress'), { code: '55000', routine });
    expect(retryableCode(said('pg_current_wal_insert_lsn'))).toBe('55000');
    expect(retryableCode(said('exec_stmt_raise'))).toBeUndefined();
  });

  test('0A000 is one of them when a standby refuses SERIALIZABLE, not for a function that is missing', () => {
    const said = (routine: string): Error =>
      Object.assign(new Error('nicht im Hot-Standby'), { code: '0A000', routine });
    for (const routine of ['call_enum_check_hook', 'GetSerializableTransactionSnapshot'])
      expect(retryableCode(said(routine))).toBe('0A000');
    expect(retryableCode(said('pg_current_wal_insert_lsn'))).toBeUndefined();
  });

  test('its connections are remembered as refused until a write succeeds', async () => {
    const connections = new Connections({ connectionString: database.url, max: 2 });
    const fail = (code: string): Promise<unknown> =>
      inTransaction(connections, { begin: READ_COMMITTED, deadlineMs: 1 }, ({ client }) =>
        client.query(raised(code)),
      );
    await expect(fail('40001')).rejects.toMatchObject({ code: 'BUSY_RETRY' });
    expect(connections.refusal).toBeUndefined();
    await expect(fail('53100')).rejects.toMatchObject({ code: 'BUSY_RETRY' });
    expect(connections.refusal?.sqlState).toBe('53100');
    await inTransaction(connections, { begin: READ_COMMITTED, deadlineMs: 1000 }, ({ client }) =>
      client.query('update counted set value = 1'),
    );
    expect(connections.refusal).toBeUndefined();
    await connections.end();
  });
});

describe('the end', () => {
  test('comes by deadline: BUSY_RETRY, not a refusal, and nothing is left in the table', async () => {
    let tries = 0;
    await expect(
      inTransaction(pool, { begin: READ_COMMITTED, deadlineMs: 200 }, async ({ client }) => {
        tries++;
        await client.query('update counted set value = 7');
        await client.query(raised('40001'));
      }),
    ).rejects.toMatchObject({
      code: 'BUSY_RETRY',
      facts: { sqlState: '40001', commitUnknown: false },
    });
    expect(tries).toBeGreaterThan(2);
    expect((await pool.query('select value from counted')).rows).toEqual([{ value: 0 }]);
  });

  test('a backend killed in the middle costs one try and a new connection', async () => {
    const killer = new pg.Client(database.url);
    await killer.connect();
    const backends: number[] = [];
    const result = await inTransaction(
      pool,
      { begin: READ_COMMITTED, deadlineMs: 10_000 },
      async ({ client }) => {
        backends.push(await backend(client));
        await client.query('update counted set value = value + 1');
        if (backends.length === 1)
          await killer.query('select pg_terminate_backend($1)', [backends[0]]);
        await client.query('select 1');
        return backends.length;
      },
    );
    expect(result).toBe(2);
    expect(new Set(backends).size).toBe(2);
    expect((await pool.query('select value from counted')).rows).toEqual([{ value: 1 }]);
    await killer.end();
  });

  test('when the answer to COMMIT never arrives, the outcome is reported as unknown', async () => {
    const cut = (message: unknown): void => {
      const { step, detail } = message as StepMessage;
      if (step !== 'transaction.committing') return;
      const { connection } = detail as { connection: { stream: { destroy(): void } } };
      process.nextTick(() => {
        connection.stream.destroy();
      }); // COMMIT was written in this tick
    };
    subscribe('holdfast:step', cut);
    try {
      await expect(
        inTransaction(pool, { begin: READ_COMMITTED, deadlineMs: 40 }, ({ client }) =>
          client.query('update counted set value = 5'),
        ),
      ).rejects.toMatchObject({ code: 'BUSY_RETRY', facts: { commitUnknown: true } });
    } finally {
      unsubscribe('holdfast:step', cut);
    }
  });

  test('when BEGIN fails, its error is reported, not a later one', async () => {
    const holder = new pg.Client(database.url);
    await holder.connect();
    await holder.query('begin; lock table counted in access exclusive mode');
    const impatient = new pg.Pool({ connectionString: database.url, max: 1, lock_timeout: 50 });
    const retried: string[] = [];
    try {
      await expect(
        inTransaction(
          impatient,
          {
            begin: `${SERIALIZABLE}; LOCK TABLE counted IN EXCLUSIVE MODE`,
            deadlineMs: 300,
            onRetry: (code) => retried.push(code),
          },
          ({ client }) => client.query('insert into counted values (2, 2)'),
        ),
      ).rejects.toMatchObject({ code: 'BUSY_RETRY' });
      expect(new Set(retried)).toEqual(new Set(['55P03']));
    } finally {
      await holder.query('rollback');
      await holder.end();
      await impatient.end();
    }
    expect((await pool.query('select count(*)::int as rows from counted')).rows).toEqual([
      { rows: 1 },
    ]);
  });
});
