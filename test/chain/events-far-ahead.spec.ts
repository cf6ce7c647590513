import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  openStage,
  reconciliationOn,
  settlementOn,
  type Stage,
  stagePool,
} from '../support/settlement-stage.js';
import type { EventsReply } from '../../src/modules/chain/chain.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import type { ReconciliationRooms } from '../../src/modules/settlement/reconciliation.service.js';

const FAR = 60_000_000;
const UNIT = 10_000_000n;

let stage: Stage;
let pool: PoolRecord;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
beforeEach(async () => {
  pool = await stagePool(stage);
  await settlementOn(stage).settlement.observePool(pool);
  await reconciliationOn(stage).reconciliation.reconcilePool(pool);
});

const saying = (reply: EventsReply): ReconciliationRooms['chain'] => ({
  networkPassphrase: stage.chain.networkPassphrase,
  readEvents: () => Promise.resolve(reply),
  findInner: (hash) => stage.chain.findInner(hash),
  findAuthorizations: (hash) => stage.chain.findAuthorizations(hash),
  nonces: (list) => stage.chain.nonces(list),
  contractCodes: (contracts) => stage.chain.contractCodes(contracts),
  describePool: (contract) => stage.chain.describePool(contract),
  landedLoans: (...of) => stage.chain.landedLoans(...of),
  transactionEvents: (hash) => stage.chain.transactionEvents(hash),
});
const cursor = `${String(BigInt(FAR) << 32n).padStart(19, '0')}-0000000000`;
const gaps = async (): Promise<number | null> =>
  (await stage.under.connections.read.query('select from event_gaps where pool_id = $1', [pool.id]))
    .rowCount;

describe('events of a ledger far above the newest known head', () => {
  test.each<[string, EventsReply]>([
    ['a gap', { kind: 'gap', oldestLedger: FAR, latestLedger: FAR + 100_000 }],
    ['a page', { kind: 'page', events: [], cursor, throughLedger: FAR, more: false }],
  ])('%s moves nothing and raises an alarm; the next round continues', async (_, reply) => {
    const { reconciliation, ledger, alarms } = reconciliationOn(stage, { chain: saying(reply) });
    const place = await ledger.eventPlace(pool.id);
    await expect(reconciliation.reconcilePool(pool)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
    });
    await reconciliation.reconcileAll();
    const error: unknown = expect.stringContaining(`${FAR}`);
    expect(alarms).toContainEqual({ name: 'pool_round_failed', facts: { pool: pool.id, error } });
    expect(await ledger.eventPlace(pool.id)).toEqual(place);
    expect(await gaps()).toBe(0);
    stage.network.control.foreignLoan({
      pool: pool.poolContract,
      total: 100n * UNIT,
      guarantee: 20n * UNIT,
    });
    await settlementOn(stage).settlement.observePool(pool);
    const after = await reconciliationOn(stage).reconciliation.reconcilePool(pool);
    expect(after).toMatchObject({ pairs: 1, unexplained: 0 });
  });
});
