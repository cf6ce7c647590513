import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Asset,
  type FeeBumpTransaction,
  Keypair,
  Operation,
  TransactionBuilder,
  type rpc,
  type Transaction,
  type xdr,
} from '@stellar/stellar-sdk';
import { charge, hashOf, LendingNetwork } from '../support/lending-network.js';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start({}, { borrowers: 3 });
});
afterEach(async () => {
  await lending.stop();
});

function bumped(inner: Transaction, by: Keypair, baseFee = '200000'): FeeBumpTransaction {
  const bump = TransactionBuilder.buildFeeBumpTransaction(
    by,
    baseFee,
    inner,
    lending.network.passphrase,
  );
  bump.sign(by);
  return bump;
}
const hash = (bump: FeeBumpTransaction): string => Buffer.from(bump.hash()).toString('hex');
const send = (
  transaction: Transaction | FeeBumpTransaction,
): Promise<rpc.Api.SendTransactionResponse> => lending.server.sendTransaction(transaction);
/** The outer code, and the inner one if there is one. */
async function refusal(transaction: FeeBumpTransaction): Promise<string> {
  const { errorResult } = await send(transaction);
  if (!errorResult) return 'none';
  const { result } = errorResult;
  return result.type === 'txFeeBumpInnerFailed'
    ? `inner ${result.value.result.result.type}`
    : result.type;
}

describe('a fee bump that lands', () => {
  it('is found by both hashes, with the outer envelope and result, and its events carry the outer hash', async () => {
    const [borrower, sponsor] = [lending.borrower(0), lending.borrower(1)];
    const loan = await lending.loan(borrower);
    const bump = bumped(loan, sponsor);
    expect(await send(bump)).toMatchObject({ status: 'PENDING', hash: hash(bump) });
    const { ledger } = await lending.network.closeLedgers();
    for (const name of [hash(bump), hashOf(loan)]) {
      const found = await lending.server.getTransaction(name);
      if (found.status !== 'SUCCESS') throw new Error(`${name} is ${found.status}`);
      expect(found).toMatchObject({ txHash: name, feeBump: true, ledger });
      expect(found.envelopeXdr.type).toBe('envelopeTypeTxFeeBump');
      const { result } = found.resultXdr;
      if (result.type !== 'txFeeBumpInnerSuccess') throw new Error(result.type);
      expect(Buffer.from(result.value.transactionHash.toBytes()).toString('hex')).toBe(
        hashOf(loan),
      );
      expect(result.value.result.result.type).toBe('txSuccess');
      expect(found.returnValue?.type).toBe('scvU64');
    }
    const { events } = await lending.server.getEvents({ startLedger: ledger, filters: [] });
    expect([...new Set(events.map((event) => event.txHash))]).toEqual([hash(bump)]);
    const { transactions } = await lending.server.getTransactions({ startLedger: ledger });
    expect(transactions).toMatchObject([{ txHash: hash(bump), feeBump: true }]);
  });

  it("is paid by the sponsor and consumes the borrower's sequence", async () => {
    const [borrower, sponsor] = [lending.borrower(0), lending.borrower(1)];
    const [sequence, sponsorSequence, owner, payer] = [
      await lending.sequence(borrower),
      await lending.sequence(sponsor),
      await lending.nativeBalance(borrower),
      await lending.nativeBalance(sponsor),
    ];
    const loan = await lending.loan(borrower);
    await send(bumped(loan, sponsor));
    await lending.network.closeLedgers();
    expect([await lending.sequence(borrower), await lending.sequence(sponsor)]).toEqual([
      sequence + 1n,
      sponsorSequence,
    ]);
    expect(await lending.nativeBalance(borrower)).toBe(owner);
    const charged = charge(await lending.landed(loan));
    expect(charged).toEqual({
      total: charged.kept + charged.refundable + 200n,
      kept: charged.kept,
      refundable: charged.refundable,
      rent: expect.any(BigInt) as unknown,
    });
    // simulation declares 15 % more for rent and events
    expect(charged.total).toBeLessThan(BigInt(loan.fee) - 1000n + 200n);
    expect(payer - (await lending.nativeBalance(sponsor))).toBe(charged.total);
    expect((await send(loan)).errorResult?.result.type).toBe('txBadSeq');
  });

  it('can fail in the contract: FAILED by both hashes, sequence and fee consumed', async () => {
    const [first, second] = [
      await lending.loan(lending.borrower(0)),
      await lending.loan(lending.borrower(1)),
    ];
    const sequence = await lending.sequence(lending.borrower(1));
    await send(first);
    const bump = bumped(second, lending.borrower(2));
    await send(bump);
    await lending.network.closeLedgers();
    for (const name of [hash(bump), hashOf(second)]) {
      const found = await lending.server.getTransaction(name);
      if (found.status !== 'FAILED') throw new Error(found.status);
      const { result } = found.resultXdr;
      if (result.type !== 'txFeeBumpInnerFailed') throw new Error(result.type);
      expect(result.value.result.result.type).toBe('txFailed');
    }
    expect(await lending.sequence(lending.borrower(1))).toBe(sequence + 1n);
  });

  it('is one call of the control port', async () => {
    const loan = await lending.loan(lending.borrower(0));
    const { body } = await bump({ envelope: loan.toXdr() });
    expect(body).toMatchObject({ succeeded: true, innerHash: hashOf(loan) });
    const [inner, outer] = await Promise.all(
      [hashOf(loan), String(body['hash'])].map((name) => lending.server.getTransaction(name)),
    );
    expect([inner?.status, outer?.status]).toEqual(['SUCCESS', 'SUCCESS']);
  });
});

async function plain(
  by: Keypair,
  operation: xdr.Operation,
  sequencesAhead = 0n,
): Promise<Transaction> {
  const account = await lending.server.getAccount(by.publicKey());
  for (let ahead = 0n; ahead < sequencesAhead; ahead++) account.incrementSequenceNumber();
  const transaction = new TransactionBuilder(account, {
    fee: '100',
    networkPassphrase: lending.network.passphrase,
    timebounds: { minTime: 0, maxTime: 0 },
  })
    .addOperation(operation)
    .build();
  return lending.signed(transaction, by);
}
const sequenceBump = (by: Keypair, sequencesAhead = 0n): Promise<Transaction> =>
  plain(by, Operation.bumpSequence({ bumpTo: '0' }), sequencesAhead);

async function bump(body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${lending.network.controlUrl}/fee-bumps`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the rules of a fee bump', () => {
  it('check its own fee first', async () => {
    const loan = await lending.loan(lending.borrower(0));
    // the SDK does not even build it: its rate is below the inner one
    expect(() => bumped(loan, lending.borrower(1), '999')).toThrow(/Invalid baseFee/);
    expect(await refusal(bumped(loan, Keypair.random()))).toBe('txNoAccount');
    const unsigned = TransactionBuilder.buildFeeBumpTransaction(
      lending.borrower(1),
      '200000',
      loan,
      lending.network.passphrase,
    );
    expect(await refusal(unsigned)).toBe('txBadAuth');
    unsigned.sign(lending.borrower(1), lending.borrower(2));
    expect(await refusal(unsigned)).toBe('txBadAuthExtra');
    expect(await refusal(bumped(loan, lending.borrower(1), '100000000000'))).toBe(
      'txInsufficientBalance',
    );
  });

  it('then check the inner transaction: deadline, sequence and signature still apply', async () => {
    const borrower = lending.borrower(0);
    const late = await lending.loan(borrower, { maxTime: lending.closeTime + 1 });
    expect(await refusal(bumped(late, lending.borrower(1)))).toBe('inner txTooLate');
    const unsigned = await lending.server.prepareTransaction(await lending.draft(borrower));
    expect(await refusal(bumped(unsigned, lending.borrower(1)))).toBe('inner txBadAuth');
    const stale = await lending.loan(borrower);
    await send(await sequenceBump(borrower));
    await lending.network.closeLedgers();
    expect(await refusal(bumped(stale, lending.borrower(1)))).toBe('inner txBadSeq');
  });

  it('let it pay for what the borrower could not', async () => {
    const poor = Keypair.random();
    await lending.server.fundAddress(poor.publicKey());
    await send(
      await plain(
        poor,
        Operation.payment({
          destination: lending.borrower(0).publicKey(),
          asset: Asset.native(),
          amount: '9998.9999900',
        }),
      ),
    ); // the reserve is left, and no fee
    await lending.network.closeLedgers();
    const burn = await sequenceBump(poor);
    expect((await send(burn)).errorResult?.result.type).toBe('txInsufficientBalance');
    expect((await send(bumped(burn, lending.borrower(1)))).status).toBe('PENDING');
    await lending.network.closeLedgers();
    expect((await lending.landed(burn)).status).toBe('SUCCESS');
  });

  it('drop an expired one without consuming anything', async () => {
    const loan = await lending.loan(lending.borrower(0), { maxTime: lending.closeTime + 20 });
    const payer = await lending.nativeBalance(lending.borrower(1));
    const late = bumped(loan, lending.borrower(1));
    await send(late);
    lending.clock += 40;
    await lending.network.closeLedgers();
    for (const name of [hash(late), hashOf(loan)])
      expect((await lending.server.getTransaction(name)).status).toBe('NOT_FOUND');
    expect(await lending.nativeBalance(lending.borrower(1))).toBe(payer);
  });
});

describe('a fee bump in the queue', () => {
  it('replaces the plain transaction at ten times its rate, and not below', async () => {
    const loan = await lending.loan(lending.borrower(0));
    await send(loan);
    expect(await refusal(bumped(loan, lending.borrower(1), '9999'))).toBe('txInsufficientFee');
    const bump = bumped(loan, lending.borrower(1), '10000');
    expect((await send(bump)).status).toBe('PENDING');
    expect((await send(bump)).status).toBe('DUPLICATE');
    expect((await send(loan)).status).toBe('TRY_AGAIN_LATER');
    await lending.network.closeLedgers();
    expect(await lending.landed(loan)).toMatchObject({ status: 'SUCCESS', feeBump: true });
  });

  it('of another sequence waits its turn', async () => {
    await send(await lending.loan(lending.borrower(0)));
    const other = await sequenceBump(lending.borrower(0), 1n);
    expect((await send(bumped(other, lending.borrower(1)))).status).toBe('TRY_AGAIN_LATER');
  });
});

describe('POST /fee-bumps', () => {
  it("refuses what is not a plain transaction, and returns the network's answer", async () => {
    expect(await bump({ envelope: 'AAAA' })).toEqual({
      status: 400,
      body: { detail: 'the envelope is not a transaction' },
    });
    const loan = await lending.loan(lending.borrower(0));
    expect(await bump({ envelope: bumped(loan, lending.borrower(1)).toXdr() })).toEqual({
      status: 400,
      body: { detail: 'the envelope is a fee bump already' },
    });
    const unsigned = await lending.server.prepareTransaction(
      await lending.draft(lending.borrower(0)),
    );
    expect(await bump({ envelope: unsigned.toXdr() })).toEqual({
      status: 400,
      body: { detail: 'the network answered ERROR txBadAuth for the transaction inside' },
    });
  });

  it('can leave the fee bump waiting', async () => {
    const loan = await lending.loan(lending.borrower(0));
    const { body } = await bump({ envelope: loan.toXdr(), close: false });
    expect(body['succeeded']).toBeNull();
    await lending.network.closeLedgers();
    expect((await lending.landed(loan)).status).toBe('SUCCESS');
  });
});
