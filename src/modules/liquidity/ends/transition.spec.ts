import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  givenPool,
  invariants,
  nowSeconds,
  openLedger,
  REFUSED,
  request,
  settlementOf,
  snapshot,
  type LedgerUnderTest,
} from '../../../../test/support/given-ledger.js';
import type { HoldRequest } from '../reservation.js';
import type { ExpiryEvidence, FailureEvidence } from './end-evidence.js';

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

const deadline = (asked: HoldRequest): bigint =>
  asked.ask.kind === 'hold' ? asked.ask.envelope.maxTime : 0n;
const expiry = (asked: HoldRequest, changes: Partial<ExpiryEvidence> = {}): ExpiryEvidence => ({
  poolId: asked.poolId,
  reservationId: asked.reservationId,
  envelopeVersion: 1,
  passedLedger: 400,
  passedCloseTime: deadline(asked),
  firstVoteLedger: 402,
  secondVoteLedger: 403,
  oldestLedger: 1,
  ...changes,
});
const failure = (asked: HoldRequest): FailureEvidence => ({
  poolId: asked.poolId,
  reservationId: asked.reservationId,
  envelopeVersion: 1,
  envelopeHash: settlementOf(asked, 1).envelopeHash ?? '',
  failedLedger: 130,
  closeTime: 1_800_000_000n,
  resultCode: 'txFailed/invokeHostFunctionTrapped',
  ...REFUSED,
});

async function held(amount: bigint, room = 1000n): Promise<{ poolId: string; asked: HoldRequest }> {
  const pool = await givenPool(under, room);
  const asked = request(pool.id, { amount });
  await under.ledger.hold(asked);
  return { poolId: pool.id, asked };
}
async function expectExact(poolId: string): Promise<void> {
  const sums = await invariants(under, poolId);
  expect([sums.held, sums.in_flight]).toEqual([sums.held_sum, sums.in_flight_sum]);
}

describe('settle', () => {
  test('a landing after the snapshot stays counted as in flight until a snapshot contains it', async () => {
    const { poolId, asked } = await held(400n);
    expect(await under.ledger.ends.settle([settlementOf(asked, 105)])).toEqual([
      { written: true, state: 'settled' },
    ]);
    expect(await under.ledger.reader.position(poolId)).toMatchObject({
      held: 0n,
      inFlight: 400n,
      available: 600n,
    });
    await expectExact(poolId);
    await under.ledger.snapshots.observe(snapshot(poolId, 104, { total: 1000n }));
    expect(await under.ledger.reader.position(poolId)).toMatchObject({
      inFlight: 400n,
      available: 600n,
    });
    await under.ledger.snapshots.observe(snapshot(poolId, 105, { total: 1000n, locked: 400n }));
    expect(await under.ledger.reader.position(poolId)).toMatchObject({
      inFlight: 0n,
      available: 600n,
    });
    await expectExact(poolId);
  });

  test('a landing the snapshot already contains never counts in flight', async () => {
    const { poolId, asked } = await held(400n);
    await under.ledger.snapshots.observe(snapshot(poolId, 110, { total: 1000n, locked: 400n }));
    // in transit: safe, although a hold may be refused falsely for a moment
    expect(await under.ledger.reader.position(poolId)).toMatchObject({ available: 200n });
    await under.ledger.ends.settle([settlementOf(asked, 108)]);
    expect(await under.ledger.reader.position(poolId)).toMatchObject({
      inFlight: 0n,
      available: 600n,
    });
    await expectExact(poolId);
  });

  test('settlements known with a snapshot are applied before it, in the same transaction', async () => {
    const { poolId, asked } = await held(400n);
    const before = await under.ledger.reader.position(poolId);
    expect(
      await under.ledger.snapshots.observe(snapshot(poolId, 110, { total: 1000n, locked: 400n }), [
        settlementOf(asked, 108),
      ]),
    ).toEqual({ advanced: true, settled: [{ written: true, state: 'settled' }] });
    expect(await under.ledger.reader.position(poolId)).toMatchObject({
      held: 0n,
      inFlight: 0n,
      available: before?.available,
    });
    await expectExact(poolId);
  });

  test('only once, only by an envelope that was issued for it, with evidence in the journal', async () => {
    const { poolId, asked } = await held(10n);
    expect(
      await under.ledger.ends.settle([
        { ...settlementOf(asked, 105), envelopeHash: 'e'.repeat(64) },
      ]),
    ).toEqual([{ written: false, state: 'held' }]);
    expect(
      await under.ledger.ends.settle([settlementOf(asked, 105), settlementOf(asked, 106)]),
    ).toEqual([
      { written: true, state: 'settled' },
      { written: false, state: 'settled' },
    ]);
    expect(await under.ledger.ends.expire([expiry(asked)])).toEqual([
      { written: false, state: 'settled' },
    ]);
    const journal = await under.connections.read.query(
      'select kind, state_before, state_after, ledger::int, held_before::int, ' +
        'held_after::int, in_flight_after::int, evidence from reservation_events where ' +
        'pool_id = $1 order by number',
      [poolId],
    );
    expect(journal.rows).toEqual([
      {
        kind: 'held',
        state_before: null,
        state_after: 'held',
        ledger: 100,
        held_before: 0,
        held_after: 10,
        in_flight_after: 0,
        evidence: null,
      },
      {
        kind: 'settled',
        state_before: 'held',
        state_after: 'settled',
        ledger: 105,
        held_before: 10,
        held_after: 0,
        in_flight_after: 10,
        evidence: { certificate: 'D4', chainLoanId: '7', feeBump: false },
      },
    ]);
  });
});

describe('expire and release', () => {
  test('expiry frees the amount and the borrower', async () => {
    const { poolId, asked } = await held(400n);
    expect(await under.ledger.ends.expire([expiry(asked)])).toEqual([
      { written: true, state: 'expired' },
    ]);
    expect(await under.ledger.reader.position(poolId)).toMatchObject({
      held: 0n,
      available: 1000n,
    });
    expect(await under.ledger.hold(request(poolId, { borrower: asked.borrower }))).toMatchObject({
      kind: 'held',
    });
    await expectExact(poolId);
  });

  test(
    'evidence about fewer envelopes than exist, or a close time before the latest deadline, ' +
      'changes nothing',
    async () => {
      const { poolId, asked } = await held(400n);
      expect(await under.ledger.ends.expire([expiry(asked, { envelopeVersion: 2 })])).toEqual([
        { written: false, state: 'held' },
      ]);
      expect(
        await under.ledger.ends.expire([expiry(asked, { passedCloseTime: deadline(asked) - 1n })]),
      ).toEqual([{ written: false, state: 'held' }]);
      await under.connections.write.query(
        'update reservations set envelope_version = 2 where pool_id = $1',
        [poolId],
      );
      expect(await under.ledger.ends.expire([expiry(asked)])).toEqual([
        { written: false, state: 'held' },
      ]);
      expect(await under.ledger.ends.releaseFailed([failure(asked)])).toEqual([
        { written: false, state: 'held' },
      ]);
      expect(await under.ledger.ends.settle([settlementOf(asked, 105)])).toEqual([
        { written: true, state: 'settled' },
      ]); // a landing alone may ignore the version
    },
  );

  test('a failed envelope releases as tx_failed and its sequence counts as consumed', async () => {
    const { poolId, asked } = await held(400n);
    expect(await under.ledger.ends.releaseFailed([failure(asked)])).toEqual([
      { written: true, state: 'released' },
    ]);
    expect(await under.ledger.reader.position(poolId)).toMatchObject({
      held: 0n,
      available: 1000n,
    });
    expect(
      await under.ledger.hold(request(poolId, { borrower: asked.borrower, sequence: 5n })),
    ).toEqual({ kind: 'stale' });
    await expectExact(poolId);
  });

  test('more ends than one transaction takes are split, and all are written', async () => {
    const pool = await givenPool(under, 1_000_000n);
    const asked = Array.from({ length: 450 }, () => request(pool.id));
    await Promise.all(asked.map((one) => under.ledger.hold(one)));
    const written = await under.ledger.ends.expire(asked.map((one) => expiry(one)));
    expect(written.filter((one) => one.written)).toHaveLength(450);
    expect(await under.ledger.reader.position(pool.id)).toMatchObject({ held: 0n, heldCount: 0 });
  });
});

describe('snapshots', () => {
  test('only move forward; a repeated ledger may bring the missing close time and refreshes nothing else', async () => {
    const pool = await givenPool(under, 1000n);
    await under.ledger.snapshots.observe({
      ...snapshot(pool.id, 120, { total: 900n }),
      closeTime: null,
    });
    const first = await under.ledger.reader.position(pool.id);
    expect(first).toMatchObject({ snapshotLedger: 120, snapshotCloseTime: null });
    expect(
      await under.ledger.snapshots.observe(snapshot(pool.id, 119, { total: 5n })),
    ).toMatchObject({
      advanced: false,
    });
    expect(
      await under.ledger.snapshots.observe(snapshot(pool.id, 120, { total: 5n }, 1_800_000_000n)),
    ).toMatchObject({ advanced: false });
    const second = await under.ledger.reader.position(pool.id);
    expect(second).toMatchObject({ total: 900n, snapshotCloseTime: 1_800_000_000n });
    expect(second?.ageSeconds).toBeGreaterThan(first?.ageSeconds ?? 0);
  });

  test(
    'the loan counter comes with the snapshot: as large as a u64, kept against an older or ' +
      'repeated reply, unknown when the snapshot lacks it',
    async () => {
      const pool = await givenPool(under, 1000n);
      const counter = async (
        ledger: number,
        lastLoanId?: bigint | null,
      ): Promise<bigint | null | undefined> => {
        await under.ledger.snapshots.observe(
          snapshot(
            pool.id,
            ledger,
            lastLoanId === undefined ? { total: 1000n } : { total: 1000n, lastLoanId },
          ),
        );
        return (await under.ledger.reader.position(pool.id))?.lastLoanId;
      };
      expect(await counter(120, 18_446_744_073_709_551_615n)).toBe(18_446_744_073_709_551_615n);
      expect([await counter(119, 7n), await counter(120, 7n), await counter(120, null)]).toEqual(
        Array.from({ length: 3 }, () => 18_446_744_073_709_551_615n),
      );
      expect([await counter(121, 7n), await counter(122, null), await counter(123, 0n)]).toEqual([
        7n,
        null,
        0n,
      ]);
    },
  );

  test(
    "the contract's pause comes with the snapshot: kept against an older or repeated reply, " +
      'unknown when the snapshot lacks it',
    async () => {
      const pool = await givenPool(under, 1000n);
      const paused = async (
        ledger: number,
        contractPaused: boolean | null,
      ): Promise<boolean | null | undefined> => {
        await under.ledger.snapshots.observe(
          snapshot(pool.id, ledger, { total: 1000n, contractPaused }),
        );
        return (await under.ledger.reader.position(pool.id))?.contractPaused;
      };
      expect((await under.ledger.reader.position(pool.id))?.contractPaused).toBeNull();
      expect(await paused(120, true)).toBe(true);
      expect([await paused(119, false), await paused(120, false), await paused(120, null)]).toEqual(
        [true, true, true],
      );
      expect([await paused(121, false), await paused(122, null), await paused(123, true)]).toEqual([
        false,
        null,
        true,
      ]);
      expect(await under.ledger.hold(request(pool.id, { amount: 1n }))).toMatchObject({
        kind: 'held',
      }); // not decided here: the chain decides it
    },
  );

  test('liquidity taken by others shows as a shortfall; available is never below zero', async () => {
    const { poolId } = await held(400n);
    await under.ledger.snapshots.observe(snapshot(poolId, 130, { total: 300n }));
    expect(await under.ledger.reader.position(poolId)).toMatchObject({
      available: 0n,
      shortfall: 100n,
      held: 400n,
    });
    expect(await under.ledger.hold(request(poolId, { amount: 1n }))).toMatchObject({
      kind: 'refused',
      facts: { available: '0' },
    });
    await under.ledger.snapshots.observe(snapshot(poolId, 131, { total: 1000n }));
    expect(await under.ledger.reader.position(poolId)).toMatchObject({
      available: 600n,
      shortfall: 0n,
    });
  });
});

describe('what settlement needs', () => {
  test(
    'live holds carry their envelopes; lapsed ones can be asked for; steps of the proof by ' +
      'time are kept and never overwritten',
    async () => {
      const pool = await givenPool(under, 1000n);
      const [soon, later] = [
        request(pool.id, { maxTime: nowSeconds() + 60n }),
        request(pool.id, { maxTime: nowSeconds() + 600n }),
      ];
      await Promise.all([under.ledger.hold(soon), under.ledger.hold(later)]);
      const lapsed = await under.ledger.reader.liveHolds(pool.id, 10, deadline(soon));
      expect(lapsed.map((hold) => hold.reservationId)).toEqual([soon.reservationId]);
      await under.ledger.envelopes.noteDeathSteps([
        {
          poolId: pool.id,
          reservationId: soon.reservationId,
          number: 1,
          passedLedger: 200,
          passedCloseTime: 1_800_000_000n,
          voteLedger: null,
        },
      ]);
      await under.ledger.envelopes.noteDeathSteps([
        {
          poolId: pool.id,
          reservationId: soon.reservationId,
          number: 1,
          passedLedger: 300,
          passedCloseTime: 1_900_000_000n,
          voteLedger: 203,
        },
      ]);
      const [again] = await under.ledger.reader.liveHolds(pool.id, 10, deadline(soon));
      expect(again?.envelopes[0]).toMatchObject({
        passedLedger: 200,
        passedCloseTime: 1_800_000_000n,
        voteLedger: 203,
        sequence: 5n,
        issuedAfterLedger: 99,
      });
    },
  );

  test('a submission is remembered once in the journal and changes no counter', async () => {
    const { poolId, asked } = await held(400n);
    const hash = settlementOf(asked, 1).envelopeHash ?? '';
    await under.ledger.envelopes.markSubmitted(poolId, asked.reservationId, {
      hash,
      status: 'TRY_AGAIN_LATER',
    });
    await under.ledger.envelopes.markSubmitted(poolId, asked.reservationId, {
      hash,
      status: 'PENDING',
    });
    const events = await under.connections.read.query(
      `select kind, reason from reservation_events where pool_id = $1 and kind = 'submitted'`,
      [poolId],
    );
    expect(events.rows).toEqual([{ kind: 'submitted', reason: 'TRY_AGAIN_LATER' }]);
    expect((await under.ledger.reader.liveHolds(poolId, 1))[0]?.submittedAt).toBeInstanceOf(Date);
    await expectExact(poolId);
  });

  test('the journal is append-only by the database', async () => {
    const { poolId } = await held(1n);
    for (const statement of [
      `update reservation_events set kind = 'settled' where pool_id = '${poolId}'`,
      `delete from reservation_events where pool_id = '${poolId}'`,
      'truncate reservation_events cascade',
    ]) {
      await expect(under.connections.write.query(statement)).rejects.toMatchObject({
        code: '55000',
      });
    }
  });
});

test(
  'no function of the ledger runs outside a ledger transaction: without SERIALIZABLE there ' +
    'is no gate either',
  async () => {
    const functions = await under.connections.read.query<{
      name: string;
      args: string;
    }>(`select proname::text as name,
        coalesce((select string_agg('null', ', ') from generate_series(1, pronargs)), '') as args
    from pg_proc where pronamespace = 'public'::regnamespace
      and proname in ('hold_guard', 'settle_batch', 'end_batch', 'fail_envelopes', 'issue_envelope',
      'request_cancellation', 'observe_pool', 'quarantine_all') order by proname`);
    expect(functions.rows).toHaveLength(8);
    for (const { name, args } of functions.rows)
      await expect(under.connections.write.query(`select ${name}(${args})`)).rejects.toMatchObject({
        code: '25001',
        message: `${name} runs in a ledger transaction only`,
      });
  },
);
