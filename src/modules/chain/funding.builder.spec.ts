import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Address, SorobanDataBuilder, TransactionBuilder, xdr, scValToNative, type Transaction } from '@stellar/stellar-sdk';
import { authorisation, borrower, CREDITLINE, fundingRequest, PASSPHRASE, ScriptedChain, stranger, VENDOR } from '../../../test/support/scripted-chain.js';
import type { Funding } from './chain.js';
import { accountKey, instanceKey, loanKey } from './ledger.entries.js';
import { SorobanChain } from './soroban.chain.js';

let node: ScriptedChain;
let url: string;
beforeEach(async () => {
  node = new ScriptedChain();
  url = await node.rpc.start();
});
afterEach(() => node.rpc.stop());

const chain = (counterWindow = 24): SorobanChain => new SorobanChain({ rpcUrl: url, networkPassphrase: PASSPHRASE, timeoutMs: 2_000, counterWindow, inclusionFee: 1_000 });

async function built(counterWindow?: number): Promise<Funding> {
  const result = await chain(counterWindow).buildFunding(fundingRequest());
  if (result.kind !== 'built') throw new Error(`expected a funding, got ${JSON.stringify(result)}`);
  return result.funding;
}
const parsed = (funding: Funding): Transaction => TransactionBuilder.fromXdr(funding.xdr, PASSPHRASE) as Transaction;
function sorobanData(funding: Funding): xdr.SorobanTransactionData {
  const envelope = parsed(funding).toEnvelope();
  if (envelope.type !== 'envelopeTypeTx' || envelope.value.tx.ext.type !== 'sorobanData') throw new Error('no soroban data');
  return envelope.value.tx.ext.value;
}
const configKey = (configSettingId: xdr.ConfigSettingId): xdr.LedgerKey => xdr.LedgerKey.configSetting(new xdr.LedgerKeyConfigSetting({ configSettingId }));

describe('buildFunding', () => {
  test('fences with chain time and the borrower\'s next sequence', async () => {
    const funding = await built();
    const transaction = parsed(funding);
    expect(funding).toMatchObject({ maxTime: 1_790_000_300n, chainTime: 1_790_000_000n, sequence: 4_294_967_297n });
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
    if (operation?.type !== 'invokeHostFunction' || operation.func.type !== 'hostFunctionTypeInvokeContract') throw new Error('no call');
    const { contractAddress, functionName, args } = operation.func.value;
    expect([Address.fromScAddress(contractAddress).toString(), String(functionName)]).toEqual([CREDITLINE, 'create_loan']);
    expect(args.map((arg) => arg.type)).toEqual(['scvAddress', 'scvAddress', 'scvI128', 'scvI128', 'scvVec', 'scvVec']);
    expect(args.map((arg): unknown => scValToNative(arg))).toEqual([
      borrower.publicKey(), VENDOR, 1_000n, 200n,
      [{ amount: 500n, due_date: 1_800_000_000n, paid: false, paid_at: 0n }, { amount: 500n, due_date: 1_802_592_000n, paid: false, paid_at: 0n }], ['Standard'],
    ]);
  });

  test('the hash is that of the final bytes and does not change by signing', async () => {
    const funding = await built();
    const transaction = parsed(funding);
    expect(xdr.encodeBytes(transaction.hash(), 'hex')).toBe(funding.hash);
    transaction.sign(borrower);
    expect(await chain().checkSigned(transaction.toXdr(), { hash: funding.hash, source: borrower.publicKey() })).toEqual({ ok: true, feeBumpHash: null });
  });

});

describe('the window of loan ids (R11)', () => {
  test('widens the footprint with the keys of the next K loan ids, and pays for them', async () => {
    const wide = await built(24);
    const narrow = await built(0);
    const keys = sorobanData(wide).resources.footprint.readWrite.map((key) => key.toXdr('base64'));
    expect([wide.loanIdFirst, wide.loanIdLast, narrow.loanIdLast]).toEqual([41n, 65n, 41n]);
    for (let id = 41n; id <= 65n; id++) expect(keys).toContain(loanKey(CREDITLINE, id).toXdr('base64'));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(27);
    expect(wide.fee - narrow.fee).toBeGreaterThanOrEqual(24n * 2_500n);
  });

  test('adds a margin to resources and fee; the fee is inclusion fee plus resource fee', async () => {
    const funding = await built(0);
    const { resources, resourceFee } = sorobanData(funding);
    expect(resources).toMatchObject({ instructions: 1_150_000, diskReadBytes: 1_150, writeBytes: 2_300 });
    expect(resourceFee).toBeGreaterThanOrEqual(57_500n);
    expect(funding.fee).toBe(resourceFee + 1_000n);
    expect(parsed(funding).fee).toBe(funding.fee.toString());
  });

  test('the network\'s own limit on written entries bounds the window, its prices make the fee', async () => {
    const id = xdr.ConfigSettingId;
    const costs = { ledgerMaxDiskReadEntries: 1, ledgerMaxDiskReadBytes: 1, ledgerMaxWriteBytes: 1, txMaxDiskReadEntries: 1, txMaxDiskReadBytes: 1, feeDiskReadLedgerEntry: 1n, feeDiskRead1Kb: 1n,
      sorobanStateTargetSizeBytes: 1n, rentFee1KbSorobanStateSizeLow: 1n, rentFee1KbSorobanStateSizeHigh: 1n, sorobanStateRentFeeGrowthFactor: 1 };
    node.put(configKey(id.configSettingContractLedgerCostV0), xdr.LedgerEntryData.configSetting(xdr.ConfigSettingEntry.configSettingContractLedgerCostV0(
      new xdr.ConfigSettingContractLedgerCostV0({ ...costs, txMaxWriteLedgerEntries: 25, ledgerMaxWriteLedgerEntries: 125, txMaxWriteBytes: 2_100, feeWriteLedgerEntry: 2_500n }),
    )));
    node.put(configKey(id.configSettingContractHistoricalDataV0), xdr.LedgerEntryData.configSetting(xdr.ConfigSettingEntry.configSettingContractHistoricalDataV0(new xdr.ConfigSettingContractHistoricalDataV0({ feeHistorical1Kb: 0n }))));
    node.put(configKey(id.configSettingContractBandwidthV0), xdr.LedgerEntryData.configSetting(xdr.ConfigSettingEntry.configSettingContractBandwidthV0(new xdr.ConfigSettingContractBandwidthV0({ ledgerMaxTxsSizeBytes: 1, txMaxSizeBytes: 1, feeTxSize1Kb: 0n }))));
    const funding = await built(24);
    // 25 allowed, 3 simulated, 4 spare
    expect(funding.loanIdLast - funding.loanIdFirst).toBe(18n);
    expect(sorobanData(funding).resources.writeBytes).toBe(2_100);
    expect(funding.fee - (await built(0)).fee).toBe(18n * 2_500n);
  });

  test('a creditline that keeps its loans under other keys is not widened', async () => {
    const data = new SorobanDataBuilder().setResourceFee('50000').setResources(1, 1, 1).setReadWrite([instanceKey(CREDITLINE)]).build();
    node.rpc.answers['simulateTransaction'] = () => node.simulated({ transactionData: data.toXdr('base64') });
    const funding = await built();
    expect([funding.loanIdFirst, funding.loanIdLast]).toEqual([41n, 41n]);
    expect(sorobanData(funding).resources.footprint.readWrite).toHaveLength(1);
  });

});

describe('what is not built', () => {
  test('an account that is not on the network is no_account, and nothing is simulated', async () => {
    node.drop(accountKey(borrower.publicKey()));
    expect(await chain().buildFunding(fundingRequest())).toEqual({ kind: 'no_account' });
    expect(node.rpc.countOf('simulateTransaction')).toBe(0);
  });

  test('a restore preamble is refused before the success beside it is believed', async () => {
    node.rpc.answers['simulateTransaction'] = () => node.simulated({ restorePreamble: { minResourceFee: '1', transactionData: 'AAAA' } });
    expect(await chain().buildFunding(fundingRequest())).toMatchObject({ kind: 'refused', refusal: { kind: 'protocol', name: 'RestoreNeeded', number: null } });
  });

  test.each([59, 0, -1, 60.5, Number.NaN, Number.POSITIVE_INFINITY])('a hold time of %d seconds is refused before anything is asked', async (holdSeconds) => {
    await expect(chain().buildFunding(fundingRequest({ holdSeconds }))).rejects.toThrow(/hold time/);
    expect(node.rpc.asked).toHaveLength(0);
  });

  test('a close time in milliseconds never becomes a deadline', async () => {
    node.head.closeTime = 1_790_000_000_000n;
    await expect(chain().buildFunding(fundingRequest())).rejects.toThrow(/maxTime is not T in seconds/);
  });

  test('address credentials are never handed out: they could leave the envelope', async () => {
    const credentials = xdr.SorobanCredentials.sorobanCredentialsAddress(new xdr.SorobanAddressCredentials({
      address: xdr.ScAddress.scAddressTypeAccount(stranger.xdrAccountId()), nonce: 1n, signatureExpirationLedger: 5, signature: xdr.ScVal.scvVoid(),
    }));
    node.rpc.answers['simulateTransaction'] = () => node.simulated({ results: [{ auth: [authorisation(credentials)], xdr: xdr.ScVal.scvU64(41n).toXdr('base64') }] });
    await expect(chain().buildFunding(fundingRequest())).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE', message: expect.stringContaining('not by the source account') });
  });

  test.each([
    ['no fee', { minResourceFee: undefined }], ['no data', { transactionData: undefined }], ['no result', { results: [] }],
    ['data that is no XDR', { transactionData: 'AAAA' }], ['a result that is no loan id', { results: [{ auth: [], xdr: xdr.ScVal.scvVoid().toXdr('base64') }] }],
  ])('a simulation with %s is CHAIN_UNREACHABLE', async (_, changes) => {
    node.rpc.answers['simulateTransaction'] = () => node.simulated(changes);
    await expect(chain().buildFunding(fundingRequest())).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
  });
});
