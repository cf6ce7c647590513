import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SorobanDataBuilder, type Transaction, xdr } from '@stellar/stellar-sdk';
import { entryBytes } from '../../sandbox/network/entry-size.js';
import { unadjusted } from '../support/recorded-landings.js';
import {
  charge,
  hashOf,
  lastWords,
  LendingNetwork,
  outcome,
  sorobanData,
} from '../support/lending-network.js';
import { declaredResources, nonRefundableFee } from '../../sandbox/network/resource-fees.js';

const BORROWERS = 6;
const LANDED = 'txSuccess/invokeHostFunctionSuccess';
const OVER = 'txFailed/invokeHostFunctionResourceLimitExceeded';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start({}, { borrowers: BORROWERS });
});
afterEach(async () => {
  await lending.stop();
});

type Change = Parameters<LendingNetwork['redeclared']>[1];
const ids = (from: bigint, count: number): bigint[] =>
  Array.from({ length: count }, (_, index) => from + BigInt(index));
const keys = (from: bigint, count: number): xdr.LedgerKey[] =>
  ids(from, count).map((id) => lending.loanKey(id));
/** A loan with other resources than the simulated ones. */
const resourced = (
  index: number,
  resources: { instructions?: number; writeBytes?: number; diskReadBytes?: number },
  more: { keys?: xdr.LedgerKey[]; fee?: bigint } = {},
): Promise<Transaction> => {
  const change = (data: SorobanDataBuilder): void => {
    const simulated = data.build().resources;
    data
      .appendFootprint([], more.keys ?? [])
      .setResources(
        resources.instructions ?? simulated.instructions,
        resources.diskReadBytes ?? simulated.diskReadBytes,
        resources.writeBytes ?? simulated.writeBytes,
      );
  };
  return lending.redeclared(lending.borrower(index), change, {
    room: false,
    resourceFee: more.fee ?? 20_000_000n,
  });
};
const resourcesOf = async (index = 0): Promise<xdr.SorobanResources> =>
  sorobanData(await lending.loan(lending.borrower(index))).resources;

const land: LendingNetwork['land'] = (transactions, ledgers) => lending.land(transactions, ledgers);
const errorOf: LendingNetwork['errorOf'] = (transaction) => lending.errorOf(transaction);

async function loanBytes(id: bigint): Promise<number> {
  const { entries } = await lending.server.getLedgerEntries(lending.loanKey(id));
  const [entry] = entries;
  if (!entry) throw new Error(`no loan ${id}`);
  return entryBytes(entry.val);
}

describe('written bytes', () => {
  it('include an unchanged entry of the footprint, to the byte', async () => {
    await land([await lending.loan(lending.borrower(0))]);
    const bytes = await loanBytes(1n);
    const { writeBytes, instructions } = await resourcesOf(1);
    const room = { instructions: instructions + 300_000 };
    const [short] = await land([
      await resourced(1, { ...room, writeBytes: writeBytes + bytes - 1 }, { keys: keys(1n, 1) }),
    ]);
    if (!short) throw new Error('one was sent');
    expect(outcome(short)).toBe(OVER);
    expect(lastWords(short)).toEqual([
      'operation byte-write resources exceeds amount specified',
      BigInt(writeBytes + bytes),
      BigInt(writeBytes + bytes - 1),
    ]);
    const [exact] = await land([
      await resourced(2, { ...room, writeBytes: writeBytes + bytes }, { keys: keys(1n, 1) }),
    ]);
    expect(exact && outcome(exact)).toBe(LANDED);
  });

  it('are those of the entries when a call changes them', async () => {
    const { writeBytes, footprint } = await resourcesOf();
    await land([await lending.loan(lending.borrower(0))]);
    const { entries } = await lending.server.getLedgerEntries(...footprint.readWrite);
    expect(entries).toHaveLength(10);
    expect(entries.reduce((sum, entry) => sum + entryBytes(entry.val), 0)).toBe(writeBytes);
  });
});

/**
 * What the product declared until 2026-11: keys for 24 further loans, 15 % more than simulated, 20
 * % more fee.
 */
function widenedByFifteenPercent(loanId: bigint): Change {
  return (data) => {
    const { instructions, diskReadBytes, writeBytes } = data.build().resources;
    const more = (amount: number): number => Math.ceil(amount * 1.15);
    data
      .appendFootprint([], keys(loanId + 1n, 24))
      .setResources(more(instructions), more(diskReadBytes), more(writeBytes));
  };
}

describe('a window of loan keys without room for the loans', () => {
  it('lands alone, and fails by written bytes behind any other loan of its ledger', async () => {
    const withExtraReads = await Promise.all(
      ids(0n, 5).map((index) =>
        lending.redeclared(lending.borrower(Number(index)), widenedByFifteenPercent(1n), {
          room: false,
          resourceFee: 8_000_000n,
        }),
      ),
    );
    expect((await land(withExtraReads)).map(outcome)).toEqual([LANDED, OVER, OVER, OVER, OVER]);
    expect(lending.network.control.figures(lending.pool.pool)).toMatchObject({ loanCounter: '1' });
  });

  it('lands with room for each of them', async () => {
    const roomy = await Promise.all(
      ids(0n, 5).map((index) =>
        lending.redeclared(lending.borrower(Number(index)), (data) => {
          data.appendFootprint([], keys(2n, 4));
        }),
      ),
    );
    expect((await land(roomy)).map(outcome)).toEqual([LANDED, LANDED, LANDED, LANDED, LANDED]);
  });
});

describe('instructions', () => {
  it('run out after the contract, in it, and before it', async () => {
    const used = unadjusted((await resourcesOf()).instructions);
    const [behind, inside, before] = await land([
      await resourced(0, { instructions: Math.floor(used) - 1000 }),
      await resourced(1, { instructions: Math.floor(used * 0.6) }),
      await resourced(2, { instructions: 1_000_000 }),
    ]);
    if (!behind || !inside || !before) throw new Error('three were sent');
    expect([behind, inside, before].map(outcome)).toEqual([
      OVER,
      'txFailed/invokeHostFunctionTrapped',
      OVER,
    ]);
    expect(lastWords(behind)).toEqual([
      'operation instructions exceeds amount specified',
      expect.any(BigInt),
      BigInt(Math.floor(used) - 1000),
    ]);
    expect(lastWords(inside)).toEqual([
      'VM call trapped with HostError',
      'create_loan',
      expect.objectContaining({ value: 'scecExceededLimit' }),
    ]);
    const [exact] = await land([await resourced(3, { instructions: Math.ceil(used) })]);
    expect(exact && outcome(exact)).toBe(LANDED);
  });

  it('grow with the loans behind the declared keys', async () => {
    const { instructions } = await resourcesOf(BORROWERS - 1);
    const loans = await Promise.all(
      [0, 1, 2].map((index) =>
        lending.redeclared(lending.borrower(index), (data) => {
          data.appendFootprint([], keys(2n, 2));
        }),
      ),
    );
    expect((await land(loans)).map(outcome)).toEqual([LANDED, LANDED, LANDED]);
    const tight = await Promise.all(
      [3, 4, 5].map((index) =>
        resourced(
          index,
          { instructions: instructions + 60_000, writeBytes: 50_000 },
          { keys: keys(5n, 2) },
        ),
      ),
    );
    // 4 % cover one loan of 232,000, not two
    expect((await land(tight)).map(outcome)).toEqual([LANDED, LANDED, OVER]);
  });
});

describe('fees', () => {
  it('keep what was declared, charge rent and events, and refund the rest', async () => {
    const borrower = lending.borrower(0);
    const before = await lending.nativeBalance(borrower);
    const loan = await resourced(0, {}, { fee: 20_000_000n });
    const [reply] = await land([loan]);
    if (!reply) throw new Error('one was sent');
    const { total, kept, refundable, rent } = charge(reply);
    expect(total).toBe(kept + refundable + 100n);
    expect(rent).toBeGreaterThan(2_500_000n); // a loan's entries are paid for 120 days
    expect(refundable - rent).toBeLessThan(20_000n);
    expect(before - (await lending.nativeBalance(borrower))).toBe(total);
  });

  it('fail the call when they do not cover rent and events, and then refund that part', async () => {
    const sample = await resourced(0, {});
    const least = nonRefundableFee(
      declaredResources(sorobanData(sample), Buffer.byteLength(sample.toXdr(), 'base64')),
    );
    const [poor] = await land([await resourced(0, {}, { fee: least + 100_000n })]);
    if (!poor) throw new Error('one was sent');
    expect(outcome(poor)).toBe('txFailed/invokeHostFunctionInsufficientRefundableFee');
    expect(lastWords(poor)).toEqual([
      'refundable resource fee was not sufficient to cover the ledger storage rent',
      expect.any(BigInt),
      100_000n,
    ]);
    expect(charge(poor)).toEqual({ total: least + 100n, kept: least, refundable: 0n, rent: 0n });
  });

  it('are about as large in simulation as recorded', async () => {
    await land([await lending.loan(lending.borrower(0))]);
    const data = sorobanData(await lending.loan(lending.borrower(1)));
    expect(data.resources.footprint.readOnly).toHaveLength(10);
    expect(data.resources.footprint.readWrite).toHaveLength(10);
    expect(data.resources.instructions / 12_158_894).toBeCloseTo(1, 1);
    expect(data.resources.writeBytes / 3320).toBeCloseTo(1, 1);
    expect(Number(data.resourceFee) / 3_162_149).toBeCloseTo(1, 1);
  });
});

describe('limits of a transaction', () => {
  it.each([
    ['instructions', 400_000_000],
    ['writeBytes', 132_096],
    ['diskReadBytes', 200_000],
  ] as const)('%s', async (name, most) => {
    expect(await errorOf(await resourced(0, { [name]: most + 1 }))).toBe('txSorobanInvalid');
    expect((await lending.send(await resourced(0, { [name]: most }))).status).toBe('PENDING');
  });
});

describe('limits of a ledger, by declared figures', () => {
  const ledgersOf = async (transactions: readonly Transaction[]): Promise<(number | null)[]> => {
    const first = lending.network.control.head().ledger + 1;
    await land(transactions, 3);
    const places = await Promise.all(
      transactions.map((transaction) => lending.server.getTransaction(hashOf(transaction))),
    );
    return places.map((place) => ('ledger' in place ? place.ledger - first : null));
  };

  it('leave to the next ledger what exceeds the written bytes of this one', async () => {
    const loans = await Promise.all(
      [0, 1, 2, 3, 4].map((index) =>
        resourced(index, { writeBytes: 100_000, instructions: 20_000_000 }, { keys: keys(2n, 4) }),
      ),
    );
    expect((await ledgersOf(loans)).toSorted((one, other) => Number(one) - Number(other))).toEqual([
      0, 0, 1, 1, 2,
    ]);
  });

  it('and what exceeds its instructions, the higher bid first', async () => {
    const wide = (index: number): Promise<Transaction> =>
      resourced(index, { writeBytes: 50_000, instructions: 300_000_000 }, { keys: keys(2n, 1) });
    const [low, sample] = [await wide(0), await wide(1)];
    const loans = [low, await lending.withData(lending.borrower(1), sorobanData(sample), 2000)];
    expect(await ledgersOf(loans)).toEqual([1, 0]);
    expect((await Promise.all(loans.map((loan) => lending.landed(loan)))).map(outcome)).toEqual([
      LANDED,
      LANDED,
    ]);
  });
});

describe('settings', () => {
  it('are served as the entries of a real node', async () => {
    const names = [
      'configSettingContractComputeV0',
      'configSettingContractLedgerCostV0',
      'configSettingContractLedgerCostExtV0',
      'configSettingContractHistoricalDataV0',
      'configSettingContractEventsV0',
      'configSettingContractBandwidthV0',
      'configSettingStateArchival',
      'configSettingLiveSorobanStateSizeWindow',
      'configSettingContractParallelComputeV0',
      'configSettingContractMaxSizeBytes',
      'configSettingContractDataKeySizeBytes',
      'configSettingContractDataEntrySizeBytes',
      'configSettingContractExecutionLanes',
    ] as const;
    const asked = names.map((name) =>
      xdr.LedgerKey.configSetting(
        new xdr.LedgerKeyConfigSetting({ configSettingId: xdr.ConfigSettingId[name] }),
      ),
    );
    const { entries } = await lending.server.getLedgerEntries(...asked);
    const settings = new Map(
      entries.map((entry) =>
        entry.val.type === 'configSetting'
          ? [entry.val.value.type, entry.val.value.value]
          : ['', null],
      ),
    );
    expect([...settings.keys()]).toEqual(names);
    expect(settings.get('configSettingContractLedgerCostV0')).toMatchObject({
      txMaxWriteBytes: 132_096,
      ledgerMaxWriteBytes: 286_720,
      txMaxWriteLedgerEntries: 200,
      feeWriteLedgerEntry: 2_500n,
    });
    expect(settings.get('configSettingContractComputeV0')).toMatchObject({
      txMaxInstructions: 400_000_000n,
      ledgerMaxInstructions: 580_000_000n,
    });
  });
});
