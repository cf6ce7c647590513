import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  account,
  countKinds,
  givenPool,
  invariants,
  nowSeconds,
  openLedger,
  request,
  settlementOf,
  snapshot,
  type LedgerUnderTest,
} from '../../../../test/support/given-ledger.js';

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

describe('one request', () => {
  test('is held with everything that belongs to it in one transaction, and the counters move', async () => {
    const pool = await givenPool(under, 1000n);
    const asked = request(pool.id, { amount: 400n, key: 'first' });
    expect(await under.ledger.hold(asked)).toEqual({
      kind: 'held',
      reservationId: asked.reservationId,
      atLedger: 100,
    });
    const position = await under.ledger.reader.position(pool.id);
    expect(position).toMatchObject({
      held: 400n,
      heldCount: 1,
      available: 600n,
      inFlight: 0n,
      shortfall: 0n,
      snapshotLedger: 100,
    });
    const rows = await under.connections.read.query(
      `select (select count(*)::int from loans where pool_id = $1) as loans, (select count(*)::int
        from envelopes where pool_id = $1) as envelopes,
      (select count(*)::int from envelope_hashes where pool_id = $1) as hashes, (select count(*)::int
        from live_borrowers where pool_id = $1) as borrowers,
      (select count(*)::int from idempotency_keys where pool_id = $1) as keys,
      (select jsonb_agg(jsonb_build_object('kind', kind, 'before', held_before, 'after', held_after))
        from reservation_events where pool_id = $1) as journal`,
      [pool.id],
    );
    expect(rows.rows[0]).toEqual({
      loans: 1,
      envelopes: 1,
      hashes: 1,
      borrowers: 1,
      keys: 1,
      journal: [{ kind: 'held', before: 0, after: 400 }],
    });
  });

  test('that does not fit is refused with what is available and the next deadline, and recorded', async () => {
    const pool = await givenPool(under, 1000n);
    const first = request(pool.id, { amount: 900n, maxTime: nowSeconds() + 200n });
    await under.ledger.hold(first);
    const refused = await under.ledger.hold(request(pool.id, { amount: 101n }));
    expect(refused).toEqual({
      kind: 'refused',
      code: 'INSUFFICIENT_LIQUIDITY',
      facts: {
        available: '100',
        atLedger: 100,
        nextDeadline: first.ask.kind === 'hold' ? first.ask.envelope.maxTime.toString() : '',
      },
    });
    const stored = await under.connections.read.query(
      'select code, amount::text from refusals where pool_id = $1',
      [pool.id],
    );
    expect(stored.rows).toEqual([{ code: 'INSUFFICIENT_LIQUIDITY', amount: '101' }]);
    expect(await under.ledger.hold(request(pool.id, { amount: 100n }))).toMatchObject({
      kind: 'held',
    });
  });

  test('the buffer, negative locked and a token balance below total - locked all count', async () => {
    const pool = await givenPool(under, 1000n, { buffer: 50n });
    await under.ledger.snapshots.observe(
      snapshot(pool.id, 101, { total: 1000n, locked: -200n, tokenBalance: 900n }),
    );
    expect(await under.ledger.reader.position(pool.id)).toMatchObject({
      observedAvailable: 900n,
      available: 850n,
    });
    expect(await under.ledger.hold(request(pool.id, { amount: 851n }))).toMatchObject({
      kind: 'refused',
      facts: { available: '850' },
    });
    expect(await under.ledger.hold(request(pool.id, { amount: 850n }))).toMatchObject({
      kind: 'held',
    });
  });

  test('amounts near i128 are exact', async () => {
    const huge = (1n << 127n) - 1n;
    const pool = await givenPool(under, huge);
    expect(await under.ledger.hold(request(pool.id, { amount: huge - 30n }))).toMatchObject({
      kind: 'held',
    });
    expect(await under.ledger.hold(request(pool.id, { amount: 31n }))).toMatchObject({
      kind: 'refused',
      facts: { available: '30' },
    });
    expect(await invariants(under, pool.id)).toMatchObject({
      held: (huge - 30n).toString(),
      held_sum: (huge - 30n).toString(),
    });
  });

  test.each(['paused', 'quarantined', 'closed'] as const)(
    'a pool that is %s takes no hold',
    async (state) => {
      const pool = await givenPool(under, 1000n);
      await under.registry.change(pool.id, { state });
      expect(await under.ledger.hold(request(pool.id))).toEqual({
        kind: 'pool_closed_for_holds',
        state,
      });
      // in a network under quarantine the next pool would begin in it
      await under.registry.change(pool.id, { state: 'closed' });
    },
  );

  test('an old snapshot means no, and so does a pool that was never observed', async () => {
    const pool = await givenPool(under, 1000n);
    await under.connections.write.query(
      `update pools set snapshot_advanced_at = clock_timestamp() - interval '601 seconds' where id = $1`,
      [pool.id],
    );
    expect(await under.ledger.hold(request(pool.id))).toMatchObject({
      kind: 'snapshot_stale',
      maxAgeSeconds: 600,
    });
    await under.ledger.snapshots.observe(snapshot(pool.id, 100, { total: 1000n }));
    expect(await under.ledger.hold(request(pool.id))).toMatchObject({ kind: 'snapshot_stale' });
    await under.ledger.snapshots.observe(snapshot(pool.id, 101, { total: 1000n }));
    expect(await under.ledger.hold(request(pool.id))).toMatchObject({ kind: 'held' });
    expect(await under.ledger.hold(request('00000000-0000-7000-8000-000000000000'))).toEqual({
      kind: 'pool_unknown',
    });
  });

  test(
    'an envelope that leaves too little time, or whose sequence is consumed, is stale; ' +
      'nothing is recorded',
    async () => {
      const pool = await givenPool(under, 1000n);
      expect(
        await under.ledger.hold(request(pool.id, { maxTime: nowSeconds() + 20n, key: 'short' })),
      ).toEqual({ kind: 'stale' });
      const borrower = account();
      const landed = request(pool.id, { borrower, sequence: 9n });
      await under.ledger.hold(landed);
      await under.ledger.ends.settle([settlementOf(landed, 101)]);
      expect(await under.ledger.hold(request(pool.id, { borrower, sequence: 9n }))).toEqual({
        kind: 'stale',
      });
      expect(await under.ledger.hold(request(pool.id, { borrower, sequence: 10n }))).toMatchObject({
        kind: 'held',
      });
      expect(await under.ledger.reader.findKey('default', 'short', 'f'.repeat(64))).toEqual({
        kind: 'unknown',
      });
    },
  );

  test('chain time that lags the database clock issues no deadline', async () => {
    const pool = await givenPool(under, 1000n);
    await under.ledger.snapshots.observe(
      snapshot(pool.id, 101, { total: 1000n }, nowSeconds() - 300n),
    );
    await under.connections.write.query(
      `update pools set head_close_time = clock_timestamp() - interval '300 seconds' where id = $1`,
      [pool.id],
    );
    expect(await under.ledger.hold(request(pool.id, { maxTime: nowSeconds() }))).toMatchObject({
      kind: 'snapshot_stale',
    });
  });
});

describe('keys', () => {
  test(
    'the same key and meaning is replayed, another meaning is reused, also for refusals and ' +
      'across settlement',
    async () => {
      const pool = await givenPool(under, 1000n);
      const asked = request(pool.id, { key: 'k1', fingerprint: 'a'.repeat(64) });
      await under.ledger.hold(asked);
      const again = {
        ...request(pool.id, { key: 'k1', fingerprint: 'a'.repeat(64), borrower: asked.borrower }),
      };
      expect(await under.ledger.hold(again)).toEqual({
        kind: 'replayed',
        record: { kind: 'held', poolId: pool.id, reservationId: asked.reservationId },
      });
      await under.ledger.ends.settle([settlementOf(asked, 120)]);
      expect(await under.ledger.hold(again)).toMatchObject({ kind: 'replayed' });
      expect(
        await under.ledger.hold(request(pool.id, { key: 'k1', fingerprint: 'b'.repeat(64) })),
      ).toEqual({ kind: 'key_reused' });
      const refused = await under.ledger.hold(request(pool.id, { key: 'k2', amount: 5000n }));
      const replayed = await under.ledger.hold(request(pool.id, { key: 'k2', amount: 5000n }));
      expect(replayed).toEqual({
        kind: 'replayed',
        record: {
          kind: 'refused',
          poolId: pool.id,
          code: 'INSUFFICIENT_LIQUIDITY',
          facts: refused.kind === 'refused' ? refused.facts : {},
        },
      });
      expect(await under.ledger.reader.findKey('default', 'k2', 'f'.repeat(64))).toEqual({
        kind: 'known',
        record: replayed.kind === 'replayed' ? replayed.record : {},
      });
    },
  );

  test('a record that has expired is a new key', async () => {
    const pool = await givenPool(under, 1000n);
    await under.ledger.hold(request(pool.id, { key: 'old', amount: 5000n }));
    await under.connections.write.query(
      `update idempotency_keys set expires_at = clock_timestamp() - interval '1 second' where key = 'old'`,
    );
    expect(
      await under.ledger.hold(request(pool.id, { key: 'old', fingerprint: 'c'.repeat(64) })),
    ).toMatchObject({ kind: 'held' });
  });

  test('twenty at once with one key make one row', async () => {
    const pool = await givenPool(under, 100_000n);
    const borrower = account();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        under.ledger.hold(request(pool.id, { key: 'twenty', borrower })),
      ),
    );
    expect(countKinds(outcomes)).toEqual({ held: 1, replayed: 19 });
    expect(await invariants(under, pool.id)).toMatchObject({ held: '100', held_sum: '100' });
  });

  test('a contract refusal is recorded under its key without touching the counters', async () => {
    const pool = await givenPool(under, 1000n);
    const asked = {
      ...request(pool.id, { key: 'contract' }),
      ask: { kind: 'record-refusal', code: 'LOAN_REFUSED_BY_CONTRACT', facts: { number: 4 } },
    } as const;
    expect(await under.ledger.hold(asked)).toEqual({
      kind: 'refused',
      code: 'LOAN_REFUSED_BY_CONTRACT',
      facts: { number: 4 },
    });
    expect(await under.ledger.hold(request(pool.id, { key: 'contract' }))).toMatchObject({
      kind: 'replayed',
      record: { kind: 'refused', facts: { number: 4 } },
    });
    expect(await under.ledger.reader.position(pool.id)).toMatchObject({ held: 0n });
  });
});

describe('a batch', () => {
  test(
    'running the very same request again after a lost COMMIT answer gives the same answer ' +
      'and no second row',
    async () => {
      const pool = await givenPool(under, 1000n);
      const kept = request(pool.id, { amount: 600n, key: 'rerun' });
      const refused = request(pool.id, { amount: 600n, key: 'rerun-refused' });
      const first = await Promise.all([under.ledger.hold(kept), under.ledger.hold(refused)]);
      expect(countKinds(first)).toEqual({ held: 1, refused: 1 });
      expect(await Promise.all([under.ledger.hold(kept), under.ledger.hold(refused)])).toEqual(
        first,
      );
      expect(await invariants(under, pool.id)).toMatchObject({ held: '600', held_sum: '600' });
    },
  );

  test('is decided greedily in arrival order: a later smaller one may fit after a refused one', async () => {
    const pool = await givenPool(under, 1000n);
    const outcomes = await Promise.all(
      [700n, 400n, 300n, 1n].map((amount) => under.ledger.hold(request(pool.id, { amount }))),
    );
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['held', 'refused', 'held', 'refused']);
    expect(outcomes[1]).toMatchObject({ facts: { available: '300' } });
  });

  test('one borrower has one live hold, across pools and within a batch; the refusal names the loan', async () => {
    const [one, two] = [await givenPool(under, 1000n), await givenPool(under, 1000n)];
    const borrower = account();
    const first = request(one.id, { borrower });
    const outcomes = await Promise.all([
      under.ledger.hold(first),
      under.ledger.hold(request(two.id, { borrower })),
    ]);
    expect(outcomes[1]).toEqual({
      kind: 'borrower_busy',
      loanId: first.loan.loanId,
      reservationId: first.reservationId,
    });
    expect(await under.ledger.hold(request(two.id, { borrower }))).toMatchObject({
      kind: 'borrower_busy',
      loanId: first.loan.loanId,
    });
    expect(await under.ledger.reader.findLiveLoan(first.network, borrower)).toEqual({
      loanId: first.loan.loanId,
      reservationId: first.reservationId,
    });
  });

  test('several pools in one transaction: each has its own room', async () => {
    const pools = await Promise.all([
      givenPool(under, 250n),
      givenPool(under, 350n),
      givenPool(under, 90n),
    ]);
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        under.ledger.hold(request(pools[index % 3]?.id ?? '')),
      ),
    );
    expect(
      pools.map((_, at) => countKinds(outcomes.filter((__, index) => index % 3 === at))),
    ).toEqual([{ held: 2, refused: 2 }, { held: 3, refused: 1 }, { refused: 4 }]);
    for (const pool of pools) {
      const sums = await invariants(under, pool.id);
      expect(sums.held).toBe(sums.held_sum);
    }
  });

  test(
    'refuse-only is decided under the lock: refused while it does not fit, `fits` with ' +
      'nothing written when it does',
    async () => {
      const pool = await givenPool(under, 1000n);
      expect(
        await under.ledger.hold(
          request(pool.id, { kind: 'refuse-only', amount: 1001n, key: 'ro' }),
        ),
      ).toMatchObject({ kind: 'refused' });
      expect(
        await under.ledger.hold(request(pool.id, { kind: 'refuse-only', amount: 1000n })),
      ).toEqual({ kind: 'fits' });
      expect(await under.ledger.reader.position(pool.id)).toMatchObject({ held: 0n });
    },
  );

  test('a poisoned member fails alone', async () => {
    const pool = await givenPool(under, 100_000n);
    const bad = request(pool.id);
    const poisoned = { ...bad, loan: { ...bad.loan, loanType: 'no such type' } };
    const settled = await Promise.allSettled(
      [...Array.from({ length: 9 }, () => request(pool.id)), poisoned, request(pool.id)].map(
        (asked) => under.ledger.hold(asked),
      ),
    );
    expect(settled.map((one) => one.status)).toEqual([
      ...Array.from({ length: 9 }, () => 'fulfilled'),
      'rejected',
      'fulfilled',
    ]);
    expect(await invariants(under, pool.id)).toMatchObject({ held: '1000', held_sum: '1000' });
  });

  test('the queue is bounded and answers BUSY_RETRY', async () => {
    const small = openLedger(database.url, { queueMax: 3 });
    const pool = await givenPool(under, 100_000n);
    const settled = await Promise.allSettled(
      Array.from({ length: 6 }, () => small.ledger.hold(request(pool.id))),
    );
    expect(
      settled
        .filter((one) => one.status === 'rejected')
        .map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : '')),
    ).toEqual(['BUSY_RETRY', 'BUSY_RETRY', 'BUSY_RETRY']);
    await small.connections.close();
  });

  test('a request that waits behind a stuck ledger fails in time, and its outcome is certain', async () => {
    const pool = await givenPool(under, 100_000n);
    const impatient = openLedger(database.url, { deadlineMs: 300, batchMax: 1 });
    const stuck = await under.connections.write.connect();
    try {
      await stuck.query('begin; lock table ledger_gate in exclusive mode');
      const asked = Array.from({ length: 5 }, () => request(pool.id));
      const settled = await Promise.allSettled(asked.map((one) => impatient.ledger.hold(one)));
      const errors = settled.map((one) =>
        one.status === 'rejected'
          ? (one.reason as { code: string; facts: { commitUnknown: boolean } })
          : null,
      );
      expect(errors.map((error) => [error?.code, error?.facts.commitUnknown])).toEqual(
        asked.map(() => ['BUSY_RETRY', false]),
      );
      await stuck.query('rollback');
      expect(await impatient.ledger.hold(asked[4] ?? request(pool.id))).toMatchObject({
        kind: 'held',
      });
    } finally {
      stuck.release();
      await impatient.connections.close();
    }
    expect(await invariants(under, pool.id)).toMatchObject({ held: '100', held_sum: '100' });
  });

  test('every decision raises the pool version, refusals included', async () => {
    const pool = await givenPool(under, 10n);
    const before = await under.ledger.reader.position(pool.id);
    await under.ledger.hold(request(pool.id, { amount: 11n }));
    expect((await under.ledger.reader.position(pool.id))?.version).toBe(
      (before?.version ?? 0n) + 1n,
    );
  });
});
