import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  Address,
  SorobanDataBuilder,
  StrKey,
  TransactionBuilder,
  xdr,
  scValToNative,
  type Transaction,
} from '@stellar/stellar-sdk';
import {
  authorisation,
  borrower,
  chainOn,
  CREDITLINE,
  fundingRequest,
  LOAN_BYTES,
  PASSPHRASE,
  POOL,
  ScriptedChain,
  stranger,
  u64,
  VENDOR,
  windowOf,
} from '../../../test/support/scripted-chain.js';
import { recorded } from '../../../test/support/recorded.js';
import type { Funding } from './chain.js';

import { loanKey } from './families/stepfi/loan-keys.js';
import { accountKey, instanceKey } from './ledger-entries.js';
import { TESTNET_SETTINGS } from './network-settings.js';
import { nonRefundableFee } from './resource-fee.js';
import type { SorobanChain } from './soroban-chain.js';

/** More than the bare transaction costs; the rest is rent. */
const MIN_RESOURCE_FEE = 500_000n;
let node: ScriptedChain;
let url: string;
beforeEach(async () => {
  node = new ScriptedChain();
  node.rpc.answers['simulateTransaction'] = () =>
    node.simulated({ minResourceFee: MIN_RESOURCE_FEE.toString() });
  url = await node.rpc.start();
});
afterEach(() => node.rpc.stop());

const chain = (): SorobanChain => chainOn(url);

const envelopeOf = (transaction: string): xdr.Transaction => {
  const envelope = xdr.TransactionEnvelope.fromXdr(transaction, 'base64');
  if (envelope.type !== 'envelopeTypeTx') throw new Error('another kind of envelope');
  return envelope.value.tx;
};
const codeEntry = (bytes: number): xdr.LedgerEntryData =>
  xdr.LedgerEntryData.contractCode(
    new xdr.ContractCodeEntry({
      ext: xdr.ContractCodeEntryExt.v0(),
      hash: new Uint8Array(32),
      code: new Uint8Array(bytes),
    }),
  );

async function built(loans = 24): Promise<Funding> {
  const result = await chain().buildFunding(fundingRequest({ window: windowOf(loans) }));
  if (result.kind !== 'built') throw new Error(`expected a funding, got ${JSON.stringify(result)}`);
  return result.funding;
}
const parsed = (funding: Funding): Transaction =>
  TransactionBuilder.fromXdr(funding.xdr, PASSPHRASE) as Transaction;
function sorobanData(funding: Funding): xdr.SorobanTransactionData {
  const envelope = parsed(funding).toEnvelope();
  if (envelope.type !== 'envelopeTypeTx' || envelope.value.tx.ext.type !== 'sorobanData')
    throw new Error('no soroban data');
  return envelope.value.tx.ext.value;
}
/** By the SDK's decoder, and not by what is tested. */
function archivedKeys({ ext, resources }: xdr.SorobanTransactionData): xdr.LedgerKey[] {
  return ext.type === 'resourceExt'
    ? ext.value.archivedSorobanEntries.flatMap((at) => resources.footprint.readWrite[at] ?? [])
    : [];
}
/** Changes the network's settings that the node returns. */
function network(
  changes: Partial<ConstructorParameters<typeof xdr.ConfigSettingContractLedgerCostV0>[0]>,
): void {
  const { transaction, ledger, fees, rent } = TESTNET_SETTINGS;
  node.put(
    configKey(xdr.ConfigSettingId.configSettingContractLedgerCostV0),
    xdr.LedgerEntryData.configSetting(
      xdr.ConfigSettingEntry.configSettingContractLedgerCostV0(
        new xdr.ConfigSettingContractLedgerCostV0({
          ledgerMaxDiskReadEntries: ledger.diskReadEntries,
          ledgerMaxDiskReadBytes: ledger.diskReadBytes,
          ledgerMaxWriteLedgerEntries: ledger.writeEntries,
          ledgerMaxWriteBytes: ledger.writeBytes,
          txMaxDiskReadEntries: transaction.diskReadEntries,
          txMaxDiskReadBytes: transaction.diskReadBytes,
          txMaxWriteLedgerEntries: transaction.writeEntries,
          txMaxWriteBytes: transaction.writeBytes,
          feeDiskReadLedgerEntry: fees.perDiskReadEntry,
          feeWriteLedgerEntry: fees.perWriteEntry,
          feeDiskRead1Kb: fees.perDiskReadKb,
          sorobanStateTargetSizeBytes: rent.stateTargetBytes,
          rentFee1KbSorobanStateSizeLow: rent.perKbLow,
          rentFee1KbSorobanStateSizeHigh: rent.perKbHigh,
          sorobanStateRentFeeGrowthFactor: 5_000,
          ...changes,
        }),
      ),
    ),
  );
}
const configKey = (configSettingId: xdr.ConfigSettingId): xdr.LedgerKey =>
  xdr.LedgerKey.configSetting(new xdr.LedgerKeyConfigSetting({ configSettingId }));

describe('buildFunding', () => {
  test("fences with chain time and the borrower's next sequence", async () => {
    const funding = await built();
    const transaction = parsed(funding);
    expect(funding).toMatchObject({
      maxTime: 1_790_000_300n,
      chainTime: 1_790_000_000n,
      sequence: 4_294_967_297n,
    });
    expect(transaction.timeBounds).toEqual({ minTime: '0', maxTime: '1790000300' });
    expect(transaction.sequence).toBe('4294967297');
    expect(transaction.source).toBe(borrower.publicKey());
    expect(transaction.signatures).toHaveLength(0);
  });

  test('S is the smallest ledger of the replies used', async () => {
    expect((await built()).issuedAfterLedger).toBe(1_000);
    node.entriesLedger = 1_005;
    expect((await built()).issuedAfterLedger).toBe(1_001);
    node.simulationLedger = 1_004;
    expect((await built()).issuedAfterLedger).toBe(1_002);
  });

  test('calls create_loan with the six arguments of the published contract', async () => {
    const operation = parsed(await built()).operations[0];
    if (
      operation?.type !== 'invokeHostFunction' ||
      operation.func.type !== 'hostFunctionTypeInvokeContract'
    )
      throw new Error('no call');
    const { contractAddress, functionName, args } = operation.func.value;
    expect([Address.fromScAddress(contractAddress).toString(), String(functionName)]).toEqual([
      CREDITLINE,
      'create_loan',
    ]);
    expect(args.map((arg) => arg.type)).toEqual([
      'scvAddress',
      'scvAddress',
      'scvI128',
      'scvI128',
      'scvVec',
      'scvVec',
    ]);
    expect(args.map((arg): unknown => scValToNative(arg))).toEqual([
      borrower.publicKey(),
      VENDOR,
      1_000n,
      200n,
      [
        { amount: 500n, due_date: 1_800_000_000n, paid: false, paid_at: 0n },
        { amount: 500n, due_date: 1_802_592_000n, paid: false, paid_at: 0n },
      ],
      ['Standard'],
    ]);
  });

  test('the hash is that of the final bytes and does not change by signing', async () => {
    const funding = await built();
    const transaction = parsed(funding);
    expect(xdr.encodeBytes(transaction.hash(), 'hex')).toBe(funding.hash);
    transaction.sign(borrower);
    expect(
      await chain().checkSigned(transaction.toXdr(), {
        hash: funding.hash,
        source: borrower.publicKey(),
      }),
    ).toEqual({ ok: true, feeBumpHash: null });
  });
});

describe('the window of loan ids', () => {
  test(
    'puts the keys of the next ids into the footprint, with the bytes and instructions of ' +
      'their entries',
    async () => {
      const wide = await built(24);
      const narrow = await built(0);
      const keys = sorobanData(wide).resources.footprint.readWrite.map((key) =>
        key.toXdr('base64'),
      );
      expect([wide.loanIdFirst, wide.loanIdLast, narrow.loanIdLast]).toEqual([41n, 65n, 41n]);
      for (let id = 41n; id <= 65n; id++)
        expect(keys).toContain(loanKey(CREDITLINE, id).toXdr('base64'));
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toHaveLength(27);
      const [more, less] = [sorobanData(wide).resources, sorobanData(narrow).resources];
      expect(more.writeBytes - less.writeBytes).toBe(24 * LOAN_BYTES);
      expect(more.instructions - less.instructions).toBe(
        24 * (28_300 + 203 * 24) + 24 * (92_500 + 95 * 24) + 24 * 128 * LOAN_BYTES,
      );
      expect(wide.window).toEqual({
        loans: 24,
        bytes: 24 * LOAN_BYTES,
        fee: wide.fee - narrow.fee,
      });
      expect(narrow.window).toEqual({ loans: 0, bytes: 0, fee: 0n });
    },
  );

  test('the fee is that of the network for what is declared, and inclusion fee plus resource fee', async () => {
    const funding = await built(0);
    const { resources, resourceFee } = sorobanData(funding);
    expect(resources).toMatchObject({
      instructions:
        1_000_000 + 48 * 128 + 84 * 128 + 92_500 + 156 * 128 + 271_000 + 157_000 + 100_000,
      diskReadBytes: 1_000,
      writeBytes: 2_000 + 48 + 84 + 156,
    });
    const signedBytes = parsed(funding).toEnvelope().toXdr().length + 72;
    const { instructions, diskReadBytes, writeBytes } = resources;
    const declared = {
      instructions,
      diskReadBytes,
      writeBytes,
      diskReadEntries: 0,
      writeEntries: 3,
      footprintEntries: 4,
      transactionBytes: signedBytes,
    };
    const bare = nonRefundableFee(
      { ...declared, instructions: 1_000_000, writeBytes: 2_000 },
      TESTNET_SETTINGS.fees,
    );
    expect(bare).toBeLessThan(MIN_RESOURCE_FEE);
    expect(resourceFee).toBe(
      nonRefundableFee(declared, TESTNET_SETTINGS.fees) + MIN_RESOURCE_FEE - bare + 1_000n,
    );
    expect(funding.fee).toBe(resourceFee + 1_000n);
    expect(parsed(funding).fee).toBe(funding.fee.toString());
  });

  test('every limit of one transaction bounds the window, whichever comes first', async () => {
    network({ txMaxWriteLedgerEntries: 25 });
    expect((await built(24)).window.loans).toBe(22);
    network({ txMaxWriteBytes: 2_288 + 5 * LOAN_BYTES + 1_000 });
    expect((await built(24)).window).toMatchObject({ loans: 5, bytes: 5 * LOAN_BYTES });
  });

  test(
    'what is only likely to come leaves room for four such transactions in a ledger; what ' +
      'live holds need does not',
    async () => {
      network({ ledgerMaxWriteBytes: 4 * (2_288 + 3 * LOAN_BYTES) });
      expect((await built(24)).window.loans).toBe(3);
      const plenty = await chain().buildFunding(
        fundingRequest({ window: { ...windowOf(24), plenty: 5 } }),
      );
      expect(plenty).toMatchObject({ kind: 'built', funding: { window: { loans: 5 } } });
      network({ ledgerMaxWriteBytes: 2_288 + 3 * LOAN_BYTES });
      const ask = (loans: number) =>
        chain().buildFunding(
          fundingRequest({
            window: { least: { loans, bytes: loans * LOAN_BYTES }, wanted: windowOf(24).wanted },
          }),
        );
      expect(await ask(3)).toMatchObject({ kind: 'built', funding: { window: { loans: 3 } } });
      expect(await ask(4)).toMatchObject({
        kind: 'window_too_small',
        limit: 'writeBytes',
        fits: { loans: 3 },
      });
    },
  );

  test("the network's own prices make the fee", async () => {
    network({ feeWriteLedgerEntry: 7_500n });
    const dear = await built(24);
    node.drop(configKey(xdr.ConfigSettingId.configSettingContractLedgerCostV0));
    // The simulation's own fee pays for its own writes.
    expect(dear.fee - (await built(24)).fee).toBe(24n * 5_000n);
  });

  test('grants what fits of what is wanted, and nothing below what is needed', async () => {
    network({ txMaxWriteBytes: 2_288 + 5 * LOAN_BYTES });
    const ask = (loans: number) =>
      chain().buildFunding(
        fundingRequest({
          window: { least: { loans, bytes: loans * LOAN_BYTES }, wanted: windowOf(24).wanted },
        }),
      );
    expect(await ask(5)).toMatchObject({
      kind: 'built',
      funding: { loanIdLast: 46n, window: { loans: 5 } },
    });
    expect(await ask(6)).toEqual({
      kind: 'window_too_small',
      limit: 'writeBytes',
      fits: { loans: 5, bytes: 5 * LOAN_BYTES },
    });
  });

  test('what does not fit even alone is not built: limit, declared figure and maximum', async () => {
    network({ txMaxWriteBytes: 2_287 });
    expect(await chain().buildFunding(fundingRequest())).toEqual({
      kind: 'over_limit',
      limit: 'writeBytes',
      declared: 2_288n,
      max: 2_287n,
    });
  });

  test("the borrower's own next entry is in the footprint, taken from the key that the simulation gave", async () => {
    const userLoan = (index: bigint): xdr.LedgerKey =>
      xdr.LedgerKey.contractData(
        new xdr.LedgerKeyContractData({
          contract: new Address(CREDITLINE).toScAddress(),
          durability: xdr.ContractDataDurability.persistent,
          key: xdr.ScVal.scvVec([
            xdr.ScVal.scvSymbol('UserLoanAt'),
            new Address(borrower.publicKey()).toScVal(),
            u64(index),
          ]),
        }),
      );
    const data = new SorobanDataBuilder()
      .setResources(1_000_000, 0, 2_000)
      .setReadWrite([loanKey(CREDITLINE, 41n), userLoan(3n)])
      .build();
    node.rpc.answers['simulateTransaction'] = () =>
      node.simulated({ transactionData: data.toXdr('base64') });
    const keys = sorobanData(await built(1)).resources.footprint.readWrite.map((key) =>
      key.toXdr('base64'),
    );
    expect(keys).toEqual(
      [loanKey(CREDITLINE, 41n), userLoan(3n), userLoan(4n), loanKey(CREDITLINE, 42n)].map((key) =>
        key.toXdr('base64'),
      ),
    );
  });

  test('a lending contract that keeps its loans under other keys is not widened', async () => {
    const data = new SorobanDataBuilder()
      .setResourceFee('50000')
      .setResources(1, 1, 1)
      .setReadWrite([instanceKey(CREDITLINE)])
      .build();
    node.rpc.answers['simulateTransaction'] = () =>
      node.simulated({ transactionData: data.toXdr('base64') });
    const funding = await built();
    expect([funding.loanIdFirst, funding.loanIdLast]).toEqual([41n, 41n]);
    expect(sorobanData(funding).resources.footprint.readWrite).toHaveLength(1);
  });
});

describe('archived entries', () => {
  const steps = recorded('g1').steps;
  function simulationOf(name: string): {
    readonly data: xdr.SorobanTransactionData;
    readonly reply: Record<string, unknown>;
  } {
    const simulation = steps.find((step) => step.name === name)?.simulation;
    if (simulation?.transactionData === undefined)
      throw new Error(`no simulation in the recording: ${name}`);
    const { transactionData, minResourceFee } = simulation;
    return {
      data: xdr.SorobanTransactionData.fromXdr(transactionData, 'base64'),
      reply: node.simulated({ transactionData, minResourceFee }),
    };
  }

  test('are restored on the way while that fits; keys are appended, so the list still counts right', async () => {
    const { data, reply } = simulationOf('archival-restoring-1');
    node.rpc.answers['simulateTransaction'] = () => reply;
    const made = sorobanData(await built(2));
    expect(archivedKeys(data)).toHaveLength(8);
    expect(archivedKeys(made).map((key) => key.toXdr('base64'))).toEqual(
      archivedKeys(data).map((key) => key.toXdr('base64')),
    );
    expect(made.resources.writeBytes).toBeGreaterThan(data.resources.writeBytes);
  });

  test('what does not fit is archived, with a transaction that restores the largest that fit together', async () => {
    const { data, reply } = simulationOf('archival-restores-everything');
    const restored: string[][] = [];
    node.rpc.answers['simulateTransaction'] = ({ transaction }) => {
      const { operations, ext } = envelopeOf(String(transaction));
      if (operations[0]?.body.type !== 'restoreFootprint' || ext.type !== 'sorobanData')
        return reply;
      const { readWrite } = ext.value.resources.footprint;
      restored.push(readWrite.map((key) => key.toXdr('base64')));
      const answer = new SorobanDataBuilder()
        .setReadWrite([...readWrite])
        .setResources(0, 100_000, 100_000)
        .setResourceFee('1000')
        .build();
      return {
        latestLedger: 1_001,
        minResourceFee: '1000',
        transactionData: answer.toXdr('base64'),
        results: [],
      };
    };
    const archived = archivedKeys(data);
    archived.forEach((key, index) => {
      node.put(key, codeEntry(20_000 + 4 * index));
    });
    const result = await chain().buildFunding(fundingRequest());
    if (result.kind !== 'archived' || !result.restore)
      throw new Error(`expected archived, got ${result.kind}`);
    expect(result.keys).toBe(10);
    expect(restored).toEqual([
      archived
        .toReversed()
        .slice(0, 6)
        .map((key) => key.toXdr('base64')),
    ]); // six of 20,000 bytes
    const transaction = TransactionBuilder.fromXdr(result.restore.xdr, PASSPHRASE) as Transaction;
    expect([transaction.source, transaction.sequence, transaction.fee]).toEqual([
      StrKey.encodeEd25519PublicKey(new Uint8Array(32)),
      '0',
      '2100',
    ]);
    expect(transaction.operations).toMatchObject([{ type: 'restoreFootprint' }]);
  });

  test('without figures from the node there is no restore transaction', async () => {
    const { reply } = simulationOf('archival-restores-everything');
    node.rpc.answers['simulateTransaction'] = ({ transaction }) =>
      envelopeOf(String(transaction)).operations[0]?.body.type === 'restoreFootprint'
        ? { latestLedger: 1_001, error: 'no' }
        : reply;
    expect(await chain().buildFunding(fundingRequest())).toEqual({
      kind: 'archived',
      keys: 10,
      restore: null,
    });
  });
});

describe('what is not built', () => {
  test.each([
    ['refuses', () => ({ latestLedger: 1_001, error: 'HostError: Error(Contract, #7)' })],
    ['is a success', () => node.simulated()],
    ['cannot be read', () => ({ latestLedger: 'soon' })],
  ])(
    'an account that is not on the network is no_account, also when the simulation %s',
    async (_, answer) => {
      node.rpc.answers['simulateTransaction'] = answer;
      node.drop(accountKey(borrower.publicKey()));
      expect(await chain().buildFunding(fundingRequest())).toEqual({ kind: 'no_account' });
    },
  );

  test('a restore preamble is archived before the success beside it is believed', async () => {
    const preamble = new SorobanDataBuilder().setReadWrite([instanceKey(POOL)]).build();
    node.rpc.answers['simulateTransaction'] = () =>
      node.simulated({
        restorePreamble: { minResourceFee: '1', transactionData: preamble.toXdr('base64') },
      });
    expect(await chain().buildFunding(fundingRequest())).toEqual({
      kind: 'archived',
      keys: 1,
      restore: { xdr: expect.any(String) },
    });
  });

  test.each([59, 0, -1, 60.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'a hold time of %d seconds is refused before anything is asked',
    async (holdSeconds) => {
      await expect(chain().buildFunding(fundingRequest({ holdSeconds }))).rejects.toThrow(
        /hold time/,
      );
      expect(node.rpc.asked).toHaveLength(0);
    },
  );

  test('a close time in milliseconds never becomes a deadline', async () => {
    node.head.closeTime = 1_790_000_000_000n;
    await expect(chain().buildFunding(fundingRequest())).rejects.toThrow(
      /maxTime is not T in seconds/,
    );
  });

  test('address credentials are never returned: they could be used outside of the envelope', async () => {
    const credentials = xdr.SorobanCredentials.sorobanCredentialsAddress(
      new xdr.SorobanAddressCredentials({
        address: xdr.ScAddress.scAddressTypeAccount(stranger.xdrAccountId()),
        nonce: 1n,
        signatureExpirationLedger: 5,
        signature: xdr.ScVal.scvVoid(),
      }),
    );
    node.rpc.answers['simulateTransaction'] = () =>
      node.simulated({
        results: [
          { auth: [authorisation(credentials)], xdr: xdr.ScVal.scvU64(41n).toXdr('base64') },
        ],
      });
    await expect(chain().buildFunding(fundingRequest())).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      message: expect.stringContaining('not by the source account'),
    });
  });

  test.each([
    ['no fee', { minResourceFee: undefined }],
    ['no data', { transactionData: undefined }],
    ['no result', { results: [] }],
    ['data that is no XDR', { transactionData: 'AAAA' }],
    [
      'a result that is no loan id',
      { results: [{ auth: [], xdr: xdr.ScVal.scvVoid().toXdr('base64') }] },
    ],
  ])('a simulation with %s is CHAIN_UNREACHABLE', async (_, changes) => {
    node.rpc.answers['simulateTransaction'] = () => node.simulated(changes);
    await expect(chain().buildFunding(fundingRequest())).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
    });
  });
});
