import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Keypair, scValToNative } from '@stellar/stellar-sdk';
import { instanceKey, instanceOf } from '../../sandbox/network/ledger-entries.js';
import { LendingNetwork } from '../support/lending-network.js';
import { symbol } from '../../sandbox/contracts/scval.js';

/**
 * A pool of 10000 in the published contract's own units, and a stranger's loan of 1000 with a
 * guarantee of 200 (docs/stellar.md#pool-arithmetic).
 */
const LOAN = { total: 1_000n, guarantee: 200n };
let lending: LendingNetwork;
let pool: string;
beforeEach(async () => {
  lending = await LendingNetwork.start();
  ({ pool } = lending.network.control.deployPool({
    profile: 'stepfi',
    decimals: 0,
    deposit: 10_000n,
  }));
});
afterEach(async () => {
  await lending.stop();
});

const figures = (): Record<string, bigint> => {
  const { total, locked, tokenBalance } = lending.network.control.figures(pool);
  return {
    total: BigInt(total),
    locked: BigInt(locked),
    available: BigInt(total) - BigInt(locked),
    tokens: BigInt(tokenBalance),
  };
};
const borrow = (dueIn = 1_000): bigint => {
  const { loan } = lending.network.control.foreignLoan({ pool, ...LOAN, dueIn });
  if (loan === null) throw new Error('the loan did not land');
  return BigInt(loan);
};
/** Events of one contract of the pool since the pool was made, oldest first: name and data. */
async function events(contract: string, startLedger = 1): Promise<[unknown, unknown][]> {
  const reply = await lending.server.getEvents({
    startLedger,
    filters: [{ type: 'contract', contractIds: [contract] }],
    limit: 1000,
  });
  return reply.events.map((event) => [scValToNative(event.topic[0]!), scValToNative(event.value)]);
}
const ask = async (
  path: string,
  body: object,
): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await fetch(`${lending.network.controlUrl}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('a deposit', () => {
  it('of a new pool is a transaction with its event, so that the events explain every unit of the pool', async () => {
    expect(await events(pool)).toEqual([['LQDEPST', [10_000n, 10_000n]]]);
    expect(figures()).toEqual({ total: 10_000n, locked: 0n, available: 10_000n, tokens: 10_000n });
  });

  it("adds to it later, in the provider's name", async () => {
    const { body } = await ask('/deposits', { pool, amount: '500' });
    expect(body).toMatchObject({ succeeded: true, shares: '500' });
    expect(figures()).toMatchObject({ total: 10_500n, tokens: 10_500n });
  });
});

describe('a repayment', () => {
  it('in full leaves total 10042, locked -200, available 10242, all of it backed by tokens', async () => {
    const loan = borrow();
    expect(figures()).toEqual({ total: 10_000n, locked: 800n, available: 9_200n, tokens: 9_200n });
    const { body } = await ask('/repayments', { pool, loan: String(loan) });
    expect(body).toMatchObject({ succeeded: true, amount: '1050', remaining: '0' });
    expect(figures()).toEqual({
      total: 10_042n,
      locked: -200n,
      available: 10_242n,
      tokens: 10_242n,
    });
    expect((await events(pool)).slice(-2)).toEqual([
      ['LQREPAY', [1_000n, 50n]],
      ['LQINTDST', [50n, 42n, 5n, 3n]],
    ]);
    expect(lending.network.control.loans(pool)).toMatchObject([
      { loan: '1', status: 'Paid', remaining: '0' },
    ]);
  });

  it('in parts unlocks the principal first', () => {
    const loan = borrow();
    const { control } = lending.network;
    expect(control.actions.repay({ pool, loan, amount: 600n })).toMatchObject({
      succeeded: true,
      remaining: '450',
    });
    expect(figures()).toEqual({ total: 10_000n, locked: 200n, available: 9_800n, tokens: 9_800n });
    expect(control.actions.repay({ pool, loan, amount: 410n })).toMatchObject({ remaining: '40' });
    expect(figures()).toEqual({
      total: 10_008n,
      locked: -200n,
      available: 10_208n,
      tokens: 10_208n,
    });
  });

  it('of an instalment moves no tokens and does not call the pool', async () => {
    const loan = borrow();
    const before = figures();
    const { body } = await ask('/repayments', {
      pool,
      loan: Number(loan),
      installment: 0,
      amount: '1050',
    });
    expect(body).toMatchObject({ succeeded: true, remaining: '0' });
    expect(figures()).toEqual(before);
    expect(lending.network.control.loans(pool)).toMatchObject([{ status: 'Paid' }]);
    const { creditline } = lending.network.control.pool(pool);
    expect((await events(creditline)).at(-1)).toEqual([
      'INSTPAID',
      [0, 1_050n, 0n, BigInt(lending.closeTime)],
    ]);
  });

  it("is refused with the host's error when the loan is paid or does not exist", async () => {
    const loan = borrow();
    lending.network.control.actions.repay({ pool, loan });
    expect(await ask('/repayments', { pool, loan: String(loan) })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('Error(Contract, #7)') as unknown },
    });
    expect(await ask('/repayments', { pool, loan: '77' })).toMatchObject({
      status: 400,
      body: { detail: 'no such loan: 77' },
    });
  });
});

describe('a default', () => {
  it('leaves total 10200, locked 600, available 9600 and tokens 9400: 200 of it do not exist', async () => {
    const loan = borrow();
    expect(await ask('/defaults', { pool, loan: String(loan) })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('Error(Contract, #12)') as unknown },
    });
    lending.network.control.travel(2_000);
    expect((await ask('/defaults', { pool, loan: String(loan) })).body).toMatchObject({
      succeeded: true,
    });
    expect(figures()).toEqual({
      total: 10_200n,
      locked: 600n,
      available: 9_600n,
      tokens: 9_400n,
    });
    expect((await events(pool)).at(-1)).toEqual(['LQGUART', 200n]);
    const { creditline } = lending.network.control.pool(pool);
    expect((await events(creditline)).at(-1)).toEqual([
      'LOANDFLT',
      [1_000n, 1_050n, 200n, BigInt(lending.closeTime)],
    ]);
  });

  it('after a repayment took locked below zero makes the pool poorer, as published', () => {
    const [paid, lost] = [borrow(), borrow()];
    lending.network.control.actions.repay({ pool, loan: paid });
    expect(figures()).toMatchObject({ total: 10_042n, locked: 600n });
    lending.network.control.actions.repay({ pool, loan: lost, amount: 900n });
    expect(figures()).toMatchObject({ total: 10_042n, locked: -300n, tokens: 10_342n });
    lending.network.control.travel(2_000);
    expect(
      lending.network.control.actions.overdue({ pool, loan: lost, deed: 'mark_defaulted' })
        .succeeded,
    ).toBe(true);
    expect(figures()).toEqual({ total: 9_742n, locked: 0n, available: 9_742n, tokens: 10_542n });
  });

  it('charges late fees of whole days, half a per cent each, which the next repayment pays', () => {
    const loan = borrow(0);
    const { control } = lending.network;
    control.travel(2 * 86_400 + 100);
    expect(control.actions.overdue({ pool, loan, deed: 'apply_late_fees' }).succeeded).toBe(true);
    expect(control.loans(pool)).toMatchObject([{ remaining: '1060' }]);
    expect(figures()).toMatchObject({ total: 10_000n, locked: 800n });
    expect(control.actions.repay({ pool, loan })).toMatchObject({ amount: '1060', remaining: '0' });
    expect(figures()).toEqual({
      total: 10_051n,
      locked: -200n,
      available: 10_251n,
      tokens: 10_251n,
    });
  });
});

describe('a withdrawal', () => {
  it('pays what the shares are worth, and no more than what is not locked', async () => {
    borrow();
    expect((await ask('/withdrawals', { pool, shares: '9200' })).body).toMatchObject({
      succeeded: true,
      amount: '9200',
    });
    expect(figures()).toEqual({ total: 800n, locked: 800n, available: 0n, tokens: 0n });
    expect(await ask('/withdrawals', { pool, shares: '1' })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('Error(Contract, #6)') as unknown },
    });
  });

  it('of tokens that do not exist fails in the token, whatever available says', () => {
    const loan = borrow();
    lending.network.control.travel(2_000);
    lending.network.control.actions.overdue({ pool, loan, deed: 'mark_defaulted' });
    expect(figures()).toMatchObject({ available: 9_600n, tokens: 9_400n });
    expect(() => lending.network.control.actions.withdraw({ pool, shares: 9_300n })).toThrow(
      /Error\(Contract, #10\)/,
    );
  });
});

describe('interest by a stranger', () => {
  it('raises total by 85 % of any amount while tokens leave the pool', async () => {
    const { body } = await ask('/interest', { pool, amount: '1000' });
    expect(body).toMatchObject({ succeeded: true });
    expect(figures()).toEqual({ total: 10_850n, locked: 0n, available: 10_850n, tokens: 9_850n });
    expect((await events(pool)).at(-1)).toEqual(['LQINTDST', [1_000n, 850n, 100n, 50n]]);
    await ask('/interest', { pool, amount: '1000', via: 'accumulate_interest' });
    expect(figures()).toMatchObject({ total: 11_700n, tokens: 9_700n });
  });
});

describe("a transfer without the pool's functions", () => {
  it('adds or takes tokens and does not change total', async () => {
    await ask('/transfers', { pool, amount: '70' });
    expect(figures()).toMatchObject({ total: 10_000n, tokens: 10_070n });
    await ask('/transfers', { pool, amount: '500', direction: 'out' });
    expect(figures()).toMatchObject({ total: 10_000n, tokens: 9_570n });
    const { token } = lending.network.control.pool(pool);
    expect((await events(token)).slice(-2)).toEqual([
      ['transfer', 70n],
      ['clawback', 500n],
    ]);
  });
});

describe('an upgrade', () => {
  const hashOf = async (contract: string): Promise<string> => {
    const { entries } = await lending.server.getLedgerEntries(instanceKey(contract).key);
    const { executable } = instanceOf(entries[0]!.val);
    return executable.type === 'contractExecutableWasm'
      ? Buffer.from(executable.value.toBytes()).toString('hex')
      : '';
  };

  it("replaces the contract's wasm hash, emits an event, and the contract still works", async () => {
    const before = await hashOf(pool);
    const { body } = await ask('/upgrades', { pool });
    expect(await hashOf(pool)).toBe(body['wasmHash']);
    expect(body['wasmHash']).not.toBe(before);
    expect((await events(pool)).at(-1)).toEqual([
      'CONTRACTUPGRADED',
      [1, 2, BigInt(lending.closeTime)],
    ]);
    const ofType = async (type: 'system' | 'contract'): Promise<unknown[]> => {
      const found = await lending.server.getEvents({
        startLedger: 1,
        filters: [{ type, contractIds: [pool] }],
      });
      return found.events.map((event) => [event.type, scValToNative(event.topic[0]!)]);
    };
    expect(await ofType('system')).toEqual([['system', 'executable_update']]);
    expect(await ofType('contract')).toContainEqual(['contract', 'CONTRACTUPGRADED']);
    expect(await ofType('contract')).not.toContainEqual(
      expect.arrayContaining(['executable_update']),
    );
    expect(borrow()).toBe(1n);
    await ask('/upgrades', { pool, contract: 'creditline' });
    const { creditline } = lending.network.control.pool(pool);
    expect((await events(creditline)).at(-1)?.[0]).toBe('CONTRACTUPGRADED');
    expect(borrow()).toBe(2n);
  });
});

describe('actions that wait', () => {
  it('land together in the next ledger, each in its own transaction', async () => {
    const loan = borrow();
    const { control } = lending.network;
    const waiting = [
      control.actions.repay({ pool, loan, amount: 100n, close: false }),
      control.actions.withdraw({ pool, shares: 50n, close: false }),
    ];
    expect(waiting.map(({ succeeded }) => succeeded)).toEqual([null, null]);
    const { ledger } = await lending.network.closeLedgers();
    const found = await Promise.all(waiting.map(({ hash }) => lending.server.getTransaction(hash)));
    expect(found).toMatchObject([
      { status: 'SUCCESS', ledger },
      { status: 'SUCCESS', ledger },
    ]);
    expect(figures()).toEqual({ total: 9_950n, locked: 700n, available: 9_250n, tokens: 9_250n });
  });

  it('also work for a borrower whose loan the service built', async () => {
    const { borrowers } = lending.network.control.makeBorrowers({
      pool: lending.pool.pool,
      count: 1,
      tokens: 1_000_0000000n,
      score: 90,
    });
    const borrower = Keypair.fromSecret(borrowers[0]!.secret);
    await lending.send(await lending.loan(borrower, { total: 100_0000000n }));
    await lending.network.closeLedgers();
    expect(
      lending.network.control.actions.repay({ pool: lending.pool.pool, loan: 1n }),
    ).toMatchObject({
      borrower: borrower.publicKey(),
      amount: String(105_0000000n),
      remaining: '0',
    });
    const { events: found } = await lending.server.getEvents({
      startLedger: 1,
      filters: [{ type: 'contract', topics: [[symbol('LOANRPD').toXdr('base64'), '**']] }],
    });
    expect(found).toHaveLength(1);
  });
});
