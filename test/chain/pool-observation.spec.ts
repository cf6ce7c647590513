import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { PoolObservation } from '../../src/modules/loans/pool-observation.js';
import {
  chainOver,
  openStage,
  settlementOn,
  type Stage,
  stagePool,
} from '../support/settlement-stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

test("a head that is not believed stores nothing and raises the worker's alarm by its name", async () => {
  const pool = await stagePool(stage);
  const { settlement } = settlementOn(stage);
  for (let round = 0; round < 3; round++) {
    await settlement.observePool(pool);
    await stage.network.closeLedgers(1);
  }
  const position = async () => (await stage.under.ledger.reader.position(pool.id))?.snapshotLedger;
  const before = await position();
  const late = chainOver(stage, {
    observePool: async (of) => {
      const { head, ...state } = await stage.chain.observePool(of);
      return { ...state, head: { ...head, closeTime: head.closeTime - 3_600n } };
    },
  });
  const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  try {
    await new PoolObservation(late, stage.under.ledger).request(pool);
    expect(warned.mock.calls.map(([line]) => String(line).split(' ')[0])).toEqual([
      'ledger_dated_twice',
    ]);
    expect(await position()).toBe(before);
    await new PoolObservation(stage.chain, stage.under.ledger).request(pool);
    expect(await position()).toBeGreaterThan(before ?? 0);
  } finally {
    warned.mockRestore();
  }
});
