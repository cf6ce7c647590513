import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  givenPool,
  type LedgerUnderTest,
  NETWORK,
  nowSeconds,
  openLedger,
  REFUSED,
  request,
  snapshot,
  STRANGER_BYTES,
} from '../../../../test/support/given-ledger.js';
import { startPostgres } from '../../../../sandbox/postgres/embedded.js';
import type { QuarantineStep } from './quarantine.sql.js';
import { durabilityFaults, refuseVolatile } from './database-durability.js';

let database: TestDatabase;
let under: LedgerUnderTest;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
  await under.ledger.guards.noticeDatabase();
});
afterEach(() => under.connections.write.query(`update pools set state = 'closed'`));
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

/** What a restore into another cluster, or the promotion of a standby, looks like. */
const becomeAnother = (column: 'cluster' | 'timeline' | 'database_oid' = 'timeline') =>
  under.connections.read.query(
    `update database_identity set ${column} = ${column === 'database_oid' ? '1' : `'another'`}`,
  );
/**
 * Chain time a little ahead of the database's clock, as that of a ledger that closes after the
 * change.
 */
const chainNow = (): bigint => nowSeconds() + 60n;
let ledgers = 100;
/**
 * A round at a ledger that closed then: the pools are read at it, and quarantines go on by its
 * time.
 */
async function roundAt(
  closeTime: bigint,
  ...pools: readonly { readonly id: string }[]
): Promise<readonly QuarantineStep[]> {
  ledgers += 1;
  for (const { id } of pools)
    await under.ledger.snapshots.observe(snapshot(id, ledgers, { total: 1000n }, closeTime));
  return under.ledger.guards.advanceQuarantine(NETWORK, closeTime);
}
const stateOf = async (id: string): Promise<string | undefined> =>
  (await under.ledger.reader.position(id))?.state;

test('outlasts the fences of authorizations, where they are issued', async () => {
  const issuing = openLedger(database.url, { pace: { fastest: 4, slowest: 10 } });
  const pool = await givenPool(issuing, 1000n);
  await issuing.ledger.guards.quarantineAll({ reason: 'it was restored', by: 'tester' });
  const closeTime = chainNow();
  await issuing.ledger.snapshots.observe(snapshot(pool.id, 101, { total: 1000n }, closeTime));
  expect(await issuing.ledger.guards.advanceQuarantine(NETWORK, closeTime)).toContainEqual({
    poolId: pool.id,
    ended: false,
  });
  // 300 seconds are 75 ledgers at the fastest, which may take 10 seconds each
  expect((await issuing.ledger.reader.position(pool.id))?.quarantine).toMatchObject({
    until: closeTime + 750n,
  });
  await issuing.connections.close();
});

test('outlasts the fences also when the network stands still meanwhile', async () => {
  const issuing = openLedger(database.url, { pace: { fastest: 4, slowest: 10 } });
  const pool = await givenPool(issuing, 1000n);
  const round = async (ledger: number, closeTime: bigint) => {
    await issuing.ledger.snapshots.observe(snapshot(pool.id, ledger, { total: 1000n }, closeTime));
    await issuing.ledger.guards.advanceQuarantine(NETWORK, closeTime);
    return stateOf(pool.id);
  };
  await issuing.ledger.guards.quarantineAll({ reason: 'it was restored', by: 'tester' });
  const closeTime = chainNow();
  const { rows } = await issuing.connections.read.query<{ newest: number }>(
    `select greatest(1000, max(ledger))::int as newest from ledger_times where network = $1`,
    [NETWORK],
  );
  const start = (rows[0]?.newest ?? 0) + 1;
  expect(await round(start, closeTime)).toBe('quarantined');
  // an hour without a ledger; the fences are up to 75 ledgers after the start
  expect(await round(start + 1, closeTime + 3600n)).toBe('quarantined');
  expect(await round(start + 74, closeTime + 4000n)).toBe('quarantined');
  expect(await round(start + 75, closeTime + 4005n)).toBe('active');
  await issuing.connections.close();
});

describe('another database than before', () => {
  test('the first look only remembers; the same database again changes nothing', async () => {
    const pool = await givenPool(under, 1000n);
    expect(await under.ledger.guards.noticeDatabase()).toBe(0);
    expect(await stateOf(pool.id)).toBe('active');
    const { rows } = await under.connections.read.query<{ n: number }>(
      'select count(*)::int as n from database_identity where cluster ~ $1 and timeline = $2',
      ['^[0-9]+$', '00000001'],
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  test.each(['cluster', 'timeline', 'database_oid'] as const)(
    'another %s quarantines every pool before a new connection makes a hold',
    async (column) => {
      const [active, paused] = [await givenPool(under, 1000n), await givenPool(under, 1000n)];
      await under.registry.change(paused.id, { state: 'paused' });
      await becomeAnother(column);
      const restarted = openLedger(database.url);
      try {
        expect(await restarted.ledger.hold(request(active.id))).toEqual({
          kind: 'pool_closed_for_holds',
          state: 'quarantined',
        });
      } finally {
        await restarted.connections.close();
      }
      expect(await stateOf(paused.id)).toBe('quarantined');
      expect(await under.ledger.guards.noticeDatabase()).toBe(0); // reported once
      const { rows } = await under.connections.read.query<{ pools: number }>(
        'select pools_quarantined as pools from database_changes order by at desc limit 1',
      );
      expect(rows).toEqual([{ pools: 2 }]);
    },
  );

  test(
    'it ends by chain time: a ledger that closes at the change plus the longest hold time, ' +
      'and each pool is as it was',
    async () => {
      const [active, paused] = [
        await givenPool(under, 1000n),
        await givenPool(under, 1000n, { holdSeconds: 900 }),
      ];
      await under.registry.change(paused.id, { state: 'paused' });
      await becomeAnother();
      expect(await under.ledger.guards.noticeDatabase()).toBe(2);
      const change = chainNow();
      expect(await under.ledger.guards.advanceQuarantine(NETWORK, change)).toEqual(
        expect.arrayContaining([
          { poolId: active.id, ended: false },
          { poolId: paused.id, ended: false },
        ]),
      );
      expect(await under.ledger.guards.advanceQuarantine(NETWORK, change + 899n)).toEqual([]);
      expect([await stateOf(active.id), await stateOf(paused.id)]).toEqual([
        'quarantined',
        'quarantined',
      ]);
      expect(await roundAt(change + 900n, active, paused)).toHaveLength(2);
      expect([await stateOf(active.id), await stateOf(paused.id)]).toEqual(['active', 'paused']);
      expect(
        await under.ledger.hold(request(active.id, { maxTime: change + 1200n })),
      ).toMatchObject({
        kind: 'held',
      });
    },
  );

  test(
    'a second change restarts the quarantine and remembers the first state; live holds are ' +
      'still followed',
    async () => {
      const pool = await givenPool(under, 1000n);
      await under.ledger.hold(request(pool.id, { amount: 400n }));
      await becomeAnother();
      await under.ledger.guards.noticeDatabase();
      await under.ledger.guards.advanceQuarantine(NETWORK, chainNow());
      await becomeAnother();
      await under.ledger.guards.noticeDatabase();
      const again = chainNow() + 400n;
      expect(await under.ledger.guards.advanceQuarantine(NETWORK, again)).toEqual([
        { poolId: pool.id, ended: false },
      ]);
      expect(await under.ledger.reader.liveHolds(pool.id, 10)).toHaveLength(1);
      expect(await roundAt(again + 900n, pool)).toEqual([{ poolId: pool.id, ended: true }]);
      expect(await stateOf(pool.id)).toBe('active');
    },
  );

  test(
    'it lasts for the longest hold time there ever was: a rule lowered shortly before does ' +
      'not shorten it, and that maximum cannot be lowered',
    async () => {
      const pool = await givenPool(under, 1000n, { holdSeconds: 3000 });
      await under.registry.change(pool.id, { holdSeconds: 120 });
      await under.connections.write.query(
        'update pools set longest_hold_seconds = 1 where id = $1',
        [pool.id],
      );
      await becomeAnother();
      await under.ledger.guards.noticeDatabase();
      const change = chainNow();
      await under.ledger.guards.advanceQuarantine(NETWORK, change);
      expect(await under.ledger.guards.advanceQuarantine(NETWORK, change + 2999n)).toEqual([]);
      expect(await roundAt(change + 3000n, pool)).toEqual([{ poolId: pool.id, ended: true }]);
    },
  );

  test(
    'a node that lags cannot make it shorter: it counts from the change itself where that is ' +
      'later than what the node shows',
    async () => {
      const pool = await givenPool(under, 1000n);
      const longest =
        (
          await under.connections.read.query<{ longest: string }>(
            'select max(longest_hold_seconds)::text as longest from pools',
          )
        ).rows[0]?.longest ?? '';
      await becomeAnother();
      await under.ledger.guards.noticeDatabase();
      const change = nowSeconds();
      // 24 ledgers behind: not refused as one that went backwards
      await under.ledger.guards.advanceQuarantine(NETWORK, change - 120n);
      // a hold made at the change can land until here and longer
      expect(await roundAt(change - 120n + BigInt(longest), pool)).toEqual([]);
      const {
        rows: [end],
      } = await under.connections.read.query<{ at: string }>(
        'select extract(epoch from quarantined_until)::bigint::text as at from pools where id = $1',
        [pool.id],
      );
      expect(BigInt(end?.at ?? 0) - change - BigInt(longest)).toBeGreaterThanOrEqual(1n);
      expect(BigInt(end?.at ?? 0) - change - BigInt(longest)).toBeLessThan(30n);
    },
  );

  test(
    'it ends with a snapshot of that time, not with a ledger at which the pool was not ' +
      'read: only such a snapshot contains what landed last',
    async () => {
      const [read, unread] = [await givenPool(under, 1000n), await givenPool(under, 1000n)];
      await becomeAnother();
      await under.ledger.guards.noticeDatabase();
      const change = chainNow();
      await under.ledger.guards.advanceQuarantine(NETWORK, change);
      const over = change + 86_400n;
      expect(await under.ledger.guards.advanceQuarantine(NETWORK, over)).toEqual([]);
      expect(await roundAt(over, read)).toEqual([{ poolId: read.id, ended: true }]);
      expect(await stateOf(unread.id)).toBe('quarantined');
      expect(await roundAt(over + 5n, unread)).toEqual([{ poolId: unread.id, ended: true }]);
    },
  );

  test(
    'behind a pooler there is no new connection: the database transaction that makes a hold ' +
      'or a rebuild notices it',
    async () => {
      const pool = await givenPool(under, 1000n);
      const asked = request(pool.id);
      expect(await under.ledger.hold(asked)).toMatchObject({ kind: 'held' });
      await becomeAnother();
      expect(await under.ledger.hold(request(pool.id))).toEqual({
        kind: 'pool_closed_for_holds',
        state: 'quarantined',
      });
      await under.connections.write.query(`update pools set state = 'active' where id = $1`, [
        pool.id,
      ]);
      await becomeAnother();
      const again = request(pool.id);
      if (again.ask.kind !== 'hold') throw new Error('an envelope was asked for');
      expect(
        await under.ledger.issueEnvelope({
          poolId: pool.id,
          reservationId: asked.reservationId,
          seenVersion: 1,
          envelope: again.ask.envelope,
          strangerBytes: STRANGER_BYTES,
        }),
      ).toBe('pool_quarantined');
      expect(await stateOf(pool.id)).toBe('quarantined');
    },
  );

  test(
    'neither a pause nor a resumption lifts it, both are kept for its end; a pool that is ' +
      'registered or opened meanwhile joins it',
    async () => {
      const [pool, closed] = [await givenPool(under, 1000n), await givenPool(under, 1000n)];
      await under.registry.change(closed.id, { state: 'closed' });
      await becomeAnother();
      await under.ledger.guards.noticeDatabase();
      const why = { by: { kind: 'command', id: 'ada', name: 'Ada' }, reason: 'a test' } as const;
      const actions = [
        () => under.registry.change(pool.id, { state: 'paused' }),
        () => under.registry.change(pool.id, { state: 'active' }),
        () => under.registry.turn(pool.id, 'paused', why),
        () => under.registry.turn(pool.id, 'active', why),
        () => under.registry.turn(pool.id, 'paused', why),
      ];
      for (const [at, action] of actions.entries())
        expect(await action()).toMatchObject({
          state: 'quarantined',
          afterQuarantine: at % 2 === 0 ? 'paused' : 'active',
        });
      const registered = await givenPool(under, 1000n);
      expect([registered.state, registered.afterQuarantine]).toEqual(['quarantined', 'active']);
      expect(await under.registry.change(closed.id, { state: 'active' })).toMatchObject({
        state: 'quarantined',
        afterQuarantine: 'active',
      });
      expect(await under.ledger.hold(request(registered.id))).toEqual({
        kind: 'pool_closed_for_holds',
        state: 'quarantined',
      });

      const change = chainNow();
      await under.ledger.guards.advanceQuarantine(NETWORK, change);
      expect(await roundAt(change + 86_400n, pool, closed, registered)).toHaveLength(3);
      expect(await Promise.all([pool, closed, registered].map(({ id }) => stateOf(id)))).toEqual([
        'paused',
        'active',
        'active',
      ]);
      expect(await givenPool(under, 1000n)).toMatchObject({
        state: 'active',
        afterQuarantine: null,
      });
    },
  );

  test(
    'a person begins one where the database cannot notice: every pool but closed ones, ' +
      'journalled, ended by chain time into the state of before',
    async () => {
      const [active, paused, closed] = [
        await givenPool(under, 1000n),
        await givenPool(under, 1000n),
        await givenPool(under, 1000n),
      ];
      await under.registry.change(paused.id, { state: 'paused' });
      await under.registry.change(closed.id, { state: 'closed' });
      expect(
        await under.ledger.guards.quarantineAll({ reason: 'disk snapshot put back', by: 'ada' }),
      ).toBe(2);
      expect(await under.ledger.hold(request(active.id))).toEqual({
        kind: 'pool_closed_for_holds',
        state: 'quarantined',
      });
      expect(await stateOf(closed.id)).toBe('closed');
      const { rows } = await under.connections.read.query(
        `select after ->> 'reason' as reason, after ->> 'told_by' as by, before ->> ` +
          `'cluster' = after ->> 'cluster' as same, pools_quarantined as pools from ` +
          'database_changes order by at desc limit 1',
      );
      expect(rows).toEqual([{ reason: 'disk snapshot put back', by: 'ada', same: true, pools: 2 }]);
      const after = chainNow();
      await under.ledger.guards.advanceQuarantine(NETWORK, after);
      expect(
        await under.ledger.guards.quarantineAll({ reason: 'and a second one put back', by: 'ada' }),
      ).toBe(2); // begins again
      await under.ledger.guards.advanceQuarantine(NETWORK, after + 5000n);
      expect(await under.ledger.guards.advanceQuarantine(NETWORK, after + 5001n)).toEqual([]);
      expect(await roundAt(after + 5000n + 86_400n, active, paused)).toHaveLength(2);
      expect([await stateOf(active.id), await stateOf(paused.id)]).toEqual(['active', 'paused']);
    },
  );
});

describe('a database that may lose a commit', () => {
  test('is refused with every setting by name, unless that is asked for', async () => {
    const server = await startPostgres({ durable: false });
    const volatile = new pg.Pool({ connectionString: server.url('postgres'), max: 1 });
    try {
      expect(await durabilityFaults(volatile)).toEqual(
        ['fsync', 'full_page_writes', 'synchronous_commit'].map((name) =>
          expect.stringContaining(`${name} is off`),
        ),
      );
      await expect(refuseVolatile(volatile, false)).rejects.toThrow(
        /not durable, nothing was started:[^]*fsync is off[^]*synchronous_commit is off/,
      );
      await expect(refuseVolatile(volatile, true)).resolves.toBeUndefined();
    } finally {
      await volatile.end();
      await server.stop();
    }
  });

  test('a durable one is not; each weak setting alone is', async () => {
    const server = await startPostgres({
      durable: false,
      settings: { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' },
    });
    const durable = new pg.Pool({ connectionString: server.url('postgres'), max: 1 });
    try {
      await expect(refuseVolatile(durable, false)).resolves.toBeUndefined();
      await durable.query('set synchronous_commit = off');
      await expect(refuseVolatile(durable, false)).rejects.toThrow(/synchronous_commit is off/);
      await durable.query('set synchronous_commit = local');
      expect(await durabilityFaults(durable)).toEqual([]);
    } finally {
      await durable.end();
      await server.stop();
    }
  });
});

describe('strict pools', () => {
  const strictPool = async () =>
    under.registry.change((await givenPool(under, 100_000n)).id, { strict: true });

  test(
    'no hold beyond the loan ids of its envelope; another pool of the same lending contract ' +
      'counts, another lending contract does not',
    async () => {
      const pool = await strictPool();
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, () => under.ledger.hold(request(pool.id))),
      );
      expect(outcomes.filter(({ kind }) => kind === 'held')).toHaveLength(25);
      expect(outcomes.slice(25)).toEqual(
        Array.from({ length: 5 }, () => ({
          kind: 'counter_window_full',
          liveHolds: 25,
          window: 25,
        })),
      );
      expect(await under.ledger.hold(request(pool.id))).toMatchObject({
        kind: 'counter_window_full',
      }); // in a batch of its own
      const other = await strictPool();
      expect(await under.ledger.hold(request(other.id))).toMatchObject({ kind: 'held' });
      await under.connections.write.query(
        'update pools set lending_contract = (select lending_contract from pools where id = $1) where id = $2',
        [pool.id, other.id],
      );
      expect(await under.ledger.hold(request(other.id))).toMatchObject({
        kind: 'counter_window_full',
        liveHolds: 26,
      });
    },
  );

  test('nothing is recorded under the key, and the next one fits when one has ended', async () => {
    const pool = await strictPool();
    const held = Array.from({ length: 25 }, () => request(pool.id));
    await Promise.all(held.map((one) => under.ledger.hold(one)));
    const late = request(pool.id, { key: 'window' });
    expect(await under.ledger.hold(late)).toMatchObject({ kind: 'counter_window_full' });
    const [first] = held;
    if (first?.ask.kind !== 'hold') throw new Error('a hold was asked for');
    await under.ledger.ends.releaseFailed([
      {
        poolId: pool.id,
        reservationId: first.reservationId,
        envelopeVersion: 1,
        envelopeHash: first.ask.envelope.hash,
        failedLedger: 101,
        closeTime: nowSeconds(),
        resultCode: 'txFailed',
        ...REFUSED,
      },
    ]);
    expect(await under.ledger.hold(late)).toMatchObject({ kind: 'held' });
  });
});
