import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Keypair, rpc, TransactionBuilder } from '@stellar/stellar-sdk';
import {
  openStage,
  type RaisedAlarm,
  reconciliationOn,
  settlementOn,
  type Stage,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import { RpcClient } from '../../src/modules/chain/rpc-client.js';
import { SorobanChain } from '../../src/modules/chain/soroban-chain.js';
import { registerPool } from '../../src/modules/operations/register-pool.js';
import { codeToResume } from '../../src/modules/operations/resume-pool.js';
import { ContractWatch } from '../../src/modules/settlement/contract-watch.js';

const ALL = ['pool', 'creditline', 'token', 'vendor_registry', 'reputation', 'parameters'] as const;
const WASM = ALL.filter((name) => name !== 'token');
/** As many as are left to new entries on the test network. */
const WEEK = 120_960;

let stage: Stage;
let pool: PoolRecord;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
beforeEach(async () => {
  pool = await stagePool(stage);
});

const setLifetimes = (
  contracts: readonly (typeof ALL)[number][],
  code: readonly (typeof ALL)[number][],
  ledgers: number,
): { readonly liveUntilLedger: number } =>
  stage.network.control.conditions.setLifetimes({
    pool: pool.poolContract,
    contracts,
    code,
    loans: [],
    ledgers,
  });
async function watched(): Promise<RaisedAlarm[]> {
  const alarms: RaisedAlarm[] = [];
  const { ledger } = reconciliationOn(stage);
  await new ContractWatch(
    {
      ledger,
      pools: stage.under.registry,
      chain: stage.chain,
      guards: stage.under.ledger.guards,
    },
    { raise: (name, facts) => alarms.push({ name, facts }) },
  ).watch(pool);
  return alarms;
}
const lifetimes = async (): Promise<Record<string, number | null>> =>
  Object.fromEntries(
    (await reconciliationOn(stage).ledger.lifetimes(pool.id)).map(({ name, ledgersLeft }) => [
      name,
      ledgersLeft,
    ]),
  );

test('a pool from before asset codes were kept gets that of its token, once', async () => {
  const code = async () => (await stage.under.registry.find(pool.id))?.assetCode;
  await stage.under.connections.write.query('update pools set asset_code = null where id = $1', [
    pool.id,
  ]);
  pool = (await stage.under.registry.find(pool.id)) ?? pool;
  await watched();
  expect(await code()).toBe('HFD');
  await stage.under.registry.nameAsset(pool.id, 'OTHER');
  expect(await code()).toBe('HFD');
});

describe('lifetimes', () => {
  test('of every contract that a loan runs are stored, by the shorter of instance and code', async () => {
    await settlementOn(stage).settlement.observePool(pool);
    const { liveUntilLedger } = setLifetimes(['reputation'], [], 90_000);
    const short = setLifetimes([], ['pool'], 60_000);
    expect(await watched()).toEqual([]);
    const { ledger } = stage.network.control.head();
    const found = await lifetimes();
    expect(Object.keys(found).toSorted()).toEqual(
      ALL.map((name) => (name === 'creditline' ? 'lending_contract' : name)).toSorted(),
    );
    expect(found).toMatchObject({
      pool: short.liveUntilLedger - ledger,
      reputation: liveUntilLedger - ledger,
    });
    expect(found['lending_contract']).toBeGreaterThan(90_000);
  });

  test('are read with each entry asked for once', async () => {
    const calls = jest.spyOn(RpcClient.prototype, 'call');
    try {
      const { contracts } = await stage.chain.contractLifetimes(pool);
      expect(contracts).toHaveLength(ALL.length);
      const asked = calls.mock.calls.flatMap(([, params]) => params['keys'] as readonly string[]);
      expect(asked).toHaveLength(ALL.length + WASM.length);
      expect(new Set(asked).size).toBe(asked.length);
    } finally {
      calls.mockRestore();
    }
  });

  test('raise an alarm three days before they end, and another one when they have', async () => {
    setLifetimes([], ['creditline'], 51_000);
    setLifetimes(['parameters'], [], 0);
    await stage.network.closeLedgers(1);
    expect(await watched()).toMatchObject([
      {
        name: 'contract_archived',
        facts: { pool: pool.id, name: 'parameters', instanceUntil: 0, ledgersLeft: 0 },
      },
      { name: 'contract_lapsing', facts: { pool: pool.id, contract: pool.lendingContract } },
    ]);
    expect(await lifetimes()).toMatchObject({ parameters: 0 });
  });

  test('that end before a transaction could land refuse it, before anything is held', async () => {
    const { liveUntilLedger } = setLifetimes(['vendor_registry'], [], 80);
    await settlementOn(stage).settlement.observePool(pool);
    await expect(stageHold(stage, pool)).rejects.toThrow('lapsing');
    setLifetimes(['vendor_registry'], [], 200);
    await stageHold(stage, pool);
    expect(liveUntilLedger).toBeGreaterThan(0);
  });
});

describe('an upgrade', () => {
  const actions = () => stage.network.control.actions;
  const registered = (generation: 'g1' | 'g3'): Promise<PoolRecord> => {
    const { pool: contract } = stage.network.control.deployPool({
      profile: 'stepfi',
      generation,
      decimals: 7,
      deposit: 1_000n,
    });
    return registerPool(
      { pools: stage.under.registry, chain: stage.chain },
      { contract, name: generation },
    );
  };
  const known = async (): Promise<PoolRecord> => {
    const found = await stage.under.registry.find(pool.id);
    if (!found) throw new Error('it is registered');
    return found;
  };
  const resumable = async (named?: 'g3') =>
    codeToResume({ pools: stage.under.registry, chain: stage.chain }, await known(), named);

  test('that is proposed is told with its time and generation, until it is executed', async () => {
    pool = await registered('g3');
    const { reconciliation, ledger } = reconciliationOn(stage);
    const request = { pool: pool.poolContract, contract: 'pool' } as const;
    const { wasmHash, unlockAt } = actions().admin.proposeUpgrade(request);
    await reconciliation.reconcilePool(pool);
    const unlocksAt = BigInt(unlockAt ?? 0);
    expect(await ledger.proposals(pool.id)).toMatchObject([
      { contract: pool.poolContract, wasmHash, unlocksAt, generation: null },
    ]);
    const { closeTime } = stage.network.control.head();
    expect(await watched()).toMatchObject([
      {
        name: 'upgrade_proposed',
        facts: { pool: pool.id, generation: 'g3', secondsLeft: Number(unlocksAt) - closeTime },
      },
    ]);
    expect(await ledger.proposals(pool.id)).toMatchObject([{ wasmHash, generation: 'g3' }]);
    while (stage.network.control.head().closeTime < Number(unlocksAt))
      stage.network.control.travel(Number(unlocksAt) - closeTime);
    expect(await watched()).toMatchObject([{ facts: { secondsLeft: 0 } }]);
    actions().admin.upgrade(request);
    await reconciliation.reconcilePool(pool);
    expect(await ledger.proposals(pool.id)).toEqual([]);
    expect((await known()).state).toBe('paused');
    expect(await resumable()).toMatchObject({ generation: 'g3', poolWasmHash: wasmHash });
  });

  test('to another generation resumes when both contracts have it', async () => {
    pool = await registered('g1');
    const upgrade = (contract: 'pool' | 'creditline') =>
      actions().admin.upgrade({ pool: pool.poolContract, contract, generation: 'g3' });
    const { wasmHash } = upgrade('pool');
    const { reconciliation, alarms } = reconciliationOn(stage);
    await reconciliation.reconcilePool(pool);
    expect(alarms).toMatchObject([
      { name: 'contract_upgraded', facts: { generation: null, found: expect.any(Array) } },
      { name: 'contract_upgraded' },
    ]);
    await expect(resumable()).rejects.toMatchObject({
      code: 'POOL_STATE_CONFLICT',
      message: expect.stringMatching(/code that is not known\. .*Supported: g1, g2, g3/),
    });
    expect(await resumable('g3')).toMatchObject({ generation: 'g3', poolWasmHash: wasmHash });
    upgrade('creditline');
    expect(await resumable()).toMatchObject({ generation: 'g3', poolWasmHash: wasmHash });
  });

  test.each(['pool', 'creditline'] as const)(
    'of the %s that slips in between the check of the code and the resume pauses the pool again',
    async (contract) => {
      pool = await registered('g1');
      const upgrade = (): string =>
        actions().admin.upgrade({ pool: pool.poolContract, contract }).wasmHash;
      const state = async (): Promise<unknown> => (await stage.under.registry.find(pool.id))?.state;
      const first = upgrade();
      const { reconciliation, alarms } = reconciliationOn(stage);
      await reconciliation.reconcilePool(pool);
      const checked = await resumable();
      expect([...(checked?.codes.hashes.values() ?? [])]).toContain(first);
      const second = upgrade();
      await reconciliation.reconcilePool(pool);
      alarms.length = 0;
      await stage.under.registry.change(pool.id, { state: 'active' }, undefined, checked);
      expect(await state()).toBe('active');
      await stage.network.closeLedgers(1);
      await reconciliation.reconcilePool(pool);
      expect(await state()).toBe('paused');
      expect(alarms).toMatchObject([
        { name: 'contract_upgraded', facts: { before: first, after: second } },
      ]);
      await stage.under.registry.change(pool.id, { state: 'active' }, undefined, await resumable());
      await stage.network.closeLedgers(1);
      await reconciliation.reconcilePool(pool);
      expect(await state()).toBe('active');
    },
  );
});

describe('code that is named by reference', () => {
  const refer = (wasmHash?: string) =>
    stage.network.control.conditions.setExecutable({
      pool: pool.poolContract,
      contract: 'pool',
      byReference: true,
      wasmHash,
    });
  const codeOf = async () =>
    (await stage.chain.contractCodes([pool.poolContract])).hashes.get(pool.poolContract);

  test('is followed: the same code is no upgrade, and a change of the entry is one', async () => {
    stage.network.control.conditions.setSettings({ protocolVersion: 28 });
    const { reconciliation, alarms } = reconciliationOn(stage);
    await settlementOn(stage).settlement.observePool(pool);
    await reconciliation.reconcilePool(pool);
    refer();
    expect(await codeOf()).toBe(pool.poolWasmHash);
    expect(await stage.chain.describePool(pool.poolContract)).toMatchObject({
      wasmHash: pool.poolWasmHash,
      code: { generation: 'g1' },
    });
    await watched();
    expect(await lifetimes()).toMatchObject({ pool: expect.any(Number) });
    await reconciliation.reconcilePool(pool);
    expect(alarms).toEqual([]);
    const { hashes } = await stage.chain.contractCodes([pool.lendingContract]);
    const other = hashes.get(pool.lendingContract) ?? '';
    refer(other);
    await reconciliation.reconcilePool(pool);
    expect(alarms).toMatchObject([
      {
        name: 'contract_upgraded',
        facts: {
          contract: pool.poolContract,
          before: pool.poolWasmHash,
          after: other,
          generation: null,
        },
      },
    ]);
    expect((await stage.under.registry.find(pool.id))?.state).toBe('paused');
  });

  test('of a kind that no version knows is told as that, and never as no code', async () => {
    stage.network.control.setFault('unknown_executable', { contracts: [pool.poolContract] });
    try {
      for (const read of [codeOf(), stage.chain.describePool(pool.poolContract)])
        await expect(read).rejects.toMatchObject({
          code: 'CHAIN_UNREACHABLE',
          message: expect.stringMatching(/cannot be decoded\. A later version of the protocol/),
        });
    } finally {
      stage.network.control.clearFaults();
    }
  });
});

describe('an extension', () => {
  const secret = (): string => {
    const [account] = stage.network.control.makeBorrowers({
      pool: pool.poolContract,
      count: 1,
      tokens: 0n,
      score: 0,
    }).borrowers;
    return account?.secret ?? '';
  };
  async function landed(text: string, by: Keypair): Promise<void> {
    const transaction = TransactionBuilder.fromXdr(text, stage.network.passphrase);
    transaction.sign(by);
    const server = new rpc.Server(stage.network.rpcUrl, { allowHttp: true });
    const sent = await server.sendTransaction(transaction);
    expect(sent.status).toBe('PENDING');
    await stage.network.closeLedgers(1);
    expect((await server.getTransaction(sent.hash)).status).toBe('SUCCESS');
  }

  test('restores what is archived first, then extends every short lifetime', async () => {
    const by = Keypair.fromSecret(secret());
    setLifetimes(WASM, WASM, 50_000);
    setLifetimes(['reputation'], ['pool'], 0);
    await stage.network.closeLedgers(1);
    const request = { pool, source: by.publicKey(), ledgers: 100_000, bids: pool };
    const restore = await stage.chain.buildExtension(request);
    if (restore.kind !== 'restore') throw new Error(restore.kind);
    expect(restore).toMatchObject({ entries: 2, untilLedger: null });
    await landed(restore.xdr, by);
    const extend = await stage.chain.buildExtension(request);
    if (extend.kind !== 'extend') throw new Error(extend.kind);
    expect(extend.entries).toBe(8); // the two restored ones live for a week again
    await landed(extend.xdr, by);
    await watched();
    for (const left of Object.values(await lifetimes())) expect(left).toBeGreaterThan(99_000);
    expect(await stage.chain.buildExtension({ ...request, ledgers: 90_000 })).toEqual({
      kind: 'nothing',
    });
  });

  test('bids the going rate of its pool, and so does what restores first', async () => {
    const by = Keypair.fromSecret(secret());
    setLifetimes(['reputation'], [], 0);
    stage.network.control.conditions.setSurge({
      soroban: '70000',
      classic: '100',
      queueFull: false,
    });
    try {
      await stage.network.closeLedgers(50);
      const built = async (maxInclusionFee: number): Promise<bigint> => {
        const bids = { ...pool, maxInclusionFee };
        // a new one, because a rate is kept for some seconds
        const chain = new SorobanChain({
          rpcUrl: stage.network.rpcUrl,
          networkPassphrase: stage.network.passphrase,
          timeoutMs: 5_000,
          inclusionFee: 1_000,
        });
        const extension = await chain.buildExtension({
          pool,
          source: by.publicKey(),
          ledgers: 2 * WEEK,
          bids,
        });
        return 'fee' in extension ? extension.fee : 0n;
      };
      const floor = await built(1_000);
      expect((await built(100_000)) - floor).toBe(69_000n);
      expect((await built(50_000)) - floor).toBe(49_000n);
      setLifetimes(['reputation'], [], 60_000);
      await stage.network.closeLedgers(1);
      const least = await built(1_000);
      expect((await built(100_000)) - least).toBe(69_000n);
    } finally {
      stage.network.control.conditions.setSurge(undefined);
    }
  });

  test('needs an account that exists', async () => {
    const source = Keypair.random().publicKey();
    expect(
      await stage.chain.buildExtension({ pool, source, ledgers: 2 * WEEK, bids: pool }),
    ).toEqual({ kind: 'no_account' });
  });
});
