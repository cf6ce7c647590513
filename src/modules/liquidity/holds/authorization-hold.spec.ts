import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  authorizedRequest,
  FENCE,
  heldByAuthorization,
  ISSUED_AFTER,
} from '../../../../test/support/given-authorization.js';
import {
  account,
  givenPool,
  invariants,
  type LedgerUnderTest,
  NETWORK,
  nowSeconds,
  openLedger,
  request,
  snapshot,
} from '../../../../test/support/given-ledger.js';
import type { PoolRecord } from '../pools/pool-registry.js';
import { packXdr } from './envelope-packing.js';
import type { HoldOutcome, HoldRequest } from '../reservation.js';

let database: TestDatabase;
let under: LedgerUnderTest;
let pool: PoolRecord;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
});
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});
beforeEach(async () => {
  pool = await givenPool(under, 10_000n);
});

const kindsOf = (outcomes: readonly HoldOutcome[]): string[] => outcomes.map(({ kind }) => kind);
const allow = (holdsPerWallet: number) => under.registry.change(pool.id, { holdsPerWallet });
const slots = async (borrower: string): Promise<number[]> => {
  const { rows } = await under.connections.read.query<{ slot: number }>(
    'select slot from live_borrowers where network = $1 and account = $2 order by slot',
    [NETWORK, borrower],
  );
  return rows.map(({ slot }) => slot);
};
const expire = ({ poolId, reservationId }: HoldRequest) =>
  under.ledger.ends.expireAuthorizations([
    {
      poolId,
      reservationId,
      envelopeVersion: 1,
      expirationLedger: FENCE,
      firstVoteLedger: FENCE + 1,
      secondVoteLedger: FENCE + 2,
      minTemporaryTtl: 720,
    },
  ]);

describe('a hold that is signed by authorization', () => {
  test('has an authorization and no envelope', async () => {
    const asked = await heldByAuthorization(under, pool.id);
    if (asked.ask.kind !== 'hold-authorization') throw new Error('not by authorization');
    const { authorization } = asked.ask;
    expect(await under.ledger.reader.liveHold(pool.id, asked.reservationId)).toMatchObject({
      amount: 100n,
      envelopeVersion: 1,
      expiresAt: authorization.expiresAt,
      envelopes: [],
      landings: [],
      authorization: {
        hash: authorization.hash,
        address: asked.borrower,
        nonce: authorization.nonce,
        expirationLedger: FENCE,
        issuedAfterLedger: ISSUED_AFTER,
        signedAt: null,
        state: 'open',
        unspentLedger: null,
        voteLedger: null,
        spent: null,
      },
    });
    expect(await invariants(under, pool.id)).toMatchObject({ held: '100', held_sum: '100' });
    const { rows } = await under.connections.read.query(
      `select r.signing, e.envelope_hash, a.entry_deflated from reservations r
      join reservation_events e on e.reservation_id = r.id
      join authorizations a on a.reservation_id = r.id where r.id = $1`,
      [asked.reservationId],
    );
    expect(rows).toEqual([
      { signing: 'authorization', envelope_hash: null, entry_deflated: packXdr('AAAA') },
    ]);
    expect(await under.ledger.guards.differences(pool.id)).toEqual([]);
  });

  test('is refused like any other: for lack of room, and when little time is left', async () => {
    expect(await under.ledger.hold(authorizedRequest(pool.id, { amount: 10_001n }))).toMatchObject({
      kind: 'refused',
      code: 'INSUFFICIENT_LIQUIDITY',
    });
    expect(
      await under.ledger.hold(authorizedRequest(pool.id, { maxTime: nowSeconds() + 20n })),
    ).toEqual({ kind: 'stale' });
  });

  test('needs no sequence number of its borrower', async () => {
    const borrower = account();
    await under.connections.write.query(
      'insert into account_sequences (network, account, consumed, ledger) values ($1, $2, 50, 9)',
      [NETWORK, borrower],
    );
    expect(await under.ledger.hold(request(pool.id, { borrower }))).toEqual({ kind: 'stale' });
    expect(await under.ledger.hold(authorizedRequest(pool.id, { borrower }))).toMatchObject({
      kind: 'held',
    });
  });

  test('is found again by its key, and made once when its batch runs twice', async () => {
    const asked = authorizedRequest(pool.id, { key: 'one' });
    expect(await under.ledger.hold(asked)).toMatchObject({ kind: 'held' });
    expect(await under.ledger.hold(asked)).toMatchObject({ kind: 'held' });
    expect(
      await under.ledger.hold(authorizedRequest(pool.id, { key: 'one', borrower: asked.borrower })),
    ).toMatchObject({ kind: 'replayed', record: { reservationId: asked.reservationId } });
    expect(await invariants(under, pool.id)).toMatchObject({ held: '100' });
  });

  test('with a nonce that is known is not made', async () => {
    const first = authorizedRequest(pool.id);
    await under.ledger.hold(first);
    const { nonce } = first.ask.kind === 'hold-authorization' ? first.ask.authorization : {};
    const impatient = openLedger(database.url, { deadlineMs: 300 });
    await allow(2);
    const again = authorizedRequest(pool.id, { borrower: first.borrower }, { nonce: nonce ?? 0n });
    await expect(impatient.ledger.hold(again)).rejects.toMatchObject({ code: 'BUSY_RETRY' });
    await impatient.connections.close();
    expect(await invariants(under, pool.id)).toMatchObject({ held: '100' });
  });
});

describe('holds of one wallet', () => {
  test('are one, unless the pool allows more', async () => {
    const borrower = account();
    await heldByAuthorization(under, pool.id, { borrower });
    expect(await under.ledger.hold(authorizedRequest(pool.id, { borrower }))).toMatchObject({
      kind: 'borrower_busy',
    });
  });

  test('take the lowest free slots, up to the bound', async () => {
    await allow(3);
    const borrower = account();
    const holds = [];
    for (let index = 0; index < 3; index++)
      holds.push(await heldByAuthorization(under, pool.id, { borrower }));
    expect(await slots(borrower)).toEqual([0, 1, 2]);
    expect(await under.ledger.hold(authorizedRequest(pool.id, { borrower }))).toEqual({
      kind: 'borrower_busy',
      loanId: holds[2]?.loan.loanId,
      reservationId: holds[2]?.reservationId,
    });
    expect(await expire(holds[1] as HoldRequest)).toMatchObject([{ written: true }]);
    expect(await slots(borrower)).toEqual([0, 2]);
    await heldByAuthorization(under, pool.id, { borrower });
    expect(await slots(borrower)).toEqual([0, 1, 2]);
    expect(await under.ledger.guards.differences(pool.id)).toEqual([]);
  });

  test('of one batch see each other', async () => {
    await allow(2);
    const borrower = account();
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => under.ledger.hold(authorizedRequest(pool.id, { borrower }))),
    );
    expect(kindsOf(outcomes)).toEqual(['held', 'held', 'borrower_busy', 'borrower_busy']);
    expect(await slots(borrower)).toEqual([0, 1]);
  });

  test('both ways of signing share one batch', async () => {
    const [one, two] = [account(), account()];
    const outcomes = await Promise.all([
      under.ledger.hold(request(pool.id, { borrower: one })),
      under.ledger.hold(authorizedRequest(pool.id, { borrower: two })),
      under.ledger.hold(authorizedRequest(pool.id, { borrower: one })),
      under.ledger.hold(request(pool.id, { borrower: two })),
    ]);
    expect(kindsOf(outcomes)).toEqual(['held', 'held', 'borrower_busy', 'borrower_busy']);
    const { rows } = await under.connections.read.query(
      `select r.signing, count(e.hash)::int as envelopes, count(a.hash)::int as authorizations
      from reservations r left join envelopes e on e.reservation_id = r.id
        left join authorizations a on a.reservation_id = r.id
      where r.pool_id = $1 group by r.signing order by r.signing`,
      [pool.id],
    );
    expect(rows).toEqual([
      { signing: 'authorization', envelopes: 0, authorizations: 1 },
      { signing: 'transaction', envelopes: 1, authorizations: 0 },
    ]);
  });

  test('a transaction is alone; an authorization comes beside it when the pool allows two', async () => {
    await allow(2);
    const [one, two] = [account(), account()];
    await heldByAuthorization(under, pool.id, { borrower: one });
    expect(await under.ledger.hold(request(pool.id, { borrower: one }))).toMatchObject({
      kind: 'borrower_busy',
    });
    expect(await under.ledger.hold(request(pool.id, { borrower: two }))).toMatchObject({
      kind: 'held',
    });
    await heldByAuthorization(under, pool.id, { borrower: two });
    expect(await slots(two)).toEqual([0, 1]);
    expect(
      kindsOf([await under.ledger.hold(authorizedRequest(pool.id, { borrower: two }))]),
    ).toEqual(['borrower_busy']);
  });
});

describe('the counter window', () => {
  const strictPool = async (): Promise<void> => {
    await under.registry.change(pool.id, { strict: true });
    await under.ledger.snapshots.observe(
      snapshot(pool.id, 101, { total: 10_000n, lastLoanId: 0n }),
    );
  };

  test('does not bind authorizations by themselves', async () => {
    await strictPool();
    for (let index = 0; index < 5; index++) await heldByAuthorization(under, pool.id);
    expect((await under.ledger.reader.position(pool.id))?.heldCount).toBe(5);
  });

  test('of a live transaction has less room for each of them, and then none', async () => {
    await strictPool();
    const narrow = { window: { first: 1n, last: 3n } };
    expect(await under.ledger.hold(request(pool.id, narrow))).toMatchObject({ kind: 'held' });
    await heldByAuthorization(under, pool.id);
    await heldByAuthorization(under, pool.id);
    expect(await under.ledger.hold(authorizedRequest(pool.id))).toMatchObject({
      kind: 'counter_window_full',
      liveHolds: 3,
      window: 3,
    });
  });

  test('of a new transaction must have room for all of them', async () => {
    await strictPool();
    await heldByAuthorization(under, pool.id);
    await heldByAuthorization(under, pool.id);
    expect(
      await under.ledger.hold(request(pool.id, { window: { first: 1n, last: 2n } })),
    ).toMatchObject({ kind: 'window_small', liveHolds: 2 });
    expect(
      await under.ledger.hold(request(pool.id, { window: { first: 1n, last: 3n } })),
    ).toMatchObject({ kind: 'held' });
  });
});

test('the rules of a pool on signing are checked, kept and journalled', async () => {
  expect(pool).toMatchObject({ signing: 'transaction', holdsPerWallet: 1 });
  expect(
    await under.registry.change(pool.id, { signing: 'authorization', holdsPerWallet: 20 }),
  ).toMatchObject({ signing: 'authorization', holdsPerWallet: 20 });
  await expect(allow(21)).rejects.toThrow('holds_per_wallet must be between 1 and 20');
  const { rows } = await under.connections.read.query(
    `select signing, holds_per_wallet from reporting.pool_rules_v1 where pool_id = $1
      order by number desc limit 1`,
    [pool.id],
  );
  expect(rows).toEqual([{ signing: 'authorization', holds_per_wallet: 20 }]);
});
