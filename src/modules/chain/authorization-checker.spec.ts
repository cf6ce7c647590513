import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Keypair, Networks, xdr } from '@stellar/stellar-sdk';
import {
  addressEntry,
  createLoanCall,
  payloadOf,
  signatureList,
  transferCall,
  type WrittenEntry,
} from '../../../test/support/scripted-authorizations.js';
import {
  accountEntry,
  borrower,
  chainOn,
  CREDITLINE,
  fundingRequest,
  PASSPHRASE,
  POOL,
  ScriptedChain,
  stranger,
} from '../../../test/support/scripted-chain.js';
import type { AuthorizationCheck, SignedAuthorization } from './authorizations.js';
import { accountKey } from './ledger-entries.js';
import type { SignedDifference } from './signed-check.js';
import type { SorobanChain } from './soroban-chain.js';

const ISSUED = { nonce: -5n, expirationLedger: 1_078 } satisfies WrittenEntry;
const PAYLOAD = payloadOf(ISSUED, PASSPHRASE);
const { terms, pool } = fundingRequest();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const signers = [1, 2, 3].map((byte) => Keypair.fromRawEd25519Seed(Buffer.alloc(32, byte * 11)));

let node: ScriptedChain;
let chain: SorobanChain;
beforeEach(async () => {
  node = new ScriptedChain();
  chain = chainOn(await node.rpc.start());
});
afterEach(() => node.rpc.stop());

const check = (
  signed: readonly SignedAuthorization[],
  issued: WrittenEntry = ISSUED,
): Promise<AuthorizationCheck> =>
  chain.checkAuthorization(signed, { entryXdr: addressEntry(issued).toXdr('base64'), terms, pool });
const entry = (changes: WrittenEntry = {}): SignedAuthorization => ({
  signed: addressEntry({
    ...ISSUED,
    signature: signatureList([borrower], PAYLOAD),
    ...changes,
  }).toXdr('base64'),
});
const bare = (key: Keypair, payload = PAYLOAD): SignedAuthorization => ({
  signed: base64(key.sign(payload)),
  signer: key.publicKey(),
});
const anonymous = (key: Keypair): SignedAuthorization => ({ signed: base64(key.sign(PAYLOAD)) });

describe('what wallets return', () => {
  test.each<[string, SignedAuthorization]>([
    ['the signed entry', entry()],
    ['a signature in base64', anonymous(borrower)],
    ['a signature in hex', { signed: Buffer.from(borrower.sign(PAYLOAD)).toString('hex') }],
    ['a signature with its signer', bare(borrower)],
    ['text with white space around it', { signed: `\n ${entry().signed}\n` }],
    ['wrapped lines', { signed: entry().signed.replaceAll(/(.{64})/g, '$1\r\n') }],
    ['no padding', { signed: entry().signed.replace(/=+$/, '') }],
    [
      'the URL-safe alphabet',
      { signed: Buffer.from(entry().signed, 'base64').toString('base64url') },
    ],
    [
      'hex on two lines',
      {
        signed: Buffer.from(borrower.sign(PAYLOAD))
          .toString('hex')
          .replace(/(.{64})/, '$1\n'),
      },
    ],
  ])('%s is accepted, and leads to the same signed entry', async (_, signed) => {
    expect(await check([signed])).toEqual({ ok: true, signedEntryXdr: entry().signed });
  });

  test.each<[string, string]>([
    ['no base64', 'not signed!'],
    ['nothing', ''],
    ['the preimage of 63 bytes', base64(new Uint8Array(63))],
    ['half of an entry', entry().signed.slice(0, 100)],
    ['a transaction', 'AAAAAgAAAAA='],
  ])('%s is unreadable', async (_, signed) => {
    expect(await check([{ signed }])).toMatchObject({ ok: false, reason: 'unreadable' });
  });

  test('a signer that is no account, or nothing at all, is unreadable', async () => {
    const signed = { ...bare(borrower), signer: CREDITLINE };
    expect(await check([signed])).toMatchObject({ reason: 'unreadable' });
    expect(await check([])).toMatchObject({ reason: 'unreadable' });
  });

  test('several signatures name their signers', async () => {
    const two = [anonymous(borrower), bare(borrower)];
    expect(await check(two)).toMatchObject({ reason: 'unreadable' });
    const many = Array.from({ length: 21 }, () => bare(borrower));
    expect(await check(many)).toMatchObject({ reason: 'unreadable' });
  });
});

describe('what differs from the issued authorization', () => {
  test.each<[string, WrittenEntry, Omit<SignedDifference, 'message'>]>([
    ['nonce', { nonce: 6n }, { field: 'nonce', expected: '-5', received: '6' }],
    [
      'fence',
      { expirationLedger: 1_079 },
      { field: 'expirationLedger', expected: '1078', received: '1079' },
    ],
    [
      'account',
      { of: stranger.publicKey(), call: createLoanCall() },
      { field: 'address', expected: borrower.publicKey(), received: stranger.publicKey() },
    ],
    [
      'amount',
      { call: createLoanCall({ total: 2_000n }) },
      { field: 'totalAmount', expected: '1000', received: '2000' },
    ],
    [
      'borrower in the call',
      { call: createLoanCall({ from: stranger.publicKey(), inside: [transferCall()] }) },
      { field: 'borrower', expected: borrower.publicKey(), received: stranger.publicKey() },
    ],
  ])('another %s', async (_, changes, difference) => {
    expect(await check([entry(changes)])).toMatchObject({
      ok: false,
      reason: 'differs',
      differences: [difference],
    });
  });

  test('another function, another contract, a call inside', async () => {
    for (const call of [createLoanCall({ fn: 'request_loan' }), createLoanCall({ contract: POOL })])
      expect(await check([entry({ call })])).toMatchObject({
        reason: 'differs',
        differences: [{ field: 'operation' }],
      });
    const call = createLoanCall({ inside: [transferCall(), transferCall(5n)] });
    expect(await check([entry({ call })])).toMatchObject({
      reason: 'differs',
      differences: [{ field: 'authorization' }],
    });
  });

  test("the source account's credentials are another kind", async () => {
    const signed = new xdr.SorobanAuthorizationEntry({
      credentials: xdr.SorobanCredentials.sorobanCredentialsSourceAccount(),
      rootInvocation: addressEntry().rootInvocation,
    }).toXdr('base64');
    expect(await check([{ signed }])).toMatchObject({
      reason: 'differs',
      differences: [{ field: 'authorization', received: 'sorobanCredentialsSourceAccount' }],
    });
  });

  test('every difference is named, and no node is asked', async () => {
    const result = await check([entry({ nonce: 6n, call: createLoanCall({ total: 2n }) })]);
    expect(result.ok ? [] : result.differences.map(({ field }) => field)).toEqual([
      'nonce',
      'totalAmount',
    ]);
    expect(node.rpc.countOf('getLedgerEntries')).toBe(0);
  });
});

describe('signatures of an account', () => {
  const weights = (medium: number): void => {
    const account = accountEntry(borrower, {
      sequence: 1n,
      masterWeight: 0,
      mediumThreshold: medium,
      signers: signers.map((key) => ({ key: key.publicKey(), weight: 1 })),
    });
    node.put(accountKey(borrower.publicKey()), account);
  };
  const [first, second, third] = signers as [Keypair, Keypair, Keypair];

  test('an entry without a signature', async () => {
    for (const signature of [xdr.ScVal.scvVoid(), xdr.ScVal.scvVec([])])
      expect(await check([entry({ signature })])).toMatchObject({
        reason: 'not_signed',
        differences: [{ field: 'signature', expected: borrower.publicKey(), received: null }],
      });
  });

  test.each<[string, () => SignedAuthorization, string, RegExp]>([
    ['another key', () => bare(stranger), 'signature', /not by a current signer/],
    ['another hash', () => bare(borrower, new Uint8Array(32)), 'signature', /hash/],
    [
      'another network',
      () => bare(borrower, payloadOf(ISSUED, Networks.PUBLIC)),
      'network',
      /another network/,
    ],
    [
      'another network, in an entry',
      () => entry({ signature: signatureList([borrower], payloadOf(ISSUED, Networks.TESTNET)) }),
      'network',
      /another network/,
    ],
  ])('a signature by or for %s', async (_, signed, field, message) => {
    const result = await check([signed()]);
    expect(result).toMatchObject({
      ok: false,
      reason: 'not_signed',
      differences: [{ field, message: expect.stringMatching(message) as unknown }],
    });
  });

  test('the weights of two signers reach the medium threshold', async () => {
    weights(2);
    const signedEntryXdr = entry({
      signature: signatureList(
        [third, first].toSorted((a, b) => Buffer.compare(a.rawPublicKey(), b.rawPublicKey())),
        PAYLOAD,
      ),
    }).signed;
    const both = { ok: true, signedEntryXdr };
    expect(await check([bare(first), bare(third)])).toEqual(both);
    expect(await check([bare(third), bare(first)])).toEqual(both);
    expect(await check([entry({ signature: signatureList([third, first], PAYLOAD) })])).toEqual(
      both,
    );
    const mixed = [entry({ signature: signatureList([third], PAYLOAD) }), bare(first)];
    expect(await check(mixed)).toEqual(both);
  });

  test.each<[string, readonly Keypair[], number]>([
    ['one signature', [second], 1],
    ['one signature twice', [second, second], 1],
    ['one signature and one of a stranger', [second, stranger], 1],
  ])('%s is too little', async (_, keys, weight) => {
    weights(2);
    expect(await check(keys.map((key) => bare(key)))).toMatchObject({
      ok: false,
      reason: 'weight_too_low',
      weight,
      needed: 2,
    });
  });

  test('a master key without weight does not sign', async () => {
    weights(1);
    expect(await check([bare(borrower)])).toMatchObject({ reason: 'not_signed' });
    expect(await check([bare(second)])).toMatchObject({ ok: true });
  });

  test('signatures of strangers are left out of what is landed', async () => {
    const result = await check([bare(stranger), bare(borrower)]);
    expect(result).toEqual({ ok: true, signedEntryXdr: entry().signed });
  });

  test('an account that is gone', async () => {
    node.drop(accountKey(borrower.publicKey()));
    expect(await check([bare(borrower)])).toMatchObject({ reason: 'not_signed' });
  });
});

describe('signatures of a contract account', () => {
  const wallet = POOL;
  const issued = { ...ISSUED, of: wallet } satisfies WrittenEntry;
  const signature = xdr.ScVal.scvBytes(new Uint8Array(64).fill(3));
  const signed = { signed: addressEntry({ ...issued, signature }).toXdr('base64') };
  const failing = (error: string): void => {
    node.rpc.answers['simulateTransaction'] = () => ({ latestLedger: 1_001, error });
  };
  const log = (error: string, contract: string): string =>
    `HostError: Error(${error})\n\nEvent log (newest first):\n` +
    `   0: [Diagnostic Event] contract:${contract}, topics:[error, Error(${error})], data:"x"`;

  test('is accepted when the call with it simulates', async () => {
    expect(await check([signed], issued)).toEqual({ ok: true, signedEntryXdr: signed.signed });
    const [asked] = node.rpc.asked.filter(({ method }) => method === 'simulateTransaction');
    const sent = Buffer.from(String(asked?.params['transaction']), 'base64');
    expect(sent.includes(Buffer.from(signed.signed, 'base64'))).toBe(true);
  });

  test('bare bytes are tried as the contract may take them', async () => {
    const bytes = base64(new Uint8Array(64).fill(3));
    expect(await check([{ signed: bytes }], issued)).toEqual({
      ok: true,
      signedEntryXdr: signed.signed,
    });
    failing(log('Auth, InvalidAction', CREDITLINE));
    const key = borrower.publicKey();
    expect(await check([{ signed: bytes, signer: key }], issued)).toMatchObject({ ok: false });
    expect(node.rpc.countOf('simulateTransaction')).toBe(3);
  });

  test.each<[string, string]>([
    ['the host refuses the authorization', log('Auth, InvalidAction', CREDITLINE)],
    ["the account's own code refuses", log('Contract, #1', wallet)],
  ])('is refused when %s', async (_, error) => {
    failing(error);
    expect(await check([signed], issued)).toMatchObject({ ok: false, reason: 'not_signed' });
  });

  test('is not checked while the loan itself is refused', async () => {
    failing(log('Contract, #4', CREDITLINE));
    expect(await check([signed], issued)).toMatchObject({
      ok: false,
      reason: 'not_checked',
      refusal: { contract: 'lending_contract', number: 4 },
    });
  });

  test('a spent nonce was accepted by the account', async () => {
    failing(log('Auth, ExistingValue', CREDITLINE));
    expect(await check([signed], issued)).toMatchObject({ ok: true });
  });

  test('an entry without a signature asks no node', async () => {
    const unsigned = { signed: addressEntry(issued).toXdr('base64') };
    expect(await check([unsigned], issued)).toMatchObject({ ok: false, reason: 'not_signed' });
    expect(node.rpc.countOf('simulateTransaction')).toBe(0);
  });
});
