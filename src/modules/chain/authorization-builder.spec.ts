import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { hash, xdr } from '@stellar/stellar-sdk';
import {
  addressEntry,
  createLoanCall,
  payloadOf,
  transferCall,
} from '../../../test/support/scripted-authorizations.js';
import {
  authorisation,
  borrower,
  chainOn,
  CREDITLINE,
  fundingRequest,
  i128,
  instanceEntry,
  PASSPHRASE,
  POOL,
  ScriptedChain,
  stranger,
  TOKEN,
  u64,
  VENDOR,
} from '../../../test/support/scripted-chain.js';
import { authorizationParts } from './authorization-view.js';
import type { Authorization, AuthorizationRequest, AuthorizationResult } from './authorizations.js';
import { accountKey, instanceKey } from './ledger-entries.js';
import type { SorobanChain } from './soroban-chain.js';

let node: ScriptedChain;
let chain: SorobanChain;
beforeEach(async () => {
  node = new ScriptedChain();
  asks(addressEntry());
  chain = chainOn(await node.rpc.start());
});
afterEach(() => node.rpc.stop());

/** The simulation asks for these authorizations. */
function asks(...entries: readonly xdr.SorobanAuthorizationEntry[]): void {
  const results = [
    {
      auth: entries.map((entry) => entry.toXdr('base64')),
      xdr: u64(node.nextLoanId).toXdr('base64'),
    },
  ];
  node.rpc.answers['simulateTransaction'] = () => node.simulated({ results });
}
const request = (changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest => {
  const { terms, pool } = fundingRequest();
  return { terms, pool, holdSeconds: 302, pace: { fastest: 4, slowest: 10 }, ...changes };
};
const build = (changes: Partial<AuthorizationRequest> = {}): Promise<AuthorizationResult> =>
  chain.buildAuthorization(request(changes));
async function built(changes: Partial<AuthorizationRequest> = {}): Promise<Authorization> {
  const result = await build(changes);
  if (result.kind !== 'built') throw new Error(`not built: ${JSON.stringify(result)}`);
  return result.authorization;
}

test('the entry allows create_loan with our terms and the transfer of the guarantee', async () => {
  const { entryXdr, nonce, expirationLedger, address } = await built();
  expect(address).toBe(borrower.publicKey());
  expect(entryXdr).toBe(addressEntry({ nonce, expirationLedger }).toXdr('base64'));
});

test('what it allows is said in plain members', async () => {
  const transfer = {
    contract: TOKEN,
    function: 'transfer',
    args: [borrower.publicKey(), CREDITLINE, '200'],
    subInvocations: [],
  };
  const { entryXdr } = await built();
  expect(authorizationParts(entryXdr, PASSPHRASE).invocation).toEqual({
    contract: CREDITLINE,
    function: 'create_loan',
    args: [
      borrower.publicKey(),
      VENDOR,
      '1000',
      '200',
      [
        { amount: '500', due_date: '1800000000', paid: false, paid_at: '0' },
        { amount: '500', due_date: '1802592000', paid: false, paid_at: '0' },
      ],
      ['Standard'],
    ],
    subInvocations: [transfer],
  });
});

test('the fence is the hold time at the fastest pace after the head, rounded up', async () => {
  expect(await built()).toMatchObject({
    expirationLedger: 1_002 + 76,
    chainTime: 1_790_000_000n,
    latestEnd: 1_790_000_760n,
  });
});

test('S is the smallest ledger of the replies used', async () => {
  expect((await built()).issuedAfterLedger).toBe(1_000);
  node.entriesLedger = 1_005;
  expect((await built()).issuedAfterLedger).toBe(1_001);
});

test('the hash is the payload that is signed, and the preimage is its text', async () => {
  const { hash: payload, entryXdr, nonce, expirationLedger } = await built();
  const { preimageXdr } = authorizationParts(entryXdr, PASSPHRASE);
  const expected = payloadOf({ nonce, expirationLedger }, PASSPHRASE);
  expect(payload).toBe(Buffer.from(expected).toString('hex'));
  expect(Buffer.from(hash(Buffer.from(preimageXdr, 'base64'))).toString('hex')).toBe(payload);
});

test('every entry has a nonce of its own', async () => {
  const nonces = new Set<bigint>();
  for (let count = 0; count < 5; count++) nonces.add((await built()).nonce);
  expect(nonces.size).toBe(5);
});

test('the simulated transaction is by nobody, so that the borrower is asked for', async () => {
  await built();
  const [asked] = node.rpc.asked.filter(({ method }) => method === 'simulateTransaction');
  const envelope = xdr.TransactionEnvelope.fromXdr(String(asked?.params['transaction']), 'base64');
  expect(envelope.toXdr('base64')).not.toContain(borrower.publicKey());
  if (envelope.type !== 'envelopeTypeTx') throw new Error('another kind of envelope');
  const { sourceAccount } = envelope.value.tx;
  expect(sourceAccount.type === 'keyTypeEd25519' && sourceAccount.value.toXdr('hex')).toMatch(
    /^0+$/,
  );
});

const drain = transferCall(9_999n);
test.each<[string, () => xdr.SorobanAuthorizationEntry[], RegExp]>([
  [
    'a further call inside',
    () => [addressEntry({ call: createLoanCall({ inside: [transferCall(), drain] }) })],
    /with \[transfer of .*200.*; transfer of .*9999/,
  ],
  [
    'a larger transfer inside',
    () => [addressEntry({ call: createLoanCall({ inside: [drain] }) })],
    /9999/,
  ],
  [
    'no transfer inside',
    () => [addressEntry({ call: createLoanCall({ inside: [] }) })],
    /^G\w+: create_loan/,
  ],
  ['another amount', () => [addressEntry({ call: createLoanCall({ total: 1_001n }) })], /1001/],
  ['a further entry', () => [addressEntry(), addressEntry({ call: drain })], /^G\w+: transfer/],
  ['the same entry twice', () => [addressEntry(), addressEntry()], /2 times/],
  [
    'an entry of another account',
    () => [
      addressEntry(),
      addressEntry({
        of: stranger.publicKey(),
        call: { contract: POOL, fn: 'x', args: [i128(1n)] },
      }),
    ],
    /: x of/,
  ],
  [
    "the source account's authorization",
    () => [
      xdr.SorobanAuthorizationEntry.fromXdr(
        authorisation(xdr.SorobanCredentials.sorobanCredentialsSourceAccount()),
        'base64',
      ),
    ],
    /^the source account/,
  ],
  ['no authorization', () => [], /no authorization/],
])('nothing is issued when the simulation asks for %s', async (_, entries, words) => {
  asks(...entries());
  const result = await build();
  expect(result).toMatchObject({ kind: 'foreign_invocations' });
  if (result.kind !== 'foreign_invocations') return;
  expect(result.found).toHaveLength(1);
  expect(result.found[0]).toMatch(words);
});

test('a contract account may borrow', async () => {
  const wallet = POOL;
  asks(addressEntry({ of: wallet }));
  const terms = { ...request().terms, borrower: wallet };
  node.put(instanceKey(wallet), instanceEntry(wallet, {}));
  expect(await built({ terms })).toMatchObject({ address: wallet });
  node.drop(instanceKey(wallet));
  expect(await build({ terms })).toEqual({ kind: 'no_account' });
});

test('without an account there is nobody to sign', async () => {
  node.drop(accountKey(borrower.publicKey()));
  expect(await build()).toEqual({ kind: 'no_account' });
});

test('a fence beyond the longest lifetime of an entry is not issued', async () => {
  expect(await build({ holdSeconds: 3_110_399 * 4 })).toMatchObject({ kind: 'built' });
  expect(await build({ holdSeconds: 3_110_399 * 4 + 1 })).toEqual({
    kind: 'fence_too_far',
    ledgers: 3_110_400,
    most: 3_110_399,
  });
});

test("a contract's refusal is the answer", async () => {
  node.rpc.answers['simulateTransaction'] = () => ({
    latestLedger: 1_001,
    error:
      'HostError: Error(Contract, #4)\n\nEvent log (newest first):\n' +
      `   0: [Diagnostic Event] contract:${CREDITLINE}, topics:[error, Error(Contract, #4)], data:"x"`,
  });
  expect(await build()).toMatchObject({
    kind: 'refused',
    refusal: { contract: 'lending_contract' },
  });
});
