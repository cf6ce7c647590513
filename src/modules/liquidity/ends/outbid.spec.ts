import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  account,
  givenPool,
  type LedgerUnderTest,
  NETWORK,
  nowSeconds,
  openLedger,
  request,
  snapshot,
  STRANGER_BYTES,
} from '../../../../test/support/given-ledger.js';
import { LedgerFigures } from '../pools/ledger-figures.js';
import type { PoolRecord } from '../pools/pool-registry.js';
import type { HoldRequest } from '../reservation.js';

/** Envelopes that the going rate outbids: their mark, and what it says of a borrower at the end. */
const BID = 1_000n;
let database: TestDatabase;
let under: LedgerUnderTest;
let figures: LedgerFigures;
let pool: PoolRecord;
let borrower: string;
let ledger: number;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
  figures = new LedgerFigures(database.url);
});
beforeEach(async () => {
  pool = await givenPool(under, 10_000n);
  borrower = account();
  ledger = 100;
});
afterAll(async () => {
  await figures.close();
  await under.connections.close();
  await database.drop();
});

/** One observation, as a round makes it: the rate that it read, and then the marks. */
async function observed(rate: bigint | null, closeTime = nowSeconds()): Promise<number> {
  ledger++;
  await under.ledger.snapshots.observe({
    ...snapshot(pool.id, ledger, { total: 10_000n }, closeTime),
    goingRate: rate === null ? null : { rate, ledger: ledger - 1 },
  });
  await under.ledger.envelopes.noteOutbid(pool.id);
  return ledger - 1;
}
async function held(sequence = 5n): Promise<HoldRequest> {
  const asked = request(pool.id, { borrower, sequence });
  expect(await under.ledger.hold(asked)).toMatchObject({ kind: 'held' });
  return asked;
}
const envelopeOf = ({ ask }: HoldRequest) => {
  if (ask.kind !== 'hold') throw new Error('only a hold has an envelope');
  return ask.envelope;
};
/** A new transaction for the same hold, with the bid of then. */
const rebuilt = (
  asked: HoldRequest,
  inclusionFee: bigint,
  goingRate = inclusionFee,
): Promise<string> =>
  under.ledger.issueEnvelope({
    poolId: pool.id,
    reservationId: asked.reservationId,
    seenVersion: 1,
    envelope: { ...envelopeOf(request(pool.id)), inclusionFee, goingRate },
    strangerBytes: STRANGER_BYTES,
  });
async function marks(asked: HoldRequest): Promise<(number | null)[]> {
  const { rows } = await under.connections.read.query<{ at: string | null }>(
    `select outbid_ledger::text as at from envelopes where pool_id = $1 and reservation_id = $2
      order by number`,
    [pool.id, asked.reservationId],
  );
  return rows.map(({ at }) => (at === null ? null : Number(at)));
}
async function counted(): Promise<readonly [number | null, number | null]> {
  const found = (await figures.read()).pools.find(({ poolId }) => poolId === pool.id);
  if (!found) throw new Error('the pool has no figures');
  return [found.outbidCount, found.goingRate];
}
const expired = (asked: HoldRequest, envelopeVersion = 1): Promise<unknown> =>
  under.ledger.ends.expire([
    {
      poolId: pool.id,
      reservationId: asked.reservationId,
      envelopeVersion,
      passedLedger: 200,
      passedCloseTime: nowSeconds() + 100_000n,
      firstVoteLedger: 202,
      secondVoteLedger: 203,
      oldestLedger: 50,
    },
  ]);
async function lapses(): Promise<number> {
  const { rows } = await under.connections.read.query<{ lapses: number }>(
    'select lapses from wallet_lapses where network = $1 and account = $2',
    [NETWORK, borrower],
  );
  return rows[0]?.lapses ?? 0;
}

describe('a live envelope', () => {
  test('is marked with the ledger of the first rate above its bid, and counted', async () => {
    const asked = await held();
    await observed(BID);
    expect([await marks(asked), await counted()]).toEqual([[null], [0, 1_000]]);
    const first = await observed(BID + 1n);
    await observed(BID * 50n);
    expect([await marks(asked), await counted()]).toEqual([[first], [1, 50_000]]);
  });

  test('loses its mark when the rate falls, and keeps it while no rate is known', async () => {
    const asked = await held();
    const first = await observed(BID * 2n);
    await observed(null);
    expect([await marks(asked), await counted()]).toEqual([[first], [null, null]]);
    await observed(BID);
    expect(await marks(asked)).toEqual([null]);
  });

  test('stays as it was at its deadline', async () => {
    const [outbid, enough] = [await held(), request(pool.id, { maxTime: nowSeconds() + 200n })];
    await under.ledger.hold(enough);
    const first = await observed(BID * 2n, nowSeconds() + 250n);
    await observed(100n, envelopeOf(outbid).maxTime);
    expect([await marks(outbid), await marks(enough)]).toEqual([[first], [null]]);
  });

  test('is the newest of its hold: a rebuild that bids enough is none, a cap too low is one', async () => {
    const asked = await held();
    const first = await observed(BID * 2n);
    expect(await rebuilt(asked, BID * 2n)).toBe('issued');
    await observed(BID * 2n);
    expect([await marks(asked), await counted()]).toEqual([
      [first, null],
      [0, 2_000],
    ]);
    const again = await observed(BID * 3n);
    expect(await marks(asked)).toEqual([first, again]);
  });

  test('is outbid from the start when its bid was the cap', async () => {
    const asked = request(pool.id, { borrower });
    const envelope = { ...envelopeOf(asked), goingRate: BID * 2n };
    await under.ledger.hold({ ...asked, ask: { kind: 'hold', envelope } });
    expect(await marks(asked)).toEqual([99]);
    expect(await rebuilt(asked, BID, BID * 2n)).toBe('issued');
    expect(await marks(asked)).toEqual([99, 99]);
    await observed(BID);
    expect(await marks(asked)).toEqual([99, null]);
  });

  test('from before bids were kept is never outbid', async () => {
    const asked = await held();
    await under.connections.write.query(
      'update envelopes set inclusion_fee = null where pool_id = $1',
      [pool.id],
    );
    await observed(BID * 2n);
    expect([await marks(asked), await counted()]).toEqual([[null], [0, 2_000]]);
  });
});

describe('a hold that expires', () => {
  test('is no lapse while its newest bid was below the going rate', async () => {
    const asked = await held();
    await observed(BID * 2n);
    await expired(asked);
    expect(await lapses()).toBe(0);
  });

  test('is one when the rate came down to its bid before its deadline', async () => {
    const asked = await held();
    await observed(BID * 2n);
    await observed(BID);
    await expired(asked);
    expect(await lapses()).toBe(1);
  });

  test('is one when only an earlier transaction was outbid', async () => {
    const asked = await held();
    await observed(BID * 2n);
    await rebuilt(asked, BID * 2n);
    await observed(BID * 2n);
    await expired(asked, 2);
    expect(await lapses()).toBe(1);
  });

  test('is no lapse when a signed transaction was seen that no node took', async () => {
    const asked = await held();
    await under.ledger.envelopes.markSigned(pool.id, asked.reservationId);
    await under.ledger.envelopes.markSigned(pool.id, asked.reservationId);
    await expired(asked);
    expect(await lapses()).toBe(0);
    expect(
      (
        await under.connections.read.query(
          `select signed_at is not null as signed, submitted_at from reservations
            where pool_id = $1 and id = $2`,
          [pool.id, asked.reservationId],
        )
      ).rows,
    ).toEqual([{ signed: true, submitted_at: null }]);
  });
});
