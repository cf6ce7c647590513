import { beforeEach, describe, expect, it } from '@jest/globals';
import type { xdr } from '@stellar/stellar-sdk';
import { loanRecord, plainSchedule, repaymentSchedule } from './creditline.loan.js';
import { balanceChange } from './deploy.js';
import { ADMIN, ALICE, BOB, IDS, LendingWorld, PROVIDER, SHOP } from './lending-world.spec-support.js';
import { contractCode } from './registry.js';
import { address, bool, i128, mapGet, symbol, u64, vec, voidValue } from './scval.js';

let world: LendingWorld;
beforeEach(() => { world = LendingWorld.ready('trustup', 0); });

const SCHEDULE = [{ amount: 1_000n, due_date: 11_000n, paid: false, paid_at: 0n }];
const args = (total = 1_000n, guarantee = 200n): xdr.ScVal[] => [address.encode(ALICE), address.encode(SHOP), i128.encode(total), i128.encode(guarantee), plainSchedule.encode(SCHEDULE)];
const borrow = (total?: bigint, guarantee?: bigint): bigint => u64.decode(world.call(ALICE, 'creditline', { fn: 'create_loan', args: args(total, guarantee) }));
const pool = (source: string, fn: string, ...values: xdr.ScVal[]): xdr.ScVal => world.call(source, 'pool', { fn, args: values });
const refused = (source: string, fn: string, ...values: xdr.ScVal[]): string => world.failure(source, 'pool', { fn, args: values });
const stored = (id: bigint): xdr.ScVal => world.call(BOB, 'creditline', { fn: 'get_loan', args: [u64.encode(id)] });
const status = (id: bigint): unknown => mapGet(stored(id), symbol('status'));
const creditline = address.encode(IDS.creditline);

describe('a loan of the fork', () => {
  it('takes five arguments, names a merchant, has no type, and its instalments do not say what is paid', () => {
    expect(borrow()).toBe(1n);
    const names = (value: xdr.ScVal): unknown[] => (value.type === 'scvMap' ? (value.value ?? []).map(({ key }) => key.type === 'scvSymbol' && String(key.value)) : []);
    expect(names(stored(1n))).toEqual(expect.arrayContaining(['merchant', 'repayment_schedule', 'status']));
    expect(names(stored(1n)).filter((name) => name === 'vendor' || name === 'loan_type')).toEqual([]);
    expect(mapGet(stored(1n), symbol('repayment_schedule'))).toEqual(plainSchedule.encode(SCHEDULE));
    expect(loanRecord.decode(stored(1n))).toMatchObject({ vendor: SHOP, loan_type: null, status: 'Active', remaining_balance: 1_050n });
    expect(loanRecord.encode(loanRecord.decode(stored(1n)))).toEqual(stored(1n));
    expect(world.network.events.at(-1)).toEqual({ contract: IDS.creditline, topics: [symbol('LOANCRTD'), address.encode(ALICE), address.encode(SHOP)], data: vec([u64.encode(1n), i128.encode(1_000n), i128.encode(200n), plainSchedule.encode(SCHEDULE)]) });
  });

  it('traps on the six arguments of the other fork, and on its instalments', () => {
    expect(world.refusal()).toBe('creditline trap');
    expect(world.failure(ALICE, 'creditline', { fn: 'create_loan', args: [...args().slice(0, 4), repaymentSchedule.encode(SCHEDULE)] })).toBe('creditline trap');
  });

  it('has the same limits in raw units', () => {
    expect(world.failure(ALICE, 'creditline', { fn: 'create_loan', args: args(9_525n, 2_000n) })).toBe('creditline #18');
    expect(borrow(9_524n, 2_000n)).toBe(1n);
  });

  it('is Repaid in the end, and says one event more', () => {
    borrow();
    world.call(ALICE, 'creditline', { fn: 'repay_loan', args: [address.encode(ALICE), u64.encode(1n), i128.encode(1_050n)] });
    expect(status(1n)).toEqual(vec([symbol('Repaid')]));
    expect(loanRecord.decode(stored(1n)).status).toBe('Paid');
    expect(world.network.events.at(-1)?.topics[0]).toEqual(symbol('REPUPD'));
    expect(world.stats()).toMatchObject({ locked_liquidity: -200n });
  });

  it.each(['repay_installment', 'set_vendor_registry', 'upgrade'])('knows no %s', (fn) => {
    expect(Object.keys(contractCode('trustup', 0).get('creditline')?.functions ?? {})).not.toContain(fn);
    expect(Object.keys(contractCode('stepfi', 0).get('creditline')?.functions ?? {})).toContain(fn);
  });

  it('has a version in words', () => {
    expect(world.call(BOB, 'creditline', { fn: 'get_version', args: [] })).toEqual(symbol('v1_0_0'));
  });
});

describe('the pool of the fork', () => {
  it('takes of a guarantee what can be recovered, moves and tells that much', () => {
    world.network.apply(balanceChange(IDS, IDS.creditline, 1_000n));
    pool(IDS.creditline, 'fund_loan', creditline, address.encode(SHOP), i128.encode(50n));
    pool(IDS.creditline, 'receive_guarantee', creditline, i128.encode(200n));
    expect(world.stats()).toMatchObject({ total_liquidity: 10_050n, locked_liquidity: 0n });
    expect([world.balance(IDS.pool), world.balance(IDS.creditline)]).toEqual([10_000n, 950n]);
    expect(world.network.events.at(-1)).toEqual({ contract: IDS.pool, topics: [symbol('LQGUART'), creditline], data: i128.encode(50n) });
  });

  it('refuses a default that would recover less than the creditline agreed to hand over', () => {
    borrow();
    world.network.write({ contract: IDS.pool, durability: 'instance', key: symbol('LCKDLIQ'), value: i128.encode(150n) });
    world.network.timestamp = 10_000_000n;
    expect(world.failure(BOB, 'creditline', { fn: 'mark_defaulted', args: [u64.encode(1n)] })).toBe('token trap');
  });

  it('lets admin and creditline distribute interest, and nobody else', () => {
    expect(refused(BOB, 'distribute_interest', address.encode(BOB), i128.encode(100n))).toBe('pool #9');
    expect(refused(BOB, 'distribute_interest', address.encode(ADMIN), i128.encode(100n))).toBe('pool trap');
    pool(ADMIN, 'distribute_interest', address.encode(ADMIN), i128.encode(100n));
    pool(IDS.creditline, 'distribute_interest', creditline, i128.encode(100n));
    expect(world.stats().total_liquidity).toBe(10_170n);
  });

  it('while paused moves nothing and still shows its figures; only its admin may pause', () => {
    expect(refused(BOB, 'pause', address.encode(BOB))).toBe('pool #1');
    pool(ADMIN, 'pause', address.encode(ADMIN));
    expect(pool(BOB, 'is_paused')).toEqual(bool.encode(true));
    expect(world.failure(ALICE, 'creditline', { fn: 'create_loan', args: args() })).toBe('pool #12');
    expect(refused(PROVIDER, 'deposit', address.encode(PROVIDER), i128.encode(1n))).toBe('pool #12');
    expect(refused(PROVIDER, 'withdraw', address.encode(PROVIDER), i128.encode(1n))).toBe('pool #12');
    expect(refused(ADMIN, 'distribute_interest', address.encode(ADMIN), i128.encode(1n))).toBe('pool #12');
    expect(world.stats().available_liquidity).toBe(10_000n);
    pool(ADMIN, 'unpause', address.encode(ADMIN));
    expect(borrow()).toBe(1n);
  });

  it('exchanges shares by its own ratio, without the rounded price', () => {
    world.network.apply(balanceChange(IDS, PROVIDER, 1_000_000_000n));
    expect(pool(PROVIDER, 'deposit', address.encode(PROVIDER), i128.encode(1_000_000_000n))).toEqual(i128.encode(1_000_000_000n));
    pool(ADMIN, 'distribute_interest', address.encode(ADMIN), i128.encode(300n)); // 255 more for 1,000,010,000 shares: a price of 1.0000 all the same
    expect(pool(PROVIDER, 'calculate_withdrawal', i128.encode(500_005_000n))).toEqual(i128.encode(500_005_127n));
    expect(pool(PROVIDER, 'withdraw', address.encode(PROVIDER), i128.encode(500_005_000n))).toEqual(i128.encode(500_005_127n));
  });

  it('names the parts it is linked to', () => {
    expect(['get_token', 'get_treasury', 'get_merchant_fund', 'get_creditline'].map((fn) => pool(BOB, fn))).toEqual([IDS.token, ADMIN, ADMIN, IDS.creditline].map((each) => address.encode(each)));
    world.network.write({ contract: IDS.pool, durability: 'instance', key: symbol('TREASURY'), value: undefined });
    expect(pool(BOB, 'get_treasury')).toEqual(voidValue());
  });
});
