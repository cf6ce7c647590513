import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { givenPool, invariants, type LedgerUnderTest, openLedger, request } from '../../test/support/given-ledger.js';
import { readConfig } from '../common/config.js';
import { SelfCheck } from '../modules/settlement/self.check.js';
import { runRepair } from './repair.command.js';
import { openRooms } from './rooms.js';

let database: TestDatabase;
let under: LedgerUnderTest;
beforeAll(async () => { database = await createTestDatabase(); under = openLedger(database.url); });
afterAll(async () => { await under.connections.close(); await database.drop(); });

async function run(...args: string[]): Promise<{ code: number; said: string; complained: string }> {
  const [said, complained]: [string[], string[]] = [[], []];
  const open = () => openRooms({ databaseUrl: database.url, rpcUrl: 'http://127.0.0.1:9', networkPassphrase: 'none' }, readConfig({}));
  const code = await runRepair(args, { open, say: (line) => said.push(line), complain: (line) => complained.push(line) });
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

test('a difference is told to the unit, changes nothing by being found, and is mended by a person with a reason, which stays', async () => {
  const [pool, healthy] = [await givenPool(under, 1000n), await givenPool(under, 1000n)];
  for (const { id } of [pool, healthy]) await under.ledger.hold(request(id, { amount: 400n }));
  expect(await run('--check')).toMatchObject({ code: 0, said: 'Every counter is the sum of its reservations.' });
  await under.connections.write.query('update pools set held = held + 7, in_flight = 5 where id = $1', [pool.id]);

  const alarms: unknown[] = [];
  const check = new SelfCheck(under.ledger, { raise: (name, facts) => alarms.push([name, facts]) });
  expect(await check.run()).toMatchObject([{ poolId: pool.id, held: 407n, heldSum: 400n, inFlight: 5n, inFlightSum: 0n }]);
  expect(await check.run(healthy.id)).toEqual([]);
  expect(alarms).toEqual([['ledger_error', { pool: pool.id, held: '407', heldSum: '400', inFlight: '5', inFlightSum: '0', liveHolds: 1, liveBorrowers: 1 }]]);
  expect(await run('--check')).toMatchObject({ code: 1, said: expect.stringContaining(`${pool.id}: held 407, its holds sum to 400; in flight 5, sum 0`) });
  expect(await invariants(under, pool.id)).toMatchObject({ held: '407' });

  expect(await run('--pool', pool.id, '--reason', 'a test wrote past the ledger')).toMatchObject({ code: 0, said: expect.stringContaining('held 0.0000407 -> 0.00004, in flight 0.0000005 -> 0') });
  expect(await invariants(under, pool.id)).toEqual({ held: '400', held_sum: '400', in_flight: '0', in_flight_sum: '0' });
  expect(await run('--pool', pool.id, '--reason', 'a test wrote past the ledger')).toMatchObject({ code: 0, said: expect.stringContaining('Nothing to repair') });
  const { rows } = await under.connections.read.query('select number, reason, held_before::text, held_after::text from ledger_repairs');
  expect(rows).toEqual([{ number: 1, reason: 'a test wrote past the ledger', held_before: '407', held_after: '400' }]);
  for (const statement of ['update ledger_repairs set number = 2', 'delete from ledger_repairs', 'truncate ledger_repairs']) {
    await expect(under.connections.write.query(statement)).rejects.toMatchObject({ code: '55000' });
  }
});

test.each([[[]], [['--pool', 'x', '--reason', 'long enough a reason']], [['--pool', '01a20439-8365-721f-97de-c7ac9caaa4ad', '--reason', 'short']], [['--check', '--pool', 'x']], [['--force']]])('%j is answered with the usage', async (args) => {
  expect(await run(...args)).toMatchObject({ code: 2, said: '', complained: expect.stringContaining('npm run ledger:repair -- --pool POOL_ID') });
});

test('a pool that is not there', async () => {
  expect(await run('--pool', '01a20439-8365-721f-97de-c7ac9caaa4ad', '--reason', 'long enough a reason')).toMatchObject({ code: 1, complained: expect.stringContaining('There is no pool') });
});
