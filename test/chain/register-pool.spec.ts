import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AMOUNT,
  chainOver,
  openStage,
  reconciliationOn,
  settlementOn,
  type Stage,
  stageHold,
} from '../support/settlement-stage.js';
import { HoldfastError } from '../../src/common/errors.js';
import type { Chain } from '../../src/modules/chain/chain.js';
import type { StoredReconciliation } from '../../src/modules/liquidity/snapshots/observation.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import { registerPool } from '../../src/modules/operations/register-pool.js';

const UNIT = 10_000_000n;
/** 300 tokens leave the pool. */
const LOAN = { total: 400n * UNIT, guarantee: 100n * UNIT };
const FUNDED = LOAN.total - LOAN.guarantee;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

const deployed = (of = stage): string =>
  of.network.control.deployPool({ profile: 'scaled', decimals: 7, deposit: 10_000n * UNIT }).pool;
const chainWith = (own: Partial<Chain>, of = stage): Chain =>
  chainOver(of, {
    verifyNetwork: () => of.chain.verifyNetwork(),
    describePool: (contract) => of.chain.describePool(contract),
    ...own,
  });
const registered = (
  contract: string,
  chain: Chain = stage.chain,
  of = stage,
): Promise<PoolRecord> =>
  registerPool(
    { pools: of.under.registry, chain },
    { contract, name: 'a pool', generation: 'scaled', rules: { maxSnapshotAgeSeconds: 600 } },
  );
const observed = (pool: PoolRecord): Promise<unknown> =>
  settlementOn(stage).settlement.observePool(pool);
/** Every reconciliation after a round, oldest first, and its alarms. */
async function reconciled(
  pool: PoolRecord,
  of = stage,
): Promise<{ rows: StoredReconciliation[]; alarms: string[] }> {
  const { reconciliation, ledger, alarms } = reconciliationOn(of);
  await reconciliation.reconcilePool(pool);
  return {
    rows: (await ledger.list(pool.id, 100)).toReversed(),
    alarms: alarms.map(({ name }) => name),
  };
}
const snapshotLedger = async (pool: PoolRecord): Promise<number> =>
  (await stage.under.ledger.reader.position(pool.id))?.snapshotLedger ?? 0;

describe('code that no generation has', () => {
  const unknown = (): Chain =>
    chainWith({
      describePool: async (contract, named) => ({
        ...(await stage.chain.describePool(contract, named)),
        code: { generation: null, found: ['It is not StepFi contracts: its pool lacks deposit.'] },
      }),
    });
  const register = (
    contract: string,
    chain: Chain,
    generation?: 'g1' | 'g2' | 'trustup',
  ): Promise<PoolRecord> =>
    registerPool(
      { pools: stage.under.registry, chain },
      { contract, name: 'a pool', ...(generation && { generation }) },
    );

  test('is refused with what was found and what is supported, and nothing is registered', async () => {
    const contract = deployed();
    await expect(register(contract, unknown())).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringMatching(
        /not known\. It is not StepFi contracts: its pool lacks deposit\. Supported: g1, g2, g3/,
      ) as unknown,
      facts: { errors: [{ field: 'generation' }] },
    });
    const pools = await stage.under.registry.list();
    expect(pools.filter(({ poolContract }) => poolContract === contract)).toEqual([]);
  });

  test('is registered as the generation that an operator names', async () => {
    expect(await register(deployed(), unknown(), 'g2')).toMatchObject({ generation: 'g2' });
  });

  test('known code is never registered as another generation', async () => {
    await expect(register(deployed(), stage.chain, 'trustup')).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: 'The contracts are StepFi contracts, generation G1 (g1), not trustup.',
    });
  });
});

describe('what happens between the registration of a pool and its first reconciliation', () => {
  test(
    "a stranger is funded: the first round explains it from the registration's own snapshot, " +
      'and reports it',
    async () => {
      const pool = await registered(deployed());
      const begin = await snapshotLedger(pool);
      const { hash } = stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
      await observed(pool);
      const { rows, alarms } = await reconciled(pool);
      expect(rows).toMatchObject([
        {
          fromLedger: begin,
          outcome: 'explained',
          bridges: { locked: { before: 0n, after: FUNDED, terms: { unreservedFundings: FUNDED } } },
          breaks: [{ class: 'unreserved_funding', amount: FUNDED, rows: [{ txHash: hash }] }],
        },
      ]);
      expect(alarms).toEqual(['unreserved_funding']);
    },
  );

  test('several snapshots were taken in between: each pair is explained', async () => {
    const pool = await registered(deployed());
    stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
    await observed(pool);
    stage.network.control.actions.deposit({ pool: pool.poolContract, amount: 5n });
    await observed(pool);
    const { rows } = await reconciled(pool);
    expect(rows.map(({ bridges }) => bridges.locked.terms)).toEqual([
      { unreservedFundings: FUNDED },
      {},
    ]);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['explained', 'explained']);
  });

  test('a hold of ours lands: it is joined as in any later pair', async () => {
    const pool = await registered(deployed());
    const hold = await stageHold(stage, pool);
    await hold.submit();
    await stage.network.closeLedgers(1);
    await observed(pool);
    expect((await reconciled(pool)).rows).toMatchObject([
      { outcome: 'explained', breaks: [], bridges: { locked: { terms: { settledByUs: AMOUNT } } } },
    ]);
  });

  test(
    'the events in between are trimmed before they are read: the first round reports a ' + 'gap',
    async () => {
      const short = await openStage({ network: { retentionLedgers: 20 } });
      try {
        const pool = await registered(deployed(short), short.chain, short);
        short.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
        await short.network.closeLedgers(40);
        await settlementOn(short).settlement.observePool(pool);
        const { rows, alarms } = await reconciled(pool, short);
        expect(rows).toMatchObject([
          {
            outcome: 'unknown',
            bridges: { locked: { before: 0n, after: FUNDED, expected: null } },
            breaks: [{ class: 'gap' }],
          },
        ]);
        expect(alarms).toEqual(['events_lost']);
      } finally {
        await short.end();
      }
    },
  );
});

describe('the snapshot that a registration takes', () => {
  test('comes from a node that lags: the first reconciliation adds what it had not seen yet', async () => {
    const contract = deployed();
    stage.network.control.setFault('node_lags', { ledgers: 1 });
    const { hash } = stage.network.control.foreignLoan({ pool: contract, ...LOAN });
    const pool = await registered(contract);
    stage.network.control.clearFaults();
    await observed(pool);
    expect((await reconciled(pool)).rows).toMatchObject([
      { outcome: 'explained', breaks: [{ class: 'unreserved_funding', rows: [{ txHash: hash }] }] },
    ]);
  });

  test('fails: nothing is registered, and the pool can be registered again', async () => {
    const contract = deployed();
    const away = chainWith({
      observePool: () => Promise.reject(new HoldfastError('CHAIN_UNREACHABLE', 'the node is away')),
    });
    await expect(registered(contract, away)).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
    expect(
      (await stage.under.registry.list()).filter(({ poolContract }) => poolContract === contract),
    ).toEqual([]);
    expect(await registered(contract)).toMatchObject({ poolContract: contract, state: 'active' });
  });

  test('is stored together with the pool and its cursor: no pool exists without them', async () => {
    const pool = await registered(deployed());
    const ledger = await snapshotLedger(pool);
    const { rows } = await stage.under.connections.read.query(
      'select start_ledger::int, baseline_ledger::int, through_ledger::int from event_cursors where pool_id = $1',
      [pool.id],
    );
    expect(rows).toEqual([
      { start_ledger: ledger, baseline_ledger: ledger, through_ledger: ledger },
    ]);
    expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
      available: 10_000n * UNIT,
    });
  });
});

describe('a pool that is already registered', () => {
  test('registering it again changes nothing of its baseline', async () => {
    const pool = await registered(deployed());
    const begin = await snapshotLedger(pool);
    stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
    await expect(registered(pool.poolContract)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    expect(await snapshotLedger(pool)).toBe(begin);
    await observed(pool);
    expect((await reconciled(pool)).rows).toMatchObject([
      { fromLedger: begin, breaks: [{ class: 'unreserved_funding' }] },
    ]);
  });

  test(
    'closed and opened again: what happened in between is explained from where it was ' + 'closed',
    async () => {
      const pool = await registered(deployed());
      await stage.under.registry.change(pool.id, { state: 'closed' });
      stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
      await stage.under.registry.change(pool.id, { state: 'active' });
      await observed(pool);
      expect((await reconciled(pool)).rows).toMatchObject([
        { outcome: 'explained', breaks: [{ class: 'unreserved_funding', amount: FUNDED }] },
      ]);
    },
  );

  test('an older pool with snapshots and without a cursor begins at its oldest snapshot', async () => {
    const pool = await registered(deployed());
    const begin = await snapshotLedger(pool);
    await stage.under.connections.write.query('delete from event_cursors where pool_id = $1', [
      pool.id,
    ]);
    stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
    await observed(pool);
    expect((await reconciled(pool)).rows).toMatchObject([
      { fromLedger: begin, outcome: 'explained', breaks: [{ class: 'unreserved_funding' }] },
    ]);
  });
});
