import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  givenPool,
  type LedgerUnderTest,
  openLedger,
  request,
  snapshot,
  STRANGER_BYTES,
  unseenPool,
} from '../support/given-ledger.js';

describe('what the schema guarantees', () => {
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
  const ask = async (text: string, values: unknown[] = []): Promise<unknown[]> =>
    (await under.connections.write.query(text, values)).rows as unknown[];

  test('a pool has a generation that the service knows', async () => {
    const pool = await givenPool(under, 1000n);
    const claim = (generation: string): Promise<unknown[]> =>
      ask('update pools set generation = $2 where id = $1 returning generation', [
        pool.id,
        generation,
      ]);
    expect(await claim('trustup')).toEqual([{ generation: 'trustup' }]);
    await expect(claim('another')).rejects.toMatchObject({
      code: '23514',
      message: expect.stringContaining('generation must be one of') as unknown,
    });
    await claim('g1');
  });

  test('each change of the limits of wallets is a row of the rules', async () => {
    const pool = await unseenPool(under);
    await under.registry.change(pool.id, { maxWalletShareBps: 2000 });
    await under.registry.change(pool.id, { lapsesMax: 1 });
    expect(
      await ask(
        `select number, max_wallet_share::text as share, lapses_max, known_before
           from reporting.pool_rules_v1 where pool_id = $1 order by number`,
        [pool.id],
      ),
    ).toEqual([
      { number: 1, share: '1.0000', lapses_max: 3, known_before: true },
      { number: 2, share: '0.2000', lapses_max: 3, known_before: true },
      { number: 3, share: '0.2000', lapses_max: 1, known_before: true },
    ]);
  });

  test('a process of the previous release may leave out what it does not know about a snapshot', async () => {
    const pool = await givenPool(under, 1000n);
    const observe = async (rest: string): Promise<unknown> =>
      (
        (await under.connections.write.query(
          'begin isolation level serializable; select observe_pool($$' +
            `${pool.id}$$, ${rest}); commit`,
        )) as unknown as { rows: unknown[] }[]
      )[1]?.rows;
    await under.ledger.snapshots.observe(
      snapshot(pool.id, 101, { total: 1000n, lastLoanId: 7n, contractPaused: true }),
    );
    expect(await observe('102, 5, 0, 5, null, 102, 1790000000')).toEqual([{ observe_pool: true }]);
    expect(await under.ledger.reader.position(pool.id)).toMatchObject({
      snapshotLedger: 102,
      lastLoanId: null,
      contractPaused: null,
    });
    expect(await observe('103, 5, 0, 5, null, 103, 1790000000, 8')).toEqual([
      { observe_pool: true },
    ]);
    expect(await under.ledger.reader.position(pool.id)).toMatchObject({
      snapshotLedger: 103,
      lastLoanId: 8n,
      contractPaused: null,
    });
    await under.ledger.snapshots.observe(
      snapshot(pool.id, 104, { total: 1000n, contractPaused: true }),
    );
    expect(await under.ledger.reader.position(pool.id)).toMatchObject({
      snapshotLedger: 104,
      contractPaused: true,
    });
  });

  test.each([
    ['loan ids', { first: 1n, last: 2n, bytes: 1_000_000 }],
    ['bytes', { first: 1n, last: 25n, bytes: 2 * STRANGER_BYTES - 1 }],
  ])(
    'a hold without stored sizes counts as the largest entry, and the next one takes no ' +
      '%s that a live one needs',
    async (_, window) => {
      const database = await createTestDatabase();
      const under = openLedger(database.url);
      try {
        const pool = await givenPool(under, 1000n);
        await under.registry.change(pool.id, { strict: true });
        expect(await under.ledger.hold(request(pool.id, { window }))).toMatchObject({
          kind: 'held',
        });
        const old = request(pool.id);
        expect(await under.ledger.hold(old)).toMatchObject({ kind: 'held' });
        const { write } = under.connections;
        await write.query('update reservations set entry_bytes = null where id = $1', [
          old.reservationId,
        ]);
        await write.query(
          `update envelopes set window_bytes = null, window_fee = null where reservation_id = $1`,
          [old.reservationId],
        );
        const next = request(pool.id);
        const largest = { ...next.loan, entryBytes: STRANGER_BYTES };
        expect(await under.ledger.hold({ ...next, loan: largest })).toMatchObject({
          kind: 'counter_window_full',
        });
      } finally {
        await under.connections.close();
        await database.drop();
      }
    },
  );

  test('a pool whose snapshots were deleted is not reported as never observed', async () => {
    const pool = await givenPool(under, 1000n);
    await ask(`update pools set created_at = created_at - interval '30 days' where id = $1`, [
      pool.id,
    ]);
    await ask(
      `insert into snapshots (pool_id, ledger, total, locked, token_balance, observed_at)
         values ($1, 1, 5, 0, 5, clock_timestamp() - interval '25 days')`,
      [pool.id],
    );
    await ask('delete from snapshots where pool_id = $1 and ledger = 1', [pool.id]);
    expect(
      await ask(
        "select not_known ~ 'readings are kept since' as told from " +
          "reporting.position_at($1, clock_timestamp() - interval '20 days')",
        [pool.id],
      ),
    ).toEqual([{ told: true }]);
  });

  test('a funding without a hold is kept longer than its event, with its time', async () => {
    const pool = await givenPool(under, 1000n);
    const event = `${'1'.padStart(19, '0')}-0000000001`;
    await ask(
      `insert into chain_events (pool_id, id, ledger, tx_hash, contract, name, topics, data)
         values ($1, $2, 90, repeat('a', 64), 'C', 'LQFUND', '[]', '{}')`,
      [pool.id, event],
    );
    await ask(
      `insert into fundings (pool_id, event_id, ledger, tx_hash, amount)
         values ($1, $2, 90, repeat('a', 64), 5)`,
      [pool.id, event],
    );
    const shown = (): Promise<unknown[]> =>
      ask('select * from reporting.fundings_without_hold_v1 where pool_id = $1', [pool.id]);
    const before = await shown();
    expect(before).toEqual([expect.objectContaining({ seen_at: expect.any(Date) })]);
    await ask('delete from chain_events where pool_id = $1', [pool.id]);
    expect(await shown()).toEqual(before);
  });
});
