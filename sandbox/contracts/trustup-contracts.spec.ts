import { beforeEach, describe, expect, it } from '@jest/globals';
import { xdr } from '@stellar/stellar-sdk';
import { loanRecord, plainSchedule, repaymentSchedule } from './creditline-loan.js';
import { creditlineKey } from './creditline-storage.js';
import { balanceChange, scoreChange } from './deploy.js';
import {
  ADMIN,
  ALICE,
  BOB,
  IDS,
  LendingWorld,
  PROVIDER,
  SHOP,
} from '../../test/support/lending-world.js';
import { contractCode } from './registry.js';
import { trustupPool } from './trustup-contracts.js';
import { address, bool, i128, mapGet, symbol, u32, u64, vec, voidValue } from './scval.js';
import { contractDataEntry, contractDataKey } from '../network/ledger-entries.js';

let world: LendingWorld;
beforeEach(() => {
  world = LendingWorld.ready('trustup', 0);
});

const SCHEDULE = [{ amount: 1_000n, due_date: 11_000n, paid: false, paid_at: 0n }];
const args = (total = 1_000n, guarantee = 200n): xdr.ScVal[] => [
  address.encode(ALICE),
  address.encode(SHOP),
  i128.encode(total),
  i128.encode(guarantee),
  plainSchedule.encode(SCHEDULE),
];
const borrow = (total?: bigint, guarantee?: bigint): bigint =>
  u64.decode(world.call(ALICE, 'creditline', { fn: 'create_loan', args: args(total, guarantee) }));
const pool = (source: string, fn: string, ...values: xdr.ScVal[]): xdr.ScVal =>
  world.call(source, 'pool', { fn, args: values });
const refused = (source: string, fn: string, ...values: xdr.ScVal[]): string =>
  world.failure(source, 'pool', { fn, args: values });
const stored = (id: bigint): xdr.ScVal =>
  world.call(BOB, 'creditline', { fn: 'get_loan', args: [u64.encode(id)] });
const status = (id: bigint): unknown => mapGet(stored(id), symbol('status'));
const creditline = address.encode(IDS.creditline);

describe('a loan of the fork', () => {
  it('takes five arguments, names a merchant, has no type, and its instalments do not say what is paid', () => {
    expect(borrow()).toBe(1n);
    const names = (value: xdr.ScVal): unknown[] =>
      value.type === 'scvMap'
        ? (value.value ?? []).map(({ key }) => key.type === 'scvSymbol' && String(key.value))
        : [];
    expect(names(stored(1n))).toEqual(
      expect.arrayContaining(['merchant', 'repayment_schedule', 'status']),
    );
    expect(names(stored(1n)).filter((name) => name === 'vendor' || name === 'loan_type')).toEqual(
      [],
    );
    expect(mapGet(stored(1n), symbol('repayment_schedule'))).toEqual(
      plainSchedule.encode(SCHEDULE),
    );
    expect(loanRecord.decode(stored(1n))).toMatchObject({
      vendor: SHOP,
      loan_type: null,
      status: 'Active',
      remaining_balance: 1_050n,
    });
    expect(loanRecord.encode(loanRecord.decode(stored(1n)))).toEqual(stored(1n));
    expect(world.network.events.at(-1)).toEqual({
      contract: IDS.creditline,
      topics: [symbol('LOANCRTD'), address.encode(ALICE), address.encode(SHOP)],
      data: vec([
        u64.encode(1n),
        i128.encode(1_000n),
        i128.encode(200n),
        plainSchedule.encode(SCHEDULE),
      ]),
    });
  });

  it('traps on the six arguments of the other fork, and on its instalments', () => {
    expect(world.refusal()).toBe('creditline trap');
    expect(
      world.failure(ALICE, 'creditline', {
        fn: 'create_loan',
        args: [...args().slice(0, 4), repaymentSchedule.encode(SCHEDULE)],
      }),
    ).toBe('creditline trap');
  });

  it('has the same limits in raw units', () => {
    expect(
      world.failure(ALICE, 'creditline', { fn: 'create_loan', args: args(9_525n, 2_000n) }),
    ).toBe('creditline #18');
    expect(borrow(9_524n, 2_000n)).toBe(1n);
  });

  it('is Repaid in the end, and says one event more when the score rose', () => {
    borrow();
    world.network.apply(scoreChange(IDS, ALICE, 80));
    world.call(ALICE, 'creditline', {
      fn: 'repay_loan',
      args: [address.encode(ALICE), u64.encode(1n), i128.encode(1_050n)],
    });
    expect(status(1n)).toEqual(vec([symbol('Repaid')]));
    expect(loanRecord.decode(stored(1n)).status).toBe('Paid');
    expect(world.network.events.at(-1)).toEqual({
      contract: IDS.creditline,
      topics: [symbol('REPUPD'), address.encode(ALICE)],
      data: vec([u32.encode(15), bool.encode(true), u64.encode(world.network.timestamp)]),
    });
    expect(world.stats()).toMatchObject({ locked_liquidity: -200n });
  });

  it('reports no unchanged score, no partial payment and no default', () => {
    borrow();
    const pay = (amount: bigint): xdr.ScVal =>
      world.call(ALICE, 'creditline', {
        fn: 'repay_loan',
        args: [address.encode(ALICE), u64.encode(1n), i128.encode(amount)],
      });
    pay(50n);
    pay(1_000n); // a score of 100 cannot rise
    borrow();
    world.network.timestamp = 10_000_000n;
    world.call(BOB, 'creditline', { fn: 'mark_defaulted', args: [u64.encode(2n)] });
    const names = world.network.events.map(({ topics: [name] }) =>
      name?.type === 'scvSymbol' ? name.value.toString() : '',
    );
    expect(names.filter((name) => name === 'REPUPD')).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['LOANRPD', 'LOANDFLT', 'SCORECHGD']));
  });

  it.each([1, 4, 12, 60])(
    'writes an entry of 920 + 76 n bytes with %i instalments',
    (instalments) => {
      const schedule = Array.from({ length: instalments }, (_, at) => ({
        amount: 100n,
        due_date: 11_000n + BigInt(at),
        paid: false,
        paid_at: 0n,
      }));
      world.call(ALICE, 'creditline', {
        fn: 'create_loan',
        args: [...args().slice(0, 4), plainSchedule.encode(schedule)],
      });
      const { key } = contractDataKey(IDS.creditline, creditlineKey.loan(1n), 'persistent');
      const entry = new xdr.LedgerEntry({
        lastModifiedLedgerSeq: 1,
        data: contractDataEntry(key, stored(1n)),
        ext: xdr.LedgerEntryExt.v0(),
      });
      expect(entry.toXdr()).toHaveLength(920 + 76 * instalments);
    },
  );

  it('takes a loan id for a request too, which cannot be approved', () => {
    expect(world.call(ALICE, 'creditline', { fn: 'request_loan', args: args() })).toEqual(
      u64.encode(1n),
    );
    expect(status(1n)).toEqual(vec([symbol('Pending')]));
    expect(world.stats()).toMatchObject({ locked_liquidity: 0n });
    expect(borrow()).toBe(2n);
  });

  it.each(['repay_installment', 'approve_loan', 'set_vendor_registry', 'upgrade'])(
    'knows no %s',
    (fn) => {
      expect(
        Object.keys(contractCode('trustup', 0).get('creditline')?.functions ?? {}),
      ).not.toContain(fn);
      expect(Object.keys(contractCode('stepfi', 0).get('creditline')?.functions ?? {})).toContain(
        fn,
      );
    },
  );

  it('has a version in words; only creditline and reputation return theirs', () => {
    expect(world.call(BOB, 'creditline', { fn: 'get_version', args: [] })).toEqual(
      symbol('v1_0_0'),
    );
    const code = contractCode('trustup', 0);
    expect(
      [...code]
        .filter(([, { functions }]) => 'get_version' in functions)
        .map(([name]) => name)
        .sort(),
    ).toEqual(['creditline', 'reputation']);
  });
});

describe('the pool of the fork', () => {
  it('takes the recoverable part of a guarantee, moves it and returns its amount', () => {
    world.network.apply(balanceChange(IDS, IDS.creditline, 1_000n));
    pool(IDS.creditline, 'fund_loan', creditline, address.encode(SHOP), i128.encode(50n));
    pool(IDS.creditline, 'receive_guarantee', creditline, i128.encode(200n));
    expect(world.stats()).toMatchObject({ total_liquidity: 10_050n, locked_liquidity: 0n });
    expect([world.balance(IDS.pool), world.balance(IDS.creditline)]).toEqual([10_000n, 950n]);
    expect(world.network.events.at(-1)).toEqual({
      contract: IDS.pool,
      topics: [symbol('LQGUART'), creditline],
      data: i128.encode(50n),
    });
  });

  it('refuses a default that would recover less than the creditline agreed to pay', () => {
    borrow();
    world.network.write({
      contract: IDS.pool,
      durability: 'instance',
      key: symbol('LCKDLIQ'),
      value: i128.encode(150n),
    });
    world.network.timestamp = 10_000_000n;
    expect(world.failure(BOB, 'creditline', { fn: 'mark_defaulted', args: [u64.encode(1n)] })).toBe(
      'token trap',
    );
  });

  it('refuses every default while locked is below zero', () => {
    borrow();
    world.network.write({
      contract: IDS.pool,
      durability: 'instance',
      key: symbol('LCKDLIQ'),
      value: i128.encode(-1n),
    });
    world.network.timestamp = 10_000_000n;
    expect(world.failure(BOB, 'creditline', { fn: 'mark_defaulted', args: [u64.encode(1n)] })).toBe(
      'token #8',
    );
  });

  it('takes the old admin and the new one, where the creditline takes the new one alone', () => {
    const [admin, bob] = [address.encode(ADMIN), address.encode(BOB)];
    expect(refused(ADMIN, 'set_admin', bob)).toBe('pool trap');
    expect(refused(BOB, 'set_admin', bob, bob)).toBe('pool #1');
    pool(ADMIN, 'set_admin', admin, bob);
    expect(pool(BOB, 'get_admin')).toEqual(bob);
    expect(world.failure(ADMIN, 'creditline', { fn: 'set_admin', args: [admin, bob] })).toBe(
      'creditline trap',
    );
    world.call(ADMIN, 'creditline', { fn: 'set_admin', args: [bob] });
    expect(world.call(BOB, 'creditline', { fn: 'get_admin', args: [] })).toEqual(bob);
  });

  it('traps on the shares of a provider it does not know', () => {
    expect(pool(BOB, 'get_lp_shares', address.encode(PROVIDER))).toEqual(i128.encode(10_000n));
    expect(refused(BOB, 'get_lp_shares', address.encode(BOB))).toBe('pool trap');
  });

  it.each(['get_version', 'upgrade', 'get_share_price', 'accumulate_interest'])(
    'has no %s',
    (fn) => {
      expect(refused(BOB, fn)).toBe('pool trap');
      expect(Object.keys(trustupPool().functions)).not.toContain(fn);
    },
  );

  it('lets only admin and creditline distribute interest', () => {
    expect(refused(BOB, 'distribute_interest', address.encode(BOB), i128.encode(100n))).toBe(
      'pool #9',
    );
    expect(refused(BOB, 'distribute_interest', address.encode(ADMIN), i128.encode(100n))).toBe(
      'pool trap',
    );
    pool(ADMIN, 'distribute_interest', address.encode(ADMIN), i128.encode(100n));
    pool(IDS.creditline, 'distribute_interest', creditline, i128.encode(100n));
    expect(world.stats().total_liquidity).toBe(10_170n);
  });

  it('while paused moves nothing and still shows its figures; only its admin may pause', () => {
    expect(refused(BOB, 'pause', address.encode(BOB))).toBe('pool #1');
    pool(ADMIN, 'pause', address.encode(ADMIN));
    expect(pool(BOB, 'is_paused')).toEqual(bool.encode(true));
    expect(world.failure(ALICE, 'creditline', { fn: 'create_loan', args: args() })).toBe(
      'pool #12',
    );
    expect(refused(PROVIDER, 'deposit', address.encode(PROVIDER), i128.encode(1n))).toBe(
      'pool #12',
    );
    expect(refused(PROVIDER, 'withdraw', address.encode(PROVIDER), i128.encode(1n))).toBe(
      'pool #12',
    );
    expect(refused(ADMIN, 'distribute_interest', address.encode(ADMIN), i128.encode(1n))).toBe(
      'pool #12',
    );
    expect(world.stats().available_liquidity).toBe(10_000n);
    pool(ADMIN, 'unpause', address.encode(ADMIN));
    pool(ADMIN, 'set_treasury', address.encode(ADMIN), address.encode(BOB));
    expect(world.network.events).toEqual([]); // only the instance shows a pause
    expect(borrow()).toBe(1n);
  });

  it('exchanges shares by its own ratio, without the rounded price', () => {
    world.network.apply(balanceChange(IDS, PROVIDER, 1_000_000_000n));
    expect(
      pool(PROVIDER, 'deposit', address.encode(PROVIDER), i128.encode(1_000_000_000n)),
    ).toEqual(i128.encode(1_000_000_000n));
    // 255 more for 1,000,010,000 shares: a price of 1.0000 all the same
    pool(ADMIN, 'distribute_interest', address.encode(ADMIN), i128.encode(300n));
    expect(pool(PROVIDER, 'calculate_withdrawal', i128.encode(500_005_000n))).toEqual(
      i128.encode(500_005_127n),
    );
    expect(pool(PROVIDER, 'withdraw', address.encode(PROVIDER), i128.encode(500_005_000n))).toEqual(
      i128.encode(500_005_127n),
    );
  });

  it('names the parts it is linked to', () => {
    expect(
      ['get_token', 'get_treasury', 'get_merchant_fund', 'get_creditline'].map((fn) =>
        pool(BOB, fn),
      ),
    ).toEqual([IDS.token, ADMIN, ADMIN, IDS.creditline].map((each) => address.encode(each)));
    world.network.write({
      contract: IDS.pool,
      durability: 'instance',
      key: symbol('TREASURY'),
      value: undefined,
    });
    expect(pool(BOB, 'get_treasury')).toEqual(voidValue());
  });
});
