import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  givenPool,
  type LedgerUnderTest,
  openLedger,
  request,
  settlementOf,
  snapshot,
} from '../../../../test/support/given-ledger.js';
import type { Transaction } from '../../../database/transaction.js';
import { LedgerUpkeep } from './ledger-upkeep.js';
import type { PoolRecord } from '../pools/pool-registry.js';
import { DailyBalances } from '../snapshots/daily-balances.js';
import { pruneKeys, pruneLapses, pruneWindows } from './upkeep.sql.js';

const KEEP = { snapshotDays: 7, chainEventDays: 30, reconciliationDays: 90 };
const OLD = `clock_timestamp() - interval '1 year'`;
let database: TestDatabase;
let under: LedgerUnderTest;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
});
afterEach(() =>
  sql(
    'delete from idempotency_keys; delete from chain_events; delete from reconciliations; ' +
      'delete from fundings; delete from event_cursors; delete from snapshots',
  ),
);
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

const sql = (text: string, values: unknown[] = []) => under.connections.write.query(text, values);
const upkeep = (rowsAtOnce?: number): LedgerUpkeep =>
  new LedgerUpkeep(under.connections, 5000, rowsAtOnce);
const ledgersIn = async (
  table: 'snapshots' | 'chain_events' | 'fundings',
  pool: PoolRecord,
): Promise<number[]> =>
  (
    await under.connections.read.query<{ ledger: number }>(
      `select ledger::int from ${table} where pool_id = $1 order by ledger`,
      [pool.id],
    )
  ).rows.map(({ ledger }) => ledger);
const reconciledTo = async (pool: PoolRecord): Promise<number[]> =>
  (
    await under.connections.read.query<{ ledger: number }>(
      'select to_ledger::int as ledger from reconciliations where pool_id = $1 order by 1',
      [pool.id],
    )
  ).rows.map(({ ledger }) => ledger);

/**
 * A pool whose newest snapshot is at ledger 100; older ones, all a year old, at the ledgers named.
 */
async function poolWith(ledgers: readonly number[]): Promise<PoolRecord> {
  const pool = await givenPool(under, 1000n);
  await sql(
    'insert into snapshots (pool_id, ledger, total, locked, token_balance) select $1, u, ' +
      '1000, 0, 1000 from unnest($2::bigint[]) u',
    [pool.id, ledgers],
  );
  await sql(`update snapshots set observed_at = ${OLD} where pool_id = $1`, [pool.id]);
  return pool;
}
const readUpTo = (pool: PoolRecord, baseline: number, through: number) =>
  sql(
    'insert into event_cursors (pool_id, cursor, start_ledger, baseline_ledger, ' +
      `through_ledger) values ($1, '0000000000000000099-0000000000', 10, $2, $3)`,
    [pool.id, baseline, through],
  );
/** Three bridges that nothing moved. */
function bridgesAlike(difference: string | null): string {
  const bridge = { before: '1000', after: '1000', terms: {}, expected: null, difference };
  return JSON.stringify({ total: bridge, locked: bridge, tokenBalance: bridge });
}
const reconciled = (
  pool: PoolRecord,
  toLedger: number,
  outcome = 'explained',
  breaks: readonly string[] = [],
) =>
  sql(
    `insert into reconciliations (pool_id, from_ledger, to_ledger, outcome, total_difference,
      locked_difference, token_difference, bridges, breaks, at)
    values ($1, $2, $3, $4, $5, $5, $5, $7, $6, ${OLD})`,
    [
      pool.id,
      toLedger - 1,
      toLedger,
      outcome,
      outcome === 'unknown' ? null : 0,
      JSON.stringify(breaks.map((name) => ({ class: name }))),
      bridgesAlike(outcome === 'unknown' ? null : '0'),
    ],
  );
const idAt = (ledger: number): string => `${String(ledger).padStart(19, '0')}-0000000001`;
const event = (pool: PoolRecord, ledger: number, seenAt = OLD) =>
  sql(
    'insert into chain_events (pool_id, id, ledger, tx_hash, contract, name, topics, data, ' +
      `seen_at) values ($1, $2, $3, $4, 'C', 'LQFUND', '[]', '[]', ${seenAt})`,
    [pool.id, idAt(ledger), ledger, 'a'.repeat(64)],
  );
const funding = (pool: PoolRecord, ledger: number, reservationId: string | null) =>
  sql(
    'insert into fundings (pool_id, event_id, ledger, tx_hash, amount, envelope_hash, ' +
      'reservation_id) values ($1, $2, $3, $4, 100, $5, $6)',
    [pool.id, idAt(ledger), ledger, 'a'.repeat(64), reservationId && 'b'.repeat(64), reservationId],
  );

describe('idempotency keys', () => {
  const keys = async (): Promise<string[]> =>
    (
      await under.connections.read.query<{ key: string }>(
        'select key from idempotency_keys order by key',
      )
    ).rows.map(({ key }) => key);

  test(
    'an expired key is deleted and is then a new key, as it was before; a live one still ' +
      'replays its hold',
    async () => {
      const pool = await givenPool(under, 1000n);
      const [old, live] = [request(pool.id, { key: 'old' }), request(pool.id, { key: 'live' })];
      await Promise.all([under.ledger.hold(old), under.ledger.hold(live)]);
      await sql(
        `update idempotency_keys set expires_at = clock_timestamp() - interval '1 second' where key = 'old'`,
      );
      expect(await under.ledger.reader.findKey('default', 'old', 'f'.repeat(64))).toEqual({
        kind: 'unknown',
      });
      expect(await upkeep().prune(KEEP, 10)).toMatchObject({ keys: 1, again: false });
      expect(await keys()).toEqual(['live']);
      expect(await under.ledger.reader.findKey('default', 'live', 'f'.repeat(64))).toMatchObject({
        kind: 'known',
        record: { reservationId: live.reservationId },
      });
      expect(await under.ledger.hold(request(pool.id, { key: 'old' }))).toMatchObject({
        kind: 'held',
      });
      expect(await under.ledger.hold(request(pool.id, { key: 'live' }))).toMatchObject({
        kind: 'replayed',
      });
      const { rows } = await under.connections.read.query(
        'select count(*)::int as n from reservations where id = any ($1::uuid[])',
        [[old.reservationId, live.reservationId]],
      );
      expect(rows).toEqual([{ n: 2 }]); // the hold of a forgotten key counts on
    },
  );

  const manyExpired = async (count: number): Promise<void> => {
    const pool = await givenPool(under, 1000n);
    await sql(
      'insert into idempotency_keys (tenant_id, key, fingerprint, pool_id, request_id, ' +
        `outcome, expires_at) select 'default', 'k' || i, 'x', $1, $1, 'held', ${OLD} from ` +
        'generate_series(1, $2::int) i',
      [pool.id, count],
    );
  };

  test('in bounded batches: a round that stops at its bound says that there is more', async () => {
    await manyExpired(25);
    expect(await upkeep(10).prune(KEEP, 2)).toMatchObject({ keys: 20, again: true });
    expect(await upkeep(10).prune(KEEP, 2)).toMatchObject({ keys: 5, again: false });
    expect(await keys()).toEqual([]);
  });

  test('two workers at once delete each row once and wait for no lock, not even for the gate', async () => {
    await manyExpired(1000);
    const held = await under.connections.read.connect();
    try {
      // as a ledger transaction that does not end
      await held.query('begin; lock table ledger_gate in exclusive mode');
      const other = openLedger(database.url);
      const rounds = await Promise.all([
        upkeep(50).prune(KEEP, 100),
        new LedgerUpkeep(other.connections, 5000, 50).prune(KEEP, 100),
      ]);
      expect(rounds.map((round) => round.keys).reduce((a, b) => a + b)).toBe(1000);
      await other.connections.close();
    } finally {
      await held.query('rollback');
      held.release();
    }
    expect(await keys()).toEqual([]);
  });

  test('a request with the very key that is being deleted waits for it and is answered as a new one', async () => {
    const pool = await givenPool(under, 1000n);
    await under.ledger.hold(request(pool.id, { key: 'reused' }));
    await sql(`update idempotency_keys set expires_at = ${OLD}`);
    const outcomes = await Promise.all([
      upkeep().prune(KEEP, 1),
      under.ledger.hold(request(pool.id, { key: 'reused' })),
    ]);
    expect(outcomes[1]).toMatchObject({ kind: 'held' });
    expect(await keys()).toEqual(['reused']);
  });
});

describe('snapshots', () => {
  test(
    'what the pool answered while they were the newest is reported as no longer known, not ' +
      'as a pool that was never read',
    async () => {
      const pool = await poolWith([90, 95]);
      await sql(
        `update pools set created_at = clock_timestamp() - interval '2 years' where id = $1`,
        [pool.id],
      );
      await sql('alter table pool_rules_history disable trigger pool_rules_history_guard');
      await sql(
        `update pool_rules_history set at = clock_timestamp() - interval '2 years' where pool_id = $1`,
        [pool.id],
      );
      await sql('alter table pool_rules_history enable trigger pool_rules_history_guard');
      await sql(
        `update snapshots set observed_at = clock_timestamp() - interval '1 day' where pool_id = $1 and ledger = 100`,
        [pool.id],
      );
      const then = async (ago: string): Promise<unknown> =>
        (
          await sql(
            `select answer, available, not_known from reporting.position_at($1, clock_timestamp() - interval '${ago}')`,
            [pool.id],
          )
        ).rows[0];
      const unread = {
        answer: 'SNAPSHOT_STALE',
        available: null,
        not_known: expect.stringMatching(/^no reading had been stored;/),
      };
      expect([await then('200 days'), await then('400 days')]).toMatchObject([
        { answer: 'SNAPSHOT_STALE', not_known: expect.not.stringMatching(/reading/) },
        unread,
      ]); // read, a long time before; not read yet
      await upkeep().prune(KEEP, 10);
      const pruned = {
        answer: 'not known: the readings of then are not kept any more',
        available: null,
        not_known: expect.stringMatching(
          /^what had been read of the pool: readings are kept since 20.* only;/,
        ),
      };
      expect([
        await then('200 days'),
        await then('400 days'),
        await then('1 second'),
      ]).toMatchObject([
        pruned,
        unread,
        {
          answer: expect.stringMatching(/^SNAPSHOT_STALE$/),
          not_known: expect.not.stringMatching(/reading/),
        },
      ]);
    },
  );

  test('without any events read only the newest stays: the bridges will begin there', async () => {
    const pool = await poolWith([90, 95]);
    expect(await upkeep().prune(KEEP, 10)).toMatchObject({ snapshots: 2 });
    expect(await ledgersIn('snapshots', pool)).toEqual([100]);
  });

  test('those of a pair that is not reconciled yet stay, however old', async () => {
    const pool = await poolWith([80, 85, 90, 95]);
    await readUpTo(pool, 85, 99);
    await upkeep().prune(KEEP, 10);
    // the first pair begins at the baseline
    expect(await ledgersIn('snapshots', pool)).toEqual([85, 90, 95, 100]);
    await reconciled(pool, 90);
    await upkeep().prune(KEEP, 10);
    expect(await ledgersIn('snapshots', pool)).toEqual([90, 95, 100]);
  });

  test(
    'the snapshot that a live hold was decided on stays until the hold has ended; recent ' +
      'ones stay anyway',
    async () => {
      const pool = await poolWith([90]);
      const asked = request(pool.id);
      await under.ledger.hold(asked); // decided on the snapshot at ledger 100
      await under.ledger.snapshots.observe(snapshot(pool.id, 110, { total: 1000n }));
      await under.ledger.snapshots.observe(snapshot(pool.id, 120, { total: 1000n }));
      await upkeep().prune(KEEP, 10);
      expect(await ledgersIn('snapshots', pool)).toEqual([100, 110, 120]);
      await under.ledger.ends.settle([settlementOf(asked, 115)]);
      await upkeep().prune(KEEP, 10);
      expect(await ledgersIn('snapshots', pool)).toEqual([110, 120]);
    },
  );
});

describe('events and reconciliations', () => {
  test(
    'events that are reconciled and old go; later and younger ones stay, and what the cursor ' +
      'may read again',
    async () => {
      const pool = await poolWith([80, 90]);
      await readUpTo(pool, 80, 99);
      await reconciled(pool, 90);
      for (const ledger of [70, 88, 90, 95]) await event(pool, ledger);
      await event(pool, 89, 'clock_timestamp()');
      expect(await upkeep().prune(KEEP, 10)).toMatchObject({ events: 2 });
      expect(await ledgersIn('chain_events', pool)).toEqual([89, 90, 95]);
      await sql(`update event_cursors set cursor = null, start_ledger = 85 where pool_id = $1`, [
        pool.id,
      ]);
      await event(pool, 86);
      expect(await upkeep().prune(KEEP, 10)).toMatchObject({ events: 0 });
    },
  );

  test("a funding outlives its event, a stranger's too: finance's view shows it as before", async () => {
    const pool = await poolWith([90]);
    const asked = request(pool.id);
    await under.ledger.hold(asked);
    await under.ledger.ends.settle([settlementOf(asked, 81)]);
    await readUpTo(pool, 80, 99);
    await reconciled(pool, 90);
    for (const ledger of [81, 82]) await event(pool, ledger);
    await funding(pool, 81, asked.reservationId);
    await funding(pool, 82, null);
    const shown = async (): Promise<unknown[]> =>
      (await sql('select * from reporting.fundings_without_hold_v1 where pool_id = $1', [pool.id]))
        .rows;
    const before = await shown();
    expect(before).toMatchObject([{ ledger: '82', seen_at: expect.any(Date) }]);
    expect(await upkeep().prune(KEEP, 10)).toMatchObject({ events: 2 });
    expect([await ledgersIn('chain_events', pool), await ledgersIn('fundings', pool)]).toEqual([
      [],
      [81, 82],
    ]);
    expect(await shown()).toEqual(before);
  });

  test(
    'only reconciliations that explain everything and report no break are deleted, and ' +
      'never the newest',
    async () => {
      const pool = await poolWith([]);
      await readUpTo(pool, 80, 99);
      await reconciled(pool, 81);
      await reconciled(pool, 82, 'unexplained', ['unexplained']);
      await reconciled(pool, 83, 'unknown', ['gap']);
      await reconciled(pool, 84, 'explained', ['unreserved_funding', 'in_transit']);
      await reconciled(pool, 85, 'explained', ['in_transit']);
      await reconciled(pool, 86);
      expect(await upkeep().prune(KEEP, 10)).toMatchObject({ reconciliations: 0 });
      // not before they are summed up by day
      await new DailyBalances(under.connections, 5000).note(pool.id, 1);
      expect(await upkeep().prune(KEEP, 10)).toMatchObject({ reconciliations: 2 });
      expect(await reconciledTo(pool)).toEqual([82, 83, 84, 86]);
    },
  );

  test('the oldest rows are found by an index, without a walk over the others', async () => {
    const { rows } = await under.connections.read.query<{ name: string }>(
      'select indexname as name from pg_indexes where indexname in ' +
        `('idempotency_keys_by_expiry', 'reconciliations_unremarkable') order by 1`,
    );
    expect(rows).toHaveLength(2);
    await sql(`insert into idempotency_keys (tenant_id, key, fingerprint, pool_id, request_id, outcome, expires_at)
      select 'default', 'plan' || i, 'x', gen_random_uuid(), gen_random_uuid(), 'held',
        clock_timestamp() + interval '1 day' from generate_series(1, 20000) i`);
    await sql(
      `insert into rate_windows select 'plan' || i, 1, clock_timestamp() + interval '1 ` +
        `minute' from generate_series(1, 20000) i`,
    );
    await sql(
      `insert into wallet_lapses select 'net', 'plan' || i, 1, clock_timestamp() from generate_series(1, 20000) i`,
    );
    await sql('analyze idempotency_keys, rate_windows, wallet_lapses');
    for (const [prune, index, column] of [
      [pruneKeys, 'idempotency_keys_by_expiry', 'expires_at'],
      [pruneWindows, 'rate_windows_by_end', 'ends_at'],
      [pruneLapses, 'wallet_lapses_by_time', 'last_lapsed_at'],
    ] as const) {
      const asked: [string, unknown[]][] = [];
      const client = {
        query: (text: string, values: unknown[]) => {
          asked.push([text, values]);
          return Promise.resolve({ rowCount: 0 });
        },
      };
      await prune({ client: client as unknown as Transaction['client'] }, 500);
      const [[text, values] = ['', []]] = asked;
      const plan = (await sql(`explain ${text}`, values)).rows
        .map((row: { 'QUERY PLAN': string }) => row['QUERY PLAN'])
        .join('\n');
      // not a filter, which would read every row that is not due
      expect(plan).toMatch(new RegExp(`using ${index}[^]*Index Cond: \\(${column} <`));
    }
    await sql('delete from rate_windows; delete from wallet_lapses');
  });
});

test('reservations, loans, envelopes, journal and refusals are never touched', async () => {
  const pool = await givenPool(under, 1000n);
  const asked = request(pool.id, { key: 'settled' });
  await under.ledger.hold(asked);
  await under.ledger.hold(request(pool.id, { amount: 5000n, key: 'refused' }));
  await under.ledger.ends.settle([settlementOf(asked, 101)]);
  await sql(`update idempotency_keys set expires_at = ${OLD}`);
  const counts = `select (select count(*)::int from reservations
    where pool_id = $1) as reservations, (select count(*)::int from loans where pool_id = $1) as loans,
    (select count(*)::int from envelopes where pool_id = $1) as envelopes, (select count(*)::int
      from reservation_events where pool_id = $1) as journal, (select count(*)::int from refusals
      where pool_id = $1) as refusals`;
  expect(
    await upkeep().prune({ snapshotDays: 1, chainEventDays: 1, reconciliationDays: 1 }, 100),
  ).toMatchObject({ keys: 2 });
  expect((await under.connections.read.query(counts, [pool.id])).rows).toEqual([
    { reservations: 1, loans: 1, envelopes: 1, journal: 2, refusals: 1 },
  ]);
});

describe('limits of callers and wallets', () => {
  test(
    'windows that are over and lapses of two days ago are deleted in bounded batches; what ' +
      'still counts stays',
    async () => {
      await sql(
        `insert into rate_windows select 'old' || i, 1, ${OLD} from generate_series(1, 25) i ` +
          `union all select 'open', 7, clock_timestamp() + interval '30 seconds'`,
      );
      await sql(
        `insert into wallet_lapses select 'net', 'old' || i, 9, ${OLD} from ` +
          `generate_series(1, 15) i union all select 'net', 'counts', 9, clock_timestamp() - ` +
          `interval '47 hours'`,
      );
      expect(await upkeep(10).prune(KEEP, 2)).toMatchObject({
        windows: 20,
        lapses: 15,
        again: true,
      });
      expect(await upkeep(10).prune(KEEP, 2)).toMatchObject({
        windows: 5,
        lapses: 0,
        again: false,
      });
      expect(
        (
          await sql(
            'select subject as kept from rate_windows union all select account from wallet_lapses',
          )
        ).rows,
      ).toEqual([{ kept: 'open' }, { kept: 'counts' }]);
    },
  );

  test('a wallet whose lapse is written while its old row is deleted starts a new count', async () => {
    const pool = await givenPool(under, 1000n);
    const asked = request(pool.id);
    await under.ledger.hold(asked);
    await sql(`insert into wallet_lapses values ($1, $2, 9, ${OLD})`, [
      pool.network,
      asked.borrower,
    ]);
    const [, ended] = await Promise.all([
      upkeep().prune(KEEP, 5),
      under.ledger.ends.expire([
        {
          poolId: pool.id,
          reservationId: asked.reservationId,
          envelopeVersion: 1,
          passedLedger: 200,
          passedCloseTime: BigInt(Math.floor(Date.now() / 1000)) + 100_000n,
          firstVoteLedger: 202,
          secondVoteLedger: 203,
          oldestLedger: 50,
        },
      ]),
    ]);
    expect(ended).toEqual([{ written: true, state: 'expired' }]);
    expect(
      (await sql('select lapses from wallet_lapses where account = $1', [asked.borrower])).rows,
    ).toEqual([{ lapses: 1 }]);
  });
});

describe('closings of ledgers', () => {
  const kept = async (network: string): Promise<unknown> =>
    (
      await sql(
        `select believed, count(*)::int as n, min(ledger)::int as first, max(ledger)::int as last
    from ledger_times where network = $1 group by believed order by believed`,
        [network],
      )
    ).rows;
  const closings = (
    network: string,
    believed: boolean,
    of: { readonly first: number; readonly last: number; readonly from: number },
  ) =>
    sql(
      'insert into ledger_times (network, ledger, close_time, believed) select $1, i, ' +
        'to_timestamp($5 + 5 * i), $2 from generate_series($3::int, $4::int) i',
      [network, believed, of.first, of.last, of.from],
    );

  test(
    'a network that began again is not believed, however many of its ledgers wait; believed ' +
      'and waiting ones are kept apart',
    async () => {
      const network = 'began again';
      await closings(network, true, { first: 100_001, last: 100_520, from: 0 });
      await closings(network, false, { first: 1, last: 510, from: 600_000 });
      const head = { ledger: 511, closeTime: 602_555n };
      const waits = { dating: { kind: 'waiting', against: { ledger: 100_520 }, farBehind: true } };
      expect(await under.ledger.snapshots.seeHead(network, head)).toMatchObject(waits);
      expect(await under.ledger.snapshots.ledgerTimes(network)).toMatchObject({
        length: 64,
        0: { ledger: 100_520 },
      });
      expect(await upkeep(20).prune(KEEP, 1)).toMatchObject({ ledgerTimes: 20, again: true });
      expect(await upkeep(20).prune(KEEP, 1)).toMatchObject({ ledgerTimes: 11, again: false });
      expect(await kept(network)).toEqual([
        { believed: false, n: 500, first: 12, last: 511 },
        { believed: true, n: 500, first: 100_021, last: 100_520 },
      ]);
      expect(
        await under.ledger.snapshots.seeHead(network, { ledger: 512, closeTime: 602_560n }),
      ).toMatchObject(waits);
    },
  );
});
