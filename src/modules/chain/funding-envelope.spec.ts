import { describe, expect, test } from '@jest/globals';
import {
  Account,
  Operation,
  SorobanDataBuilder,
  TransactionBuilder,
  xdr,
  type Transaction,
} from '@stellar/stellar-sdk';
import fc from 'fast-check';
import { SigningKey } from '../../common/ed25519.js';
import {
  authorisation,
  borrower,
  CREDITLINE,
  fundingRequest,
  PASSPHRASE,
  POOL,
  REGISTRY,
  stranger,
} from '../../../test/support/scripted-chain.js';
import { familyOf } from './families/families.js';
import { loanKey } from './families/stepfi/loan-keys.js';
import { assertFunding, type ExpectedFunding, signedBy } from './funding-assertions.js';
import { FundingEnvelope, networkId } from './funding-envelope.js';
import { instanceKey } from './ledger-entries.js';

const { terms, pool } = fundingRequest();
const call = familyOf(pool.generation).fundingCall(terms, pool);
const source = borrower.publicKey();
const bounds = { sequence: 78n, maxTime: 1_790_000_300n, fee: 61_000n };
const RESOURCE_FEE = 60_000n;
const data = new SorobanDataBuilder()
  .setResourceFee(RESOURCE_FEE.toString())
  .setResources(1_000_000, 1_000, 2_000)
  .setReadOnly([instanceKey(REGISTRY)])
  .setReadWrite([instanceKey(CREDITLINE), instanceKey(POOL), loanKey(CREDITLINE, 41n)])
  .build();
const bySource = xdr.SorobanAuthorizationEntry.fromXdr(
  authorisation(xdr.SorobanCredentials.sorobanCredentialsSourceAccount()),
  'base64',
);
const envelope = new FundingEnvelope({ source, call });
const issued = envelope.withResources(bounds, {
  auth: [Buffer.from(bySource.toXdr())],
  data: Buffer.from(data.toXdr()),
});

/** The same transaction by the SDK. */
function bySdk(sorobanData?: xdr.SorobanTransactionData): Transaction {
  const { contract, function: functionName, args } = call;
  const operation = Operation.invokeContractFunction({
    contract,
    function: functionName,
    args: [...args],
    auth: sorobanData ? [bySource] : [],
  });
  return new TransactionBuilder(new Account(source, '77'), {
    fee: sorobanData ? '1000' : '61000',
    networkPassphrase: PASSPHRASE,
    timebounds: { minTime: 0, maxTime: bounds.maxTime.toString() },
    ...(sorobanData && { sorobanData }),
  })
    .addOperation(operation)
    .build();
}

const expected: ExpectedFunding = {
  ...bounds,
  networkId: networkId(PASSPHRASE),
  source,
  call: envelope.call,
  authorization: null,
  resourceFee: RESOURCE_FEE,
};
const refusal = (bytes: Buffer, changes: Partial<ExpectedFunding> = {}): string | null => {
  try {
    assertFunding(bytes, { ...expected, ...changes });
    return null;
  } catch (thrown) {
    return String(thrown);
  }
};

describe('the envelope of a funding call', () => {
  test('has the bytes that the SDK makes, before and after simulation', () => {
    expect(envelope.plain(bounds).toString('base64')).toBe(bySdk().toXdr());
    expect(issued.toString('base64')).toBe(bySdk(data).toXdr());
    expect(
      envelope.plain(bounds).length +
        envelope.addedBytes({
          auth: [bySource.toXdr()],
          data: data.toXdr(),
        }),
    ).toBe(issued.length);
  });

  test('has the hash that the SDK computes', () => {
    expect(assertFunding(issued, expected).hash).toBe(
      Buffer.from(bySdk(data).hash()).toString('hex'),
    );
  });

  test('with a signature is what the SDK signs', () => {
    const signed = bySdk(data);
    signed.sign(borrower);
    const bytes = signedBy(new SigningKey(borrower.rawSecretKey()), issued, networkId(PASSPHRASE));
    expect(bytes.toString('base64')).toBe(signed.toXdr());
    expect(refusal(bytes)).toMatch(/signed already/);
    const authorization = Buffer.from(bySource.toXdr());
    expect(refusal(bytes, { authorization })).toBeNull();
    const last = bytes.length - 1;
    bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last);
    expect(refusal(bytes, { authorization })).toMatch(/not signed by the source alone/);
  });
});

describe('what is asserted of the final bytes', () => {
  test.each<[string, Partial<ExpectedFunding>, RegExp]>([
    ['another account', { source: stranger.publicKey() }, /source is another account/],
    ['another sequence', { sequence: 79n }, /sequence is not/],
    ['another deadline', { maxTime: 1_790_000_301n }, /maxTime is not T/],
    ['another fee', { fee: 61_001n }, /fee is not/],
    ['another fee for resources', { resourceFee: 60_001n }, /resources are missing/],
    ['another call', { call: Buffer.alloc(envelope.call.length) }, /not the call/],
  ])('%s', (_, changes, message) => {
    expect(refusal(issued)).toBeNull();
    expect(refusal(issued, changes)).toMatch(message);
  });

  test('a deadline in milliseconds, and none', () => {
    for (const maxTime of [1_790_000_300_000n, 0n]) {
      const bytes = envelope.withResources(
        { ...bounds, maxTime },
        { auth: [bySource.toXdr()], data: data.toXdr() },
      );
      expect(refusal(bytes, { maxTime })).toMatch(/maxTime is not T in seconds/);
    }
  });

  test('no changed byte leaves, unless it only changes what the node may declare', () => {
    const start = issued.indexOf(data.toXdr());
    const end = start + data.toXdr().length;
    const auth = issued.indexOf(bySource.toXdr());
    fc.assert(
      fc.property(fc.nat(issued.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const bytes = Buffer.from(issued);
        bytes.writeUInt8((bytes.readUInt8(at) + by) % 256, at);
        const declared = (at >= start && at < end) || (at >= auth && at < start);
        const accepted = refusal(bytes) === null;
        expect(accepted && !declared).toBe(false);
        if (!accepted) return;
        const read = TransactionBuilder.fromXdr(bytes.toString('base64'), PASSPHRASE);
        expect([
          'innerTransaction' in read,
          read.operations.length,
          read.signatures.length,
        ]).toEqual([false, 1, 0]);
        const { fee, sequence, timeBounds } = read as Transaction;
        expect({ fee, sequence, timeBounds }).toEqual({
          fee: '61000',
          sequence: '78',
          timeBounds: { minTime: '0', maxTime: '1790000300' },
        });
      }),
      { numRuns: 1_000 },
    );
  });

  test('nothing may follow', () => {
    expect(refusal(Buffer.concat([issued, Buffer.alloc(4)]))).not.toBeNull();
    expect(refusal(issued.subarray(0, -4))).not.toBeNull();
  });
});
