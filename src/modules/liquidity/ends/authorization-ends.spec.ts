import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  channelsOf,
  FENCE,
  givenChannel,
  heldByAuthorization,
  ISSUED_AFTER,
  landingOf,
  MIN_TTL,
  signedHold,
} from '../../../../test/support/given-authorization.js';
import {
  givenPool,
  invariants,
  type LedgerUnderTest,
  NETWORK,
  nowSeconds,
  openLedger,
  request,
} from '../../../../test/support/given-ledger.js';
import type { PoolRecord } from '../pools/pool-registry.js';
import { ReconciliationLedger } from '../snapshots/reconciliation-ledger.js';
import type { HoldRequest } from '../reservation.js';
import { ownHashes } from '../snapshots/chain-events.sql.js';
import type { AuthorizationExpiry, Settlement } from './end-evidence.js';

const EVENT = '0000000000000000001-0000000001';
const STRANGER = 'ab'.repeat(32);

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

const settlement = (asked: HoldRequest, hash: string): Settlement => ({
  poolId: asked.poolId,
  reservationId: asked.reservationId,
  envelopeHash: hash,
  settledLedger: 110,
  closeTime: nowSeconds(),
  loanId: 7n,
  feeBump: false,
  feeCharged: 81_234n,
});
const expiry = (
  { poolId, reservationId }: HoldRequest,
  changed: Partial<AuthorizationExpiry> = {},
): AuthorizationExpiry => ({
  poolId,
  reservationId,
  envelopeVersion: 1,
  expirationLedger: FENCE,
  firstVoteLedger: FENCE + 1,
  secondVoteLedger: FENCE + 3,
  minTemporaryTtl: MIN_TTL,
  ...changed,
});
const expire = async (asked: HoldRequest, changed: Partial<AuthorizationExpiry> = {}) =>
  (await under.ledger.ends.expireAuthorizations([expiry(asked, changed)]))[0];
const end = async ({ reservationId }: HoldRequest) => {
  const { rows } = await under.connections.read.query<{ evidence: Record<string, unknown> }>(
    `select e.kind, e.evidence, e.envelope_hash, a.state, a.landing_tx_hash, a.chain_loan_id::text
    from reservation_events e join authorizations a on a.reservation_id = e.reservation_id
    where e.reservation_id = $1 order by e.number desc limit 1`,
    [reservationId],
  );
  return rows[0];
};
const spentIn = ({ poolId, reservationId }: HoldRequest, spentLedger: number) =>
  under.ledger.landings.noteNonces([
    { poolId, reservationId, ledger: spentLedger + 2, kind: 'spent', spentLedger },
  ]);
const landingStates = async ({ reservationId }: HoldRequest) => {
  const { rows } = await under.connections.read.query<{ state: string; fee: string | null }>(
    `select state, fee_charged::text as fee from landings where reservation_id = $1
      order by number`,
    [reservationId],
  );
  return rows;
};
const lapses = async ({ borrower }: HoldRequest): Promise<number> => {
  const { rows } = await under.connections.read.query<{ lapses: number }>(
    'select lapses from wallet_lapses where network = $1 and account = $2',
    [NETWORK, borrower],
  );
  return rows[0]?.lapses ?? 0;
};

describe("the contract's own list", () => {
  test('settles one hold by a loan, also of a wallet with several', async () => {
    await under.registry.change(pool.id, { holdsPerWallet: 2 });
    const one = await signedHold(under, pool.id);
    const other = await signedHold(under, pool.id, { borrower: one.borrower });
    const listed = { envelopeHash: null, certificate: 'contract_state' } as const;
    const settle = async (asked: HoldRequest) =>
      (await under.ledger.ends.settle([{ ...settlement(asked, STRANGER), ...listed }]))[0];
    expect(await settle(one)).toEqual({ written: true, state: 'settled' });
    expect(await settle(other)).toEqual({ written: false, state: 'held' });
    expect(await invariants(under, pool.id)).toMatchObject({ held: '100' });
  });
});

describe('a landed authorization settles its hold', () => {
  test('by a landing of ours, with what it cost', async () => {
    const asked = await signedHold(under, pool.id);
    const landing = landingOf(asked, await givenChannel(under));
    await under.ledger.landings.issue([landing]);
    const landed = settlement(asked, landing.hash);
    expect(await under.ledger.ends.settle([landed])).toEqual([{ written: true, state: 'settled' }]);
    expect(await under.ledger.ends.settle([landed])).toEqual([
      { written: false, state: 'settled' },
    ]);
    expect(await end(asked)).toMatchObject({
      kind: 'settled',
      envelope_hash: landing.hash,
      state: 'spent',
      landing_tx_hash: landing.hash,
      chain_loan_id: '7',
      evidence: {
        certificate: 'D4',
        by: 'landing',
        transactionHash: landing.hash,
        feeCharged: '81234',
      },
    });
    expect(await landingStates(asked)).toEqual([{ state: 'landed', fee: '81234' }]);
    expect(await invariants(under, pool.id)).toMatchObject({ held: '0', in_flight: '100' });
    expect(await under.ledger.guards.differences(pool.id)).toEqual([]);
    expect(
      await under.ledger.reader.holdOfLoan(pool, { borrower: asked.borrower, loanId: 7n }),
    ).toBe(asked.reservationId);
    expect(
      await ownHashes(under.connections.read, pool.id, { after: 100, upTo: 120, limit: 9 }),
    ).toEqual([landing.hash]);
  });

  test("by a stranger's transaction; a landing in flight frees its channel", async () => {
    const asked = await signedHold(under, pool.id);
    const channel = await givenChannel(under);
    await under.ledger.landings.issue([landingOf(asked, channel)]);
    // it may carry the entry and not use it
    expect(await under.ledger.ends.settle([settlement(asked, STRANGER)])).toEqual([
      { written: false, state: 'held' },
    ]);
    await spentIn(asked, 110);
    expect(await under.ledger.ends.settle([settlement(asked, STRANGER)])).toEqual([
      { written: true, state: 'settled' },
    ]);
    expect(await end(asked)).toMatchObject({
      landing_tx_hash: STRANGER,
      evidence: { by: 'other', transactionHash: STRANGER },
    });
    expect(await landingStates(asked)).toEqual([{ state: 'dead', fee: null }]);
    expect(await channelsOf(under).list(NETWORK)).toContainEqual(
      expect.objectContaining({ account: channel, inFlight: null }),
    );
  });

  test("but a hold with a transaction does not settle by a stranger's", async () => {
    const asked = request(pool.id);
    await under.ledger.hold(asked);
    expect(await under.ledger.ends.settle([settlement(asked, STRANGER)])).toEqual([
      { written: false, state: 'held' },
    ]);
  });
});

describe('a stranger landed it, and its funding has no hold', () => {
  const fundingsOf = () => new ReconciliationLedger(under.connections, 5000);
  const fund = (asked: HoldRequest, ledger = 110, event = EVENT, amount = 100n) =>
    under.connections.write.query(
      `insert into fundings (pool_id, event_id, ledger, tx_hash, amount, borrower)
        values ($1, $2, $3, $4, $5, $6)`,
      [asked.poolId, event, ledger, STRANGER, amount, asked.borrower],
    );
  const claim = (asked: HoldRequest, eventId = EVENT) =>
    fundingsOf().claimFundings([
      { poolId: asked.poolId, reservationId: asked.reservationId, eventId, hash: STRANGER },
    ]);

  test('the funding is offered, claimed once by the nonce, and then settles it', async () => {
    const asked = await signedHold(under, pool.id);
    if (asked.ask.kind !== 'hold-authorization') throw new Error('not by authorization');
    const { nonce } = asked.ask.authorization;
    await fund(asked);
    const landings = fundingsOf();
    expect(await landings.unclaimedFundings(pool.id, 9)).toEqual([
      { eventId: EVENT, ledger: 110, txHash: STRANGER },
    ]);
    expect(
      await landings.nonceOwners(NETWORK, [
        { address: asked.borrower, nonce },
        { address: asked.borrower, nonce: nonce ^ 1n },
      ]),
    ).toEqual([{ poolId: pool.id, reservationId: asked.reservationId }]);
    expect(await claim(asked)).toBe(1);
    expect(await claim(asked)).toBe(0);
    expect(await landings.unclaimedFundings(pool.id, 9)).toEqual([]);
    expect(await under.ledger.reader.fundedHolds(pool.id, 9)).toMatchObject([
      { reservationId: asked.reservationId, funding: { envelopeHash: STRANGER, ledger: 110 } },
    ]);
  });

  test('a funding after the fence or of another borrower is not', async () => {
    const [asked, other] = [await signedHold(under, pool.id), await signedHold(under, pool.id)];
    await fund(asked, FENCE + 1);
    expect(await fundingsOf().unclaimedFundings(pool.id, 9)).toEqual([]);
    expect(await claim(asked)).toBe(0);
    await fund(other, 110, '0000000000000000002-0000000001');
    expect(await claim(asked, '0000000000000000002-0000000001')).toBe(0);
  });

  test('two of one transaction belong to one hold each, by their amounts', async () => {
    const borrower = `G${'T'.repeat(55)}`;
    await under.connections.write.query('update pools set holds_per_wallet = 2 where id = $1', [
      pool.id,
    ]);
    const holds = [
      await signedHold(under, pool.id, { borrower, amount: 100n }),
      await signedHold(under, pool.id, { borrower, amount: 60n }),
    ];
    const events = ['0000000000000000003-0000000001', '0000000000000000003-0000000002'];
    const [large, small] = holds;
    if (!large || !small) throw new Error('two were held');
    await fund(small, 110, events[0], 60n);
    await fund(large, 110, events[1], 100n);
    const claims = events.flatMap((eventId) =>
      holds.map(({ poolId, reservationId }) => ({
        poolId,
        reservationId,
        eventId,
        hash: STRANGER,
      })),
    );
    expect(await fundingsOf().claimFundings(claims)).toBe(2);
    expect(await under.ledger.reader.fundedHolds(pool.id, 9)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ reservationId: large.reservationId, amount: 100n }),
        expect.objectContaining({ reservationId: small.reservationId, amount: 60n }),
      ]),
    );
  });
  test('two of one transaction and one amount belong to one hold each', async () => {
    const borrower = `G${'V'.repeat(55)}`;
    await under.connections.write.query('update pools set holds_per_wallet = 2 where id = $1', [
      pool.id,
    ]);
    const holds = [
      await signedHold(under, pool.id, { borrower }),
      await signedHold(under, pool.id, { borrower }),
    ];
    const events = ['0000000000000000004-0000000001', '0000000000000000004-0000000002'];
    for (const [index, asked] of holds.entries()) await fund(asked, 110, events[index]);
    const claims = events.flatMap((eventId) =>
      holds.map(({ poolId, reservationId }) => ({
        poolId,
        reservationId,
        eventId,
        hash: STRANGER,
      })),
    );
    expect(await fundingsOf().claimFundings(claims)).toBe(2);
    expect(await under.ledger.reader.fundedHolds(pool.id, 9)).toHaveLength(2);
  });
});

describe('an authorization expires by its fence', () => {
  test('with two replies after it, and then counts as a lapse when it was not signed', async () => {
    const asked = await heldByAuthorization(under, pool.id);
    expect(await expire(asked)).toEqual({ written: true, state: 'expired' });
    expect(await expire(asked)).toEqual({ written: false, state: 'expired' });
    expect(await end(asked)).toMatchObject({
      kind: 'expired',
      state: 'dead',
      envelope_hash: null,
      evidence: { certificate: 'D5', absentAt: [FENCE + 1, FENCE + 3] },
    });
    expect(await invariants(under, pool.id)).toMatchObject({ held: '0', held_sum: '0' });
    expect(await lapses(asked)).toBe(1);
  });

  test('a signed one is no lapse, and its landing in flight is dead', async () => {
    const asked = await signedHold(under, pool.id);
    await under.ledger.landings.issue([landingOf(asked, await givenChannel(under))]);
    expect(await expire(asked)).toEqual({ written: true, state: 'expired' });
    expect(await landingStates(asked)).toMatchObject([{ state: 'dead' }]);
    expect(await lapses(asked)).toBe(0);
  });

  test.each<[string, Partial<AuthorizationExpiry>]>([
    ['a vote at the fence', { firstVoteLedger: FENCE }],
    ['two votes of one ledger', { firstVoteLedger: FENCE + 3 }],
    ['votes in the wrong order', { firstVoteLedger: FENCE + 4 }],
    ['a vote after a spent entry may be gone', { secondVoteLedger: ISSUED_AFTER + MIN_TTL + 1 }],
    ['another version', { envelopeVersion: 2 }],
  ])('not by %s', async (_, changed) => {
    const asked = await heldByAuthorization(under, pool.id);
    expect(await expire(asked, changed)).toEqual({ written: false, state: 'held' });
    expect(await expire(asked)).toEqual({ written: true, state: 'expired' });
  });

  test('later, when the nonce was seen unspent later', async () => {
    const asked = await heldByAuthorization(under, pool.id);
    const late = { secondVoteLedger: FENCE + MIN_TTL };
    expect(await expire(asked, late)).toMatchObject({ written: false });
    const note = { ...asked, kind: 'unspent' } as const;
    expect(await under.ledger.landings.noteNonces([{ ...note, ledger: FENCE + 1 }])).toEqual([
      false,
    ]);
    expect(await under.ledger.landings.noteNonces([{ ...note, ledger: FENCE }])).toEqual([true]);
    expect(await expire(asked, late)).toEqual({ written: true, state: 'expired' });
  });

  test('not when a funding is known', async () => {
    const asked = await heldByAuthorization(under, pool.id);
    await under.connections.write.query(
      `insert into fundings (pool_id, event_id, ledger, tx_hash, amount, envelope_hash,
        reservation_id) values ($1, $3, 110, $4, 100, $4, $2)`,
      [pool.id, asked.reservationId, EVENT, STRANGER],
    );
    expect(await expire(asked)).toEqual({ written: false, state: 'held' });
  });

  test('not once its nonce was seen spent, unless a later reply disproves that', async () => {
    const asked = await heldByAuthorization(under, pool.id);
    const { landings, reader } = under.ledger;
    const spent = { ...asked, kind: 'spent', ledger: 120, spentLedger: 118 } as const;
    expect(await landings.noteNonces([{ ...asked, kind: 'vote', ledger: FENCE + 1 }])).toEqual([
      true,
    ]);
    expect(await landings.noteNonces([spent])).toEqual([true]);
    expect(await landings.noteNonces([{ ...spent, ledger: 121 }])).toEqual([false]);
    expect(await reader.liveHold(pool.id, asked.reservationId)).toMatchObject({
      authorization: { spent: { ledger: 118, seenLedger: 120 }, voteLedger: null },
    });
    expect(await expire(asked)).toEqual({ written: false, state: 'held' });

    const disproved = { ...asked, kind: 'disproved', ledger: 122 } as const;
    expect(await landings.noteNonces([{ ...disproved, was: 119 }])).toEqual([false]);
    expect(await landings.noteNonces([{ ...disproved, was: 120 }])).toEqual([true]);
    expect(await expire(asked)).toEqual({ written: true, state: 'expired' });
  });

  test('steps that rest on ledgers which do not exist are discarded, and no others', async () => {
    const asked = await heldByAuthorization(under, pool.id);
    const { landings } = under.ledger;
    const noteOf = async (kind: 'unspent' | 'vote' | 'doubted', ledger: number) =>
      (await landings.noteNonces([{ ...asked, kind, ledger }]))[0];
    const stored = async () =>
      (await under.ledger.reader.liveHold(pool.id, asked.reservationId))?.authorization;
    await noteOf('unspent', FENCE - 1);
    await noteOf('vote', FENCE + 90);
    expect(await noteOf('doubted', FENCE + 90)).toBe(false);
    expect(await noteOf('doubted', FENCE)).toBe(true);
    expect(await stored()).toMatchObject({ unspentLedger: FENCE - 1, voteLedger: null });
    expect(await noteOf('doubted', 110)).toBe(true);
    expect(await stored()).toMatchObject({ unspentLedger: null });
    const spent = { ...asked, spentLedger: 118 };
    await landings.noteNonces([{ ...spent, kind: 'spent', ledger: 190 }]);
    await landings.noteNonces([{ ...spent, kind: 'confirmed', ledger: 191 }]);
    expect(await stored()).toMatchObject({ state: 'spent' });
    expect(await noteOf('doubted', 190)).toBe(false);
    expect(await noteOf('doubted', 130)).toBe(true);
    expect(await stored()).toMatchObject({ state: 'open', spent: null });
  });
  test('never when two replies agree that it is spent', async () => {
    const asked = await heldByAuthorization(under, pool.id);
    const { landings, reader } = under.ledger;
    await landings.noteNonces([{ ...asked, kind: 'spent', ledger: 120, spentLedger: 118 }]);
    const confirmed = { ...asked, kind: 'confirmed', spentLedger: 118 } as const;
    expect(await landings.noteNonces([{ ...confirmed, ledger: 120 }])).toEqual([false]);
    expect(await landings.noteNonces([{ ...confirmed, ledger: 121, spentLedger: 117 }])).toEqual([
      false,
    ]);
    expect(await landings.noteNonces([{ ...confirmed, ledger: 121 }])).toEqual([true]);
    expect(
      await landings.noteNonces([{ ...asked, kind: 'disproved', ledger: 130, was: 120 }]),
    ).toEqual([false]);
    expect(await reader.liveHold(pool.id, asked.reservationId)).toMatchObject({
      authorization: { state: 'spent' },
    });
    expect(await expire(asked)).toEqual({ written: false, state: 'held' });
    const statement = { by: 'op', reason: 'r', alarm: 'a', saidLedger: null, loansRead: null };
    const which = { poolId: pool.id, reservationId: asked.reservationId, envelopeVersion: 1 };
    expect(
      await under.ledger.ends.endByOperator({
        ...which,
        as: 'expired',
        ledger: 9_000,
        closeTime: nowSeconds(),
        statement,
      }),
    ).toEqual({ written: false, state: 'held' });
    expect(
      await under.ledger.ends.endByOperator({
        ...which,
        as: 'settled',
        envelopeHash: STRANGER,
        ledger: 118,
        closeTime: null,
        loanId: null,
        statement,
      }),
    ).toEqual({ written: true, state: 'settled' });
  });

  test('not by the proofs of transactions', async () => {
    const asked = await heldByAuthorization(under, pool.id);
    const which = { poolId: pool.id, reservationId: asked.reservationId, envelopeVersion: 1 };
    const votes = { firstVoteLedger: 900, secondVoteLedger: 901, oldestLedger: 50 };
    const closeTime = nowSeconds() + 900n;
    const kept = [{ written: false, state: 'held' }];
    const { ends } = under.ledger;
    expect(
      await ends.expire([{ ...which, ...votes, passedLedger: 890, passedCloseTime: closeTime }]),
    ).toEqual(kept);
    expect(
      await ends.releaseConsumed([
        { ...which, ...votes, consumedLedger: 880, consumedSequence: 900n },
      ]),
    ).toEqual(kept);
    const absent = { ...which, passedLedger: 900, passedCloseTime: closeTime, loansRead: 0 };
    expect(await ends.expireAbsent([{ ...absent, readLedger: FENCE }])).toEqual(kept);
    expect(await ends.expireAbsent([{ ...absent, readLedger: FENCE + 1 }])).toEqual([
      { written: true, state: 'expired' },
    ]);
  });

  test('and a hold with a transaction does not die by D5', async () => {
    const asked = request(pool.id, { maxTime: nowSeconds() + 300n });
    await under.ledger.hold(asked);
    expect(await expire(asked)).toEqual({ written: false, state: 'held' });
  });
});

test('a cancellation stops the landing and keeps the funds until the fence', async () => {
  const asked = await signedHold(under, pool.id);
  expect(await under.ledger.requestCancellation(pool.id, asked.reservationId)).toBe('held');
  expect(await under.ledger.landings.candidates(NETWORK, 9)).not.toContainEqual(
    expect.objectContaining({ reservationId: asked.reservationId }),
  );
  expect(await invariants(under, pool.id)).toMatchObject({ held: '100' });
  expect(await expire(asked)).toEqual({ written: true, state: 'expired' });
});

test('what landings cost is summed for each day, pool and tenant', async () => {
  const asked = await signedHold(under, pool.id);
  const channel = await givenChannel(under);
  const [failed, landed] = [landingOf(asked, channel), landingOf(asked, channel)];
  await under.ledger.landings.issue([failed]);
  await under.ledger.landings.failLandings([
    {
      poolId: pool.id,
      reservationId: asked.reservationId,
      number: 1,
      failedLedger: 109,
      closeTime: nowSeconds(),
      resultCode: 'txFailed',
      cause: { by: 'ours', reason: 'resource_limit', contract: null, number: null },
      feeCharged: 1_000n,
      seenAt: [110, 111],
    },
  ]);
  await under.ledger.landings.issue([landed]);
  await under.ledger.ends.settle([settlement(asked, landed.hash)]);
  const { rows } = await under.connections.read.query(
    `select tenant_id, landings::int, landed::int, failed::int, fee_stroops::text
    from reporting.landing_costs_v1 where pool_id = $1`,
    [pool.id],
  );
  expect(rows).toEqual([
    { tenant_id: 'default', landings: 2, landed: 1, failed: 1, fee_stroops: '82234' },
  ]);
});
