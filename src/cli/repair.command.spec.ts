import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import {
  givenPool,
  invariants,
  type LedgerUnderTest,
  openLedger,
  request,
} from '../../test/support/given-ledger.js';
import { readConfig } from '../common/config.js';
import { SelfCheck } from '../modules/settlement/self-check.js';
import { checkCommand } from './check.command.js';
import { run as runCommand } from './command-line.js';
import { repairCommand } from './repair.command.js';
import { openRooms } from './rooms.js';
import { timeLeft } from './time-left.js';

let database: TestDatabase;
let under: LedgerUnderTest;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
});
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

/** Lines of progress of the last command. */
let shown: string[] = [];
/** What the last command does at Ctrl-C. */
let interrupt: () => void = () => undefined;
const run = (...args: string[]) => command(repairCommand, args);
const checked = (...args: string[]) => command(checkCommand, args);
async function command(
  made: typeof repairCommand,
  args: string[],
): Promise<{ code: number; said: string; complained: string }> {
  const [said, complained]: [string[], string[]] = [[], []];
  shown = [];
  const open = () =>
    openRooms(
      { databaseUrl: database.url, rpcUrl: 'http://127.0.0.1:9', networkPassphrase: 'none' },
      readConfig({}),
    );
  const terminal = {
    open,
    now: () => new Date(),
    onInterrupt: (work: () => void) => {
      interrupt = work;
      return () => undefined;
    },
    progress: (line: string) => shown.push(line),
    say: (line: string) => said.push(line),
    complain: (line: string) => complained.push(line),
  };
  const code = await runCommand(made(terminal), args, terminal);
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

test(
  'a difference is told to the unit, changes nothing by being found, and is mended by a ' +
    'person with a reason, which stays',
  async () => {
    const [pool, healthy] = [await givenPool(under, 1000n), await givenPool(under, 1000n)];
    for (const { id } of [pool, healthy]) await under.ledger.hold(request(id, { amount: 400n }));
    expect(await run('--check')).toMatchObject({
      code: 0,
      said: 'Every counter of 2 pools is the sum of its rows.',
    });
    expect(shown).toEqual(['1 of 2 pools checked', '2 of 2 pools checked']);
    await under.connections.write.query(
      'update pools set held = held + 7, in_flight = 5 where id = $1',
      [pool.id],
    );

    const alarms: unknown[] = [];
    const check = new SelfCheck(
      { ledger: under.ledger, pools: under.registry },
      { raise: (name, facts) => alarms.push([name, facts]) },
    );
    const faults = [
      { pool: pool.id, counter: 'held', stored: 407n, summed: 400n, difference: 7n },
      { pool: pool.id, counter: 'in_flight', stored: 5n, summed: 0n, difference: 5n },
    ];
    expect(await check.run()).toEqual(faults);
    expect(await check.run(healthy.id)).toEqual([]);
    expect(alarms).toEqual(
      faults.map((fault) => [
        'ledger_error',
        {
          ...fault,
          stored: fault.stored.toString(),
          summed: fault.summed.toString(),
          difference: fault.difference.toString(),
        },
      ]),
    );
    const told = [
      `${pool.id}: held is 407, its reservations sum to 400; difference 7 base units (0.0000007 in token units)`,
      `${pool.id}: in_flight is 5, its reservations sum to 0; difference 5 base units (0.0000005 in token units)`,
    ].join('\n');
    for (const answer of [await run('--check'), await checked(), await checked('--pool', pool.id)])
      expect(answer).toEqual({ code: 1, said: told, complained: '' });
    expect(await checked('--pool', healthy.id)).toEqual({
      code: 0,
      said: `Every counter of ${healthy.id} is the sum of its rows.`,
      complained: '',
    });
    expect(await invariants(under, pool.id)).toMatchObject({ held: '407' });

    expect(await run('--pool', pool.id, '--reason', 'a test wrote past the ledger')).toMatchObject({
      code: 0,
      said: expect.stringContaining('held 0.0000407 -> 0.00004, in flight 0.0000005 -> 0'),
    });
    expect(await invariants(under, pool.id)).toEqual({
      held: '400',
      held_sum: '400',
      in_flight: '0',
      in_flight_sum: '0',
    });
    expect(await run('--pool', pool.id, '--reason', 'a test wrote past the ledger')).toMatchObject({
      code: 0,
      said: expect.stringContaining('Nothing to repair'),
    });
    const { rows } = await under.connections.read.query(
      'select number, reason, held_before::text, held_after::text from ledger_repairs',
    );
    expect(rows).toEqual([
      { number: 1, reason: 'a test wrote past the ledger', held_before: '407', held_after: '400' },
    ]);
    for (const statement of [
      'update ledger_repairs set number = 2',
      'delete from ledger_repairs',
      'truncate ledger_repairs',
    ]) {
      await expect(under.connections.write.query(statement)).rejects.toMatchObject({
        code: '55000',
      });
    }
  },
);

test.each([
  [[]],
  [['--pool', '', '--reason', 'long enough a reason']],
  [['--pool', '01a20439-8365-721f-97de-c7ac9caaa4ad', '--reason', 'short']],
  [['--check', '--pool', 'x']],
  [['--force']],
])('%j is answered with the usage', async (args) => {
  expect(await run(...args)).toMatchObject({
    code: 2,
    said: '',
    complained: expect.stringContaining('Usage: repair --pool POOL_ID'),
  });
});

test('a pool that is not there, by its id or by a name', async () => {
  expect(await run('--pool', 'x', '--reason', 'long enough a reason')).toMatchObject({
    code: 1,
    said: '',
    complained: expect.stringContaining('There is no pool x. There are:'),
  });
  expect(
    await run('--pool', '01a20439-8365-721f-97de-c7ac9caaa4ad', '--reason', 'long enough a reason'),
  ).toMatchObject({ code: 1, complained: expect.stringContaining('There is no pool') });
});

test('a borrower marked without a live hold is told as a difference of its own', async () => {
  const pool = await givenPool(under, 1000n);
  await under.ledger.hold(request(pool.id, { amount: 400n }));
  await under.connections.write.query('delete from live_borrowers where pool_id = $1', [pool.id]);
  expect(await checked('--pool', pool.id)).toMatchObject({
    code: 1,
    said: `${pool.id}: 0 borrowers are marked as having a live hold, 1 live holds are there; difference -1`,
  });
});

test('what check cannot use or cannot find', async () => {
  expect(await checked('--pool', '')).toMatchObject({
    code: 2,
    complained: expect.stringContaining('Usage: check'),
  });
  expect(await checked('--pool', 'x')).toMatchObject({
    code: 1,
    complained: expect.stringContaining('There is no pool x. There are:'),
  });
  expect(await checked('--mend')).toMatchObject({ code: 2, said: '' });
  expect(await checked('--pool', '01a20439-8365-721f-97de-c7ac9caaa4ad')).toMatchObject({
    code: 1,
    complained: expect.stringContaining('There is no pool'),
  });
});

test('Ctrl-C cancels the statement that a check waits for', async () => {
  await givenPool(under, 1000n);
  const locking = new pg.Client(database.url);
  await locking.connect();
  try {
    await locking.query('begin; lock table reservations in access exclusive mode');
    const checking = checked();
    for (;;) {
      const { rowCount } = await under.connections.write.query(
        `select from pg_stat_activity where datname = current_database()
          and application_name = 'holdfast-ledger-read' and wait_event_type = 'Lock'`,
      );
      if (rowCount === 1) break;
    }
    interrupt();
    expect(await checking).toEqual({
      code: 1,
      said: '',
      complained: 'canceling statement due to user request',
    });
  } finally {
    await locking.query('rollback');
    await locking.end();
  }
});

test.each([
  [1, 10, 5_000, ''],
  [2, 10, 1_000, 'about 4 s left'],
  [30, 40, 359_000, 'about 2 min left'],
  [10, 100, 60_000, 'about 9 min left'],
  [40, 40, 9_000, ''],
])('the time left after %i of %i in %i ms: %s', (done, all, elapsedMs, left) => {
  expect(timeLeft(done, all, elapsedMs)).toBe(left);
});
