import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import {
  type FeeBumpTransaction,
  Networks,
  TransactionBuilder,
  type Transaction,
} from '@stellar/stellar-sdk';
import {
  accountEntry,
  borrower,
  fundingRequest,
  PASSPHRASE,
  ScriptedChain,
  stranger,
} from '../../../test/support/scripted-chain.js';
import { readConfig } from '../../common/config.js';
import { CHAIN, type Chain } from './chain.js';
import { chainFrom, ChainModule } from './chain.module.js';
import { accountKey } from './ledger-entries.js';
import { SorobanChain } from './soroban-chain.js';

let node: ScriptedChain;
let url: string;
beforeEach(async () => {
  node = new ScriptedChain();
  url = await node.rpc.start();
});
afterEach(() => node.rpc.stop());
const chainOn = (networkPassphrase = PASSPHRASE): SorobanChain =>
  new SorobanChain({ rpcUrl: url, networkPassphrase, timeoutMs: 2_000, inclusionFee: 1_000 });
const HEAD = { ledger: 1_002, closeTime: 1_790_000_000n, oldestLedger: 10 };

describe('head', () => {
  const look = (change: object = {}) => {
    node.rpc.answers['getTransaction'] = ({ hash }) => ({
      status: 'NOT_FOUND',
      txHash: hash,
      latestLedger: 1_002,
      latestLedgerCloseTime: '1790000000',
      oldestLedger: 10,
      ...change,
    });
  };

  test('is what getHealth and a look-up of an unknown hash agree on', async () => {
    expect(await chainOn().head()).toEqual(HEAD);
    expect(node.rpc.countOf('getTransaction')).toBe(1);
  });

  test('is the older of two ledgers: only one reply knows the newer one', async () => {
    look({ latestLedger: 1_001, latestLedgerCloseTime: '1789999994', oldestLedger: 9 });
    expect(await chainOn().head()).toEqual({
      ledger: 1_001,
      closeTime: 1_789_999_994n,
      oldestLedger: 10,
    });
    look({ latestLedger: 1_007, latestLedgerCloseTime: '1790000031', oldestLedger: 12 });
    expect(await chainOn().head()).toEqual({ ...HEAD, oldestLedger: 12 });
  });

  test.each<[string, object]>([
    ['the same ledger, another time', { latestLedgerCloseTime: '1790000300' }],
    [
      'a later ledger that closed earlier',
      { latestLedger: 1_003, latestLedgerCloseTime: '1789999700' },
    ],
    ['5,000 ledgers more in no time', { latestLedger: 6_002 }],
    ['one ledger more in no time', { latestLedger: 1_003 }],
    ['an earlier ledger at the same time', { latestLedger: 990 }],
  ])('is nothing when the two contradict each other: %s', async (_, change) => {
    look(change);
    await expect(chainOn().head()).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      facts: { datedTwice: true },
    });
  });

  test('comes from two look-ups of an unknown hash on an older node', async () => {
    node.rpc.answers['getHealth'] = () => ({
      status: 'healthy',
      latestLedger: 999,
      oldestLedger: 1,
      ledgerRetentionWindow: 17280,
    });
    node.rpc.answers['getTransaction'] = ({ hash }) => ({
      status: 'NOT_FOUND',
      txHash: hash,
      latestLedger: 1_002,
      latestLedgerCloseTime: '1790000000',
      oldestLedger: 10,
      oldestLedgerCloseTime: '1',
    });
    expect(await chainOn().head()).toEqual(HEAD);
    expect(node.rpc.asked.at(-1)?.params).toEqual({ hash: '0'.repeat(64) });
    expect(node.rpc.countOf('getTransaction')).toBe(2);
  });

  test('a node that is not healthy has no head', async () => {
    node.rpc.errors['getHealth'] = {
      code: -32603,
      message: 'latency (35s) since last known ledger closed is too high',
    };
    await expect(chainOn().head()).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      facts: { method: 'getHealth', rpcCode: -32603 },
    });
  });
});

test('nothing is believed from a node of another network', async () => {
  const chain = chainOn(Networks.PUBLIC);
  await expect(chain.verifyNetwork()).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
  await expect(chain.head()).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
  await expect(chain.buildFunding(fundingRequest())).rejects.toMatchObject({
    code: 'CHAIN_UNREACHABLE',
  });
  await expect(chainOn().verifyNetwork()).resolves.toBeUndefined();
});

describe('account', () => {
  test('reads sequence and every ed25519 signer with weight, the master key included', async () => {
    expect(await chainOn().account(borrower.publicKey())).toEqual({
      ledger: 1_000,
      sequence: 4_294_967_296n,
      signers: [borrower.publicKey()],
    });
    node.put(
      accountKey(borrower.publicKey()),
      accountEntry(borrower, {
        sequence: 9_007_199_254_740_993n,
        masterWeight: 0,
        signers: [
          { key: stranger.publicKey(), weight: 1 },
          { key: borrower.publicKey(), weight: 0 },
        ],
      }),
    );
    expect(await chainOn().account(borrower.publicKey())).toEqual({
      ledger: 1_000,
      sequence: 9_007_199_254_740_993n,
      signers: [stranger.publicKey()],
    });
  });

  test('an absent account is distinguished from a node that is down', async () => {
    expect(await chainOn().account(stranger.publicKey())).toEqual({
      ledger: 1_000,
      sequence: null,
      signers: [],
    });
    node.rpc.wire['getLedgerEntries'] = { status: 503, body: '' };
    await expect(chainOn().account(stranger.publicKey())).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
    });
  });
});

/** A fee bump around a transaction, paid and signed by another account. */
function bumped(inner: Transaction): FeeBumpTransaction {
  const bump = TransactionBuilder.buildFeeBumpTransaction(stranger, '200000', inner, PASSPHRASE);
  bump.sign(stranger);
  return bump;
}

describe('checkSigned', () => {
  async function issued(): Promise<{
    transaction: Transaction;
    expected: { hash: string; source: string };
  }> {
    const result = await chainOn().buildFunding(fundingRequest());
    if (result.kind !== 'built') throw new Error(`not built: ${result.kind}`);
    return {
      transaction: TransactionBuilder.fromXdr(result.funding.xdr, PASSPHRASE) as Transaction,
      expected: { hash: result.funding.hash, source: borrower.publicKey() },
    };
  }

  test('accepts the envelope itself with one good signature, also beside others', async () => {
    const { transaction, expected } = await issued();
    transaction.sign(stranger);
    transaction.sign(borrower);
    expect(await chainOn().checkSigned(transaction.toXdr(), expected)).toEqual({
      ok: true,
      feeBumpHash: null,
    });
  });

  test('goes by the signers of now, not by the name of the account', async () => {
    const { transaction, expected } = await issued();
    transaction.sign(borrower);
    node.put(
      accountKey(borrower.publicKey()),
      accountEntry(borrower, {
        sequence: 1n,
        masterWeight: 0,
        signers: [{ key: stranger.publicKey(), weight: 1 }],
      }),
    );
    expect(await chainOn().checkSigned(transaction.toXdr(), expected)).toMatchObject({
      ok: false,
      reason: 'no_valid_signature',
    });
    transaction.sign(stranger);
    expect(await chainOn().checkSigned(transaction.toXdr(), expected)).toEqual({
      ok: true,
      feeBumpHash: null,
    });
  });

  test('refuses a transaction that is unsigned, signed by another account, or signed for another network', async () => {
    const { transaction, expected } = await issued();
    const refused = { ok: false, reason: 'no_valid_signature' };
    expect(await chainOn().checkSigned(transaction.toXdr(), expected)).toMatchObject(refused);
    const elsewhere = TransactionBuilder.fromXdr(transaction.toXdr(), Networks.TESTNET);
    elsewhere.sign(borrower);
    expect(await chainOn().checkSigned(elsewhere.toXdr(), expected)).toMatchObject(refused);
    transaction.sign(stranger);
    expect(await chainOn().checkSigned(transaction.toXdr(), expected)).toMatchObject(refused);
  });

  test('refuses another transaction: one second more, by itself or in a fee bump', async () => {
    const { transaction, expected } = await issued();
    const later = TransactionBuilder.cloneFrom(transaction, {
      fee: '100',
      networkPassphrase: PASSPHRASE,
      timebounds: { minTime: 0, maxTime: 1_790_000_301 },
    }).build();
    later.sign(borrower);
    expect(await chainOn().checkSigned(later.toXdr(), expected)).toMatchObject({
      ok: false,
      reason: 'other_transaction',
    });
    expect(await chainOn().checkSigned(bumped(later).toXdr(), expected)).toMatchObject({
      ok: false,
      reason: 'other_transaction',
      sentence: expect.stringContaining('fee bump around another transaction'),
    });
  });

  test(
    'accepts a fee bump around the signed envelope, with both hashes; refuses one around ' +
      'the unsigned envelope',
    async () => {
      const { transaction, expected } = await issued();
      expect(await chainOn().checkSigned(bumped(transaction).toXdr(), expected)).toMatchObject({
        ok: false,
        reason: 'no_valid_signature',
      });
      transaction.sign(borrower);
      const bump = bumped(transaction);
      const feeBumpHash = Buffer.from(bump.hash()).toString('hex');
      expect(feeBumpHash).not.toBe(expected.hash);
      expect(await chainOn().checkSigned(bump.toXdr(), expected)).toEqual({
        ok: true,
        feeBumpHash,
      });
    },
  );

  test.each(['', 'not base64!!', 'AAAA', '{}', '\u0000'])(
    'refuses %j as no XDR, without asking the node',
    async (text) => {
      expect(
        await chainOn().checkSigned(text, { hash: 'ab'.repeat(32), source: borrower.publicKey() }),
      ).toMatchObject({ ok: false, reason: 'not_xdr' });
      expect(node.rpc.asked).toHaveLength(0);
    },
  );
});

test('the module provides the chain that the configuration names, or reports what is missing', async () => {
  const app = await NestFactory.createApplicationContext(
    ChainModule.register(
      readConfig({ STELLAR_RPC_URL: url, STELLAR_NETWORK_PASSPHRASE: PASSPHRASE }),
    ),
    { logger: false },
  );
  const chain = app.get<Chain>(CHAIN);
  expect(chain.networkPassphrase).toBe(PASSPHRASE);
  expect(await chain.head()).toEqual(HEAD);
  await app.close();
  expect(() => chainFrom(readConfig({}))).toThrow(/STELLAR_RPC_URL and STELLAR_NETWORK_PASSPHRASE/);
});
