import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openLedger } from '../support/given-ledger.js';
import { openStage, settlementOn, type Stage, stagePool } from '../support/settlement-stage.js';

/** The worker's rounds during a quarantine (docs/protocol.md#quarantine). */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

test(
  'a failover that a connection noticed before any round is still reported, and its ' +
    'quarantine ends in the round that reads the pool at its end',
  async () => {
    const pool = await stagePool(stage);
    await stage.under.ledger.guards.noticeDatabase();
    const before = settlementOn(stage);
    await before.settlement.observeAll();
    expect(before.alarms).toEqual([]);

    await stage.under.connections.write.query(`update database_identity set timeline = 'another'`);
    // as an API process does, whose holds are the reason
    const reconnected = openLedger(stage.databaseUrl);
    await reconnected.ledger.guards.noticeDatabase();
    await reconnected.connections.close();
    const { settlement, alarms } = settlementOn(stage);
    await settlement.observeAll();
    expect(alarms).toEqual([{ name: 'database_changed', facts: { pools: 1 } }]);
    const stateNow = async (): Promise<string | undefined> =>
      (await stage.under.ledger.reader.position(pool.id))?.state;
    expect(await stateNow()).toBe('quarantined');

    stage.network.control.travel(pool.holdSeconds + 60);
    await settlement.expireAll(); // sees the ledger, and reads no pool
    expect(await stateNow()).toBe('quarantined');
    await settlement.observeAll(); // reads it
    await settlement.expireAll();
    expect(await stateNow()).toBe('active');
    expect(alarms.map(({ name }) => name)).toEqual(expect.arrayContaining(['quarantine_ended']));
  },
);
