import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Operation,
  TransactionBuilder,
  type Keypair,
  type Transaction,
} from '@stellar/stellar-sdk';
import { hashOf, LendingNetwork, outcome, sorobanData } from '../support/lending-network.js';
import { declaredResources, nonRefundableFee } from '../../sandbox/network/resource-fees.js';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start({}, { borrowers: 4 });
});
afterEach(async () => {
  await lending.stop();
});

async function bump(by: Keypair, to: bigint): Promise<Transaction> {
  const account = await lending.server.getAccount(by.publicKey());
  const transaction = new TransactionBuilder(account, {
    fee: '100',
    networkPassphrase: lending.network.passphrase,
    timebounds: { minTime: 0, maxTime: 0 },
  })
    .addOperation(Operation.bumpSequence({ bumpTo: String(to) }))
    .build();
  return lending.signed(transaction, by);
}

const errorOf = async (transaction: Transaction): Promise<string | undefined> =>
  (await lending.send(transaction)).errorResult?.result.type;

describe('time', () => {
  it('lets a transaction land in the ledger whose close time is its maxTime', async () => {
    const maxTime = lending.closeTime + 20;
    const loan = await lending.loan(lending.borrower(0), { maxTime });
    await lending.send(loan);
    lending.clock = maxTime;
    expect((await lending.network.closeLedgers()).closeTime).toBe(maxTime);
    expect(outcome(await lending.landed(loan))).toBe('txSuccess/invokeHostFunctionSuccess');
  });

  it('drops it for good in a ledger that closes one second later, without consuming anything', async () => {
    const borrower = lending.borrower(0);
    const before = await lending.sequence(borrower);
    const maxTime = lending.closeTime + 20;
    const loan = await lending.loan(borrower, { maxTime });
    await lending.send(loan);
    lending.clock = maxTime + 1;
    await lending.network.closeLedgers();
    expect((await lending.landed(loan)).status).toBe('NOT_FOUND');
    expect(await lending.sequence(borrower)).toBe(before);
    expect((await lending.send(loan)).status).toBe('TRY_AGAIN_LATER'); // banned
  });

  it('refuses on submission what could only land within two closes', async () => {
    const loan = await lending.loan(lending.borrower(0), { maxTime: lending.closeTime + 1 });
    expect(await errorOf(loan)).toBe('txTooLate');
    const inTime = await lending.loan(lending.borrower(0), { maxTime: lending.closeTime + 2 });
    expect((await lending.send(inTime)).status).toBe('PENDING');
  });

  it('keeps close times strictly increasing, also when the wall clock stands still', async () => {
    const first = lending.closeTime;
    expect((await lending.network.closeLedgers(3)).closeTime).toBe(first + 3);
    expect(lending.network.control.travel(1000).closeTime).toBe(lending.clock + 1000);
  });
});

describe('sequence and fee', () => {
  it('consumes both when the contract call fails', async () => {
    const [first, second] = [lending.borrower(0), lending.borrower(1)];
    const [landing, trapping] = [await lending.loan(first), await lending.loan(second)];
    const [sequence, balance] = [
      await lending.sequence(second),
      await lending.nativeBalance(second),
    ];
    await lending.send(landing);
    await lending.send(trapping);
    await lending.network.closeLedgers();
    expect(outcome(await lending.landed(landing))).toBe('txSuccess/invokeHostFunctionSuccess');
    expect(outcome(await lending.landed(trapping))).toBe('txFailed/invokeHostFunctionTrapped');
    expect(await lending.sequence(second)).toBe(sequence + 1n);
    const kept = nonRefundableFee(
      declaredResources(sorobanData(trapping), Buffer.byteLength(trapping.toXdr(), 'base64')),
    );
    expect(kept).toBeLessThan(sorobanData(trapping).resourceFee / 10n);
    // the amount for rent and events is refunded
    expect(balance - (await lending.nativeBalance(second))).toBe(kept + 100n);
    expect(await errorOf(trapping)).toBe('txBadSeq');
  });

  it('takes one transaction of a source: a second must try again, a lower sequence is refused', async () => {
    const borrower = lending.borrower(0);
    const [loan, other] = [
      await lending.loan(borrower),
      await lending.loan(borrower, { total: 500n * 10_000_000n }),
    ];
    expect((await lending.send(loan)).status).toBe('PENDING');
    expect((await lending.send(other)).status).toBe('TRY_AGAIN_LATER');
    await lending.network.closeLedgers();
    expect(await errorOf(other)).toBe('txBadSeq');
  });

  it('a bumped sequence kills every envelope below it', async () => {
    const borrower = lending.borrower(0);
    const loan = await lending.loan(borrower);
    const to = (await lending.sequence(borrower)) + 10n;
    await lending.send(await bump(borrower, to));
    await lending.network.closeLedgers();
    expect(await lending.sequence(borrower)).toBe(to);
    expect(await errorOf(loan)).toBe('txBadSeq');
  });
});

describe('signatures', () => {
  it('refuses a missing, a wrong and a superfluous signature, each by its own code', async () => {
    const [owner, stranger] = [lending.borrower(0), lending.borrower(1)];
    const unsigned = await lending.server.prepareTransaction(await lending.draft(owner));
    expect(await errorOf(unsigned)).toBe('txBadAuth');
    unsigned.sign(stranger);
    expect(await errorOf(unsigned)).toBe('txBadAuth');
    unsigned.sign(owner);
    expect(await errorOf(unsigned)).toBe('txBadAuthExtra');
  });
});

describe('the queue', () => {
  it('drops a transaction that did not fit for four ledgers, and bans it for ten', async () => {
    await lending.stop();
    lending = await LendingNetwork.start({ ledgerLimits: { writeEntries: 1 } });
    const loan = await lending.loan(lending.borrower(0), { maxTime: lending.closeTime + 100 });
    await lending.send(loan);
    await lending.network.closeLedgers(3);
    expect((await lending.send(loan)).status).toBe('DUPLICATE');
    await lending.network.closeLedgers(1);
    expect((await lending.send(loan)).status).toBe('TRY_AGAIN_LATER');
    await lending.network.closeLedgers(9);
    expect((await lending.send(loan)).status).toBe('TRY_AGAIN_LATER');
    await lending.network.closeLedgers(1);
    expect((await lending.send(loan)).status).toBe('PENDING');
  });

  it('leaves to the next ledger what exceeds the written entries of this one', async () => {
    await lending.stop();
    lending = await LendingNetwork.start({ ledgerLimits: { writeEntries: 25 } });
    const loans = await Promise.all(
      [0, 1].map((index) =>
        lending.redeclared(lending.borrower(index), (data) => {
          data.appendFootprint(
            [],
            [2n, 3n].map((id) => lending.loanKey(id)),
          );
        }),
      ),
    );
    // 12 declared writes each
    for (const loan of loans) expect((await lending.send(loan)).status).toBe('PENDING');
    const { ledger } = await lending.network.closeLedgers();
    const places = await Promise.all(
      loans.map((loan) => lending.server.getTransaction(hashOf(loan))),
    );
    expect(places.map((place) => ('ledger' in place ? place.ledger : null))).toEqual([
      ledger,
      ledger,
    ]);

    await lending.stop();
    lending = await LendingNetwork.start({ ledgerLimits: { writeEntries: 23 } });
    const crowded = await Promise.all(
      [0, 1].map((index) =>
        lending.redeclared(lending.borrower(index), (data) => {
          data.appendFootprint(
            [],
            [2n, 3n].map((id) => lending.loanKey(id)),
          );
        }),
      ),
    );
    for (const loan of crowded) await lending.send(loan);
    const last = await lending.network.closeLedgers(2);
    const spread = await Promise.all(
      crowded.map((loan) => lending.server.getTransaction(hashOf(loan))),
    );
    // with equal bids the lower hash goes first, which is chance
    expect(
      spread.map((place) => ('ledger' in place ? place.ledger : 0)).sort((a, b) => a - b),
    ).toEqual([last.ledger - 1, last.ledger]);
    expect(spread.map(outcome)).toEqual([
      'txSuccess/invokeHostFunctionSuccess',
      'txSuccess/invokeHostFunctionSuccess',
    ]);
  });
});
