import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AMOUNT, openStage, reconciliationOn, reservationNow, settlementOn, type Stage, type StageHold, stageHold, stagePool } from '../../../test/support/settlement-stage.js';

const LIMITS = { lookupsPerRound: 4, callsAtOnce: 2, poolsAtOnce: 1 };
let stage: Stage;
beforeAll(async () => { stage = await openStage(); });
afterAll(() => stage.end());

test('with more live holds than look-ups in a round, one that the events have shown to be funded is the next to settle, whoever submitted it', async () => {
  const pool = await stagePool(stage);
  const observe = () => settlementOn(stage, { limits: LIMITS }).settlement.observePool(pool); // each as a process that has just started: its window begins at the front
  const reconcile = () => reconciliationOn(stage).reconciliation.reconcilePool(pool);
  await observe();
  await reconcile();
  const holds: StageHold[] = [];
  for (let index = 0; index < 12; index++) holds.push(await stageHold(stage, pool));
  const last = (await stage.under.ledger.liveHolds(pool.id, 100)).at(-1)?.reservationId;
  const hold = holds.find(({ reservationId }) => reservationId === last);
  if (!hold) throw new Error('the last in line was not found');
  await hold.submit(); // past our own API
  await stage.network.closeLedgers(1);
  expect(await observe()).toMatchObject({ settled: 0, advanced: true });
  expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'held' });
  await reconcile();
  expect(await stage.under.ledger.fundedHolds(pool.id, 10)).toMatchObject([{ reservationId: hold.reservationId }]);
  expect(await observe()).toMatchObject({ settled: 1 });
  expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'settled' });
  expect(await stage.under.ledger.position(pool.id)).toMatchObject({ held: 11n * AMOUNT, inFlight: 0n });
  expect(await stage.under.ledger.fundedHolds(pool.id, 10)).toEqual([]);
});
