import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Operation,
  TransactionBuilder,
  type FeeBumpTransaction,
  Keypair,
  type Transaction,
} from '@stellar/stellar-sdk';
import { charge, LendingNetwork, outcome, sorobanData } from '../support/lending-network.js';

const RATE = 5_000n;
const LANDED = 'txSuccess/invokeHostFunctionSuccess';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start({}, { borrowers: 4 });
});
afterEach(async () => {
  await lending.stop();
});

async function control(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${lending.network.controlUrl}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  return response.json();
}
const surge = (body: object = {}): Promise<unknown> =>
  control('POST', '/surges', { rate: String(RATE), ...body });
/** A loan with that bid, in stroops, beyond the resource fee. */
async function bidding(by: Keypair, bid: bigint): Promise<Transaction> {
  const loan = await lending.loan(by, { maxTime: lending.closeTime + 900 });
  const raised = TransactionBuilder.cloneFrom(loan, {
    fee: String(bid),
    networkPassphrase: lending.network.passphrase,
    sorobanData: sorobanData(loan),
  }).build();
  return lending.signed(raised, by);
}
async function classic(by: Keypair, fee: string): Promise<Transaction> {
  const account = await lending.server.getAccount(by.publicKey());
  const transaction = new TransactionBuilder(account, {
    fee,
    networkPassphrase: lending.network.passphrase,
    timebounds: { minTime: 0, maxTime: 0 },
  })
    .addOperation(Operation.bumpSequence({ bumpTo: '0' }))
    .build();
  return lending.signed(transaction, by);
}
function bumped(inner: Transaction, by: Keypair, baseFee: bigint): FeeBumpTransaction {
  const { passphrase } = lending.network;
  const bump = TransactionBuilder.buildFeeBumpTransaction(by, String(baseFee), inner, passphrase);
  bump.sign(by);
  return bump;
}
const statusOf = async (loan: Transaction): Promise<string> => outcome(await lending.landed(loan));
const paid = async (loan: Transaction): Promise<bigint> => {
  const { total, kept, refundable } = charge(await lending.landed(loan));
  return total - kept - refundable;
};

describe('a surge', () => {
  it('leaves lower bids waiting, and includes those at the rate for the rate', async () => {
    await surge();
    const [low, equal, high] = await Promise.all([
      bidding(lending.borrower(0), RATE - 1n),
      bidding(lending.borrower(1), RATE),
      bidding(lending.borrower(2), 10n * RATE),
    ]);
    for (const loan of [low, equal, high])
      expect((await lending.send(loan)).status).toBe('PENDING');
    await lending.network.closeLedgers();
    expect(await statusOf(low)).toBe('NOT_FOUND');
    // one borrower's loan moves the counter, so the other's traps; both paid for their place
    expect([await statusOf(equal), await statusOf(high)]).toContain(LANDED);
    expect([await paid(equal), await paid(high)]).toEqual([RATE, RATE]);
    expect((await lending.send(low)).status).toBe('DUPLICATE');
  });

  it('drops a low bid after four ledgers and bans it for ten', async () => {
    await surge();
    const loan = await bidding(lending.borrower(0), RATE - 1n);
    await lending.send(loan);
    await lending.network.closeLedgers(4);
    expect((await lending.send(loan)).status).toBe('TRY_AGAIN_LATER');
    await control('DELETE', '/surges');
    await lending.network.closeLedgers(9);
    expect((await lending.send(loan)).status).toBe('PENDING');
    await lending.network.closeLedgers();
    expect(await statusOf(loan)).toBe(LANDED);
    expect(await paid(loan)).toBe(100n);
  });

  it('that ends in time lets what waits land', async () => {
    await surge();
    const loan = await bidding(lending.borrower(0), RATE - 1n);
    await lending.send(loan);
    await lending.network.closeLedgers(2);
    await control('DELETE', '/surges');
    expect(await statusOf(loan)).toBe(LANDED);
  });

  it('is passed by a fee bump with a higher bid', async () => {
    await surge();
    const loan = await bidding(lending.borrower(0), 1_000n);
    await lending.send(loan);
    const tooLow = await lending.server.sendTransaction(
      bumped(loan, lending.borrower(1), RATE - 1n),
    );
    expect(tooLow.errorResult?.result.type).toBe('txInsufficientFee'); // ten times the rate inside
    const bump = bumped(loan, lending.borrower(1), 2n * RATE);
    expect((await lending.server.sendTransaction(bump)).status).toBe('PENDING');
    await lending.network.closeLedgers();
    expect((await lending.landed(loan)).status).toBe('SUCCESS');
    expect(await paid(loan)).toBe(2n * RATE); // a fee bump counts as one operation more
  });

  it('is of contract calls, unless it is of classic transactions too', async () => {
    await surge();
    const cheap = await classic(lending.borrower(0), '100');
    await lending.send(cheap);
    await lending.network.closeLedgers();
    expect((await lending.landed(cheap)).status).toBe('SUCCESS');
    await surge({ phases: ['soroban', 'classic'] });
    const waiting = await classic(lending.borrower(1), '100');
    await lending.send(waiting);
    await lending.network.closeLedgers();
    expect((await lending.landed(waiting)).status).toBe('NOT_FOUND');
    const funded = await fetch(
      `${lending.network.rpcUrl}/friendbot?addr=${Keypair.random().publicKey()}`,
    );
    expect(funded.status).toBe(200);
  });

  it('does not keep the control port from acting for others', async () => {
    await surge();
    lending.network.control.foreignLoan({ pool: lending.pool.pool, total: 100n, guarantee: 20n });
    expect(lending.network.control.figures(lending.pool.pool).loanCounter).toBe('1');
  });
});

describe('a full queue', () => {
  it('refuses a low bid with the fee that it would take, and bans it', async () => {
    await surge({ queueFull: true });
    const loan = await bidding(lending.borrower(0), RATE - 1n);
    const { status, errorResult } = await lending.send(loan);
    expect([status, errorResult?.result.type]).toEqual(['ERROR', 'txInsufficientFee']);
    expect(errorResult?.feeCharged).toBe(sorobanData(loan).resourceFee + RATE);
    expect((await lending.send(loan)).status).toBe('TRY_AGAIN_LATER');
    const bump = bumped(loan, lending.borrower(1), RATE);
    expect((await lending.server.sendTransaction(bump)).status).toBe('PENDING');
    await lending.network.closeLedgers();
    expect((await lending.landed(loan)).status).toBe('SUCCESS');
  });
});

describe('getFeeStats', () => {
  const stats = (): ReturnType<LendingNetwork['server']['getFeeStats']> =>
    lending.server.getFeeStats();

  it('has what landed in the last fifty ledgers, and only zeros when nothing did', async () => {
    await lending.network.closeLedgers(60);
    expect((await stats()).sorobanInclusionFee).toMatchObject({
      p50: '0',
      transactionCount: '0',
      ledgerCount: 0,
    });
    await lending.land([await bidding(lending.borrower(0), 700n)]);
    expect(await stats()).toMatchObject({
      // nobody competed, so the least was charged
      sorobanInclusionFee: { max: '100', p99: '100', transactionCount: '1', ledgerCount: 50 },
      inclusionFee: { transactionCount: '0' },
      latestLedger: lending.network.control.head().ledger,
    });
    await lending.land([await classic(lending.borrower(1), '100')]);
    expect((await stats()).inclusionFee).toMatchObject({ transactionCount: '1', ledgerCount: 10 });
  });

  it('shows the rate of a surge from its first ledger on, and forgets it after fifty', async () => {
    await lending.land([await lending.loan(lending.borrower(0))]);
    await surge();
    const { sorobanInclusionFee, inclusionFee } = await stats();
    expect(sorobanInclusionFee).toMatchObject({
      max: '5000',
      min: '100',
      mode: '5000',
      p10: '5000',
      p99: '5000',
    });
    expect(inclusionFee.max).not.toBe('5000');
    await control('DELETE', '/surges');
    await lending.network.closeLedgers(48);
    expect((await stats()).sorobanInclusionFee).toMatchObject({ p50: '5000' });
    await lending.network.closeLedgers(1);
    expect((await stats()).sorobanInclusionFee).toMatchObject({ p50: '0' });
  });

  it('has the bids of a ledger without room: all pay the lowest that found a place', async () => {
    await lending.stop();
    lending = await LendingNetwork.start({ ledgerLimits: { writeEntries: 20 } }, { borrowers: 4 });
    const loans = await Promise.all([
      bidding(lending.borrower(0), 900n),
      bidding(lending.borrower(1), 300n),
      bidding(lending.borrower(2), 500n),
    ]);
    for (const loan of loans) await lending.send(loan);
    await lending.network.closeLedgers();
    const places = await Promise.all(loans.map(statusOf));
    expect(places[1]).toBe('NOT_FOUND');
    expect(places).toContain(LANDED);
    expect((await stats()).sorobanInclusionFee.max).toBe('500');
  });

  it('is remembered by a network that was started again', async () => {
    await lending.stop();
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-surge-'));
    try {
      lending = await LendingNetwork.start({ folder });
      await surge({ queueFull: true });
      const before = await stats();
      await lending.stop();
      await lending.open({ folder });
      expect(await stats()).toEqual(before);
      expect(lending.network.control.conditions.current().surge).toMatchObject({ queueFull: true });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('POST /surges', () => {
  it('refuses what is no rate', async () => {
    expect(await control('POST', '/surges', { rate: '99' })).toEqual({
      detail: expect.stringContaining('at least 100 stroops') as unknown,
    });
  });
});
