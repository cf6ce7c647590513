import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { xdr } from '@stellar/stellar-sdk';
import {
  address,
  balanceEntry,
  chainOn,
  CREDITLINE,
  i128,
  instanceEntry,
  POOL,
  ScriptedChain,
  TOKEN,
  u64,
} from '../../../test/support/scripted-chain.js';
import { balanceKey, instanceKey } from './ledger-entries.js';
import type { SorobanChain } from './soroban-chain.js';

const PARTS = {
  generation: 'scaled',
  poolContract: POOL,
  tokenContract: TOKEN,
  lendingContract: CREDITLINE,
};
const PAUSABLE = { ...PARTS, generation: 'trustup' };

let node: ScriptedChain;
let chain: SorobanChain;
beforeEach(async () => {
  node = new ScriptedChain();
  chain = chainOn(await node.rpc.start());
});
afterEach(() => node.rpc.stop());

describe('observePool', () => {
  test('takes all figures from one reply and the close time only from a reply about that ledger', async () => {
    const head = { ledger: 1_002, closeTime: 1_790_000_000n, oldestLedger: 10 };
    expect(await chain.observePool(PARTS)).toEqual({
      ledger: 1_000,
      total: 1_000n,
      locked: 300n,
      tokenBalance: 700n,
      lastLoanId: 40n,
      contractPaused: false,
      contractPauses: {},
      limits: { outflowCapBps: null, vendorCap: null, utilisationCapBps: null },
      closeTime: null,
      head,
    });
    // Older than the head: it is read again, and taken because the node stays there.
    expect(node.rpc.countOf('getLedgerEntries')).toBe(3);
    node.entriesLedger = 1_002;
    expect(await chain.observePool(PARTS)).toMatchObject({
      ledger: 1_002,
      closeTime: 1_790_000_000n,
    });
  });

  test('figures the contract never wrote are zero, and locked may be negative', async () => {
    node.put(instanceKey(POOL), instanceEntry(POOL, {}));
    expect(await chain.observePool(PARTS)).toMatchObject({ total: 0n, locked: 0n });
    node.put(
      instanceKey(POOL),
      instanceEntry(POOL, { TOTLIQ: i128(10_042n), LCKDLIQ: i128(-200n) }),
    );
    expect(await chain.observePool(PARTS)).toMatchObject({ total: 10_042n, locked: -200n });
  });

  test('amounts above 2^53 stay exact', async () => {
    node.put(
      instanceKey(POOL),
      instanceEntry(POOL, {
        TOTLIQ: i128((1n << 127n) - 1n),
        LCKDLIQ: i128(9_007_199_254_740_993n),
      }),
    );
    expect(await chain.observePool(PARTS)).toMatchObject({
      total: (1n << 127n) - 1n,
      locked: 9_007_199_254_740_993n,
    });
  });

  test('an asset contract without an entry for the pool means zero tokens', async () => {
    node.drop(balanceKey(TOKEN, POOL));
    expect(await chain.observePool(PARTS)).toMatchObject({ tokenBalance: 0n });
    expect(node.rpc.countOf('simulateTransaction')).toBe(0);
  });

  test('another token without the entry is asked, and believed only about the same ledger', async () => {
    node.drop(balanceKey(TOKEN, POOL));
    node.put(instanceKey(TOKEN), instanceEntry(TOKEN, {}));
    node.rpc.answers['simulateTransaction'] = () => node.returned(i128(650n));
    await expect(chain.observePool(PARTS)).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
    expect(node.rpc.countOf('simulateTransaction')).toBe(3);
    node.simulationLedger = 1_000;
    expect(await chain.observePool(PARTS)).toMatchObject({ ledger: 1_000, tokenBalance: 650n });
  });

  test('a balance kept as a bare number is read too', async () => {
    node.put(balanceKey(TOKEN, POOL), balanceEntry(5n, i128(5n)));
    expect(await chain.observePool(PARTS)).toMatchObject({ tokenBalance: 5n });
  });

  test.each([
    ['the pool', POOL],
    ['the token', TOKEN],
  ])('a reply without %s is not read as zero', async (_, contract) => {
    node.drop(instanceKey(contract));
    node.drop(balanceKey(TOKEN, POOL));
    await expect(chain.observePool(PARTS)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      message: expect.stringContaining(contract),
    });
  });

  test('the loan counter comes from the same reply; before the first loan it is zero', async () => {
    node.entriesLedger = 1_002;
    expect(await chain.observePool(PARTS)).toMatchObject({ ledger: 1_002, lastLoanId: 40n });
    expect(node.rpc.countOf('getLedgerEntries')).toBe(1);
    node.put(instanceKey(CREDITLINE), instanceEntry(CREDITLINE, {}));
    expect(await chain.observePool(PARTS)).toMatchObject({ lastLoanId: 0n });
    node.put(
      instanceKey(CREDITLINE),
      instanceEntry(CREDITLINE, { LOANCNT: u64((1n << 64n) - 1n) }),
    );
    expect(await chain.observePool(PARTS)).toMatchObject({
      lastLoanId: 18_446_744_073_709_551_615n,
    });
  });

  test.each<[string, xdr.LedgerEntryData | null]>([
    ['no lending contract', null],
    ['no contract instance', balanceEntry(5n)],
    ['an address for a counter', instanceEntry(CREDITLINE, { LOANCNT: address(TOKEN) })],
    ['a counter below zero', instanceEntry(CREDITLINE, { LOANCNT: i128(-1n) })],
    ['a counter that no u64 holds', instanceEntry(CREDITLINE, { LOANCNT: i128(1n << 64n) })],
  ])(
    '%s in the reply: the counter is not known, and the other figures are as good',
    async (_, entry) => {
      if (entry) node.put(instanceKey(CREDITLINE), entry);
      else node.drop(instanceKey(CREDITLINE));
      expect(await chain.observePool(PARTS)).toMatchObject({
        ledger: 1_000,
        total: 1_000n,
        locked: 300n,
        tokenBalance: 700n,
        lastLoanId: null,
      });
    },
  );

  test(
    'a pause of the contract comes from the same reply: false before its administrator ever ' +
      'paused it, and where the contracts know no pause',
    async () => {
      node.entriesLedger = 1_002;
      expect(await chain.observePool(PAUSABLE)).toMatchObject({
        ledger: 1_002,
        contractPaused: false,
      });
      node.put(
        instanceKey(POOL),
        instanceEntry(POOL, {
          TOTLIQ: i128(1_000n),
          LCKDLIQ: i128(300n),
          PAUSED: xdr.ScVal.scvBool(true),
        }),
      );
      expect(await chain.observePool(PAUSABLE)).toMatchObject({
        ledger: 1_002,
        total: 1_000n,
        contractPaused: true,
      });
      expect(node.rpc.countOf('getLedgerEntries')).toBe(2); // one each
      expect(await chain.observePool(PARTS)).toMatchObject({ contractPaused: false });
      node.put(
        instanceKey(POOL),
        instanceEntry(POOL, {
          TOTLIQ: i128(1_000n),
          LCKDLIQ: i128(300n),
          PAUSED: xdr.ScVal.scvBool(false),
        }),
      );
      expect(await chain.observePool(PAUSABLE)).toMatchObject({ contractPaused: false });
    },
  );

  test('each contract that can be paused is read by itself, and an unknown one is no "not paused"', async () => {
    const figures = { TOTLIQ: i128(1_000n), LCKDLIQ: i128(300n) };
    const yes = xdr.ScVal.scvBool(true);
    const both = { ...PARTS, generation: 'g3' };
    const pauses = async (pool: object, creditline: object): Promise<unknown> => {
      node.put(instanceKey(POOL), instanceEntry(POOL, { ...figures, ...pool }));
      node.put(instanceKey(CREDITLINE), instanceEntry(CREDITLINE, { ...creditline }));
      const { contractPaused, contractPauses } = await chain.observePool(both);
      expect((await chain.landingConditions(both)).contractPauses).toEqual(contractPauses);
      return [contractPaused, contractPauses];
    };
    expect(await pauses({}, {})).toEqual([false, { pool: false, lending_contract: false }]);
    expect(await pauses({}, { PAUSED: yes })).toEqual([
      true,
      { pool: false, lending_contract: true },
    ]);
    expect(await pauses({ PAUSED: yes }, { PAUSED: i128(1n) })).toEqual([
      true,
      { pool: true, lending_contract: null },
    ]);
    expect(await pauses({}, { PAUSED: i128(0n) })).toEqual([
      null,
      { pool: false, lending_contract: null },
    ]);
    node.drop(instanceKey(CREDITLINE));
    expect(await chain.observePool(both)).toMatchObject({
      contractPaused: null,
      contractPauses: { pool: false, lending_contract: null },
    });
  });

  test.each<[string, Readonly<Record<string, xdr.ScVal>>, RegExp]>([
    ['an outflow cap that is an amount', { OUTFLOW: i128(5_000n) }, /OUTFLOW/],
    ['an outflow cap that is text', { OUTFLOW: xdr.ScVal.scvString('half') }, /OUTFLOW/],
    ['a cap of a vendor that is a number', { MCRCAP: xdr.ScVal.scvU32(5) }, /MCRCAP/],
    ['a cap of a vendor below zero', { MCRCAP: i128(-1n) }, /MCRCAP/],
  ])('%s is not known, and never no limit', async (_, stored, named) => {
    const figures = { TOTLIQ: i128(1_000n), LCKDLIQ: i128(300n) };
    node.put(
      instanceKey(POOL),
      instanceEntry(POOL, { ...figures, OUTFLOW: xdr.ScVal.scvU32(2_500), ...stored }),
    );
    const { limits, total } = await chain.observePool({ ...PARTS, generation: 'g3' });
    expect(total).toBe(1_000n);
    expect(limits.vendorCap).toBeNull();
    expect(limits.unreadable).toEqual([expect.stringMatching(named)]);
    expect(limits.outflowCapBps).toBe('OUTFLOW' in stored ? null : 2_500);
  });

  test('a figure of another type says what it is, and is not called zero', async () => {
    const cases: Readonly<Record<string, xdr.ScVal>>[] = [
      { TOTLIQ: xdr.ScVal.scvU32(5) },
      { TOTLIQ: i128(5n), LCKDLIQ: xdr.ScVal.scvString('none') },
    ];
    for (const stored of cases) {
      node.put(instanceKey(POOL), instanceEntry(POOL, stored));
      await expect(chain.observePool(PARTS)).rejects.toMatchObject({
        code: 'CHAIN_UNREACHABLE',
        facts: { unreadable: expect.stringMatching(/^the contract's (TOTLIQ|LCKDLIQ) is not/) },
      });
    }
  });

  test('a pause that is no yes or no is not known, and the other figures are as good', async () => {
    node.put(
      instanceKey(POOL),
      instanceEntry(POOL, { TOTLIQ: i128(1_000n), LCKDLIQ: i128(300n), PAUSED: i128(1n) }),
    );
    expect(await chain.observePool(PAUSABLE)).toMatchObject({
      ledger: 1_000,
      total: 1_000n,
      locked: 300n,
      contractPaused: null,
    });
    expect(await chain.landingConditions(PAUSABLE)).toEqual({
      ledger: 1_000,
      lastLoanId: 40n,
      contractPauses: { pool: null },
    });
  });

  test('a figure that is no integer is not guessed', async () => {
    node.put(instanceKey(POOL), instanceEntry(POOL, { TOTLIQ: address(TOKEN) }));
    await expect(chain.observePool(PARTS)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      message: expect.stringContaining('TOTLIQ'),
    });
  });

  test(
    'figures of a ledger that no other reply knows are not used, one that closes meanwhile ' +
      'is read again',
    async () => {
      node.entriesLedger = 1_003;
      await expect(chain.observePool(PARTS)).rejects.toMatchObject({
        code: 'CHAIN_UNREACHABLE',
        facts: { unconfirmed: true },
      });
      expect(node.rpc.countOf('getLedgerEntries')).toBe(3);
      const { getHealth } = node.rpc.answers;
      let asked = 0;
      node.rpc.answers['getHealth'] = (params) => {
        if (++asked === 2) node.head = { ...node.head, ledger: 1_003, closeTime: 1_790_000_005n };
        return getHealth?.(params);
      };
      expect(await chain.observePool(PARTS)).toMatchObject({
        ledger: 1_003,
        closeTime: 1_790_000_005n,
        head: { ledger: 1_003 },
      });
    },
  );

  test('a node whose second answer fails gives no figures', async () => {
    node.rpc.wire['getHealth'] = { status: 503, body: '' };
    await expect(chain.observePool(PARTS)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      facts: { method: 'getHealth', httpStatus: 503 },
    });
  });
});

describe('describePool', () => {
  test('reads token, lending contract and code from the pool and decimals from the token', async () => {
    node.rpc.answers['simulateTransaction'] = () => node.returned(xdr.ScVal.scvU32(7));
    expect(await chain.describePool(POOL)).toEqual({
      tokenContract: TOKEN,
      lendingContract: CREDITLINE,
      decimals: 7,
      assetCode: null,
      codes: {
        ledger: 1_000,
        hashes: new Map([
          [CREDITLINE, 'ab'.repeat(32)],
          [POOL, 'ab'.repeat(32)],
        ]),
      },
      wasmHash: 'ab'.repeat(32),
      code: {
        generation: null,
        found: ['The node does not carry the code of the pool; it may be archived.'],
      },
    });
  });

  test("a contract that is no pool is the caller's mistake", async () => {
    node.put(instanceKey(POOL), instanceEntry(POOL, { TOKEN: address(TOKEN) }));
    await expect(chain.describePool(POOL)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  test('a contract that the reply does not carry is not called absent for good', async () => {
    node.drop(instanceKey(POOL));
    await expect(chain.describePool(POOL)).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
  });

  test.each([
    ['no number', i128(7n)],
    ['more digits than an amount can have', xdr.ScVal.scvU32(39)],
  ])('decimals that are %s are refused', async (_, value) => {
    node.rpc.answers['simulateTransaction'] = () => node.returned(value);
    await expect(chain.describePool(POOL)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      message: expect.stringContaining('decimals'),
    });
  });

  test('a token that fails is named with the first line of its error only', async () => {
    node.rpc.answers['simulateTransaction'] = () => ({
      latestLedger: 1_001,
      error: 'HostError: Error(WasmVm, InvalidAction)\n\nEvent log (newest first):\n   0: secret',
    });
    await expect(chain.describePool(POOL)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      message: expect.stringMatching(/InvalidAction\)$/),
    });
  });
});

describe("the lending contract's readers", () => {
  test('landingConditions reads the last used id, zero before the first loan', async () => {
    expect(await chain.landingConditions(PARTS)).toEqual({
      ledger: 1_000,
      lastLoanId: 40n,
      contractPauses: {},
    });
    node.put(instanceKey(CREDITLINE), instanceEntry(CREDITLINE, {}));
    expect(await chain.landingConditions(PARTS)).toEqual({
      ledger: 1_000,
      lastLoanId: 0n,
      contractPauses: {},
    });
    node.drop(instanceKey(CREDITLINE));
    await expect(chain.landingConditions(PARTS)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
    });
  });

  test(
    "landingConditions reads a pause in the same reply, and asks for the pool's contract " +
      'only where there can be one',
    async () => {
      node.put(instanceKey(POOL), instanceEntry(POOL, { PAUSED: xdr.ScVal.scvBool(true) }));
      expect(await chain.landingConditions(PAUSABLE)).toEqual({
        ledger: 1_000,
        lastLoanId: 40n,
        contractPauses: { pool: true },
      });
      expect(node.rpc.countOf('getLedgerEntries')).toBe(1);
      node.drop(instanceKey(POOL));
      expect(await chain.landingConditions(PARTS)).toEqual({
        ledger: 1_000,
        lastLoanId: 40n,
        contractPauses: {},
      });
      await expect(chain.landingConditions(PAUSABLE)).rejects.toMatchObject({
        code: 'CHAIN_UNREACHABLE',
        message: expect.stringContaining(POOL),
      });
    },
  );

  test("leastGuarantee floors the contract's percentage and is at least one base unit", async () => {
    const parameters = xdr.ScVal.scvMap([
      new xdr.ScMapEntry({ key: xdr.ScVal.scvSymbol('min_guarantee_percent'), val: i128(33n) }),
    ]);
    node.rpc.answers['simulateTransaction'] = () => node.returned(parameters);
    expect(await chain.leastGuarantee(PARTS, 1_000n)).toBe(330n);
    expect(await chain.leastGuarantee(PARTS, 11n)).toBe(3n);
    expect(await chain.leastGuarantee(PARTS, 1n)).toBe(1n);
    node.rpc.answers['simulateTransaction'] = () => node.returned(u64(33n));
    await expect(chain.leastGuarantee(PARTS, 1_000n)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
    });
  });

  test('without a parameters contract the published 20 % hold, and nothing is called', async () => {
    node.put(instanceKey(CREDITLINE), instanceEntry(CREDITLINE, { LOANCNT: u64(1n) }));
    expect(await chain.leastGuarantee(PARTS, 1_009n)).toBe(201n);
    expect(node.rpc.countOf('simulateTransaction')).toBe(0);
  });
});
