import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ByteOrder1800000600000 } from '../../migrations/1800000600000-byte-order.js';
import { migrate, migrationOptions } from '../../src/database/migrate.js';
import { asAdmin, createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { compressed, HOLD_BEGIN, holdBatch } from '../../src/modules/liquidity/holds/hold-batch.js';
import { fillReservations } from '../support/many-reservations.js';
import {
  account,
  givenPool,
  invariants,
  type LedgerUnderTest,
  openLedger,
  request,
} from '../support/given-ledger.js';

/**
 * The order of the database's language changes under its indexes, as a new operating system or a
 * new ICU changes it: the indexes stay as they are, and the comparison is another one.
 */
let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase('en-US');
  await migrate(database.url);
});
afterEach(async () => {
  await database.drop();
});

const HOLDS = 90;

/** Letters come before digits for every connection that is made from now on. */
const changeOrder = (): Promise<void> =>
  asAdmin(
    "update pg_database set daticurules = '&z < 0 < 1 < 2 < 3 < 4 < 5 < 6 < 7 < 8 < 9' " +
      `where datname = '${database.name}'`,
  );

async function withLedger<T>(work: (under: LedgerUnderTest) => Promise<T>): Promise<T> {
  const under = openLedger(database.url);
  try {
    return await work(under);
  } finally {
    await under.connections.close();
  }
}

interface Again {
  /** Found the hold that was made before. */
  readonly found: number;
  /** Made a second one. */
  readonly second: number;
}
const tally = (
  reservationIds: readonly (string | undefined)[],
  firstIds: readonly string[],
): Again => ({
  found: reservationIds.filter((id, at) => id === firstIds[at]).length,
  second: reservationIds.filter((id) => id === undefined).length,
});

/**
 * Makes holds, changes the order, and asks again for each: with its key, for another wallet, and
 * for its wallet, with another key.
 */
async function askAgain(): Promise<{ readonly keys: Again; readonly wallets: Again }> {
  const first = Array.from({ length: HOLDS }, (_, at) => ({
    // digits against letters: where the two orders disagree
    key: at % 2 === 0 ? `${at}-order` : `order-${at}`,
    borrower: account(),
    reservationId: randomUUID(),
  }));
  const poolId = await withLedger(async (under) => {
    const { id } = await givenPool(under, 1_000_000n);
    for (const one of first)
      expect(await under.ledger.hold(request(id, one))).toMatchObject({ kind: 'held' });
    return id;
  });
  await changeOrder();
  return withLedger(async (under) => {
    const ofKeys: (string | undefined)[] = [];
    const ofWallets: (string | undefined)[] = [];
    for (const { key, borrower } of first) {
      const replayed = await under.ledger.hold(request(poolId, { key }));
      ofKeys.push(
        replayed.kind === 'replayed' && replayed.record.kind === 'held'
          ? replayed.record.reservationId
          : undefined,
      );
      const busy = await under.ledger.hold(request(poolId, { borrower, key: `other ${borrower}` }));
      ofWallets.push(busy.kind === 'borrower_busy' ? busy.reservationId : undefined);
    }
    const ids = first.map(({ reservationId }) => reservationId);
    const [keys, wallets] = [tally(ofKeys, ids), tally(ofWallets, ids)];
    const { held, held_sum } = await invariants(under, poolId);
    expect([held, held_sum]).toEqual(
      Array.from({ length: 2 }, () => String(100 * (HOLDS + keys.second + wallets.second))),
    );
    return { keys, wallets };
  });
}

test('keys and wallets find their holds after the order of the language has changed', async () => {
  const all = { found: HOLDS, second: 0 };
  expect(await askAgain()).toEqual({ keys: all, wallets: all });
}, 60_000);

test('in the order of the language itself, they make second holds', async () => {
  const source = await new DataSource(migrationOptions(database.url)).initialize();
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  await new ByteOrder1800000600000().down(runner);
  await runner.query('delete from schema_migrations where name = $1', [
    ByteOrder1800000600000.name,
  ]);
  await runner.commitTransaction();
  await runner.release();
  await source.destroy();
  const { keys, wallets } = await askAgain();
  console.log(
    `Second holds without the order of bytes, of ${HOLDS}: ${keys.second} by a replayed key, ` +
      `${wallets.second} by a wallet that has one`,
  );
  expect(keys.second).toBeGreaterThan(0);
  expect(wallets.second).toBeGreaterThan(0);
  // the migration does not choose between two holds
  await expect(migrate(database.url)).rejects.toThrow('could not create unique index');
}, 60_000);

test('the look-ups of a hold use the indexes, with parameters in the order of the language', async () => {
  const scans = await withLedger(async (under) => {
    const pool = await givenPool(under, 10_000_000n);
    await fillReservations(database.url, pool.id, 20_000, 'live');
    const client = await under.connections.write.connect();
    try {
      await client.query(HOLD_BEGIN);
      const outcomes = await holdBatch(
        { client },
        Array.from({ length: 64 }, (_, at) =>
          compressed(request(pool.id, { amount: 1n, key: `new ${at}` })),
        ),
        { keyHours: 24, chainLagSeconds: 60 },
      );
      expect(outcomes.every(({ kind }) => kind === 'held')).toBe(true);
      const { rows } = await client.query<{ table: string; whole: boolean; keyed: boolean }>(
        `select relname as table, seq_scan > 0 as whole, idx_scan > 0 as keyed
           from pg_stat_xact_user_tables
           where relname in ('idempotency_keys', 'live_borrowers', 'reservations') order by 1`,
      );
      await client.query('commit');
      return rows;
    } finally {
      client.release();
    }
  });
  expect(scans).toEqual(
    ['idempotency_keys', 'live_borrowers', 'reservations'].map((table) => ({
      table,
      whole: false,
      keyed: true,
    })),
  );
}, 60_000);
