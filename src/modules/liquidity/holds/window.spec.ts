import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  account,
  type Ask,
  countKinds,
  givenPool,
  type LedgerUnderTest,
  nowSeconds,
  openLedger,
  REFUSED,
  request,
  settlementOf,
  snapshot,
  STRANGER_BYTES,
} from '../../../../test/support/given-ledger.js';
import type { HoldOutcome, HoldRequest } from '../reservation.js';

/**
 * Every hold can land in any order: by loan ids and by the bytes of the entries, decided
 * under the lock.
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

const ONE = 1_092;
const TWELVE = 2_456;
/** A pool with the rule, observed at ledger 100 with the counter at `lastLoanId`. */
async function strictPool(lastLoanId = 0n): Promise<string> {
  const { id } = await givenPool(under, 1_000_000n);
  await under.registry.change(id, { strict: true });
  await under.ledger.snapshots.observe(snapshot(id, 101, { total: 1_000_000n, lastLoanId }));
  return id;
}
const observe = (poolId: string, ledger: number, lastLoanId: bigint | null): Promise<unknown> =>
  under.ledger.snapshots.observe(snapshot(poolId, ledger, { total: 1_000_000n, lastLoanId }));
const issuedAfter = 101;
/** A request whose window has room for `loans` loans, from the id `first` on. */
const asked = (
  poolId: string,
  window: { first?: bigint; loans?: number; bytes?: number },
  ask: Ask = {},
): HoldRequest => {
  const first = window.first ?? 1n;
  return request(poolId, {
    issuedAfter,
    ...ask,
    window: { first, last: first + BigInt(window.loans ?? 20), bytes: window.bytes ?? 100_000 },
  });
};
const held = async (one: HoldRequest): Promise<HoldRequest> => {
  expect(await under.ledger.hold(one)).toMatchObject({ kind: 'held' });
  return one;
};
const hold = (one: HoldRequest): Promise<HoldOutcome> => under.ledger.hold(one);
const lapse = ({ poolId, reservationId, ask }: HoldRequest): Promise<unknown> => {
  if (ask.kind !== 'hold') throw new Error('a hold was asked for');
  return under.ledger.ends.releaseFailed([
    {
      poolId,
      reservationId,
      envelopeVersion: 1,
      envelopeHash: ask.envelope.hash,
      failedLedger: 102,
      closeTime: nowSeconds(),
      resultCode: 'txFailed',
      ...REFUSED,
    },
  ]);
};
const landing = (one: HoldRequest, ledger: number, loanId: bigint | null) => ({
  ...settlementOf(one, ledger),
  loanId,
});

describe('a new hold', () => {
  test('is refused when a live one has no loan id left for it, whatever its own window', async () => {
    const pool = await strictPool();
    await held(asked(pool, { loans: 2 }));
    await held(asked(pool, {}));
    await held(asked(pool, {}));
    expect(await hold(asked(pool, {}))).toEqual({
      kind: 'counter_window_full',
      liveHolds: 3,
      window: 3,
    });
  });

  test('is refused when a live one has too few bytes left for its entry; a smaller one fits', async () => {
    const pool = await strictPool();
    await held(asked(pool, { bytes: TWELVE + ONE }));
    await held(asked(pool, {}, { entryBytes: TWELVE }));
    expect(await hold(asked(pool, {}, { entryBytes: TWELVE }))).toEqual({
      kind: 'counter_window_full',
      liveHolds: 2,
      window: 2,
      bytes: { entryBytes: TWELVE, bytesLeft: ONE },
    });
    await held(asked(pool, {}));
    expect(await hold(asked(pool, {}))).toMatchObject({
      kind: 'counter_window_full',
      bytes: { entryBytes: ONE, bytesLeft: 0 },
    });
  });

  test.each([
    ['loan ids', { loans: 1 }, { loans: 2 }],
    ['bytes', { bytes: 2 * ONE - 1 }, { bytes: 2 * ONE }],
  ])(
    'whose own transaction has too few %s for the live ones is not refused but asked for a larger one',
    async (_, small, enough) => {
      const pool = await strictPool();
      await held(asked(pool, {}));
      await held(asked(pool, {}));
      expect(await hold(asked(pool, small))).toMatchObject({ kind: 'window_small', liveHolds: 2 });
      await held(asked(pool, enough));
    },
  );

  test('is refused for the liquidity before the window, and only that refusal is recorded under its key', async () => {
    const pool = await strictPool();
    await held(asked(pool, { loans: 0 }));
    expect(await hold(asked(pool, {}, { amount: 2_000_000n, key: 'money first' }))).toMatchObject({
      kind: 'refused',
      code: 'INSUFFICIENT_LIQUIDITY',
    });
    expect(await hold(asked(pool, {}, { key: 'window' }))).toMatchObject({
      kind: 'counter_window_full',
    });
    expect(await under.ledger.reader.findKey('default', 'window', 'f'.repeat(64))).toEqual({
      kind: 'unknown',
    });
  });

  test('counts those that were held before it in the same batch, also of a pool without the rule', async () => {
    const [pool, open] = [await strictPool(), await givenPool(under, 1_000_000n)];
    await under.connections.write.query(
      'update pools set lending_contract = (select lending_contract from pools where id = $1) where id = $2',
      [pool, open.id],
    );
    const outcomes = await Promise.all(
      [
        asked(open.id, { loans: 0, bytes: 0 }),
        asked(pool, { loans: 2 }),
        asked(open.id, {}),
        asked(pool, {}),
        asked(open.id, {}),
      ].map(hold),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'held',
      'held',
      'held',
      'counter_window_full',
      'held',
    ]);
    expect(outcomes[3]).toEqual({ kind: 'counter_window_full', liveHolds: 3, window: 3 });
  });

  test('is not refused for one of a pool without the rule, whose landing order is not guaranteed', async () => {
    const [pool, open] = [await strictPool(), await givenPool(under, 1_000_000n)];
    await under.connections.write.query(
      'update pools set lending_contract = (select lending_contract from pools where id = $1) where id = $2',
      [pool, open.id],
    );
    await held(asked(open.id, { loans: 0 }));
    expect(await hold(asked(pool, { loans: 0 }))).toMatchObject({
      kind: 'window_small',
      liveHolds: 1,
    });
    await held(asked(pool, { loans: 1 }));
  });

  test('of a pool without the rule is never refused for it', async () => {
    const { id } = await givenPool(under, 1_000_000n);
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, () => hold(asked(id, { loans: 0, bytes: 0 }))),
    );
    expect(countKinds(outcomes)).toEqual({ held: 40 });
  });
});

describe('room', () => {
  test(
    'is not given back by a landing while another can still be overtaken, seen or not seen ' +
      'in the counter; an end without one gives it back',
    async () => {
      const pool = await strictPool();
      const [slow, quick, other] = [
        await held(asked(pool, { loans: 2, bytes: 2 * ONE })),
        await held(asked(pool, {})),
        await held(asked(pool, {})),
      ];
      expect(await hold(asked(pool, {}))).toMatchObject({
        kind: 'counter_window_full',
        liveHolds: 3,
      });
      await under.ledger.ends.settle([landing(quick, 102, 1n)]);
      expect(await hold(asked(pool, {}))).toMatchObject({
        kind: 'counter_window_full',
        liveHolds: 2,
        window: 2,
      });
      await observe(pool, 103, 1n);
      expect(await hold(asked(pool, { first: 2n }))).toMatchObject({
        kind: 'counter_window_full',
        liveHolds: 2,
        window: 2,
      });
      await lapse(other);
      const late = await held(asked(pool, { first: 2n }));
      expect(await hold(asked(pool, { first: 2n }))).toMatchObject({ kind: 'counter_window_full' });
      await lapse(slow);
      await held(asked(pool, { first: 2n }));
      await lapse(late);
    },
  );

  test("is used up by strangers' loans, by one id and the largest entry each", async () => {
    const pool = await strictPool();
    await held(asked(pool, { loans: 9, bytes: 3 * STRANGER_BYTES + TWELVE }));
    await observe(pool, 102, 3n);
    expect(await hold(asked(pool, { first: 4n }, { entryBytes: TWELVE + 1 }))).toMatchObject({
      kind: 'counter_window_full',
      bytes: { bytesLeft: TWELVE },
    });
    await held(asked(pool, { first: 4n }, { entryBytes: TWELVE }));
    await observe(pool, 103, 8n);
    // the first one's bytes are spent: it cannot land any more
    expect(await hold(asked(pool, { first: 9n }))).toMatchObject({ kind: 'held' });
  });

  test("is taken by this service's landing to its exact entry; an unknown loan id counts as a stranger's", async () => {
    const pool = await strictPool();
    await held(asked(pool, { loans: 9, bytes: STRANGER_BYTES + ONE + ONE }));
    const [known, unknown] = [await held(asked(pool, {})), await held(asked(pool, {}))];
    await under.ledger.ends.settle([landing(known, 102, 1n), landing(unknown, 102, null)]);
    await observe(pool, 103, 2n);
    expect(await hold(asked(pool, { first: 3n }, { entryBytes: ONE + 1 }))).toMatchObject({
      kind: 'counter_window_full',
      bytes: { bytesLeft: ONE },
    });
    await held(asked(pool, { first: 3n }));
  });

  test('is not taken by a hold outside its window: a transaction that can no longer land refuses nothing', async () => {
    const pool = await strictPool();
    await held(asked(pool, { loans: 0 }));
    expect(await hold(asked(pool, {}))).toMatchObject({ kind: 'counter_window_full' });
    await observe(pool, 102, 1n);
    await held(asked(pool, { first: 2n }));
  });

  test(
    'is bound by no transaction whose T has passed, although its end is not proven; its ' +
      'amount stays held',
    async () => {
      const pool = await strictPool();
      const maxTime = nowSeconds() + 60n;
      await held(asked(pool, { loans: 24, bytes: 1_000_000 }, { maxTime }));
      const headAt = (ledger: number, closeTime: bigint): Promise<unknown> =>
        under.ledger.snapshots.observe(
          snapshot(pool, ledger, { total: 1_000_000n, lastLoanId: 24n }, closeTime),
        );
      await headAt(102, maxTime); // it may still land in a ledger that closes at T
      expect(await hold(asked(pool, { first: 25n }))).toEqual({
        kind: 'counter_window_full',
        liveHolds: 1,
        window: 1,
      });
      await headAt(103, maxTime + 1n);
      await held(asked(pool, { first: 25n, loans: 1 }));
      expect(await under.ledger.reader.position(pool)).toMatchObject({ held: 200n });
      // bound by the second
      expect(await hold(asked(pool, { first: 25n }))).toMatchObject({
        kind: 'counter_window_full',
      });
    },
  );

  test(
    'for a new one is counted from its own first id: what landed before it was built is not ' +
      'in its way',
    async () => {
      const pool = await strictPool();
      const first = await held(asked(pool, {}));
      await under.ledger.ends.settle([landing(first, 102, 1n)]); // not in the snapshot yet
      await held(asked(pool, { first: 2n, loans: 0, bytes: 0 }));
      const second = await strictPool();
      const landed = await held(asked(second, {}));
      await under.ledger.ends.settle([landing(landed, 102, 1n)]);
      expect(await hold(asked(second, { first: 1n, loans: 0 }))).toMatchObject({
        kind: 'window_small',
      });
    },
  );

  test('of holds from before sizes were kept: the largest entry each, and no bound by bytes of their own', async () => {
    const pool = await strictPool();
    await held(asked(pool, { bytes: 0 }));
    await under.connections.write.query(
      'update reservations set entry_bytes = null where pool_id = $1',
      [pool],
    );
    await under.connections.write.query(
      'update envelopes set window_bytes = null, window_fee = null where pool_id = $1',
      [pool],
    );
    expect(await hold(asked(pool, { bytes: STRANGER_BYTES - 1 }))).toMatchObject({
      kind: 'window_small',
    });
    await held(asked(pool, { bytes: STRANGER_BYTES }));
  });

  test('is not known without a counter, and is then computed from the windows of the transactions', async () => {
    const pool = await strictPool();
    await observe(pool, 102, null);
    await held(asked(pool, { loans: 1 }));
    await held(asked(pool, {}));
    expect(await hold(asked(pool, {}))).toMatchObject({
      kind: 'counter_window_full',
      liveHolds: 2,
      window: 2,
    });
  });
});

test('a new transaction under a live hold needs room for the other live holds, and none for its own', async () => {
  const pool = await strictPool();
  const mine = await held(asked(pool, { loans: 2 }));
  await held(asked(pool, {}));
  await held(asked(pool, {}, { entryBytes: TWELVE }));
  const issue = (window: Parameters<typeof asked>[1]) => {
    const { ask } = asked(pool, window);
    if (ask.kind !== 'hold') throw new Error('an envelope was asked for');
    return under.ledger.issueEnvelope({
      poolId: pool,
      reservationId: mine.reservationId,
      seenVersion: 1,
      envelope: ask.envelope,
      strangerBytes: STRANGER_BYTES,
    });
  };
  expect(await issue({ loans: 1 })).toBe('window_small');
  expect(await issue({ loans: 2, bytes: ONE + TWELVE - 1 })).toBe('window_small');
  expect(await issue({ loans: 2, bytes: ONE + TWELVE })).toBe('issued');
  const { rows } = await under.connections.read.query(
    'select window_bytes, window_fee::text from envelopes where pool_id = $1 and number = 2',
    [pool],
  );
  expect(rows).toEqual([{ window_bytes: ONE + TWELVE, window_fee: '10000' }]);
});

describe('many at once', () => {
  /** A small generator, so that a failure can be run again. */
  function dice(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
  }
  /**
   * What the chain does with them in this order: none may leave its loan ids, nor meet more bytes
   * than it declared.
   */
  function failuresOf(order: readonly HoldRequest[]): number {
    const landed: number[] = [];
    let failed = 0;
    for (const { ask, loan } of order) {
      if (ask.kind !== 'hold') throw new Error('a hold was asked for');
      const before = landed.reduce((sum, bytes) => sum + bytes, 0);
      if (
        1n + BigInt(landed.length) > (ask.envelope.loanIdLast ?? 0n) ||
        before > (ask.envelope.windowBytes ?? 0)
      )
        failed++;
      else landed.push(loan.entryBytes);
    }
    return failed;
  }
  const shuffled = <T>(list: readonly T[], roll: (below: number) => number): T[] => {
    const left = [...list];
    return list.map(() => left.splice(roll(left.length), 1)[0] as T);
  };
  async function race(pool: string, roll: (below: number) => number): Promise<HoldRequest[]> {
    const requests = Array.from({ length: 120 }, () =>
      asked(
        pool,
        { loans: 10 + roll(40), bytes: (10 + roll(40)) * ONE },
        { borrower: account(), entryBytes: [ONE, TWELVE, 1_216][roll(3)] ?? ONE },
      ),
    );
    const outcomes = await Promise.all(requests.map(hold));
    return requests.filter((_, index) => outcomes[index]?.kind === 'held');
  }

  test.each([1, 2, 3, 4])(
    'never more live holds than can land in any order, seed %d',
    async (seed) => {
      const roll = dice(seed);
      const live = await race(await strictPool(), roll);
      expect(live.length).toBeGreaterThan(3);
      for (let order = 0; order < 50; order++) expect(failuresOf(shuffled(live, roll))).toBe(0);
      // the worst order for each hold: all others land first
      for (const one of live)
        expect(failuresOf([...live.filter((other) => other !== one), one])).toBe(0);
    },
  );

  test('control: without the rule they break it', async () => {
    const roll = dice(1);
    const { id } = await givenPool(under, 1_000_000n);
    const live = await race(id, roll);
    expect(live).toHaveLength(120);
    expect(failuresOf(shuffled(live, roll))).toBeGreaterThan(0);
  });
});
