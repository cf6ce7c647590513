import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { STRANGER_BYTES, givenPool, invariants, type LedgerUnderTest, nowSeconds, openLedger, request } from '../../../test/support/given-ledger.js';
import type { EnvelopeRow, FailureEvidence } from './reservation.js';

const CLOSED = 1_800_000_000n;
let database: TestDatabase;
let under: LedgerUnderTest;
beforeAll(async () => { database = await createTestDatabase(); under = openLedger(database.url); });
afterAll(async () => { await under.connections.close(); await database.drop(); });

interface Held { readonly poolId: string; readonly reservationId: string; readonly first: EnvelopeRow }
async function held(): Promise<Held> {
  const pool = await givenPool(under, 1000n);
  const asked = request(pool.id, { amount: 400n });
  await under.ledger.hold(asked);
  if (asked.ask.kind !== 'hold') throw new Error('a hold was asked for');
  return { poolId: pool.id, reservationId: asked.reservationId, first: asked.ask.envelope };
}
async function rebuilt(hold: Held, change: Partial<EnvelopeRow>): Promise<EnvelopeRow> {
  const envelope = { ...hold.first, hash: createHash('sha256').update(randomBytes(16)).digest('hex'), ...change };
  const { poolId, reservationId } = hold;
  expect(await under.ledger.issueEnvelope({ poolId, reservationId, seenVersion: 1, envelope, strangerBytes: STRANGER_BYTES })).toBe('issued');
  return envelope;
}
const which = ({ poolId, reservationId }: Held, envelopeVersion: number) => ({ poolId, reservationId, envelopeVersion });
const failure = (hold: Held, of: EnvelopeRow, change: Partial<FailureEvidence> = {}): FailureEvidence =>
  ({ ...which(hold, 1), envelopeHash: of.hash, failedLedger: 130, closeTime: CLOSED, resultCode: 'txFailed/invokeHostFunctionTrapped', ...change });
const votes = { firstVoteLedger: 402, secondVoteLedger: 403, oldestLedger: 1 };
const lastRow = async ({ reservationId }: Held) => (await under.connections.read.query(
  'select kind, reason, envelope_hash as hash, ledger::int, extract(epoch from close_time)::int as closed, held_before::int, held_after::int from reservation_events where reservation_id = $1 order by number desc limit 1', [reservationId])).rows[0] as unknown;

describe('D3 kills the failed envelope\'s sequence and lower ones, nothing above', () => {
  test('while an envelope with a higher sequence is open, no failure of a lower one ends the hold, whoever says so', async () => {
    const hold = await held();
    await under.ledger.failEnvelopes([failure(hold, hold.first)]);
    const second = await rebuilt(hold, { sequence: 6n });
    expect(await under.ledger.releaseFailed([failure(hold, hold.first, { envelopeVersion: 2 })])).toEqual([{ written: false, state: 'held' }]);
    expect(await under.ledger.position(hold.poolId)).toMatchObject({ held: 400n });
    expect(await under.ledger.releaseFailed([failure(hold, second, { envelopeVersion: 2 })])).toEqual([{ written: true, state: 'released' }]);
    const sums = await invariants(under, hold.poolId);
    expect([sums.held, sums.held_sum]).toEqual(['0', '0']);
  });

  test('a failure ends the hold while the others that are open have its own sequence: they can no longer land', async () => {
    const hold = await held();
    await rebuilt(hold, {});
    expect(await under.ledger.releaseFailed([failure(hold, hold.first, { envelopeVersion: 2 })])).toEqual([{ written: true, state: 'released' }]);
  });

  test('a hash that is no envelope of the hold proves nothing of it', async () => {
    const [hold, other] = [await held(), await held()];
    expect(await under.ledger.releaseFailed([failure(hold, other.first)])).toEqual([{ written: false, state: 'held' }]);
  });
});

describe('the journal says of each end by which envelope, in which ledger, when it closed', () => {
  test('D1: the envelope with the greatest T, not the newest', async () => {
    const hold = await held();
    await rebuilt(hold, { maxTime: hold.first.maxTime - 20n });
    expect(await under.ledger.expire([{ ...which(hold, 2), ...votes, passedLedger: 400, passedCloseTime: hold.first.maxTime }])).toEqual([{ written: true, state: 'expired' }]);
    expect(await lastRow(hold)).toEqual({ kind: 'expired', reason: null, hash: hold.first.hash, ledger: 400, closed: Number(hold.first.maxTime), held_before: 400, held_after: 0 });
    const { rows } = await under.connections.read.query('select distinct state from envelopes where reservation_id = $1', [hold.reservationId]);
    expect(rows).toEqual([{ state: 'dead' }]); // named in the journal, and not called failed
  });

  test('D2: the newest envelope; its certificate reads an account, whose reply has no close time', async () => {
    const hold = await held();
    const second = await rebuilt(hold, { maxTime: hold.first.maxTime + 60n });
    expect(await under.ledger.releaseConsumed([{ ...which(hold, 2), ...votes, consumedLedger: 399, consumedSequence: 5n }])).toEqual([{ written: true, state: 'released' }]);
    expect(await lastRow(hold)).toMatchObject({ kind: 'released', reason: 'sequence_consumed', hash: second.hash, ledger: 399, closed: null });
  });

  test('D3: the failed one with the close time of its ledger', async () => {
    const hold = await held();
    await under.ledger.releaseFailed([failure(hold, hold.first)]);
    expect(await lastRow(hold)).toMatchObject({ kind: 'released', reason: 'tx_failed', hash: hold.first.hash, ledger: 130, closed: Number(CLOSED) });
  });

  test('D3 of a hold that was kept for a rebuild: both rows have it, the second from the first', async () => {
    const hold = await held();
    await under.ledger.failEnvelopes([failure(hold, hold.first)]);
    expect(await lastRow(hold)).toMatchObject({ kind: 'envelope_failed', reason: 'counter_conflict', hash: hold.first.hash, ledger: 130, closed: Number(CLOSED), held_after: 400 });
    await under.ledger.releaseFailed([failure(hold, hold.first, { closeTime: null })]);
    expect(await lastRow(hold)).toMatchObject({ kind: 'released', hash: hold.first.hash, ledger: 130, closed: Number(CLOSED) });
  });

  test('absence in the contract\'s own state: as D1', async () => {
    const hold = await held();
    const passedCloseTime = hold.first.maxTime + 3n;
    await under.ledger.expireAbsent([{ ...which(hold, 1), passedLedger: 500, passedCloseTime, readLedger: 501, loansRead: 0 }]);
    expect(await lastRow(hold)).toMatchObject({ kind: 'expired', hash: hold.first.hash, ledger: 500, closed: Number(passedCloseTime) });
    expect(passedCloseTime).toBeGreaterThan(nowSeconds());
  });
});
