import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Keypair, TransactionBuilder, type Transaction } from '@stellar/stellar-sdk';
import {
  addressEntry,
  createLoanCall,
  nonceEntry,
  payloadOf,
  signatureList,
} from '../../../test/support/scripted-authorizations.js';
import {
  accountEntry,
  borrower,
  CREDITLINE,
  fundingRequest,
  LOAN_BYTES,
  PASSPHRASE,
  ScriptedChain,
  stranger,
} from '../../../test/support/scripted-chain.js';
import type { Landing, LandingRequest, LandingResult } from './authorizations.js';
import { channelKeys } from './channel-keys.js';
import { loanKey } from './families/stepfi/loan-keys.js';
import { accountKey, nonceKey } from './ledger-entries.js';
import { TESTNET_SETTINGS } from './network-settings.js';
import { SorobanChain } from './soroban-chain.js';

const NONCE = 9n;
const FENCE = 1_078;
const channel = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 42));
const ISSUED = { nonce: NONCE, expirationLedger: FENCE };
const SIGNED = addressEntry({
  ...ISSUED,
  signature: signatureList([borrower], payloadOf(ISSUED, PASSPHRASE)),
}).toXdr('base64');

let node: ScriptedChain;
let chain: SorobanChain;
beforeEach(async () => {
  node = new ScriptedChain();
  node.put(accountKey(channel.publicKey()), accountEntry(channel, { sequence: 700n }));
  node.rpc.answers['simulateTransaction'] = () => node.simulated({ minResourceFee: '500000' });
  chain = new SorobanChain({
    rpcUrl: await node.rpc.start(),
    networkPassphrase: PASSPHRASE,
    timeoutMs: 2_000,
    inclusionFee: 1_000,
    channels: channelKeys(`${stranger.secret()}, ${channel.secret()}`),
  });
});
afterEach(() => node.rpc.stop());

const build = (changes: Partial<LandingRequest> = {}): Promise<LandingResult> => {
  const { terms, pool } = fundingRequest();
  return chain.buildLanding({
    terms,
    pool,
    signedEntryXdr: SIGNED,
    channel: { account: channel.publicKey(), sequence: 700n },
    window: { loans: 7, bytes: 7 * LOAN_BYTES },
    maxTime: 1_790_000_060n,
    ...changes,
  });
};
async function built(changes: Partial<LandingRequest> = {}): Promise<Landing> {
  const result = await build(changes);
  if (result.kind !== 'built') throw new Error(`not built: ${JSON.stringify(result)}`);
  return result.landing;
}
const parsed = (envelope: string): Transaction =>
  TransactionBuilder.fromXdr(envelope, PASSPHRASE) as Transaction;

test("a landing is the channel's transaction with the signed entry, signed and final", async () => {
  const landing = await built();
  const transaction = parsed(landing.xdr);
  expect(transaction.source).toBe(channel.publicKey());
  expect(transaction.sequence).toBe('701');
  expect(transaction.timeBounds).toEqual({ minTime: '0', maxTime: '1790000060' });
  expect(Buffer.from(transaction.hash()).toString('hex')).toBe(landing.hash);
  const [signature] = transaction.signatures;
  expect(signature && channel.verify(transaction.hash(), signature.signature)).toBe(true);
  const [operation] = transaction.operations;
  if (operation?.type !== 'invokeHostFunction') throw new Error('no call');
  expect(operation.auth?.map((entry) => entry.toXdr('base64'))).toEqual([SIGNED]);
  expect(landing).toMatchObject({
    channel: channel.publicKey(),
    sequence: 701n,
    maxTime: 1_790_000_060n,
    issuedAfterLedger: 1_000,
    fee: BigInt(transaction.fee),
  });
});

test('what is simulated carries the signed entry, so that the host enforces it', async () => {
  await built();
  const [asked] = node.rpc.asked.filter(({ method }) => method === 'simulateTransaction');
  const sent = Buffer.from(String(asked?.params['transaction']), 'base64');
  expect(sent.includes(Buffer.from(SIGNED, 'base64'))).toBe(true);
});

test("the window has the keys of the batch's other loans", async () => {
  const landing = await built();
  expect(landing).toMatchObject({
    loanIdFirst: 41n,
    loanIdLast: 48n,
    window: { loans: 7, bytes: 7 * LOAN_BYTES },
  });
  const envelope = parsed(landing.xdr).toEnvelope();
  if (envelope.type !== 'envelopeTypeTx' || envelope.value.tx.ext.type !== 'sorobanData')
    throw new Error('no resources');
  const keys = envelope.value.tx.ext.value.resources.footprint.readWrite.map((key) =>
    key.toXdr('base64'),
  );
  for (let id = 41n; id <= 48n; id++)
    expect(keys).toContain(loanKey(CREDITLINE, id).toXdr('base64'));
  expect(await built({ window: { loans: 0, bytes: 0 } })).toMatchObject({ loanIdLast: 41n });
});

test('a window too large for one transaction is granted as far as it fits', async () => {
  const { window } = await built({ window: { loans: 500, bytes: 500 * LOAN_BYTES } });
  expect(window.loans).toBeGreaterThan(7);
  expect(window.loans).toBeLessThan(500);
});

test('the wider the window, the fewer such landings fit into a ledger', async () => {
  const of = async (loans: number): Promise<number> =>
    (await built({ window: { loans, bytes: loans * LOAN_BYTES } })).perLedger;
  const [alone, eight, many] = [await of(0), await of(7), await of(60)];
  expect(alone).toBeGreaterThan(eight);
  expect(eight).toBeGreaterThan(many);
  const { ledger } = TESTNET_SETTINGS;
  const envelope = parsed((await built()).xdr).toEnvelope();
  if (envelope.type !== 'envelopeTypeTx' || envelope.value.tx.ext.type !== 'sorobanData')
    throw new Error('no resources');
  const { writeBytes } = envelope.value.tx.ext.value.resources;
  expect(eight).toBe(Math.floor(ledger.writeBytes / writeBytes));
});

test('it lands in no ledger after the fence', async () => {
  node.head = { ...node.head, ledger: FENCE - 1 };
  expect(await build()).toMatchObject({ kind: 'built' });
  node.head = { ...node.head, ledger: FENCE };
  const result = { kind: 'expired', ledger: FENCE, expirationLedger: FENCE };
  const asked = node.rpc.countOf('simulateTransaction');
  expect(await build()).toEqual(result);
  expect(node.rpc.countOf('simulateTransaction')).toBe(asked);
});

const log = (error: string, words: string): string =>
  `HostError: Error(${error})\n\nEvent log (newest first):\n` +
  `   0: [Diagnostic Event] contract:${CREDITLINE}, topics:[error, Error(${error})], data:["${words}"]`;
test.each([
  ['spent', 'Auth, ExistingValue', 'nonce already exists for address'],
  ['expired', 'Auth, InvalidInput', 'signature has expired'],
  ['refused', 'Auth, InvalidAction', 'Unauthorized function call for address'],
  ['refused', 'Contract, #4', 'failing with contract error'],
])('%s when the host says Error(%s)', async (kind, error, words) => {
  node.rpc.answers['simulateTransaction'] = () => ({
    latestLedger: 1_001,
    error: log(error, words),
  });
  expect(await build()).toMatchObject({ kind });
});

test("the nonce's entry shows that the loan landed already", async () => {
  const key = nonceKey(borrower.publicKey(), NONCE).toXdr('base64');
  const before = node.rpc.answers['getLedgerEntries'];
  const spent = nonceEntry(borrower.publicKey(), NONCE);
  node.rpc.answers['getLedgerEntries'] = (params) => {
    const reply = before?.(params) as { latestLedger: number; entries: unknown[] };
    const asked = (params['keys'] as string[]).includes(key);
    const entry = { key, xdr: spent, liveUntilLedgerSeq: 1_700 };
    return { ...reply, entries: asked ? [...reply.entries, entry] : reply.entries };
  };
  expect(await build()).toEqual({ kind: 'spent', ledger: 1_000 });
});

test('a channel without a key, without an account or with another sequence builds nothing', async () => {
  const account = borrower.publicKey();
  expect(await build({ channel: { account, sequence: 1n } })).toEqual({
    kind: 'no_channel',
    reason: 'no_secret',
    sequence: null,
  });
  const other = stranger.publicKey();
  expect(await build({ channel: { account: other, sequence: 1n } })).toEqual({
    kind: 'no_channel',
    reason: 'no_account',
    sequence: null,
  });
  const moved = { account: channel.publicKey(), sequence: 699n };
  expect(await build({ channel: moved })).toEqual({
    kind: 'no_channel',
    reason: 'moved',
    sequence: 700n,
  });
  expect(chain.channelAccounts).toEqual([stranger.publicKey(), channel.publicKey()]);
});

test('the network decides that other terms are not authorized; the entry stays as signed', async () => {
  const call = createLoanCall({ total: 2_000n });
  const signedEntryXdr = addressEntry({ ...ISSUED, call }).toXdr('base64');
  const transaction = parsed((await built({ signedEntryXdr })).xdr);
  const [operation] = transaction.operations;
  if (operation?.type !== 'invokeHostFunction') throw new Error('no call');
  expect(operation.auth?.[0]?.toXdr('base64')).toBe(signedEntryXdr);
});
