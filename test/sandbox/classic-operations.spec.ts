import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Asset, Keypair, Operation, TransactionBuilder, type xdr } from '@stellar/stellar-sdk';
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
