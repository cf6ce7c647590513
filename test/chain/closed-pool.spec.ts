import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import { DailyBalances } from '../../src/modules/liquidity/snapshots/daily-balances.js';
import {
  AMOUNT,
  openStage,
  reconciliationOn,
  settlementOn,
  type Stage,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';

let stage: Stage;
let pool: PoolRecord;
beforeAll(async () => {
  stage = await openStage();
  pool = await stagePool(stage);
  await settlementOn(stage).settlement.observePool(pool);
  await reconciliationOn(stage).reconciliation.reconcilePool(pool); // begins at the first snapshot
});
afterAll(() => stage.end());

test('a closed pool is observed and reconciled until its last loan is explained, and no longer', async () => {
  const hold = await stageHold(stage, pool);
  await hold.submit();
  await stage.under.registry.change(pool.id, { state: 'closed' });
  await stage.network.closeLedgers(1);
  const { settlement } = settlementOn(stage);
  const { reconciliation, alarms } = reconciliationOn(stage);
  const left = async () => (await stage.under.registry.lastLooks()).get(pool.id);
  expect(await left()).toBeUndefined(); // while a hold is live it is only followed
  await settlement.observeAll();
  expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
    held: 0n,
    inFlight: AMOUNT,
  });
  expect(await left()).toEqual({ observe: true, reconcile: false });
  await settlement.observeAll();
  expect(await left()).toEqual({ observe: false, reconcile: true });
  await reconciliation.reconcileAll();
  expect((await reconciliationOn(stage).ledger.list(pool.id, 1))[0]).toMatchObject({
    outcome: 'explained',
    bridges: { locked: { terms: { settledByUs: AMOUNT }, difference: 0n } },
  });
  expect(await left()).toBeUndefined();
  const last = (await stage.under.ledger.reader.position(pool.id))?.snapshotLedger;
  await stage.network.closeLedgers(1);
  await settlement.observeAll();
  expect((await stage.under.ledger.reader.position(pool.id))?.snapshotLedger).toBe(last);
  expect(alarms).toEqual([]);

  await new DailyBalances(stage.under.connections, 5000).note(pool.id, 1);
  const { rows } = await stage.under.connections.read.query(
    `select state, fundings_base::text as fundings, closing_base::text as closing
      from reporting.daily_balances_v1 where pool_id = $1 and figure = 'locked'`,
    [pool.id],
  );
  expect(rows).toEqual([
    { state: 'final', fundings: AMOUNT.toString(), closing: AMOUNT.toString() },
  ]);
});
