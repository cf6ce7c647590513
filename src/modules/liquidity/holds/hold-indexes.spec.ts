import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  givenPool,
  type LedgerUnderTest,
  openLedger,
  request,
} from '../../../../test/support/given-ledger.js';
import { fillReservations } from '../../../../test/support/many-reservations.js';
import { compressed, HOLD_BEGIN, holdBatch } from './hold-batch.js';
import { HOLD_COLUMNS } from './hold-rows.sql.js';

/**
 * An index made for a list was once taken for a primary key: each hold read its whole pool, and a
 * batch of 64 took 32 ms instead of 9.
 */
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

interface Reads {
  readonly name: string;
  readonly scans: number;
  readonly entries: number;
}
/**
 * What one batch of `holds` new holds reads of the reservations, index by index. The session's
 * counts go on from transaction to transaction until they are reported.
 */
async function readsOf(poolId: string, holds: number): Promise<Reads[]> {
  const client = await under.connections.write.connect();
  const now = async (): Promise<Reads[]> =>
    (
      await client.query<Reads>(`select c.relname as name,
      pg_stat_get_xact_numscans(c.oid)::int as scans,
      pg_stat_get_xact_tuples_returned(c.oid)::int as entries
    from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'reservations'::regclass order by 1`)
    ).rows;
  try {
    await client.query(HOLD_BEGIN);
    const before = await now();
    const outcomes = await holdBatch(
      { client },
      Array.from({ length: holds }, () => compressed(request(poolId, { amount: 1n }))),
      { keyHours: 24, chainLagSeconds: 60 },
    );
    expect(outcomes.every(({ kind }) => kind === 'held')).toBe(true);
    const after = await now();
    await client.query('commit');
    return after
      .map(({ name, scans, entries }, at) => ({
        name,
        scans: scans - (before[at]?.scans ?? 0),
        entries: entries - (before[at]?.entries ?? 0),
      }))
      .filter(({ scans }) => scans > 0);
  } finally {
    client.release();
  }
}

test.each(['fresh tables', '20,000 old rows, analyzed'])(
  '%s: new holds are looked up by keys alone, and no look-up reads more than it finds',
  async (state) => {
    const pool = await givenPool(under, 10_000_000n);
    if (state !== 'fresh tables') await fillReservations(database.url, pool.id, 20_000, 'old');
    await readsOf(pool.id, 64); // the plans are made, and there is something to be found
    // of each hold: the look-up that finds nothing
    expect(await readsOf(pool.id, 64)).toEqual([
      { name: 'reservations_pkey', scans: 64, entries: 0 },
    ]);
  },
);

test('the type new_hold has the columns that are sent, in their order', async () => {
  const { rows } = await under.connections.read.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
       where attrelid = 'new_hold'::regclass and attnum > 0 order by attnum`,
  );
  expect(rows).toEqual(Object.entries(HOLD_COLUMNS).map(([name, { type }]) => ({ name, type })));
});
