import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  account,
  countKinds,
  givenPool,
  invariants,
  NETWORK,
  nowSeconds,
  openLedger,
  OUR_FAULT,
  REFUSED,
  request,
  settlementOf,
  snapshot,
  type LedgerUnderTest,
} from '../../../../test/support/given-ledger.js';
import type { PoolRecord } from '../pools/pool-registry.js';
import type { HoldOutcome, HoldRequest } from '../reservation.js';

/**
 * What stops a wallet from hoarding, decided under the ledger's lock: its share of a pool, and the
 * wait after holds that lapsed unsigned.
 */
let database: TestDatabase;
let under: LedgerUnderTest;
let other: LedgerUnderTest;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
  other = openLedger(database.url);
});
afterAll(async () => {
  await under.connections.close();
  await other.connections.close();
  await database.drop();
});

const expiry = (asked: HoldRequest) => ({
  poolId: asked.poolId,
  reservationId: asked.reservationId,
  envelopeVersion: 1,
  passedLedger: 200,
  passedCloseTime: nowSeconds() + 100_000n,
  firstVoteLedger: 202,
  secondVoteLedger: 203,
  oldestLedger: 50,
});
const envelopeOf = (asked: HoldRequest) => {
  if (asked.ask.kind !== 'hold') throw new Error('only a hold has an envelope');
  return asked.ask.envelope;
};

async function held(pool: PoolRecord, borrower: string, sequence = 5n): Promise<HoldRequest> {
  const asked = request(pool.id, { borrower, sequence });
  expect(await under.ledger.hold(asked)).toMatchObject({ kind: 'held' });
  return asked;
}
async function lapse(pool: PoolRecord, borrower: string, times = 1): Promise<void> {
  for (let time = 0; time < times; time++) {
    const asked = await held(pool, borrower);
    expect(await under.ledger.ends.expire([expiry(asked)])).toEqual([
      { written: true, state: 'expired' },
    ]);
  }
}
interface Stored {
  readonly lapses: number;
  readonly last: string;
}
async function stored(borrower: string): Promise<Stored | null> {
  const { rows } = await under.connections.read.query<Stored>(
    'select lapses, extract(epoch from last_lapsed_at)::text as last from wallet_lapses ' +
      'where network = $1 and account = $2',
    [NETWORK, borrower],
  );
  return rows[0] ?? null;
}
/** Stores a last lapse `secondsAgo` seconds in the past, with this many lapses. */
const givenLapses = (borrower: string, lapses: number, secondsAgo: number): Promise<unknown> =>
  under.connections.write.query(
    `insert into wallet_lapses values ($1, $2, $3, date_trunc('second', clock_timestamp()) - make_interval(secs => $4))
    on conflict (network, account) do update set lapses = excluded.lapses, last_lapsed_at = excluded.last_lapsed_at`,
    [NETWORK, borrower, lapses, secondsAgo],
  );
function backOffIn(outcome: HoldOutcome): Extract<HoldOutcome, { kind: 'back_off' }> {
  if (outcome.kind !== 'back_off') throw new Error(`not a back-off: ${outcome.kind}`);
  return outcome;
}

describe('a wallet that lets holds lapse', () => {
  test('waits after the third one in a row: until is ten minutes after the last lapse, to the second', async () => {
    const pool = await givenPool(under, 1000n);
    const borrower = account();
    await lapse(pool, borrower, 3);
    const last = BigInt((await stored(borrower))?.last.split('.')[0] ?? '0');
    expect(nowSeconds() - last).toBeLessThanOrEqual(60n);
    const outcome = backOffIn(await under.ledger.hold(request(pool.id, { borrower })));
    expect(outcome).toMatchObject({ until: last + 600n, lapses: 3, allowed: 3 });
    expect(outcome.waitSeconds).toBeGreaterThan(0);
    expect(outcome.waitSeconds).toBeLessThanOrEqual(600);
    // another wallet
    expect(await under.ledger.hold(request(pool.id))).toMatchObject({ kind: 'held' });
    expect(
      await under.connections.read.query('select from refusals where pool_id = $1', [pool.id]),
    ).toMatchObject({ rowCount: 0 }); // nothing is recorded
  });

  test.each([
    [3, 600],
    [4, 1200],
    [5, 2400],
    [9, 38_400],
    [10, 76_800],
    [11, 86_400],
    [100, 86_400],
  ])(
    'after %i lapses waits %i seconds: a second before the end it is refused, at the end held',
    async (lapses, seconds) => {
      const pool = await givenPool(under, 1000n);
      const borrower = account();
      await givenLapses(borrower, lapses, seconds - 30);
      const soon = backOffIn(await under.ledger.hold(request(pool.id, { borrower })));
      expect(soon.waitSeconds).toBeLessThanOrEqual(30);
      expect(soon.until - BigInt((await stored(borrower))?.last.split('.')[0] ?? '0')).toBe(
        BigInt(seconds),
      );
      await givenLapses(borrower, lapses, seconds);
      expect(await under.ledger.hold(request(pool.id, { borrower }))).toMatchObject({
        kind: 'held',
      });
    },
  );

  test(
    'the same across pools, tenants, keys and processes, and for a request that only asks ' +
      'whether it fits',
    async () => {
      const [pool, second] = [await givenPool(under, 1000n), await givenPool(under, 1000n)];
      const borrower = account();
      await lapse(pool, borrower, 2);
      await lapse(second, borrower);
      const ways = [
        request(pool.id, { borrower }),
        request(second.id, { borrower }),
        { ...request(pool.id, { borrower, key: 'a' }), tenantId: 'one' },
        { ...request(second.id, { borrower, key: 'a' }), tenantId: 'two' },
        request(pool.id, { borrower, kind: 'refuse-only' }),
      ];
      const outcomes = await Promise.all(
        ways.flatMap((way) => [
          under.ledger.hold({ ...way, reservationId: crypto.randomUUID() }),
          other.ledger.hold({ ...way, reservationId: crypto.randomUUID() }),
        ]),
      );
      expect(countKinds(outcomes)).toEqual({ back_off: 10 });
      const restarted = openLedger(database.url);
      expect(await restarted.ledger.hold(request(pool.id, { borrower }))).toMatchObject({
        kind: 'back_off',
        lapses: 3,
      });
      await restarted.connections.close();
    },
  );

  test(
    'while its last lapse is written by one process and new holds are asked for by two: ' +
      'after it none is made, and the counters stay exact',
    async () => {
      const pool = await givenPool(under, 1_000_000n);
      const borrowers = Array.from({ length: 20 }, () => account());
      const live: HoldRequest[] = [];
      for (const borrower of borrowers) {
        await givenLapses(borrower, 2, 60);
        live.push(await held(pool, borrower));
      }
      const [ended, ...asked] = await Promise.all([
        under.ledger.ends.expire(live.map(expiry)),
        ...borrowers.flatMap((borrower) =>
          [under, other].map(({ ledger }) => ledger.hold(request(pool.id, { borrower }))),
        ),
      ]);
      expect(ended.map(({ written }) => written)).toEqual(borrowers.map(() => true));
      // before the expiry the hold is live, after it the wallet waits: no order leaves room for another
      const kinds = countKinds(asked);
      expect((kinds['borrower_busy'] ?? 0) + (kinds['back_off'] ?? 0)).toBe(40);
      expect(
        countKinds(
          await Promise.all(
            borrowers.map((borrower) => other.ledger.hold(request(pool.id, { borrower }))),
          ),
        ),
      ).toEqual({ back_off: 20 });
      expect(await invariants(under, pool.id)).toMatchObject({ held: '0', held_sum: '0' });
    },
  );

  test('begins again when a hold settles', async () => {
    const pool = await givenPool(under, 1000n);
    const borrower = account();
    await lapse(pool, borrower, 2);
    const funded = await held(pool, borrower, 6n);
    await under.ledger.ends.settle([settlementOf(funded, 150)]);
    expect(await stored(borrower)).toBeNull();
    const next = await held(pool, borrower, 7n);
    await under.ledger.ends.expire([expiry(next)]);
    expect(await stored(borrower)).toMatchObject({ lapses: 1 });
  });

  test('begins again when nothing lapsed for 48 hours, and not a second earlier', async () => {
    const pool = await givenPool(under, 1000n);
    const [late, early] = [account(), account()];
    await givenLapses(late, 9, 48 * 3600 + 60);
    await givenLapses(early, 9, 48 * 3600 - 600);
    await lapse(pool, late);
    await lapse(pool, early);
    expect([await stored(late), await stored(early)]).toMatchObject([
      { lapses: 1 },
      { lapses: 10 },
    ]);
  });
});

describe('what is no lapse', () => {
  test(
    'a burned sequence, a failure on the chain, a counter conflict kept for a rebuild, a ' +
      "submission a node took, an operator's resolution, what cannot be looked up",
    async () => {
      const pool = await givenPool(under, 10_000n);
      const ends: Record<string, (asked: HoldRequest) => Promise<unknown>> = {
        burned: (asked) =>
          under.ledger.ends.releaseConsumed([
            { ...expiry(asked), consumedLedger: 200, consumedSequence: 5n },
          ]),
        failed: (asked) =>
          under.ledger.ends.releaseFailed([
            {
              poolId: pool.id,
              reservationId: asked.reservationId,
              envelopeVersion: 1,
              envelopeHash: envelopeOf(asked).hash,
              failedLedger: 150,
              closeTime: nowSeconds(),
              resultCode: 'txFailed',
              ...REFUSED,
            },
          ]),
        conflict: async (asked) => {
          await under.ledger.ends.failEnvelopes([
            {
              poolId: pool.id,
              reservationId: asked.reservationId,
              envelopeVersion: 1,
              envelopeHash: envelopeOf(asked).hash,
              failedLedger: 150,
              closeTime: nowSeconds(),
              resultCode: 'txFailed',
              ...OUR_FAULT,
            },
          ]);
          return under.ledger.ends.expire([expiry(asked)]);
        },
        submitted: async (asked) => {
          await under.ledger.envelopes.markSubmitted(pool.id, asked.reservationId, {
            hash: envelopeOf(asked).hash,
            status: 'PENDING',
          });
          return under.ledger.ends.expire([expiry(asked)]);
        },
        person: (asked) =>
          under.ledger.ends.endByOperator({
            poolId: pool.id,
            reservationId: asked.reservationId,
            envelopeVersion: 1,
            as: 'expired',
            ledger: 200,
            closeTime: nowSeconds() + 100_000n,
            statement: {
              by: 'test',
              reason: 'a test of it',
              alarm: 'none',
              saidLedger: null,
              loansRead: 0,
            },
          }),
        forgotten: (asked) =>
          under.ledger.ends.expireAbsent([
            {
              poolId: pool.id,
              reservationId: asked.reservationId,
              envelopeVersion: 1,
              passedLedger: 200,
              passedCloseTime: nowSeconds() + 100_000n,
              readLedger: 201,
              loansRead: 0,
            },
          ]),
      };
      const after: Record<string, unknown> = {};
      for (const [name, end] of Object.entries(ends)) {
        const borrower = account();
        const asked = await held(pool, borrower);
        await end(asked);
        after[name] = [
          (await under.ledger.reader.whereIs(asked.reservationId))?.state,
          await stored(borrower),
        ];
      }
      expect(after).toEqual({
        burned: ['released', null],
        failed: ['released', null],
        conflict: ['expired', null],
        submitted: ['expired', null],
        person: ['expired', null],
        forgotten: ['expired', null],
      });
    },
  );

  test('an expiry that is written twice counts once; a batch that runs again does not count at all', async () => {
    const pool = await givenPool(under, 1000n);
    const borrower = account();
    const asked = await held(pool, borrower);
    await Promise.all([
      under.ledger.ends.expire([expiry(asked)]),
      other.ledger.ends.expire([expiry(asked)]),
      under.ledger.ends.expire([expiry(asked)]),
    ]);
    expect(await stored(borrower)).toMatchObject({ lapses: 1 });
  });

  test('a hold that was made before its wallet had to wait is found again by its own request and key', async () => {
    const pool = await givenPool(under, 1000n);
    const borrower = account();
    const asked = request(pool.id, { borrower, key: 'kept' });
    await under.ledger.hold(asked);
    await givenLapses(borrower, 8, 5);
    expect(await under.ledger.hold(asked)).toMatchObject({ kind: 'held' });
    expect(await under.ledger.hold(request(pool.id, { borrower, key: 'kept' }))).toMatchObject({
      kind: 'replayed',
      record: { reservationId: asked.reservationId },
    });
  });

  test('a pool may make no wallet wait, or make it wait after the first lapse', async () => {
    const [patient, strict] = [await givenPool(under, 1000n), await givenPool(under, 1000n)];
    await under.registry.change(patient.id, { lapsesMax: 0 });
    await under.registry.change(strict.id, { lapsesMax: 1 });
    const borrower = account();
    await lapse(patient, borrower, 5);
    expect(backOffIn(await under.ledger.hold(request(strict.id, { borrower })))).toMatchObject({
      lapses: 5,
      allowed: 1,
    });
    expect(await under.ledger.hold(request(patient.id, { borrower }))).toMatchObject({
      kind: 'held',
    });
  });
});

describe('a share of the pool', () => {
  test(
    'bounds one hold by the observed total, to the unit, whatever is held already; it sticks ' +
      'to no key',
    async () => {
      const pool = await givenPool(under, 10_007n, { buffer: 7n });
      await under.registry.change(pool.id, { maxWalletShareBps: 2500 });
      const refused = {
        kind: 'share_exceeded',
        bound: 2501n,
        asked: 2502n,
        shareBps: 2500,
        atLedger: 100,
      };
      expect(await under.ledger.hold(request(pool.id, { amount: 2502n, key: 'big' }))).toEqual(
        refused,
      );
      expect(
        await under.ledger.hold(request(pool.id, { amount: 2502n, kind: 'refuse-only' })),
      ).toEqual(refused);
      expect(await under.ledger.reader.findKey('default', 'big', 'f'.repeat(64))).toEqual({
        kind: 'unknown',
      });
      expect(await under.ledger.hold(request(pool.id, { amount: 2501n }))).toMatchObject({
        kind: 'held',
      });
      expect(await under.ledger.hold(request(pool.id, { amount: 2501n }))).toMatchObject({
        kind: 'held',
      });
      await under.ledger.snapshots.observe(snapshot(pool.id, 101, { total: 20_000n }));
      expect(await under.ledger.hold(request(pool.id, { amount: 5000n }))).toMatchObject({
        kind: 'held',
      });
      expect(await under.ledger.hold(request(pool.id, { amount: 5001n }))).toMatchObject({
        kind: 'share_exceeded',
        bound: 5000n,
        atLedger: 101,
      });
    },
  );

  test('among many at once from two processes only those within it are held; amounts near i128 are exact', async () => {
    const huge = (1n << 127n) - 1n;
    const pool = await givenPool(under, huge);
    await under.registry.change(pool.id, { maxWalletShareBps: 1 });
    const bound = huge / 10_000n;
    const asks = Array.from({ length: 40 }, (_, index) =>
      request(pool.id, { amount: bound + (index % 2 === 0 ? 0n : 1n) }),
    );
    const outcomes = await Promise.all(
      asks.map((asked, index) => (index % 4 < 2 ? under : other).ledger.hold(asked)),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(
      asks.map((_, index) => (index % 2 === 0 ? 'held' : 'share_exceeded')),
    );
    expect(await invariants(under, pool.id)).toMatchObject({
      held: (bound * 20n).toString(),
      held_sum: (bound * 20n).toString(),
    });
  });

  test(
    'a second hold of the same wallet in another pool is refused as busy, so the share is ' +
      'all one wallet has of a pool',
    async () => {
      const [pool, second] = [await givenPool(under, 1000n), await givenPool(under, 1000n)];
      await under.registry.change(pool.id, { maxWalletShareBps: 1000 });
      const borrower = account();
      const both = await Promise.all([
        under.ledger.hold(request(pool.id, { borrower, amount: 100n })),
        other.ledger.hold(request(second.id, { borrower, amount: 100n })),
      ]);
      expect(countKinds(both)).toEqual({ held: 1, borrower_busy: 1 });
    },
  );
});
