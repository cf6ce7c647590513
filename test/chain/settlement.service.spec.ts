import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { invariants } from '../support/given-ledger.js';
import {
  AMOUNT,
  assertEndsLogged,
  chainOver,
  openStage,
  reservationNow,
  settlementOn,
  type Stage,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';
import { HoldfastError } from '../../src/common/errors.js';
import type { Chain } from '../../src/modules/chain/chain.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import type { Position } from '../../src/modules/liquidity/reservation.js';

let stage: Stage;
let pool: PoolRecord;

const chainWith = (own: Partial<Chain>): Chain => chainOver(stage, own);
const away = (): Promise<never> =>
  Promise.reject(new HoldfastError('CHAIN_UNREACHABLE', 'the node is away'));
async function position(): Promise<Position> {
  const now = await stage.under.ledger.reader.position(pool.id);
  if (!now) throw new Error('no position');
  return now;
}

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
afterEach(() => assertEndsLogged(stage, 'all'));
beforeEach(async () => {
  pool = await stagePool(stage);
  await settlementOn(stage).settlement.observePool(pool);
});
afterEach(async () => {
  for (const { id } of await stage.under.registry.list()) {
    await assertCountersEqualSums(id); // whatever the test did
    await stage.under.registry.change(id, { state: 'closed' });
  }
});

async function assertCountersEqualSums(id: string): Promise<void> {
  const {
    held,
    held_sum: heldSum,
    in_flight: inFlight,
    in_flight_sum: inFlightSum,
  } = await invariants(stage.under, id);
  if (held !== heldSum || inFlight !== inFlightSum)
    throw new Error(
      `pool ${id}: held ${held}, sum ${heldSum}; in flight ${inFlight}, sum ${inFlightSum}`,
    );
}

describe('settlement', () => {
  test(
    'what landed is settled with the snapshot that contains it: nothing is in flight, ' +
      'nothing is counted twice',
    async () => {
      const before = await position();
      const hold = await stageHold(stage, pool);
      expect(await hold.submit()).toBe('PENDING');
      const { ledger } = await stage.network.closeLedgers(1);
      expect(await settlementOn(stage).settlement.observePool(pool)).toEqual({
        advanced: true,
        settled: 1,
        released: 0,
        expired: 0,
      });
      expect(await position()).toMatchObject({
        held: 0n,
        inFlight: 0n,
        locked: AMOUNT,
        available: before.available - AMOUNT,
        snapshotLedger: ledger,
      });
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'settled',
        settled_ledger: String(ledger),
        events: ['held', 'settled'],
        evidence: { certificate: 'D4', feeBump: false },
      });
    },
  );

  test(
    'what lands after the snapshot was read is in flight until the next snapshot; available ' +
      'never moves',
    async () => {
      const hold = await stageHold(stage, pool);
      const before = await position();
      await hold.submit();
      const landsMeanwhile = chainWith({
        observePool: async (...of) => {
          const reading = await stage.chain.observePool(...of);
          await stage.network.closeLedgers(1);
          return reading;
        },
      });
      expect(
        await settlementOn(stage, { chain: landsMeanwhile }).settlement.observePool(pool),
      ).toMatchObject({ settled: 1 });
      expect(await position()).toMatchObject({
        held: 0n,
        inFlight: AMOUNT,
        locked: 0n,
        available: before.available,
      });
      expect(await settlementOn(stage).settlement.observePool(pool)).toMatchObject({
        settled: 0,
        advanced: true,
      });
      expect(await position()).toMatchObject({
        held: 0n,
        inFlight: 0n,
        locked: AMOUNT,
        available: before.available,
      });
    },
  );

  test('a second round, or a second worker, settles nothing twice', async () => {
    const hold = await stageHold(stage, pool);
    await hold.submit();
    await stage.network.closeLedgers(1);
    const [one, two] = await Promise.all([
      settlementOn(stage).settlement.observePool(pool),
      settlementOn(stage).settlement.observePool(pool),
    ]);
    expect(one.settled + two.settled).toBe(1);
    expect((await reservationNow(stage, hold.reservationId)).events).toEqual(['held', 'settled']);
  });

  test('a closed pool is not observed, its landed loans are still settled', async () => {
    const hold = await stageHold(stage, pool);
    await stage.under.registry.change(pool.id, { state: 'closed' });
    await hold.submit();
    await stage.network.closeLedgers(1);
    const before = await position();
    expect(await settlementOn(stage).settlement.observeAll()).toMatchObject({ failed: 0 });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'settled' });
    expect((await position()).snapshotLedger).toBe(before.snapshotLedger);
  });
});

describe('expiry by time', () => {
  test(
    'each step is stored, so a restart between any two of them continues; only the second ' +
      'vote frees the funds',
    async () => {
      const before = await position();
      const hold = await stageHold(stage, pool);
      // a new process each time
      const round = () => settlementOn(stage).settlement.expireLapsed(pool);
      const steps = async () =>
        (await stage.under.ledger.reader.liveHolds(pool.id, 10))[0]?.envelopes[0];

      expect(await round()).toEqual({ settled: 0, released: 0, expired: 0, again: false });
      const passed = stage.network.control.travel(400);
      expect(await round()).toMatchObject({ expired: 0, again: true });
      expect(await steps()).toMatchObject({
        passedLedger: passed.ledger,
        passedCloseTime: BigInt(passed.closeTime),
        voteLedger: null,
      });

      await stage.network.closeLedgers(1);
      await round();
      // L+1 is no vote yet
      expect(await steps()).toMatchObject({ passedLedger: passed.ledger, voteLedger: null });
      await stage.network.closeLedgers(1);
      await round();
      expect(await steps()).toMatchObject({ voteLedger: passed.ledger + 2 });
      // the same ledger cannot vote twice
      expect(await round()).toMatchObject({ expired: 0, again: true });
      expect(await position()).toMatchObject({ held: AMOUNT });

      await stage.network.closeLedgers(1);
      expect(await round()).toMatchObject({ expired: 1, again: false });
      expect(await position()).toMatchObject({ held: 0n, available: before.available });
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'expired',
        events: ['held', 'expired'],
        evidence: {
          certificate: 'D1',
          passedLedger: passed.ledger,
          notFoundAt: [passed.ledger + 2, passed.ledger + 3],
        },
      });
    },
  );

  test(
    "when two workers look at the same time, a vote too close to the other worker's step " +
      '1 does not count',
    async () => {
      const hold = await stageHold(stage, pool);
      const [before] = await stage.under.ledger.reader.liveHolds(pool.id, 10);
      if (!before) throw new Error('no hold');
      const note = (passedLedger: number, voteLedger: number | null) =>
        stage.under.ledger.envelopes.noteDeathSteps([
          {
            poolId: pool.id,
            reservationId: before.reservationId,
            number: 1,
            passedLedger,
            passedCloseTime: before.expiresAt,
            voteLedger,
          },
        ]);
      const stored = async () =>
        (await stage.under.ledger.reader.liveHolds(pool.id, 10))[0]?.envelopes[0];
      await note(50, null);
      await note(49, 51);
      expect(await stored()).toMatchObject({ passedLedger: 50, voteLedger: null });
      await note(49, 52);
      expect(await stored()).toMatchObject({ passedLedger: 50, voteLedger: 52 });
      await note(49, 60);
      expect(await stored()).toMatchObject({ passedLedger: 50, voteLedger: 52 });
      await hold.submit();
      await stage.network.closeLedgers(1);
      // not lapsed, so not looked up here
      expect(await settlementOn(stage).settlement.expireLapsed(pool)).toMatchObject({ settled: 0 });
      expect(await settlementOn(stage).settlement.observePool(pool)).toMatchObject({ settled: 1 });
    },
  );

  test('one that landed unseen is settled, although it has lapsed', async () => {
    const hold = await stageHold(stage, pool);
    await hold.submit();
    await stage.network.closeLedgers(1);
    stage.network.control.travel(400);
    expect(await settlementOn(stage).settlement.expireLapsed(pool)).toMatchObject({
      settled: 1,
      expired: 0,
    });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'settled' });
  });

  test('a node that is down frees nothing, and its earlier votes still count', async () => {
    const hold = await stageHold(stage, pool);
    const passed = stage.network.control.travel(400);
    await settlementOn(stage).settlement.expireLapsed(pool);
    await stage.network.closeLedgers(4);
    const { settlement, alarms } = settlementOn(stage, {
      chain: chainWith({ findTransaction: away }),
    });
    for (let round = 0; round < 3; round++)
      expect(await settlement.expireAll()).toMatchObject({ failed: 1, again: true });
    expect(alarms[0]).toMatchObject({ name: 'pool_round_failed', facts: { pool: pool.id } });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'held' });
    await settlementOn(stage).settlement.expireAll();
    await stage.network.closeLedgers(1);
    await settlementOn(stage).settlement.expireAll();
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
      state: 'expired',
      evidence: { passedLedger: passed.ledger },
    });
  });

  test(
    'a node that trimmed the ledgers in question proves nothing: the hold still counts, ' +
      'and an alarm is raised',
    async () => {
      const forgetful = await openStage({ network: { retentionLedgers: 8 } });
      try {
        const old = await stagePool(forgetful);
        const { settlement, alarms } = settlementOn(forgetful);
        await settlement.observePool(old);
        const hold = await stageHold(forgetful, old);
        forgetful.network.control.travel(400);
        for (let round = 0; round < 4; round++) {
          await forgetful.network.closeLedgers(10);
          await settlement.expireLapsed(old);
        }
        expect(await reservationNow(forgetful, hold.reservationId)).toMatchObject({
          state: 'held',
        });
        expect(alarms[0]).toEqual({
          name: 'lookup_proves_nothing',
          facts: { pool: old.id, reservation: hold.reservationId },
        });
      } finally {
        await forgetful.end();
      }
    },
  );

  test('more lapsed holds than one round takes end in several rounds', async () => {
    for (let index = 0; index < 5; index++) await stageHold(stage, pool);
    stage.network.control.travel(400);
    const limits = { lookupsPerRound: 2, callsAtOnce: 2, poolsAtOnce: 1 };
    let expired = 0;
    for (let round = 0; round < 12 && expired < 5; round++) {
      expired += (await settlementOn(stage, { limits }).settlement.expireLapsed(pool)).expired;
      await stage.network.closeLedgers(2);
    }
    expect(expired).toBe(5);
    expect(await position()).toMatchObject({ held: 0n });
  });
});

describe('rounds over all pools', () => {
  test('a chain that goes backwards freezes everything: nothing is decided, and an alarm is raised', async () => {
    const hold = await stageHold(stage, pool);
    await stage.network.closeLedgers(40);
    await settlementOn(stage).settlement.observePool(pool);
    stage.network.control.travel(400);
    await settlementOn(stage).settlement.observePool(pool);
    const restarted = chainWith({
      head: async () => ({ ...(await stage.chain.head()), ledger: 5, oldestLedger: 1 }),
    });
    const { settlement, alarms } = settlementOn(stage, { chain: restarted });
    for (let round = 0; round < 3; round++)
      expect(await settlement.expireAll()).toEqual({ pools: 0, failed: 0, again: true });
    expect(alarms[0]).toMatchObject({ name: 'chain_went_backwards', facts: { ledger: 5 } });
    expect((await stage.under.ledger.reader.liveHolds(pool.id, 1))[0]?.envelopes[0]).toMatchObject({
      passedLedger: null,
    });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'held' });
  });

  test('an error in one pool does not stop the others', async () => {
    const broken = pool;
    const healthy = await stagePool(stage);
    const chain = chainWith({
      observePool: (parts) =>
        parts.poolContract === broken.poolContract ? away() : stage.chain.observePool(parts),
    });
    const { settlement, alarms } = settlementOn(stage, { chain });
    expect(await settlement.observeAll()).toMatchObject({ failed: 1 });
    expect((await stage.under.ledger.reader.position(healthy.id))?.snapshotLedger).toBeGreaterThan(
      0,
    );
    expect(alarms).toMatchObject([
      { name: 'pool_round_failed', facts: { pool: broken.id, error: 'the node is away' } },
    ]);
  });

  test('a node that is down is reported once, no pool is read, and the round comes again', async () => {
    const asked: string[] = [];
    const chain = chainWith({
      head: away,
      observePool: ({ poolContract }) => {
        asked.push(poolContract);
        return away();
      },
    });
    const { settlement, alarms } = settlementOn(stage, { chain });
    expect(await settlement.observeAll()).toEqual({ pools: 0, failed: 0, again: true });
    expect(await settlement.expireAll()).toEqual({ pools: 0, failed: 0, again: true });
    expect(asked).toEqual([]);
    expect(alarms.map(({ name }) => name)).toEqual(['chain_unreachable', 'chain_unreachable']);
  });

  test('a pool of another network is left alone and reported', async () => {
    const { settlement, alarms } = settlementOn(stage, {
      chain: chainWith({ networkPassphrase: 'Another Network' }),
    });
    expect(await settlement.observeAll()).toMatchObject({ pools: 0, failed: 0 });
    expect(alarms).toMatchObject([{ name: 'pool_of_another_network', facts: { pool: pool.id } }]);
  });
});
