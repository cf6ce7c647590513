import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  authorizedRequest,
  channelsOf,
  FENCE,
  givenChannel,
  heldByAuthorization,
  landingOf,
  OPERATOR,
  SIGNED_ENTRY,
  signedHold,
} from '../../../../test/support/given-authorization.js';
import {
  contract,
  givenPool,
  type LedgerUnderTest,
  NETWORK,
  nowSeconds,
  openLedger,
  snapshot,
} from '../../../../test/support/given-ledger.js';
import type { PoolRecord } from '../pools/pool-registry.js';
import type { FailureCause, HoldRequest, LiveHold } from '../reservation.js';

const OUR_FAULT: FailureCause = {
  by: 'ours',
  reason: 'resource_limit',
  contract: null,
  number: null,
};

let database: TestDatabase;
let under: LedgerUnderTest;
let other: LedgerUnderTest;
let pool: PoolRecord;
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
beforeEach(async () => {
  await under.connections.write.query(
    `update landings set state = 'dead' where state = 'open';
    update authorizations set state = 'dead' where state = 'open'`,
  );
  pool = await givenPool(under, 10_000n);
});

const live = async ({ poolId, reservationId }: HoldRequest): Promise<LiveHold> => {
  const hold = await under.ledger.reader.liveHold(poolId, reservationId);
  if (!hold) throw new Error('the hold is not live');
  return hold;
};
const issued = async (asked: HoldRequest, channel: string) => {
  const landing = landingOf(asked, channel);
  expect(await under.ledger.landings.issue([landing])).toEqual(['issued']);
  return landing;
};
const kinds = async ({ reservationId }: HoldRequest): Promise<string[]> => {
  const { rows } = await under.connections.read.query<{ kind: string }>(
    'select kind from reservation_events where reservation_id = $1 order by number',
    [reservationId],
  );
  return rows.map(({ kind }) => kind);
};
const candidates = async (): Promise<string[]> =>
  (await under.ledger.landings.candidates(NETWORK, 100)).map((each) => each.reservationId);
const failureOf = (asked: HoldRequest, number = 1) => ({
  poolId: asked.poolId,
  reservationId: asked.reservationId,
  number,
  failedLedger: 110,
  closeTime: nowSeconds(),
  resultCode: 'txFailed',
  cause: OUR_FAULT,
  feeCharged: 61_234n,
  seenAt: [111, 112] as const,
});

describe('a signed entry', () => {
  test('is stored once; the first one stays', async () => {
    const asked = await heldByAuthorization(under, pool.id);
    const sign = (xdr: string) =>
      under.ledger.landings.markSigned(pool.id, asked.reservationId, xdr);
    expect(await sign(SIGNED_ENTRY)).toBe('stored');
    expect(await sign(SIGNED_ENTRY)).toBe('same');
    expect(await sign('CCCC')).toBe('kept');
    expect(await live(asked)).toMatchObject({
      submittedAt: expect.any(Date),
      authorization: { signedAt: expect.any(Date), state: 'open', expirationLedger: FENCE },
    });
    expect(await kinds(asked)).toEqual(['held', 'submitted']);
    expect(await under.ledger.landings.candidates(NETWORK, 9)).toMatchObject([
      { reservationId: asked.reservationId, signedEntryXdr: SIGNED_ENTRY, landings: 0 },
    ]);
  });

  test('is not stored for a hold that was cancelled, is over its fence or does not exist', async () => {
    const [cancelled, late] = [
      await heldByAuthorization(under, pool.id),
      await heldByAuthorization(under, pool.id),
    ];
    const sign = ({ reservationId }: { reservationId: string }) =>
      under.ledger.landings.markSigned(pool.id, reservationId, SIGNED_ENTRY);
    await under.ledger.requestCancellation(pool.id, cancelled.reservationId);
    expect(await sign(cancelled)).toBe('cancel_requested');
    await under.ledger.snapshots.observe(snapshot(pool.id, FENCE, { total: 10_000n }));
    expect(await sign(late)).toBe('fence_passed');
    expect(await sign({ reservationId: pool.id })).toBe('no_authorization');
  });
});

describe('issuing a landing', () => {
  test('stores it, joins its hash to the hold and journals it', async () => {
    const asked = await signedHold(under, pool.id);
    const channel = await givenChannel(under);
    const landing = await issued(asked, channel);
    expect(await kinds(asked)).toEqual(['held', 'submitted', 'landing_issued']);
    expect(await live(asked)).toMatchObject({
      envelopes: [],
      landings: [{ number: 1, hash: landing.hash, channel, sequence: 7n, state: 'open' }],
    });
    expect(await under.ledger.landings.openLandings(NETWORK, 9)).toMatchObject([
      { hash: landing.hash, xdr: landing.xdr, fee: 90_000n, submission: null },
    ]);
    expect(await candidates()).toEqual([]);
    const known = await under.connections.read.query(
      'select reservation_id from envelope_hashes where hash = $1',
      [landing.hash],
    );
    expect(known.rows).toEqual([{ reservation_id: asked.reservationId }]);
  });

  test('again, after the answer to its COMMIT was lost, is the same landing', async () => {
    const asked = await signedHold(under, pool.id);
    const landing = await issued(asked, await givenChannel(under));
    expect(await under.ledger.landings.issue([landing])).toEqual(['issued']);
    expect((await live(asked)).landings).toHaveLength(1);
    expect(await kinds(asked)).toEqual(['held', 'submitted', 'landing_issued']);
  });

  test('from two processes at once: one wins for each hold and for each channel', async () => {
    const holds = [await signedHold(under, pool.id), await signedHold(under, pool.id)];
    const channels = [await givenChannel(under), await givenChannel(under)];
    const rows = holds.flatMap((hold) => channels.map((channel) => landingOf(hold, channel)));
    const outcomes = await Promise.all(
      rows.map((row, index) => (index % 2 ? other : under).ledger.landings.issue([row])),
    );
    expect(outcomes.flat().toSorted()).toEqual(['issued', 'issued', 'taken', 'taken']);
    const open = await under.ledger.landings.openLandings(NETWORK, 9);
    expect(new Set(open.map(({ reservationId }) => reservationId)).size).toBe(2);
    expect(new Set(open.map(({ channel }) => channel)).size).toBe(2);
  });

  test('the indexes alone refuse a second one, whatever a process believes', async () => {
    const [one, two] = [await signedHold(under, pool.id), await signedHold(under, pool.id)];
    const [channel, free] = [await givenChannel(under), await givenChannel(under)];
    await issued(one, channel);
    const insert = (reservationId: string, account: string) =>
      under.connections.write.query(
        `insert into landings (pool_id, reservation_id, number, network, channel, hash,
          xdr_deflated, sequence, max_time, issued_after_ledger, fee)
        values ($1, $2, 9, $3, $4, $5, '', 1, now(), 1, 1)`,
        [pool.id, reservationId, NETWORK, account, 'e'.repeat(64)],
      );
    await expect(insert(two.reservationId, channel)).rejects.toMatchObject({
      constraint: 'landings_in_flight_of_channel',
    });
    await expect(insert(one.reservationId, free)).rejects.toMatchObject({
      constraint: 'landings_in_flight_of_hold',
    });
  });

  test('in one call: a second one for the same channel or hold is taken', async () => {
    const [one, two] = [await signedHold(under, pool.id), await signedHold(under, pool.id)];
    const [channel, free] = [await givenChannel(under), await givenChannel(under)];
    expect(
      await under.ledger.landings.issue([
        landingOf(one, channel),
        landingOf(two, channel),
        landingOf(one, free),
        landingOf(two, free),
      ]),
    ).toEqual(['issued', 'taken', 'taken', 'issued']);
  });

  test('is refused when its hold may not be landed now', async () => {
    const channel = await givenChannel(under);
    const attempt = async (asked: HoldRequest, by = channel) =>
      (await under.ledger.landings.issue([landingOf(asked, by)]))[0];
    const unsigned = await heldByAuthorization(under, pool.id);
    expect(await attempt(unsigned)).toBe('not_signed');

    const cancelled = await signedHold(under, pool.id);
    await under.ledger.requestCancellation(pool.id, cancelled.reservationId);
    expect(await attempt(cancelled)).toBe('cancel_requested');
    expect(await candidates()).not.toContain(cancelled.reservationId);

    const spent = await signedHold(under, pool.id);
    await under.ledger.landings.noteNonces([
      { ...spent, kind: 'spent', ledger: 105, spentLedger: 104 },
    ]);
    expect(await attempt(spent)).toBe('spent');
    expect(await candidates()).not.toContain(spent.reservationId);

    const good = await signedHold(under, pool.id);
    expect(await attempt(good, 'G-of-nobody')).toBe('channel_unknown');
    await channelsOf(under).remove({ network: NETWORK, account: channel }, OPERATOR);
    expect(await attempt(good)).toBe('channel_unknown');
    expect(await attempt({ ...good, reservationId: pool.id })).toBe('hold_ended');

    await under.ledger.snapshots.observe(snapshot(pool.id, FENCE, { total: 10_000n }));
    expect(await attempt(good, await givenChannel(under))).toBe('fence_passed');
    expect(await candidates()).toEqual([]);
  });

  test('goes on in a paused pool, because the funds are held', async () => {
    const asked = await signedHold(under, pool.id);
    await under.registry.turn(pool.id, 'paused', OPERATOR);
    await issued(asked, await givenChannel(under));
    expect((await live(asked)).landings).toHaveLength(1);
  });
});

describe('a landing in flight', () => {
  test('keeps the answers of nodes and the steps of its proofs', async () => {
    const asked = await signedHold(under, pool.id);
    const landing = await issued(asked, await givenChannel(under));
    const { landings } = under.ledger;
    await landings.noteSubmissions([{ hash: landing.hash, status: 'PENDING', ledger: 103 }]);
    const which = { poolId: pool.id, reservationId: asked.reservationId, number: 1 };
    const step = { ...which, passedLedger: 120, passedCloseTime: landing.maxTime };
    await landings.noteSteps([{ ...step, voteLedger: null }]);
    await landings.noteSteps([{ ...step, passedLedger: 121, voteLedger: 121 }]);
    expect((await live(asked)).landings).toMatchObject([
      {
        submission: { status: 'PENDING', ledger: 103 },
        passedLedger: 120,
        passedCloseTime: landing.maxTime,
        voteLedger: null,
      },
    ]);
    await landings.noteSteps([{ ...step, voteLedger: 122 }]);
    expect((await live(asked)).landings).toMatchObject([{ voteLedger: 122 }]);
  });

  test('replaces a step that rests on a ledger which does not exist', async () => {
    const asked = await signedHold(under, pool.id);
    const landing = await issued(asked, await givenChannel(under));
    const { landings } = under.ledger;
    const which = { poolId: pool.id, reservationId: asked.reservationId, number: 1 };
    const step = { ...which, passedCloseTime: landing.maxTime, voteLedger: null };
    await landings.noteSteps([{ ...step, passedLedger: 900 }]);
    await landings.noteSteps([{ ...step, passedLedger: 120 }]);
    expect((await live(asked)).landings).toMatchObject([{ passedLedger: 120, voteLedger: null }]);
  });

  test('that failed frees channel and hold, and keeps what it cost', async () => {
    const asked = await signedHold(under, pool.id);
    const channel = await givenChannel(under);
    await issued(asked, channel);
    const { landings } = under.ledger;
    const sighting = {
      seenLedger: 111,
      ledger: 110,
      closeTime: nowSeconds(),
      resultCode: 'txFailed',
      cause: OUR_FAULT,
    };
    const which = { poolId: pool.id, reservationId: asked.reservationId, number: 1 };
    await landings.noteSteps([], [{ ...which, was: null, sighting }]);
    expect((await live(asked)).landings).toMatchObject([{ state: 'open', sighting }]);
    const written = { written: true, state: 'held' };
    expect(await landings.failLandings([failureOf(asked)])).toEqual([written]);
    expect(await landings.failLandings([failureOf(asked)])).toEqual([
      { ...written, written: false },
    ]);
    expect((await live(asked)).landings).toMatchObject([
      { state: 'failed', resultCode: 'txFailed', cause: OUR_FAULT, feeCharged: 61_234n },
    ]);
    expect(await landings.candidates(NETWORK, 9)).toMatchObject([
      { reservationId: asked.reservationId, landings: 1, lastFailure: OUR_FAULT },
    ]);
    await issued(asked, channel);
    expect(await kinds(asked)).toEqual([
      'held',
      'submitted',
      'landing_issued',
      'landing_failed',
      'landing_issued',
    ]);
  });

  test('whose funding is known cannot have failed', async () => {
    const asked = await signedHold(under, pool.id);
    const { hash } = await issued(asked, await givenChannel(under));
    await under.connections.write.query(
      `insert into fundings (pool_id, event_id, ledger, tx_hash, amount, envelope_hash,
        reservation_id) values ($1, '0000000000000000001-0000000001', 110, $3, 100, $3, $2)`,
      [pool.id, asked.reservationId, hash],
    );
    expect(await under.ledger.landings.failLandings([failureOf(asked)])).toEqual([
      { written: false, state: 'held' },
    ]);
    expect(await candidates()).toEqual([]);
  });

  test('dies by its own time alone', async () => {
    const asked = await signedHold(under, pool.id);
    const { maxTime } = await issued(asked, await givenChannel(under));
    const death = {
      poolId: pool.id,
      reservationId: asked.reservationId,
      number: 1,
      passedLedger: 120,
      passedCloseTime: maxTime,
      voteLedger: 122,
    };
    const { landings } = under.ledger;
    expect(await landings.killLandings([{ ...death, passedCloseTime: maxTime - 1n }])).toBe(0);
    expect(await landings.killLandings([{ ...death, voteLedger: 121 }])).toBe(0);
    expect(await landings.killLandings([death])).toBe(1);
    expect(await landings.killLandings([death])).toBe(0);
    expect(await candidates()).toEqual([asked.reservationId]);
  });
});

test('a process that dies after any step leaves what the next one needs to go on', async () => {
  /** What a process that starts now finds to do. */
  const found = async () => {
    const next = openLedger(database.url);
    try {
      const { landings } = next.ledger;
      return {
        toLand: (await landings.candidates(NETWORK, 9)).map((each) => each.reservationId),
        inFlight: (await landings.openLandings(NETWORK, 9)).map(({ hash, xdr, submission }) => ({
          hash,
          xdr,
          submission: submission?.status ?? null,
        })),
      };
    } finally {
      await next.connections.close();
    }
  };
  const channel = await givenChannel(under);
  const { landings, ends } = under.ledger;
  const asked = await heldByAuthorization(under, pool.id);
  expect(await found()).toEqual({ toLand: [], inFlight: [] });
  await landings.markSigned(pool.id, asked.reservationId, SIGNED_ENTRY);
  expect(await found()).toEqual({ toLand: [asked.reservationId], inFlight: [] });
  const first = await issued(asked, channel);
  const flying = { hash: first.hash, xdr: first.xdr };
  expect(await found()).toEqual({ toLand: [], inFlight: [{ ...flying, submission: null }] });
  await landings.noteSubmissions([{ hash: first.hash, status: 'PENDING', ledger: 105 }]);
  expect(await found()).toEqual({ toLand: [], inFlight: [{ ...flying, submission: 'PENDING' }] });
  await landings.failLandings([failureOf(asked)]);
  expect(await found()).toEqual({ toLand: [asked.reservationId], inFlight: [] });
  const second = await issued(asked, channel);
  await ends.settle([
    {
      poolId: pool.id,
      reservationId: asked.reservationId,
      envelopeHash: second.hash,
      settledLedger: 112,
      closeTime: nowSeconds(),
      loanId: null,
      feeBump: false,
    },
  ]);
  expect(await found()).toEqual({ toLand: [], inFlight: [] });
  expect(await landings.issue([landingOf(asked, channel)])).toEqual(['hold_ended']);
  expect(await landings.issue([first])).toEqual(['hold_ended']);
  // an answer that comes late changes nothing
  expect(await landings.failLandings([failureOf(asked, 2)])).toEqual([
    { written: false, state: 'settled' },
  ]);
});

describe('channels', () => {
  test('are added, removed and added again, each once and with an operator action', async () => {
    const channels = channelsOf(under);
    const network = 'Another Network';
    const channel = { network, account: 'GCHANNEL', name: 'first' };
    expect(await channels.add(channel, OPERATOR)).toMatchObject({
      added: true,
      channel: { ...channel, state: 'active', balance: null, inFlight: null },
    });
    expect(await channels.add({ ...channel, name: 'second' }, OPERATOR)).toMatchObject({
      added: false,
      channel,
    });
    await channels.noteBalances(network, [{ account: 'GCHANNEL', balance: 5n, ledger: 20 }]);
    await channels.noteBalances(network, [{ account: 'GCHANNEL', balance: 9n, ledger: 19 }]);
    expect(await channels.list(network)).toMatchObject([{ balance: 5n, balanceLedger: 20 }]);
    expect(await channels.remove(channel, OPERATOR)).toMatchObject({ state: 'removed' });
    expect(await channels.remove(channel, OPERATOR)).toMatchObject({ state: 'removed' });
    expect(await channels.add({ ...channel, name: 'third' }, OPERATOR)).toMatchObject({
      added: true,
      channel: { name: 'third', state: 'active', removedAt: null },
    });
    await expect(channels.remove({ network, account: 'GUNKNOWN' }, OPERATOR)).rejects.toThrow(
      'There is no channel GUNKNOWN on this network.',
    );
    const { rows } = await under.connections.read.query(
      `select action from operator_actions where subject = 'GCHANNEL' order by id`,
    );
    expect(rows.map(({ action }: { action: string }) => action)).toEqual([
      'channel.add',
      'channel.remove',
      'channel.add',
    ]);
  });
});

test('a network that began again gets its old rows out of the way, and keeps its channels', async () => {
  const network = 'A Network That Ends';
  const contracts = { poolContract: contract(), lendingContract: contract() };
  const old = await under.registry.register(
    {
      network,
      ...contracts,
      generation: 'g1',
      tokenContract: contract(),
      poolWasmHash: 'ab'.repeat(32),
      decimals: 7,
      assetCode: null,
    },
    { name: 'old', state: 'active', maxSnapshotAgeSeconds: 600 },
  );
  await under.ledger.snapshots.observe(snapshot(old.id, 100, { total: 1_000n }));
  const asked = { ...authorizedRequest(old.id), network };
  expect(await under.ledger.hold(asked)).toMatchObject({ kind: 'held' });
  await under.ledger.landings.markSigned(old.id, asked.reservationId, SIGNED_ENTRY);
  const channel = await givenChannel(under, network);
  const landing = await issued(asked, channel);
  await channelsOf(under).noteBalances(network, [{ account: channel, balance: 5n, ledger: 20 }]);
  await under.ledger.ends.settle([
    {
      poolId: old.id,
      reservationId: asked.reservationId,
      envelopeHash: landing.hash,
      settledLedger: 110,
      closeTime: nowSeconds(),
      loanId: null,
      feeBump: false,
    },
  ]);
  await under.registry.change(old.id, { state: 'closed' });
  expect(
    await under.registry.renameNetwork({ network, oldName: 'Ended Network' }, OPERATOR, {}),
  ).toEqual([old.id]);
  const { rows } = await under.connections.read.query(
    `select a.network, n.network as landing from authorizations a
    join landings n on n.reservation_id = a.reservation_id where a.pool_id = $1`,
    [old.id],
  );
  expect(rows).toEqual([{ network: 'Ended Network', landing: 'Ended Network' }]);
  expect(await channelsOf(under).list(network)).toMatchObject([
    { account: channel, state: 'active', balance: null },
  ]);
});
