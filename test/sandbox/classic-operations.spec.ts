import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Asset, Keypair, Operation, TransactionBuilder, xdr } from '@stellar/stellar-sdk';
import { LendingNetwork, outcome } from '../support/lending-network.js';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start();
});
afterEach(async () => {
  await lending.stop();
});

/** Signs with the given keys, sends, and closes the ledger. */
async function land(
  operations: xdr.Operation[],
  ...signers: [Keypair, ...Keypair[]]
): Promise<string> {
  const builder = new TransactionBuilder(await lending.server.getAccount(signers[0].publicKey()), {
    fee: '100',
    networkPassphrase: lending.network.passphrase,
    timebounds: { minTime: 0, maxTime: 0 },
  });
  for (const operation of operations) builder.addOperation(operation);
  const transaction = builder.build();
  transaction.sign(...signers);
  const sent = await lending.send(transaction);
  if (sent.status !== 'PENDING') return sent.errorResult?.result.type ?? sent.status;
  await lending.network.closeLedgers();
  return outcome(await lending.landed(transaction));
}
const pay = (to: Keypair, amount: string, source?: Keypair): xdr.Operation =>
  Operation.payment({
    destination: to.publicKey(),
    asset: Asset.native(),
    amount,
    ...(source && { source: source.publicKey() }),
  });
const create = (who: Keypair, startingBalance: string): xdr.Operation =>
  Operation.createAccount({ destination: who.publicKey(), startingBalance });

describe('createAccount', () => {
  it('makes an account whose sequence starts at its ledger', async () => {
    const newcomer = Keypair.random();
    expect(await land([create(newcomer, '5')], lending.borrower(0))).toBe(
      'txSuccess/createAccountSuccess',
    );
    expect(await lending.sequence(newcomer)).toBe(
      BigInt(lending.network.control.head().ledger) << 32n,
    );
    expect(await lending.nativeBalance(newcomer)).toBe(50_000_000n);
    expect(await land([create(newcomer, '5')], lending.borrower(0))).toBe(
      'txFailed/createAccountAlreadyExist',
    );
    expect(await land([create(Keypair.random(), '0.5')], lending.borrower(0))).toBe(
      'txFailed/createAccountLowReserve',
    );
  });
});

describe('payment', () => {
  it('moves lumens, keeps the reserve, and refuses an unknown destination', async () => {
    const [from, to] = [lending.borrower(0), lending.borrower(1)];
    const before = await lending.nativeBalance(from);
    expect(await land([pay(to, '100')], from)).toBe('txSuccess/paymentSuccess');
    expect(before - (await lending.nativeBalance(from))).toBe(1_000_000_100n);
    expect(await land([pay(to, '9899.5')], from)).toBe('txFailed/paymentUnderfunded');
    expect(await land([pay(Keypair.random(), '1')], from)).toBe('txFailed/paymentNoDestination');
  });

  it('undoes every operation of a transaction when one fails', async () => {
    const [from, to] = [lending.borrower(0), lending.borrower(1)];
    const before = await lending.nativeBalance(to);
    expect(await land([pay(to, '1'), pay(Keypair.random(), '1')], from)).toBe(
      'txFailed/paymentSuccess',
    );
    expect(await lending.nativeBalance(to)).toBe(before);
  });

  it('asks the source of an operation for its own signature', async () => {
    const [first, second] = [lending.borrower(0), lending.borrower(1)];
    expect(await land([pay(first, '1', second)], first)).toBe('txFailed/opBadAuth');
    expect(await land([pay(first, '1', second)], first, second)).toBe('txSuccess/paymentSuccess');
  });
});

describe('the operations on an account itself', () => {
  const account = async (of: Keypair): Promise<xdr.AccountEntry> =>
    lending.server.getAccountEntry(of.publicKey());
  const data = (name: string, value: string | null): xdr.Operation =>
    Operation.manageData({ name, value });

  it('manageData keeps, changes and removes a value, and each costs a reserve', async () => {
    const [who, to] = [lending.borrower(0), lending.borrower(1)];
    expect(await land([data('site', 'one')], who)).toBe('txSuccess/manageDataSuccess');
    expect(await land([data('site', 'two')], who)).toBe('txSuccess/manageDataSuccess');
    const { entries } = await lending.server.getLedgerEntries(
      xdr.LedgerKey.data(
        new xdr.LedgerKeyData({ accountId: (await account(who)).accountId, dataName: 'site' }),
      ),
    );
    expect(entries[0]?.val).toMatchObject({
      type: 'data',
      value: { dataValue: { value: new Uint8Array(Buffer.from('two')) } },
    });
    expect((await account(who)).numSubEntries).toBe(1);
    const balance = await lending.nativeBalance(who);
    const tooMuch = (balance - 100n - 14_999_999n).toString().replace(/(\d{7})$/, '.$1');
    expect(await land([pay(to, tooMuch)], who)).toBe('txFailed/paymentUnderfunded');
    expect(await land([data('site', null)], who)).toBe('txSuccess/manageDataSuccess');
    expect((await account(who)).numSubEntries).toBe(0);
    expect(await land([data('site', null)], who)).toBe('txFailed/manageDataNameNotFound');
  });

  it('changeTrust opens a trustline, changes its limit, and closes it while it is empty', async () => {
    const [who, issuer] = [lending.borrower(0), lending.borrower(1)];
    const asset = new Asset('USD', issuer.publicKey());
    const trust = (limit: string): xdr.Operation => Operation.changeTrust({ asset, limit });
    expect(await land([trust('0')], who)).toBe('txFailed/changeTrustInvalidLimit');
    expect(await land([trust('100')], who)).toBe('txSuccess/changeTrustSuccess');
    expect(await lending.server.getTrustline(who.publicKey(), asset)).toMatchObject({
      balance: 0n,
      limit: 1_000_000_000n,
    });
    expect(await land([trust('0')], who)).toBe('txSuccess/changeTrustSuccess');
    expect((await account(who)).numSubEntries).toBe(0);
    expect(await land([trust('1')], issuer)).toBe('txFailed/changeTrustMalformed');
    const nobody = new Asset('USD', Keypair.random().publicKey());
    expect(await land([Operation.changeTrust({ asset: nobody })], who)).toBe(
      'txFailed/changeTrustNoIssuer',
    );
  });

  it('setOptions sets weights, thresholds, signers and the home domain', async () => {
    const [who, signer] = [lending.borrower(0), Keypair.random()];
    const options = Operation.setOptions({
      masterWeight: 2,
      medThreshold: 2,
      homeDomain: 'example.org',
      signer: { ed25519PublicKey: signer.publicKey(), weight: 1 },
    });
    expect(await land([options], who)).toBe('txSuccess/setOptionsSuccess');
    const set = await account(who);
    expect([...set.thresholds.toBytes()]).toEqual([2, 0, 2, 0]);
    expect(set.homeDomain.toString()).toBe('example.org');
    expect(set.signers).toHaveLength(1);
    expect(set.numSubEntries).toBe(1);
    const own = Operation.setOptions({ signer: { ed25519PublicKey: who.publicKey(), weight: 1 } });
    expect(await land([own], who)).toBe('txFailed/setOptionsBadSigner');
    expect(await land([Operation.setOptions({ setFlags: 1 })], who)).toBe(
      'txFailed/opNotSupported',
    );
  });
});
