import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import pg from 'pg';
import { readDatabase, readPooled } from '../../src/cli/doctor/database-facts.js';
import { migrate } from '../../src/database/migrate.js';
import { inTransaction, READ_COMMITTED } from '../../src/database/transaction.js';
import { LEDGER_BEGIN } from '../../src/modules/liquidity/ledger-transactions.js';
import { BossService } from '../../src/jobs/boss.service.js';
import { DASHBOARD_PATH, mountDashboard } from '../../src/jobs/dashboard.js';
import { ChangeListener } from '../../src/modules/liquidity/journal/change-signal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { givenPool, type LedgerUnderTest, openLedger, request } from '../support/given-ledger.js';
import { hasPgBouncer, type Pooler, startPgBouncer } from '../support/pgbouncer.js';

const DEADLINE_MS = 1500;
/** Fewer server connections than one process opens, so that each serves several clients. */
const FEW = { default_pool_size: '3' };
let database: TestDatabase;
const started: Pooler[] = [];
const opened: LedgerUnderTest[] = [];

const pooler = async (settings: Readonly<Record<string, string>>): Promise<Pooler> => {
  const made = await startPgBouncer(database.url, settings);
  started.push(made);
  return made;
};
const open = (url: string): LedgerUnderTest => {
  const under = openLedger(url, { deadlineMs: DEADLINE_MS });
  opened.push(under);
  return under;
};
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  for (const { connections } of opened) await connections.close();
  for (const each of started) await each.stop();
  await database.drop();
});

const MODES = [
  ['its defaults', {}],
  ['transaction mode', { pool_mode: 'transaction', ...FEW }],
  [
    'transaction mode, startup parameters ignored',
    {
      pool_mode: 'transaction',
      ignore_startup_parameters:
        'lock_timeout,statement_timeout,idle_in_transaction_session_timeout',
      ...FEW,
    },
  ],
] as const;

(hasPgBouncer() ? describe : describe.skip).each(MODES)('PgBouncer with %s', (mode, settings) => {
  let through: Pooler;
  let one: LedgerUnderTest;
  let two: LedgerUnderTest;
  beforeAll(async () => {
    through = await pooler(settings);
    [one, two] = [open(through.url), open(through.url)];
  });

  test('the schema is brought up to date', async () => {
    expect(await migrate(through.url)).toEqual([]);
  });

  test('the doctor notices it, and reads the database through it', async () => {
    expect(await readPooled(through.url)).toBe(true);
    expect(await readDatabase(through.url, 22)).toMatchObject({
      migrations: { missing: 0, unknown: [] },
      tooFewConnections: null,
      unfitServer: null,
      unfitSchema: null,
    });
    expect(await readPooled(database.url)).toBe(false);
  });

  test('each of 60 holds of two processes is made', async () => {
    const pool = await givenPool(one, 10_000n);
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        (at % 2 === 0 ? one : two).ledger.hold(request(pool.id, { amount: 100n })),
      ),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 60 }, () => 'held'));
    expect((await one.ledger.reader.position(pool.id))?.held).toBe(6000n);
  });

  test('every wait of a ledger transaction has its limit, and no other client gets it', async () => {
    const limits = async (client: pg.ClientBase): Promise<unknown> =>
      (
        await client.query(
          `select name, setting::int from pg_settings where name in ('statement_timeout',
             'lock_timeout', 'idle_in_transaction_session_timeout') order by name`,
        )
      ).rows;
    const all = ['idle_in_transaction_session_timeout', 'lock_timeout', 'statement_timeout'];
    const inside = await inTransaction(
      one.connections.write,
      { begin: READ_COMMITTED, deadlineMs: 5000 },
      ({ client }) => limits(client),
    );
    expect(inside).toEqual(all.map((name) => ({ name, setting: DEADLINE_MS })));
    const single = await one.connections.read.query('show statement_timeout');
    expect(single.rows).toEqual([{ statement_timeout: '5s' }]);
    if (mode === 'its defaults') return; // a session of its own, which the pooler resets
    const stranger = new pg.Client(through.url);
    await stranger.connect();
    expect(await limits(stranger)).toEqual(all.map((name) => ({ name, setting: 0 })));
    await stranger.end();
  });

  test('a process that stops in a transaction keeps the gate for its limit only', async () => {
    const pool = await givenPool(two, 10_000n);
    const stopped = await one.connections.write.connect();
    stopped.on('error', () => undefined);
    await stopped.query(LEDGER_BEGIN);
    const began = performance.now();
    const outcome = await inTransaction(
      two.connections.write,
      { begin: LEDGER_BEGIN, deadlineMs: 10_000 },
      () => Promise.resolve('got the gate'),
    ).finally(() => {
      stopped.release(true); // otherwise its pool never ends
    });
    expect([outcome, performance.now() - began < 3 * DEADLINE_MS]).toEqual(['got the gate', true]);
    expect((await two.ledger.hold(request(pool.id))).kind).toBe('held');
  });

  test('queues work through it, and the jobs page shows them', async () => {
    const jobs = new BossService({ databaseUrl: through.url, work: true });
    const adapter = new FastifyAdapter();
    try {
      await jobs.ready();
      const id = await jobs.boss.send('upkeep', { mode }, { startAfter: 600, singletonKey: mode });
      await mountDashboard(
        { getHttpAdapter: () => adapter as never },
        { databaseUrl: through.url },
      );
      const shows = async (url: string, word: string) => {
        const page = await adapter.getInstance().inject({ url: `${DASHBOARD_PATH}${url}` });
        return [page.statusCode, page.body.includes(word)];
      };
      expect(await shows('/', 'observe-pools')).toEqual([200, true]);
      expect(await shows(`/queues/upkeep/jobs/${id}`, mode)).toEqual([200, true]);
    } finally {
      await adapter.getInstance().close();
      await jobs.onApplicationShutdown();
    }
  });

  test('signals are not expected of a pooler, and come by the direct address', async () => {
    const lines: string[] = [];
    const said = new Promise<void>((resolve) => {
      new ChangeListener(
        through.url,
        () => undefined,
        (line) => {
          lines.push(line);
          resolve();
        },
      ).start();
    });
    await said;
    expect(lines).toEqual([expect.stringContaining('Set DATABASE_DIRECT_URL')]);
    let wakes = 0;
    let woken: () => void = () => undefined;
    const listener = new ChangeListener(database.url, () => {
      wakes++;
      woken();
    });
    const wake = (): Promise<void> =>
      new Promise((resolve) => {
        woken = resolve;
      });
    const connected = wake();
    listener.start();
    await connected;
    const signalled = wake();
    await one.connections.read.query('begin; notify holdfast_changes; commit');
    await signalled;
    expect(wakes).toBe(2);
    await listener.stop();
  });
});

describe('the lock of migrations', () => {
  test('a start that was killed through a pooler leaves no lock behind', async () => {
    if (!hasPgBouncer()) return;
    const through = await pooler({ pool_mode: 'transaction', ...FEW });
    const killed = new pg.Client(through.url);
    killed.on('error', () => undefined);
    await killed.connect();
    await killed.query('begin');
    await killed.query('select pg_advisory_xact_lock(7241190221)');
    (
      killed as unknown as { connection: { stream: { destroy(): void } } }
    ).connection.stream.destroy();
    expect(await migrate(through.url)).toEqual([]);
  });

  test('a start says who has it while it waits, and ends after its limit', async () => {
    const holder = new pg.Client({
      connectionString: database.url,
      application_name: 'old release',
    });
    await holder.connect();
    await holder.query('select pg_advisory_lock(7241190221)');
    const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
    const lines: string[] = [];
    const say = (line: string): void => {
      lines.push(line);
    };
    try {
      await expect(
        migrate(database.url, { lock: { limitMs: 700, sayMs: 200, say } }),
      ).rejects.toThrow(
        new RegExp(
          `process ${rows[0]?.pid} of the database \\(application old release,.* ` +
            `pg_terminate_backend\\(${rows[0]?.pid}\\)`,
        ),
      );
      expect(lines[0]).toMatch(/waiting for another start.*application old release/);
    } finally {
      await holder.end();
    }
    expect(await migrate(database.url)).toEqual([]);
  });
});
