import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  Account,
  Asset,
  Operation,
  TransactionBuilder,
  xdr,
  type FeeBumpTransaction,
  type Transaction,
} from '@stellar/stellar-sdk';
import { addressEntry, createLoanCall } from '../../../test/support/scripted-authorizations.js';
import {
  authorisation,
  borrower,
  chainOn,
  CREDITLINE,
  PASSPHRASE,
  POOL,
  ScriptedChain,
  stranger,
} from '../../../test/support/scripted-chain.js';
import type { SorobanChain } from './soroban-chain.js';

let node: ScriptedChain;
let chain: SorobanChain;
beforeEach(async () => {
  node = new ScriptedChain();
  chain = chainOn(await node.rpc.start());
});
afterEach(() => node.rpc.stop());

const transaction = (operation: xdr.Operation): Transaction => {
  const built = new TransactionBuilder(new Account(stranger.publicKey(), '5'), {
    fee: '100',
    networkPassphrase: PASSPHRASE,
    timebounds: { minTime: 0, maxTime: 0 },
  })
    .addOperation(operation)
    .build();
  built.sign(stranger);
  return built;
};
const carrying = (...auth: xdr.SorobanAuthorizationEntry[]): Transaction =>
  transaction(
    Operation.invokeContractFunction({
      contract: CREDITLINE,
      function: 'create_loan',
      args: [...createLoanCall().args],
      auth,
    }),
  );
const hashOf = (found: Transaction | FeeBumpTransaction): string =>
  xdr.encodeBytes(found.hash(), 'hex');
function lands(
  found: Transaction | FeeBumpTransaction,
  changes: Record<string, unknown> = {},
): void {
  node.rpc.answers['getTransaction'] = () => ({
    status: 'SUCCESS',
    latestLedger: 1_003,
    latestLedgerCloseTime: '1790000010',
    oldestLedger: 12,
    ledger: 1_001,
    createdAt: '1790000005',
    resultXdr: 'AAAA',
    envelopeXdr: found.toXdr(),
    ...changes,
  });
}
const FOUND = { found: true, ledger: 1_001, succeeded: true, innerHash: null } as const;

test("a stranger's transaction shows whose authorization it spent", async () => {
  const found = carrying(addressEntry({ nonce: -3n }));
  lands(found);
  const authorizations = [{ address: borrower.publicKey(), nonce: -3n }];
  expect(await chain.findAuthorizations(hashOf(found))).toEqual({ ...FOUND, authorizations });
  lands(found, { status: 'FAILED' });
  expect(await chain.findAuthorizations(hashOf(found))).toMatchObject({ succeeded: false });
});

test('inside a fee bump, by either of the two hashes', async () => {
  const inside = carrying(addressEntry({ nonce: 4n }));
  const bump = TransactionBuilder.buildFeeBumpTransaction(borrower, '1000', inside, PASSPHRASE);
  bump.sign(borrower);
  lands(bump, { feeBump: true });
  const found = {
    ...FOUND,
    innerHash: hashOf(inside),
    authorizations: [{ address: borrower.publicKey(), nonce: 4n }],
  };
  expect(await chain.findAuthorizations(hashOf(bump))).toEqual(found);
  expect(await chain.findAuthorizations(hashOf(inside))).toEqual(found);
});

test('several authorizations, of accounts and contracts; not the source account', async () => {
  const source = xdr.SorobanAuthorizationEntry.fromXdr(
    authorisation(xdr.SorobanCredentials.sorobanCredentialsSourceAccount()),
    'base64',
  );
  const found = carrying(source, addressEntry({ of: POOL }), addressEntry({ nonce: 8n }));
  lands(found);
  expect(await chain.findAuthorizations(hashOf(found))).toMatchObject({
    authorizations: [
      { address: POOL, nonce: 77n },
      { address: borrower.publicKey(), nonce: 8n },
    ],
  });
});

test('a transaction without authorizations, and one that is not found', async () => {
  const payment = transaction(
    Operation.payment({ destination: borrower.publicKey(), asset: Asset.native(), amount: '1' }),
  );
  lands(payment);
  expect(await chain.findAuthorizations(hashOf(payment))).toEqual({ ...FOUND, authorizations: [] });
  node.rpc.answers['getTransaction'] = () => ({
    status: 'NOT_FOUND',
    latestLedger: 1_003,
    latestLedgerCloseTime: '1790000010',
    oldestLedger: 12,
  });
  expect(await chain.findAuthorizations('ab'.repeat(32))).toMatchObject({ found: false });
});

test.each([
  ['of another transaction', { envelopeXdr: carrying(addressEntry({ nonce: 1n })).toXdr() }],
  ['that is missing', { envelopeXdr: undefined }],
  ['that cannot be read', { envelopeXdr: 'AAAA' }],
])('an envelope %s is not used', async (_, changes) => {
  const found = carrying(addressEntry());
  lands(found, changes);
  await expect(chain.findAuthorizations(hashOf(found))).rejects.toMatchObject({
    code: 'CHAIN_UNREACHABLE',
  });
});
