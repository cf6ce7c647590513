import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  givenPool,
  invariants,
  type LedgerUnderTest,
  nowSeconds,
  openLedger,
  OUR_FAULT,
  REFUSED,
  request,
  STRANGER_BYTES,
} from '../../../../test/support/given-ledger.js';
import { ReconciliationLedger } from '../snapshots/reconciliation-ledger.js';
import { type EnvelopeRow, type FailedBy, REBUILDS_MAX, rebuildsLeft } from '../reservation.js';
import type { FailureEvidence } from './end-evidence.js';

const CLOSED = 1_800_000_000n;
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

interface Held {
  readonly poolId: string;
  readonly reservationId: string;
  readonly first: EnvelopeRow;
}
async function held(): Promise<Held> {
  const pool = await givenPool(under, 1000n);
  const asked = request(pool.id, { amount: 400n });
  await under.ledger.hold(asked);
  if (asked.ask.kind !== 'hold') throw new Error('a hold was asked for');
  return { poolId: pool.id, reservationId: asked.reservationId, first: asked.ask.envelope };
}
async function rebuilt(hold: Held, change: Partial<EnvelopeRow>): Promise<EnvelopeRow> {
  const envelope = {
    ...hold.first,
    hash: createHash('sha256').update(randomBytes(16)).digest('hex'),
    ...change,
  };
  const { poolId, reservationId } = hold;
  expect(
    await under.ledger.issueEnvelope({
      poolId,
      reservationId,
      seenVersion: 1,
      envelope,
      strangerBytes: STRANGER_BYTES,
    }),
  ).toBe('issued');
  return envelope;
}
const which = ({ poolId, reservationId }: Held, envelopeVersion: number) => ({
  poolId,
  reservationId,
  envelopeVersion,
});
const failure = (
  hold: Held,
  of: EnvelopeRow,
  change: Partial<FailureEvidence> = {},
): FailureEvidence => ({
  ...which(hold, 1),
  envelopeHash: of.hash,
  failedLedger: 130,
  closeTime: CLOSED,
  resultCode: 'txFailed/invokeHostFunctionTrapped',
  ...REFUSED,
  ...change,
});
const votes = { firstVoteLedger: 402, secondVoteLedger: 403, oldestLedger: 1 };
const lastRow = async ({ reservationId }: Held) =>
  (
    await under.connections.read.query(
      'select kind, reason, envelope_hash as hash, ledger::int, extract(epoch from ' +
        'close_time)::int as closed, held_before::int, held_after::int from ' +
        'reservation_events where reservation_id = $1 order by number desc limit 1',
      [reservationId],
    )
  ).rows[0] as unknown;

describe("a failure kills the failed envelope's sequence and lower ones, nothing above", () => {
  test(
    'while an envelope with a higher sequence is open, no failure of a lower one ends the ' +
      'hold, not even by an operator',
    async () => {
      const hold = await held();
      await under.ledger.ends.failEnvelopes([failure(hold, hold.first, OUR_FAULT)]);
      const second = await rebuilt(hold, { sequence: 6n });
      expect(
        await under.ledger.ends.releaseFailed([failure(hold, hold.first, { envelopeVersion: 2 })]),
      ).toEqual([{ written: false, state: 'held' }]);
      expect(await under.ledger.reader.position(hold.poolId)).toMatchObject({ held: 400n });
      expect(
        await under.ledger.ends.releaseFailed([failure(hold, second, { envelopeVersion: 2 })]),
      ).toEqual([{ written: true, state: 'released' }]);
      const sums = await invariants(under, hold.poolId);
      expect([sums.held, sums.held_sum]).toEqual(['0', '0']);
    },
  );

  test(
    'a failure ends the hold while the others that are open have its own sequence: they can ' +
      'no longer land',
    async () => {
      const hold = await held();
      await rebuilt(hold, {});
      expect(
        await under.ledger.ends.releaseFailed([failure(hold, hold.first, { envelopeVersion: 2 })]),
      ).toEqual([{ written: true, state: 'released' }]);
    },
  );

  test('a hash that is no envelope of the hold proves nothing about it', async () => {
    const [hold, other] = [await held(), await held()];
    expect(await under.ledger.ends.releaseFailed([failure(hold, other.first)])).toEqual([
      { written: false, state: 'held' },
    ]);
  });
});

describe('the journal has for each end its envelope, its ledger and the close time', () => {
  test('by time: the envelope with the latest deadline, not the newest', async () => {
    const hold = await held();
    await rebuilt(hold, { maxTime: hold.first.maxTime - 20n });
    expect(
      await under.ledger.ends.expire([
        { ...which(hold, 2), ...votes, passedLedger: 400, passedCloseTime: hold.first.maxTime },
      ]),
    ).toEqual([{ written: true, state: 'expired' }]);
    expect(await lastRow(hold)).toEqual({
      kind: 'expired',
      reason: null,
      hash: hold.first.hash,
      ledger: 400,
      closed: Number(hold.first.maxTime),
      held_before: 400,
      held_after: 0,
    });
    const { rows } = await under.connections.read.query(
      'select distinct state from envelopes where reservation_id = $1',
      [hold.reservationId],
    );
    expect(rows).toEqual([{ state: 'dead' }]); // the journal names it, and its state is not `failed`
  });

  test(
    'by sequence: the newest envelope; its certificate reads an account, whose reply has no ' +
      'close time',
    async () => {
      const hold = await held();
      const second = await rebuilt(hold, { maxTime: hold.first.maxTime + 60n });
      expect(
        await under.ledger.ends.releaseConsumed([
          { ...which(hold, 2), ...votes, consumedLedger: 399, consumedSequence: 5n },
        ]),
      ).toEqual([{ written: true, state: 'released' }]);
      expect(await lastRow(hold)).toMatchObject({
        kind: 'released',
        reason: 'sequence_consumed',
        hash: second.hash,
        ledger: 399,
        closed: null,
      });
    },
  );

  test('by failure: the failed one with the close time of its ledger', async () => {
    const hold = await held();
    await under.ledger.ends.releaseFailed([failure(hold, hold.first)]);
    expect(await lastRow(hold)).toMatchObject({
      kind: 'released',
      reason: 'tx_failed',
      hash: hold.first.hash,
      ledger: 130,
      closed: Number(CLOSED),
    });
  });

  test(
    'by failure, after the hold was kept for a rebuild: both rows have it, the second from ' +
      'the first',
    async () => {
      const hold = await held();
      await under.ledger.ends.failEnvelopes([failure(hold, hold.first, OUR_FAULT)]);
      expect(await lastRow(hold)).toMatchObject({
        kind: 'envelope_failed',
        reason: 'resource_limit',
        hash: hold.first.hash,
        ledger: 130,
        closed: Number(CLOSED),
        held_after: 400,
      });
      await under.ledger.ends.releaseFailed([
        failure(hold, hold.first, { ...OUR_FAULT, closeTime: null, seenAt: null }),
      ]);
      expect(await lastRow(hold)).toMatchObject({
        kind: 'released',
        reason: 'not_rebuilt',
        hash: hold.first.hash,
        ledger: 130,
        closed: Number(CLOSED),
      });
    },
  );

  test("absence in the contract's own state: as by time", async () => {
    const hold = await held();
    const passedCloseTime = hold.first.maxTime + 3n;
    await under.ledger.ends.expireAbsent([
      { ...which(hold, 1), passedLedger: 500, passedCloseTime, readLedger: 501, loansRead: 0 },
    ]);
    expect(await lastRow(hold)).toMatchObject({
      kind: 'expired',
      hash: hold.first.hash,
      ledger: 500,
      closed: Number(passedCloseTime),
    });
    expect(passedCloseTime).toBeGreaterThan(nowSeconds());
  });
});

describe('a failure that the contract did not decide', () => {
  const live = async ({ poolId, reservationId }: Held) =>
    under.ledger.reader.liveHold(poolId, reservationId);
  const evidenceOf = async (hold: Held) =>
    (
      await under.connections.read.query<{ evidence: unknown }>(
        'select evidence from reservation_events where reservation_id = $1 order by number desc limit 1',
        [hold.reservationId],
      )
    ).rows[0]?.evidence;

  test(
    'the first FAILED reply is kept on the envelope; only a caller that read it replaces or ' +
      'drops it; a dead envelope keeps none',
    async () => {
      const hold = await held();
      const of = { poolId: hold.poolId, reservationId: hold.reservationId, number: 1 };
      const seen = (seenLedger: number) => ({
        seenLedger,
        ledger: 130,
        closeTime: CLOSED,
        resultCode: 'txFailed/invokeHostFunctionTrapped',
        cause: OUR_FAULT.cause,
      });
      const stored = async () => (await live(hold))?.envelopes[0]?.sighting;
      expect(await stored()).toBeNull();
      await under.ledger.envelopes.noteFailures([{ ...of, was: null, sighting: seen(131) }]);
      expect(await stored()).toEqual(seen(131));
      await under.ledger.envelopes.noteFailures([
        { ...of, was: null, sighting: seen(132) },
        { ...of, was: 130, sighting: null },
      ]); // both were read before it changed
      expect(await stored()).toEqual(seen(131));
      await under.ledger.envelopes.noteFailures([{ ...of, was: 131, sighting: seen(140) }]);
      expect(await stored()).toEqual(seen(140));
      await under.ledger.envelopes.noteFailures([{ ...of, was: 140, sighting: null }]);
      expect(await stored()).toBeNull();
      await under.ledger.ends.failEnvelopes([failure(hold, hold.first, OUR_FAULT)]);
      await under.ledger.envelopes.noteFailures([{ ...of, was: null, sighting: seen(141) }]);
      expect(await stored()).toBeNull();
    },
  );

  test(
    'envelope and journal say who decided and why; the hold keeps its amount, and its ' +
      'release is called not_rebuilt',
    async () => {
      const hold = await held();
      expect(await under.ledger.ends.failEnvelopes([failure(hold, hold.first, OUR_FAULT)])).toEqual(
        [{ written: true, state: 'held' }],
      );
      expect(await under.ledger.reader.position(hold.poolId)).toMatchObject({ held: 400n });
      expect((await live(hold))?.envelopes).toMatchObject([
        { state: 'failed', foundLedger: 130, cause: OUR_FAULT.cause },
      ]);
      expect(await evidenceOf(hold)).toEqual({
        certificate: 'D3',
        failedLedger: 130,
        resultCode: 'txFailed/invokeHostFunctionTrapped',
        failedBy: 'ours',
        failReason: 'resource_limit',
        failedAt: [131, 132],
      });
      expect(
        await under.ledger.ends.releaseFailed([
          failure(hold, hold.first, { ...OUR_FAULT, closeTime: null, seenAt: null }),
        ]),
      ).toEqual([{ written: true, state: 'released' }]);
      expect(await lastRow(hold)).toMatchObject({
        kind: 'released',
        reason: 'not_rebuilt',
        held_before: 400,
        held_after: 0,
      });
    },
  );

  test('what the contract decided has its address and number', async () => {
    const hold = await held();
    await under.ledger.ends.releaseFailed([failure(hold, hold.first)]);
    expect(await evidenceOf(hold)).toMatchObject({
      failedBy: 'contract',
      failReason: 'contract_error',
      failedContract: 'C',
      failedNumber: 5,
    });
    const { rows } = await under.connections.read.query(
      'select state, failed_by, failed_reason, failed_contract, failed_number::int from ' +
        'envelopes where reservation_id = $1',
      [hold.reservationId],
    );
    expect(rows).toEqual([
      {
        state: 'failed',
        failed_by: 'contract',
        failed_reason: 'contract_error',
        failed_contract: 'C',
        failed_number: 5,
      },
    ]);
  });

  test('a process of the release before names no cause: it kept the hold for its footprint alone', async () => {
    const hold = await held();
    const client = await under.connections.write.connect();
    await client.query('begin isolation level serializable');
    await client.query('select * from fail_envelopes($1, $2, $3, $4, $5, $6, $7, $8)', [
      [hold.poolId],
      [hold.reservationId],
      [1],
      [hold.first.hash],
      [130],
      [CLOSED],
      ['txFailed'],
      ['{"certificate":"D3"}'],
    ]);
    await client.query('commit');
    client.release();
    expect((await live(hold))?.envelopes).toMatchObject([
      { cause: { by: 'ours', reason: 'outside_footprint' } },
    ]);
    expect(await lastRow(hold)).toMatchObject({
      kind: 'envelope_failed',
      reason: 'outside_footprint',
    });
  });

  test('more than three rebuilds only as far as the caller counted failures', async () => {
    const hold = await held();
    const { poolId, reservationId } = hold;
    const issue = (seenVersion: number, rebuildsMax: number) =>
      under.ledger.issueEnvelope({
        poolId,
        reservationId,
        seenVersion,
        rebuildsMax,
        strangerBytes: STRANGER_BYTES,
        envelope: {
          ...hold.first,
          hash: createHash('sha256').update(randomBytes(16)).digest('hex'),
        },
      });
    for (let version = 1; version <= REBUILDS_MAX; version++)
      expect(await issue(version, REBUILDS_MAX)).toBe('issued');
    expect(await issue(REBUILDS_MAX + 1, REBUILDS_MAX)).toBe('rebuilds_used');
    expect(await issue(REBUILDS_MAX + 1, REBUILDS_MAX + 1)).toBe('issued');
  });
});

describe('a hold whose funding event is stored has landed, whatever look-ups say', () => {
  const funded = ({ poolId, reservationId, first }: Held): Promise<unknown> =>
    new ReconciliationLedger(under.connections, 5000).storeFound(poolId, {
      events: [],
      loans: [],
      upgrades: [],
      proposals: [],
      unreadable: [],
      fundings: [
        {
          eventId: '0000000000000000130-0000000001',
          ledger: 130,
          txHash: first.hash,
          amount: 400n,
          vendor: null,
          envelope: { poolId, reservationId, hash: first.hash },
        },
      ],
    });
  const issue = ({ poolId, reservationId, first }: Held, sequence: bigint) =>
    under.ledger.issueEnvelope({
      poolId,
      reservationId,
      seenVersion: 1,
      strangerBytes: STRANGER_BYTES,
      envelope: {
        ...first,
        sequence,
        hash: createHash('sha256').update(randomBytes(16)).digest('hex'),
      },
    });
  const settled = async ({ poolId, reservationId, first }: Held): Promise<void> => {
    const landing = {
      poolId,
      reservationId,
      envelopeHash: first.hash,
      settledLedger: 130,
      closeTime: CLOSED,
      loanId: 7n,
      feeBump: false,
    };
    expect(await under.ledger.ends.settle([landing])).toEqual([
      { written: true, state: 'settled' },
    ]);
    const sums = await invariants(under, poolId);
    expect([sums.held, sums.held_sum, sums.in_flight, sums.in_flight_sum]).toEqual([
      '0',
      '0',
      '400',
      '400',
    ]);
  };

  test('its transaction is not stored as failed', async () => {
    const hold = await held();
    await funded(hold);
    expect(await under.ledger.ends.failEnvelopes([failure(hold, hold.first, OUR_FAULT)])).toEqual([
      { written: false, state: 'held' },
    ]);
    expect(
      (await under.ledger.reader.liveHold(hold.poolId, hold.reservationId))?.envelopes,
    ).toMatchObject([{ state: 'open' }]);
    await settled(hold);
  });

  test(
    'it gets no other transaction, neither after a failure that was stored before the event ' +
      'nor under an open one',
    async () => {
      const [failed, open] = [await held(), await held()];
      await under.ledger.ends.failEnvelopes([failure(failed, failed.first, OUR_FAULT)]);
      await funded(failed);
      await funded(open);
      expect(await issue(failed, 6n)).toBe('undecided');
      expect(await issue(open, 5n)).toBe('undecided');
      await settled(failed);
    },
  );

  test('control: the funding of another hold stops neither', async () => {
    const [hold, other] = [await held(), await held()];
    await funded(other);
    expect(await under.ledger.ends.failEnvelopes([failure(hold, hold.first, OUR_FAULT)])).toEqual([
      { written: true, state: 'held' },
    ]);
    expect(await issue(hold, 6n)).toBe('issued');
  });
});

test.each<[string, (FailedBy | null)[], number]>([
  ['a new hold', [null], 3],
  ['rebuilt twice', [null, null, null], 1],
  ['failed for our figures', ['ours'], 4],
  ['rebuilt after it', ['ours', null], 3],
  ['of a node that does not say why', ['unknown', null], 3],
  ['refused by the contract', ['contract'], 3],
  ['every rebuild used', [null, null, null, null], 0],
  ['the last one failed for our figures', [null, null, null, 'ours'], 1],
  ['five excused', [...Array<'ours'>(5).fill('ours'), null], 3],
  ['a sixth is not', [...Array<'ours'>(6).fill('ours'), null], 2],
  ['nine in all', [...Array<'ours'>(8).fill('ours'), null], 0],
])('rebuilds that are left: %s', (_, failedBy, left) => {
  expect(rebuildsLeft(failedBy)).toBe(left);
});
