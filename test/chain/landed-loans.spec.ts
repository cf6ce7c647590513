import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { replaced } from '../support/replaced.js';
import {
  openStage,
  reconciliationOn,
  settlementOn,
  type Stage,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

const readLedgers = async (reservationId: string): Promise<number[]> => {
  const { rows } = await stage.under.connections.read.query<{ ledger: number }>(
    'select read_ledger::int as ledger from landed_loans where reservation_id = $1',
    [reservationId],
  );
  return rows.map((row) => row.ledger);
};

test('terms of a ledger before the loan was funded are not stored, and are asked for again', async () => {
  const pool = await stagePool(stage);
  const { settlement } = settlementOn(stage);
  await settlement.observePool(pool);
  const { reconciliation } = reconciliationOn(stage);
  await reconciliation.reconcilePool(pool); // begins at the first snapshot
  const hold = await stageHold(stage, pool);
  await hold.submit();
  await stage.network.closeLedgers(1);
  const funded = stage.network.control.head().ledger;
  await settlement.observePool(pool);

  const told: bigint[] = [];
  const past: typeof stage.chain.landedLoans = async (...of) => {
    const loans = await stage.chain.landedLoans(...of);
    told.push(...loans.map(({ loanId }) => loanId));
    return loans.map((loan) => ({ ...loan, ledger: funded - 1 }));
  };
  const chain = replaced(stage.chain, { landedLoans: past });
  await reconciliationOn(stage, { chain }).reconciliation.reconcilePool(pool);
  expect(told).toHaveLength(1);
  expect(await readLedgers(hold.reservationId)).toEqual([]);

  await stage.network.closeLedgers(1);
  await settlement.observePool(pool);
  await reconciliation.reconcilePool(pool);
  const [read] = await readLedgers(hold.reservationId);
  expect(read).toBeGreaterThanOrEqual(funded);
});
