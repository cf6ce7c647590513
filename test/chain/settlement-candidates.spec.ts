import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  AMOUNT,
  chainOver,
  openStage,
  reconciliationOn,
  reservationNow,
  settlementOn,
  type Stage,
  type StageHold,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';

const LIMITS = { lookupsPerRound: 4, callsAtOnce: 2, poolsAtOnce: 1 };
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

test(
  'with more live holds than look-ups in a round, one whose funding event is stored ' +
    'settles next, whatever submitted it',
  async () => {
    const pool = await stagePool(stage);
    // each as a process that has just started: its window begins at the front
    const observe = () => settlementOn(stage, { limits: LIMITS }).settlement.observePool(pool);
    const reconcile = () => reconciliationOn(stage).reconciliation.reconcilePool(pool);
    await observe();
    await reconcile();
    const holds: StageHold[] = [];
    for (let index = 0; index < 12; index++) holds.push(await stageHold(stage, pool));
    const last = (await stage.under.ledger.reader.liveHolds(pool.id, 100)).at(-1)?.reservationId;
    const hold = holds.find(({ reservationId }) => reservationId === last);
    if (!hold) throw new Error('the last in line was not found');
    await hold.submit(); // past our own API
    await stage.network.closeLedgers(1);
    expect(await observe()).toMatchObject({ settled: 0, advanced: true });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'held' });
    await reconcile();
    expect(await stage.under.ledger.reader.fundedHolds(pool.id, 10)).toMatchObject([
      { reservationId: hold.reservationId },
    ]);
    expect(await observe()).toMatchObject({ settled: 1 });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'settled' });
    expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
      held: 11n * AMOUNT,
      inFlight: 0n,
    });
    expect(await stage.under.ledger.reader.fundedHolds(pool.id, 10)).toEqual([]);
  },
);

test(
  'more holds without a provable end than look-ups in a round do not keep the others from ' +
    'being proven dead',
  async () => {
    const pool = await stagePool(stage);
    await settlementOn(stage).settlement.observePool(pool);
    const stuck: StageHold[] = [];
    for (let index = 0; index < LIMITS.lookupsPerRound + 1; index++)
      stuck.push(await stageHold(stage, pool));
    const behind = await stageHold(stage, pool);
    for (const { reservationId, funding } of stuck)
      await stage.under.ledger.envelopes.markSubmitted(pool.id, reservationId, {
        hash: funding.hash,
        status: 'PENDING',
      }); // so that they come first
    const without = new Set(stuck.map(({ funding }) => funding.hash));
    const { settlement, alarms } = settlementOn(stage, {
      limits: LIMITS,
      chain: chainOver(stage, {
        findTransaction: async (hash) => {
          const report = await stage.chain.findTransaction(hash);
          const { latestLedger, latestCloseTime, oldestLedger } = report;
          return without.has(hash)
            ? {
                latestLedger,
                latestCloseTime,
                oldestLedger,
                status: 'failed',
                ledger: latestLedger,
                closeTime: latestCloseTime,
                feeBump: false,
                feeCharged: 0n,
                applied: false,
                resultCode: 'txBadAuth',
                cause: null,
              }
            : report;
        },
      }),
    });
    stage.network.control.travel(1000);
    let expired = 0;
    for (let round = 0; round < 12; round++) {
      expired += (await settlement.expireLapsed(pool)).expired;
      await stage.network.closeLedgers(1);
    }
    expect(expired).toBe(1);
    expect(await reservationNow(stage, behind.reservationId)).toMatchObject({
      state: 'expired',
      evidence: { certificate: 'D1' },
    });
    expect(new Set(alarms.map(({ facts }) => facts['reservation']))).toEqual(
      new Set(stuck.map(({ reservationId }) => reservationId)),
    ); // each is reported
  },
);

test(
  'a hold that the events have shown to be funded is not ended as dead by a node that lost ' +
    'its transactions; it settles once one finds it',
  async () => {
    const pool = await stagePool(stage);
    await settlementOn(stage).settlement.observePool(pool);
    await reconciliationOn(stage).reconciliation.reconcilePool(pool);
    const hold = await stageHold(stage, pool);
    await hold.submit();
    await stage.network.closeLedgers(1);
    await reconciliationOn(stage).reconciliation.reconcilePool(pool);
    const { settlement } = settlementOn(stage, {
      chain: chainOver(stage, {
        findTransaction: async (hash) => {
          const { latestLedger, latestCloseTime, oldestLedger } =
            await stage.chain.findTransaction(hash);
          return { latestLedger, latestCloseTime, oldestLedger, status: 'not_found' };
        },
      }),
    });
    stage.network.control.travel(1000);
    for (let round = 0; round < 6; round++) {
      // not by time, and not by its sequence, which its own landing consumed
      expect(await settlement.expireLapsed(pool)).toMatchObject({ expired: 0, released: 0 });
      await stage.network.closeLedgers(1);
    }
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'held' });
    expect(await settlementOn(stage).settlement.expireLapsed(pool)).toMatchObject({ settled: 1 });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
      state: 'settled',
      evidence: { certificate: 'D4' },
    });
  },
);

test('look-ups that are not answered do not delay the snapshot, and come first in the next round', async () => {
  const pool = await stagePool(stage);
  await settlementOn(stage).settlement.observePool(pool);
  const holds: StageHold[] = [];
  for (let index = 0; index < 4; index++) holds.push(await stageHold(stage, pool));
  const waiting: (() => void)[] = [];
  const asked: string[] = [];
  let silent = true;
  const chain = chainOver(stage, {
    findTransaction: async (hash) => {
      asked.push(hash);
      if (silent) await new Promise<void>((resolve) => waiting.push(resolve));
      return stage.chain.findTransaction(hash);
    },
  });
  const { settlement, alarms } = settlementOn(stage, {
    chain,
    limits: { ...LIMITS, lookupMs: 50 },
  });
  // it returns although two look-ups hang: only these were begun
  expect(await settlement.observePool(pool)).toMatchObject({ settled: 0 });
  expect(waiting).toHaveLength(2);
  const hung = [...asked];
  expect(alarms).toEqual([]);
  silent = false;
  for (const end of waiting) end();
  for (const hold of holds) await hold.submit();
  await stage.network.closeLedgers(1);
  asked.length = 0;
  await settlement.observePool(pool);
  expect(asked.slice(0, 2).sort()).toEqual(hung.sort());
});
