import { afterEach, describe, expect, test } from '@jest/globals';
import { OPERATOR } from '../support/given-authorization.js';
import { AuthorizationStage, type AuthorizedHold } from '../support/authorization-stage.js';
import { assertEndsLogged, chainOver, reservationNow } from '../support/settlement-stage.js';

/** Real Postgres, and a network whose ledgers are closed by hand. */
let on: AuthorizationStage;
afterEach(() => on.end());

const now = ({ reservationId }: AuthorizedHold) => reservationNow(on.stage, reservationId);
const stranger = () =>
  on.stage.network.control.foreignLoan({
    pool: on.pool.poolContract,
    total: 50n,
    guarantee: 10n,
  });
async function signedHolds(count: number): Promise<AuthorizedHold[]> {
  const holds: AuthorizedHold[] = [];
  while (holds.length < count) holds.push(await on.signed());
  return holds;
}
/** Rounds of a service: lander, ledger, observation. */
async function rounds(count: number, { lander } = on.lander()): Promise<void> {
  for (let round = 0; round < count; round++) {
    await lander.round();
    await on.close();
    await on.observe();
  }
}

describe('a signed authorization', () => {
  test('is landed by a channel, settles with what it cost, and reconciles', async () => {
    on = await AuthorizationStage.open();
    const hold = await on.signed();
    const { lander, alarms } = on.lander();
    expect(await lander.round()).toEqual({ issued: 1, submitted: 1, again: true });
    expect(await on.landings(hold)).toMatchObject([{ state: 'open', submission: 'PENDING' }]);
    expect(await lander.round()).toMatchObject({ issued: 0, submitted: 0 });
    await on.close();
    await on.observe();
    const [landing] = await on.landings(hold);
    expect(landing).toMatchObject({ state: 'landed', ledger: on.head });
    expect(landing?.feeCharged).toBeGreaterThan(0);
    expect(await now(hold)).toMatchObject({
      state: 'settled',
      settled_ledger: String(on.head),
      events: ['held', 'submitted', 'landing_issued', 'settled'],
      evidence: {
        certificate: 'D4',
        transactionHash: landing?.hash,
        by: 'landing',
        feeCharged: String(landing?.feeCharged),
      },
    });
    expect(await on.reconcile()).toEqual([]);
    await assertEndsLogged(on.stage, 'all');
    expect(alarms).toEqual([]);
    expect(await lander.round()).toEqual({ issued: 0, submitted: 0, again: false });
    expect(await on.loansOf(hold)).toBe(1);
  });

  test('twenty land in one ledger, each with room for the other nineteen', async () => {
    on = await AuthorizationStage.open({
      channels: 20,
      network: { ledgerLimits: { writeBytes: 1_000_000 } },
    });
    const holds = await signedHolds(20);
    const { lander } = on.lander({ options: { ledgerWriteBytes: 1_000_000 } });
    expect(await lander.round()).toEqual({ issued: 20, submitted: 20, again: true });
    await on.close();
    await on.observe();
    for (const hold of holds) {
      expect(await now(hold)).toMatchObject({ state: 'settled', settled_ledger: String(on.head) });
      expect(await on.landings(hold)).toMatchObject([{ state: 'landed', room: 19 }]);
    }
  }, 60_000);

  test('as many are in flight as one ledger of the public network takes', async () => {
    on = await AuthorizationStage.open({ channels: 20 });
    const holds = await signedHolds(20);
    const { lander } = on.lander();
    const { issued } = await lander.round();
    await on.close();
    await on.observe();
    const first = on.head;
    const states = await Promise.all(holds.map(now));
    const landed = states.filter(({ settled_ledger }) => settled_ledger === String(first));
    expect([issued, landed.length]).toEqual([14, 14]);
    await rounds(1, { lander, alarms: [] });
    for (const hold of holds) expect(await now(hold)).toMatchObject({ state: 'settled' });
  }, 60_000);

  test('loans of strangers cost one failed landing, then leave room for more', async () => {
    on = await AuthorizationStage.open({ channels: 1 });
    const hold = await on.signed();
    const { lander } = on.lander();
    const outrun = async (): Promise<void> => {
      await on.lander({ chain: deaf() }).lander.round();
      stranger();
      await lander.round();
      await on.close();
      await on.observe();
    };
    await outrun();
    expect(await on.landings(hold)).toMatchObject([{ state: 'open', room: 0 }]);
    await on.close();
    await on.observe();
    expect(await on.landings(hold)).toMatchObject([
      { state: 'failed', reason: 'outside_footprint', room: 0 },
    ]);
    await outrun();
    expect(await on.landings(hold)).toMatchObject([{}, { state: 'landed', room: 2 }]);
    expect(await now(hold)).toMatchObject({
      state: 'settled',
      events: [
        'held',
        'submitted',
        'landing_issued',
        'landing_failed',
        'landing_issued',
        'settled',
      ],
    });
    expect(await on.loansOf(hold)).toBe(1);
  });

  test('a stranger who lands the entry settles it, and nothing is unexplained', async () => {
    on = await AuthorizationStage.open();
    const hold = await on.signed();
    const { hash } = on.stage.network.control.signers.land({
      entry: hold.signedEntryXdr,
      close: true,
    });
    await on.observe();
    expect((await on.live(hold))?.authorization).toMatchObject({ spent: { ledger: on.head } });
    expect(await on.reconcile()).toEqual([]);
    await on.observe();
    expect(await now(hold)).toMatchObject({
      state: 'settled',
      settled_ledger: String(on.head),
      evidence: { certificate: 'D4', transactionHash: hash, by: 'other' },
    });
    expect(await on.landings(hold)).toEqual([]);
    expect(await on.lander().lander.round()).toMatchObject({ issued: 0, again: false });
    await on.close();
    await on.observe();
    expect(await on.reconcile()).toEqual([]);
  });

  test('a stranger wins against our landing, which fails and is not repeated', async () => {
    on = await AuthorizationStage.open();
    const hold = await on.signed();
    const { lander } = on.lander();
    await on.lander({ chain: deaf() }).lander.round();
    on.stage.network.control.signers.land({ entry: hold.signedEntryXdr, close: true });
    await lander.round();
    await on.close();
    await on.observe();
    await on.close();
    await on.observe();
    await on.reconcile();
    await on.observe();
    expect(await now(hold)).toMatchObject({ state: 'settled', evidence: { by: 'other' } });
    expect((await on.landings(hold)).map(({ state }) => state)).not.toContain('open');
    expect(await on.loansOf(hold)).toBe(1);
  });

  test('outbid, it dies by its time and is landed again with a higher bid', async () => {
    on = await AuthorizationStage.open({ channels: 1 });
    const hold = await on.signed();
    const { control } = on.stage.network;
    const { lander } = on.lander();
    await lander.round();
    control.conditions.setSurge({ soroban: '20000', classic: '100', queueFull: false });
    for (let ledger = 0; ledger < 8; ledger++) {
      control.travel(5);
      await on.close();
      await on.observe();
      await on.lander({ chain: on.newChain() }).lander.round();
    }
    const [first, second] = await on.landings(hold);
    expect(first).toMatchObject({ state: 'dead', inclusionFee: 1000 });
    expect(second?.inclusionFee).toBeGreaterThanOrEqual(20_000);
    expect(second?.inclusionFee).toBeLessThanOrEqual(Number(on.pool.maxInclusionFee));
    await on.close();
    await on.observe();
    expect(await now(hold)).toMatchObject({ state: 'settled' });
  });

  test('a contract that refuses is asked again, and nothing is paid meanwhile', async () => {
    on = await AuthorizationStage.open();
    const { control } = on.stage.network;
    const hold = await on.signed();
    control.setScore({
      pool: on.pool.poolContract,
      borrower: hold.borrower.publicKey(),
      score: 0,
    });
    const { lander } = on.lander();
    await rounds(4, { lander, alarms: [] });
    expect(await on.landings(hold)).toEqual([]);
    expect(await now(hold)).toMatchObject({ state: 'held', events: ['held', 'submitted'] });
    control.setScore({
      pool: on.pool.poolContract,
      borrower: hold.borrower.publicKey(),
      score: 80,
    });
    await rounds(5, { lander, alarms: [] });
    expect(await now(hold)).toMatchObject({ state: 'settled' });
  });
});

test('an archived entry is restored on the way, and more than that keeps it waiting', async () => {
  on = await AuthorizationStage.open();
  const hold = await on.signed();
  on.stage.network.control.archive({
    pool: on.pool.poolContract,
    contracts: ['vendor_registry'],
    loans: [],
  });
  const toRestore = { kind: 'archived', keys: 10, restore: null } as const;
  const waiting = on.lander({
    chain: chainOver(on.stage, {
      ...landingMethods(),
      buildLanding: () => Promise.resolve(toRestore),
    }),
  });
  expect(await waiting.lander.round()).toMatchObject({ issued: 0 });
  expect(await on.landings(hold)).toEqual([]);
  expect(await now(hold)).toMatchObject({ state: 'held' });
  await rounds(1);
  expect(await now(hold)).toMatchObject({ state: 'settled' });
});

/** Methods of the chain that a lander calls, for a chain with one of its own. */
const landingMethods = () => {
  const { chain } = on.stage;
  return {
    channelAccounts: chain.channelAccounts,
    channels: (list: readonly string[]) => chain.channels(list),
    buildLanding: (request: Parameters<typeof chain.buildLanding>[0]) =>
      chain.buildLanding(request),
  };
};

/** A node that takes no transaction. */
const deaf = () =>
  chainOver(on.stage, {
    ...landingMethods(),
    submit: () =>
      Promise.resolve({ status: 'TRY_AGAIN_LATER', latestLedger: on.head, resultCode: null }),
  });

describe('a fence that has passed', () => {
  test('expires the hold by two replies, and an unsigned one counts as a lapse', async () => {
    on = await AuthorizationStage.open({ holdSeconds: 60 });
    const hold = await on.held();
    const { expirationLedger } = hold.authorization;
    await on.close(expirationLedger - on.head);
    await on.observe();
    expect(await now(hold)).toMatchObject({ state: 'held' });
    await on.close();
    await on.observe();
    expect(await now(hold)).toMatchObject({ state: 'held' });
    await on.close();
    await on.observe();
    expect(await now(hold)).toMatchObject({
      state: 'expired',
      evidence: {
        certificate: 'D5',
        expirationLedger,
        absentAt: [expirationLedger + 1, expirationLedger + 2],
        minTemporaryTtl: 720,
      },
    });
    const { rows } = await on.stage.under.connections.read.query(
      'select lapses from wallet_lapses where account = $1',
      [hold.borrower.publicKey()],
    );
    expect(rows).toEqual([{ lapses: 1 }]);
    await assertEndsLogged(on.stage, 'all');
    expect(await on.submit(hold)).toBe('hold_ended');
  });

  test('of a hold that is longer than the entry of a spent nonce lives, too', async () => {
    on = await AuthorizationStage.open({ holdSeconds: 4_500 });
    const hold = await on.held();
    const { expirationLedger, issuedAfterLedger } = hold.authorization;
    expect(expirationLedger - issuedAfterLedger).toBeGreaterThan(720);
    while (on.head < expirationLedger) {
      await on.close(Math.min(200, expirationLedger - on.head));
      await on.observe();
    }
    expect((await on.live(hold))?.authorization?.unspentLedger).toBeGreaterThan(
      expirationLedger - 480,
    );
    await on.close();
    await on.observe();
    await on.close();
    await on.observe();
    expect(await now(hold)).toMatchObject({ state: 'expired', evidence: { certificate: 'D5' } });
  }, 120_000);

  test('proves nothing when the service slept for too long', async () => {
    on = await AuthorizationStage.open({ holdSeconds: 60 });
    const hold = await on.held();
    await on.close(800);
    await on.observe();
    await on.close();
    expect(await on.observe()).toContainEqual({
      name: 'lookup_proves_nothing',
      facts: { pool: on.pool.id, reservation: hold.reservationId },
    });
    expect(await now(hold)).toMatchObject({ state: 'held' });
  }, 60_000);

  test('one reply that hides a spent nonce expires nothing', async () => {
    on = await AuthorizationStage.open({ holdSeconds: 60 });
    const hold = await on.held();
    const { control } = on.stage.network;
    control.signers.land({ entry: hold.signedEntryXdr, close: true });
    await on.close(hold.authorization.expirationLedger + 1 - on.head);
    control.setFault('nonce_lies', { spent: false });
    await on.observe();
    control.clearFaults();
    await on.close();
    await on.observe();
    expect(await now(hold)).toMatchObject({ state: 'held' });
    await on.reconcile();
    await on.observe();
    expect(await now(hold)).toMatchObject({ state: 'settled' });
  });

  test('no landing is built or submitted after it', async () => {
    on = await AuthorizationStage.open({ holdSeconds: 60 });
    const hold = await on.signed();
    await on.close(hold.authorization.expirationLedger - on.head);
    const { lander } = on.lander();
    expect(await lander.round()).toMatchObject({ issued: 0, submitted: 0 });
    await on.close();
    await on.observe();
    await on.close();
    await on.observe();
    expect(await now(hold)).toMatchObject({ state: 'expired' });
    expect(await on.landings(hold)).toEqual([]);
  });
});

test('a cancelled hold is landed no more, and stays held until its fence', async () => {
  on = await AuthorizationStage.open({ holdSeconds: 60 });
  const hold = await on.signed();
  await on.lander({ chain: deaf() }).lander.round();
  await on.stage.under.ledger.requestCancellation(on.pool.id, hold.reservationId);
  await rounds(3);
  expect(await on.landings(hold)).toMatchObject([{ submission: 'TRY_AGAIN_LATER' }]);
  expect(await on.loansOf(hold)).toBe(0);
  expect(await now(hold)).toMatchObject({ state: 'held' });
  await on.close(hold.authorization.expirationLedger + 1 - on.head);
  await on.observe();
  await on.close();
  await on.observe();
  expect(await now(hold)).toMatchObject({ state: 'expired', evidence: { certificate: 'D5' } });
});

describe('channels', () => {
  test('two landers share them: each hold and each channel has one landing', async () => {
    on = await AuthorizationStage.open({ channels: 4 });
    const holds = await signedHolds(4);
    const [one, other] = [on.lander().lander, on.lander().lander];
    // Both may build the very same transactions, and then both send them.
    await Promise.all([one.round(), other.round()]);
    const landings = (await Promise.all(holds.map((hold) => on.landings(hold)))).flat();
    expect(landings).toHaveLength(4);
    expect(new Set(landings.map(({ channel }) => channel)).size).toBe(4);
    await on.close();
    await on.observe();
    for (const hold of holds) {
      expect(await now(hold)).toMatchObject({ state: 'settled' });
      expect(await on.loansOf(hold)).toBe(1);
    }
  });

  test('more loans than channels take turns', async () => {
    on = await AuthorizationStage.open({ channels: 2 });
    const holds = await signedHolds(5);
    await rounds(3);
    for (const hold of holds) expect(await now(hold)).toMatchObject({ state: 'settled' });
  });

  test('none is alarmed, and one that was added later lands what waits', async () => {
    on = await AuthorizationStage.open({ channels: 1 });
    const hold = await on.signed();
    const [account = ''] = on.accounts;
    const channel = { network: on.pool.network, account };
    await on.registry.remove(channel, OPERATOR);
    const { lander, alarms } = on.lander();
    expect(await lander.round()).toMatchObject({ issued: 0 });
    expect(alarms).toEqual([{ name: 'no_channel', facts: { listed: 1, keys: 1 } }]);
    await on.registry.add({ ...channel, name: 'again' }, OPERATOR);
    await rounds(1, { lander, alarms });
    expect(await now(hold)).toMatchObject({ state: 'settled' });
  });

  test('one that runs low is alarmed, and its balance is kept', async () => {
    on = await AuthorizationStage.open({ channels: 1 });
    await on.signed();
    const { lander, alarms } = on.lander({ options: { balanceMin: 10n ** 15n } });
    await lander.round();
    const [channel] = await on.registry.list(on.pool.network);
    expect(channel?.balance).toBeGreaterThan(0n);
    expect(alarms).toEqual([
      {
        name: 'channel_low',
        facts: {
          channel: on.accounts[0],
          name: 'channel 1',
          balance: String(channel?.balance),
          least: String(10n ** 15n),
        },
      },
    ]);
  });
});

describe('a process that dies', () => {
  const died = new Error('the process died');
  test('before its landing is stored leaves nothing, and the next one lands it', async () => {
    on = await AuthorizationStage.open();
    const hold = await on.signed();
    const dying = chainOver(on.stage, {
      ...landingMethods(),
      buildLanding: () => Promise.reject(died),
    });
    await expect(on.lander({ chain: dying }).lander.round()).rejects.toThrow(died);
    await rounds(1);
    expect(await now(hold)).toMatchObject({ state: 'settled' });
    expect(await on.loansOf(hold)).toBe(1);
  });

  test('between storing and sending: the next one sends the same landing', async () => {
    on = await AuthorizationStage.open();
    const hold = await on.signed();
    const dying = chainOver(on.stage, { ...landingMethods(), submit: () => Promise.reject(died) });
    await on.lander({ chain: dying }).lander.round();
    expect(await on.landings(hold)).toMatchObject([{ state: 'open', submission: null }]);
    await rounds(1);
    expect(await on.landings(hold)).toMatchObject([{ state: 'landed' }]);
    expect(await on.loansOf(hold)).toBe(1);
  });

  test('after sending, before it has the answer: the landing is sent again and lands once', async () => {
    on = await AuthorizationStage.open();
    const hold = await on.signed();
    const dying = chainOver(on.stage, {
      ...landingMethods(),
      submit: async (xdr) => {
        await on.stage.chain.submit(xdr);
        throw died;
      },
    });
    await on.lander({ chain: dying }).lander.round();
    expect(await on.landings(hold)).toMatchObject([{ state: 'open', submission: null }]);
    await rounds(1);
    expect(await on.landings(hold)).toMatchObject([{ state: 'landed' }]);
    expect(await on.loansOf(hold)).toBe(1);
  });

  test('after it landed, before that is noted: nothing is landed again', async () => {
    on = await AuthorizationStage.open();
    const hold = await on.signed();
    await on.lander().lander.round();
    await on.close(3);
    expect(await on.lander().lander.round()).toMatchObject({ issued: 0 });
    await on.observe();
    expect(await on.landings(hold)).toMatchObject([{ state: 'landed' }]);
    expect(await now(hold)).toMatchObject({ state: 'settled' });
    expect(await on.loansOf(hold)).toBe(1);
  });

  test('and a landing called dead that has landed still settles its hold once', async () => {
    on = await AuthorizationStage.open();
    const hold = await on.signed();
    await on.lander().lander.round();
    await on.close();
    // a node that denied it for long enough, or a false head
    await on.stage.under.connections.write.query(
      "update landings set state = 'dead' where reservation_id = $1",
      [hold.reservationId],
    );
    const { lander } = on.lander();
    expect(await lander.round()).toMatchObject({ issued: 0 });
    await on.observe();
    await on.reconcile();
    await on.observe();
    expect(await now(hold)).toMatchObject({ state: 'settled', evidence: { by: 'landing' } });
    expect(await on.loansOf(hold)).toBe(1);
  });
});
