import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate } from '../../../database/migrate.js';
import {
  asAdmin,
  createEmptyDatabase,
  type TestDatabase,
} from '../../../../test/support/database.js';
import { type LedgerUnderTest, openLedger } from '../../../../test/support/given-ledger.js';
import { SelfCheck } from '../../settlement/self-check.js';
import { orderSentence } from './text-order.sql.js';

let database: TestDatabase;
let under: LedgerUnderTest;
beforeAll(async () => {
  database = await createEmptyDatabase('en-US');
  await migrate(database.url);
  under = openLedger(database.url);
});
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

const record = (version: string): Promise<void> =>
  asAdmin(`update pg_database set datcollversion = ${version} where datname = '${database.name}'`);
const refresh = (): Promise<void> =>
  asAdmin(`alter database ${database.name} refresh collation version`);
async function alarmsOf(poolId: string | null): Promise<unknown[]> {
  const alarms: unknown[] = [];
  await new SelfCheck(
    { ledger: under.ledger, pools: under.registry },
    { raise: (name, facts) => alarms.push([name, facts]) },
  ).run(poolId);
  return alarms;
}
const actual = expect.stringMatching(/^[\d.]+$/) as unknown;

test('another version than the recorded one is an alarm until it is recorded', async () => {
  expect(await under.ledger.guards.orderChange()).toBeNull();
  await record("'72.1'");
  const changed = await under.ledger.guards.orderChange();
  expect(changed).toEqual({ recorded: '72.1', actual });
  expect(await alarmsOf(null)).toEqual([['text_order_changed', changed]]);
  await refresh();
  expect(await under.ledger.guards.orderChange()).toBeNull();
  expect(await alarmsOf(null)).toEqual([]);
});

test('where no version was recorded, as on Alpine, it is said and raises no alarm', async () => {
  await record('null');
  const changed = await under.ledger.guards.orderChange();
  expect(changed).toEqual({ recorded: null, actual });
  expect(await alarmsOf(null)).toEqual([]);
  await expect(refresh()).rejects.toThrow('invalid collation version change');
});

test('the sentence says what to do, and what is not known', () => {
  expect(orderSentence({ recorded: '2.36', actual: null })).toBe(
    'text is ordered by a library of no known version and the indexes were made with version ' +
      '2.36 of its library: run REINDEX DATABASE, then ALTER DATABASE ... REFRESH COLLATION ' +
      'VERSION (docs/operations.md#text-order)',
  );
});
