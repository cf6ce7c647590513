import { beforeEach, describe, expect, it } from '@jest/globals';
import type { xdr } from '@stellar/stellar-sdk';
import { type Loan, loanRecord } from './creditline-loan.js';
import { scoreChange } from './deploy.js';
import {
  ADMIN,
  ALICE,
  BOB,
  IDS,
  LendingWorld,
  PROVIDER,
  SHOP,
} from '../../test/support/lending-world.js';
import { InvocationFailure } from '../../test/support/memory-host.js';
import { parametersKey } from './parameters.contract.js';
import { DEFAULT_PARAMETERS, protocolParameters } from './protocol-parameters.js';
import { address, bool, i128, symbol, u32, u64, vec } from './scval.js';

const DAY = 86_400n;
const DUE = 11_000n;
/**
 * Pool 10000, Alice owes 1050 for 1000 with a guarantee of 200 (docs/stellar.md#pool-arithmetic).
 */
let world: LendingWorld;
beforeEach(() => {
  world = LendingWorld.ready();
  world.createLoan();
});

const id = u64.encode(1n);
const call = (source: string, fn: string, ...args: xdr.ScVal[]): xdr.ScVal =>
  world.call(source, 'creditline', { fn, args });
const refused = (source: string, fn: string, ...args: xdr.ScVal[]): string =>
  world.failure(source, 'creditline', { fn, args });
const repay = (amount: bigint): bigint =>
  i128.decode(call(ALICE, 'repay_loan', address.encode(ALICE), id, i128.encode(amount)));
const instalment = (index: number, amount: bigint): readonly xdr.ScVal[] => [
  address.encode(ALICE),
  id,
  u32.encode(index),
  i128.encode(amount),
];
const loan = (): Loan => loanRecord.decode(call(BOB, 'get_loan', id));
const debt = (): bigint => i128.decode(call(BOB, 'get_user_active_debt', address.encode(ALICE)));
const score = (): number =>
  u32.decode(world.call(BOB, 'reputation', { fn: 'get_score', args: [address.encode(ALICE)] }));
const lastEvent = (name: string): readonly xdr.ScVal[] | undefined => {
  const found = world.network.events.findLast(
    (event) => event.topics[0]?.type === 'scvSymbol' && event.topics[0].value.toString() === name,
  );
  return found && [...found.topics.slice(1), found.data];
};

describe('repay_loan', () => {
  it('in full: total 10042, locked -200, available 10242, as many tokens; guarantee back, debt gone', () => {
    const before = world.balance(ALICE);
    expect(repay(1_050n)).toBe(0n);
    expect(world.stats()).toMatchObject({
      total_liquidity: 10_042n,
      locked_liquidity: -200n,
      available_liquidity: 10_242n,
    });
    expect([
      world.balance(IDS.pool),
      world.balance(IDS.creditline),
      world.balance(ALICE) - before,
    ]).toEqual([10_242n, 0n, -850n]);
    expect(loan()).toMatchObject({
      status: 'Paid',
      remaining_balance: 0n,
      principal_outstanding: 0n,
      interest_outstanding: 0n,
      service_fee_outstanding: 0n,
    });
    expect(debt()).toBe(0n);
    expect(lastEvent('LOANRPD')).toEqual([
      address.encode(ALICE),
      id,
      vec([i128.encode(1_050n), i128.encode(0n), bool.encode(true), u64.encode(1_000n)]),
    ]);
    expect(lastEvent('LQREPAY')).toEqual([
      address.encode(IDS.creditline),
      vec([i128.encode(1_000n), i128.encode(50n)]),
    ]);
  });

  it('pays principal first, then interest, then the service fee', () => {
    expect(repay(700n)).toBe(350n);
    expect(loan()).toMatchObject({
      status: 'Active',
      principal_outstanding: 300n,
      interest_outstanding: 40n,
      service_fee_outstanding: 10n,
    });
    expect(repay(330n)).toBe(20n);
    expect(loan()).toMatchObject({
      principal_outstanding: 0n,
      interest_outstanding: 10n,
      service_fee_outstanding: 10n,
    });
    expect(world.stats()).toMatchObject({
      total_liquidity: 10_000n + 25n,
      locked_liquidity: -200n,
    });
    expect(repay(15n)).toBe(5n);
    expect(loan()).toMatchObject({ interest_outstanding: 0n, service_fee_outstanding: 5n });
    expect(world.balance(IDS.creditline)).toBe(200n);
  });

  it('raises the score by 15 before the due date, by 10 after, and not above 100', () => {
    world.network.apply(scoreChange(IDS, ALICE, 60));
    repay(1_050n);
    expect(score()).toBe(75);
    const late = LendingWorld.ready();
    late.createLoan();
    late.network.apply(scoreChange(IDS, ALICE, 60));
    late.network.timestamp = DUE;
    late.call(ALICE, 'creditline', {
      fn: 'repay_loan',
      args: [address.encode(ALICE), id, i128.encode(1_050n)],
    });
    expect(
      u32.decode(late.call(BOB, 'reputation', { fn: 'get_score', args: [address.encode(ALICE)] })),
    ).toBe(70);
    const best = LendingWorld.ready();
    best.createLoan();
    best.call(ALICE, 'creditline', {
      fn: 'repay_loan',
      args: [address.encode(ALICE), id, i128.encode(1_050n)],
    });
    expect(
      u32.decode(best.call(BOB, 'reputation', { fn: 'get_score', args: [address.encode(ALICE)] })),
    ).toBe(100);
  });

  it('is refused in the published order: signature, loan, borrower, status, amount', () => {
    const args = (who: string, loanId: bigint, amount: bigint): xdr.ScVal[] => [
      address.encode(who),
      u64.encode(loanId),
      i128.encode(amount),
    ];
    expect(refused(BOB, 'repay_loan', ...args(ALICE, 1n, 1n))).toBe('creditline trap');
    expect(refused(BOB, 'repay_loan', ...args(BOB, 9n, 1n))).toBe('creditline #6');
    expect(refused(BOB, 'repay_loan', ...args(BOB, 1n, 1n))).toBe('creditline #14');
    for (const amount of [0n, -1n, 1_051n])
      expect(refused(ALICE, 'repay_loan', ...args(ALICE, 1n, amount))).toBe('creditline #13');
    repay(1_050n);
    expect(refused(ALICE, 'repay_loan', ...args(ALICE, 1n, 1n))).toBe('creditline #7');
  });

  it('lets the pool, and no other contract, pull exactly this payment', () => {
    const pull = {
      fn: 'transfer',
      args: [address.encode(IDS.creditline), address.encode(BOB), i128.encode(1n)],
    };
    repay(100n);
    expect(() => world.call(BOB, 'token', pull)).toThrow(InvocationFailure);
    expect(world.balance(IDS.creditline)).toBe(200n);
  });
});

describe('repay_installment', () => {
  it('lowers balance and debt but moves no tokens and leaves the pool as it was', () => {
    const before = [
      world.balance(ALICE),
      world.balance(IDS.pool),
      world.balance(IDS.creditline),
      world.stats(),
    ];
    expect(i128.decode(call(ALICE, 'repay_installment', ...instalment(0, 300n)))).toBe(750n);
    expect([
      world.balance(ALICE),
      world.balance(IDS.pool),
      world.balance(IDS.creditline),
      world.stats(),
    ]).toEqual(before);
    expect(loan()).toMatchObject({
      remaining_balance: 750n,
      principal_outstanding: 1_000n,
      status: 'Active',
      repayment_schedule: [{ paid: true, paid_at: 1_000n }],
    });
    expect(debt()).toBe(750n);
    expect(lastEvent('INSTPAID')).toEqual([
      id,
      vec([u32.encode(0), i128.encode(300n), i128.encode(750n), u64.encode(1_000n)]),
    ]);
  });

  it('is refused twice, for a row that is not there, and for too much', () => {
    expect(refused(ALICE, 'repay_installment', ...instalment(1, 1n))).toBe('creditline #23');
    expect(refused(ALICE, 'repay_installment', ...instalment(0, 1_051n))).toBe('creditline #13');
    call(ALICE, 'repay_installment', ...instalment(0, 1_050n));
    expect(loan().status).toBe('Paid');
    expect(refused(ALICE, 'repay_installment', ...instalment(0, 1n))).toBe('creditline #7');
    world.createLoan();
    const second = [address.encode(ALICE), u64.encode(2n), u32.encode(0), i128.encode(1n)];
    call(ALICE, 'repay_installment', ...second);
    expect(refused(ALICE, 'repay_installment', ...second)).toBe('creditline #24');
  });
});

describe('mark_defaulted', () => {
  it('by any account, after the due date: total 10200, locked 600, available 9600 with 9400 tokens', () => {
    expect(refused(BOB, 'mark_defaulted', id)).toBe('creditline #12');
    world.network.timestamp = DUE;
    expect(refused(BOB, 'mark_defaulted', id)).toBe('creditline #12');
    world.network.timestamp = DUE + 1n;
    call(BOB, 'mark_defaulted', id);
    expect(world.stats()).toMatchObject({
      total_liquidity: 10_200n,
      locked_liquidity: 600n,
      available_liquidity: 9_600n,
    });
    expect([world.balance(IDS.pool), world.balance(IDS.creditline)]).toEqual([9_400n, 0n]);
    expect(loan()).toMatchObject({ status: 'Defaulted', remaining_balance: 1_050n });
    expect([debt(), score()]).toEqual([0n, 80]);
    expect(lastEvent('LOANDFLT')).toEqual([
      address.encode(ALICE),
      id,
      vec([i128.encode(1_000n), i128.encode(1_050n), i128.encode(200n), u64.encode(DUE + 1n)]),
    ]);
    expect(lastEvent('LQGUART')).toEqual([address.encode(IDS.creditline), i128.encode(200n)]);
    expect(refused(BOB, 'mark_defaulted', id)).toBe('creditline #7');
  });

  it('costs a large loan 30 points, and a score too low for it stays', () => {
    world.createLoan({ user: BOB, total: 6_000n, guarantee: 1_200n });
    world.network.apply(scoreChange(IDS, ALICE, 19));
    world.network.timestamp = DUE + 1n;
    call(SHOP, 'mark_defaulted', id);
    call(SHOP, 'mark_defaulted', u64.encode(2n));
    expect(score()).toBe(19);
    expect(
      u32.decode(world.call(BOB, 'reputation', { fn: 'get_score', args: [address.encode(BOB)] })),
    ).toBe(70);
  });

  it('waits for the end of grace; the warning is only for that time', () => {
    const params = protocolParameters.encode({ ...DEFAULT_PARAMETERS, grace_period_seconds: 500n });
    world.network.write({
      contract: IDS.parameters,
      durability: 'instance',
      key: parametersKey.params,
      value: params,
    });
    expect(refused(BOB, 'warn_grace_period', id)).toBe('creditline #12');
    world.network.timestamp = DUE + 500n;
    call(BOB, 'warn_grace_period', id);
    expect(lastEvent('LOANGRC')).toEqual([
      address.encode(ALICE),
      id,
      vec([i128.encode(1_050n), u64.encode(DUE + 500n), u64.encode(DUE + 500n)]),
    ]);
    expect(refused(BOB, 'mark_defaulted', id)).toBe('creditline #22');
    world.network.timestamp = DUE + 501n;
    expect(refused(BOB, 'warn_grace_period', id)).toBe('creditline #12');
    call(BOB, 'mark_defaulted', id);
    expect(loan().status).toBe('Defaulted');
  });

  it('can never reach a loan without a schedule', () => {
    const args = [
      address.encode(ALICE),
      address.encode(SHOP),
      i128.encode(100n),
      i128.encode(20n),
      vec([]),
      vec([symbol('Standard')]),
    ];
    call(ALICE, 'create_loan', ...args);
    world.network.timestamp = DUE * 1_000n;
    expect(refused(PROVIDER, 'mark_defaulted', u64.encode(2n))).toBe('creditline #10');
  });
});

describe('late fees', () => {
  it('are half a per cent of the balance per whole day, and what is left of a day is not lost', () => {
    world.network.timestamp = DUE + DAY - 1n;
    call(BOB, 'apply_late_fees', id);
    expect(loan()).toMatchObject({ remaining_balance: 1_050n, late_fee_accrual_timestamp: 0n });
    world.network.timestamp = DUE + 2n * DAY + 5n;
    call(BOB, 'apply_late_fees', id);
    expect(loan()).toMatchObject({
      remaining_balance: 1_060n,
      late_fees_outstanding: 10n,
      late_fee_accrual_timestamp: DUE + 2n * DAY,
    });
    expect(lastEvent('LOANLTFE')).toEqual([
      address.encode(ALICE),
      id,
      vec([i128.encode(10n), i128.encode(1_060n), u64.encode(DUE + 2n * DAY + 5n)]),
    ]);
    world.network.timestamp = DUE + 3n * DAY;
    call(BOB, 'apply_late_fees', id);
    expect(loan()).toMatchObject({ remaining_balance: 1_065n, late_fees_outstanding: 15n });
    expect(debt()).toBe(1_065n);
  });

  it('are charged before a repayment is checked, and paid last', () => {
    world.network.timestamp = DUE + DAY;
    expect(refused(ALICE, 'repay_loan', address.encode(ALICE), id, i128.encode(1_056n))).toBe(
      'creditline #13',
    );
    expect(repay(1_051n)).toBe(4n);
    expect(loan()).toMatchObject({
      principal_outstanding: 0n,
      interest_outstanding: 0n,
      service_fee_outstanding: 0n,
      late_fees_outstanding: 4n,
    });
    expect(lastEvent('LQREPAY')).toEqual([
      address.encode(IDS.creditline),
      vec([i128.encode(1_000n), i128.encode(51n)]),
    ]);
  });

  it('are owed no more once the loan is over', () => {
    repay(1_050n);
    world.network.timestamp = DUE + 9n * DAY;
    expect(refused(ADMIN, 'apply_late_fees', id)).toBe('creditline #7');
  });
});
