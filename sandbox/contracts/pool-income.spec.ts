import { beforeEach, describe, expect, it } from '@jest/globals';
import type { xdr } from '@stellar/stellar-sdk';
import { balanceChange } from './deploy.js';
import { account } from '../../test/support/memory-host.js';
import {
  ADMIN,
  ALICE,
  IDS,
  LendingWorld,
  PROVIDER,
  SHOP,
} from '../../test/support/lending-world.js';
import { address, bool, bytes32, i128, symbol, u32, u64, vec } from './scval.js';

/**
 * The published unit tests of the pool: one provider with 1000 in it, and a creditline with tokens
 * that signs for itself.
 */
const MERCHANTS = account(31);
let world: LendingWorld;
beforeEach(() => {
  world = new LendingWorld();
  world.network.timestamp = 7_000n;
  world.network.apply(
    balanceChange(IDS, PROVIDER, 20_000n),
    balanceChange(IDS, SHOP, 0n),
    balanceChange(IDS, IDS.creditline, 10_000n),
    balanceChange(IDS, MERCHANTS, 0n),
  );
  world.network.write({
    contract: IDS.pool,
    durability: 'instance',
    key: symbol('MRCHFND'),
    value: address.encode(MERCHANTS),
  });
  pool(PROVIDER, 'deposit', address.encode(PROVIDER), i128.encode(1_000n));
});

const pool = (source: string, fn: string, ...args: xdr.ScVal[]): xdr.ScVal =>
  world.call(source, 'pool', { fn, args });
const refused = (source: string, fn: string, ...args: xdr.ScVal[]): string =>
  world.failure(source, 'pool', { fn, args });
const creditline = address.encode(IDS.creditline);
const fund = (amount: bigint): xdr.ScVal =>
  pool(IDS.creditline, 'fund_loan', creditline, address.encode(SHOP), i128.encode(amount));
const repay = (principal: bigint, interest: bigint): xdr.ScVal =>
  pool(
    IDS.creditline,
    'receive_repayment',
    creditline,
    i128.encode(principal),
    i128.encode(interest),
  );
const guarantee = (amount: bigint): xdr.ScVal =>
  pool(IDS.creditline, 'receive_guarantee', creditline, i128.encode(amount));
const withdraw = (shares: bigint): bigint =>
  i128.decode(pool(PROVIDER, 'withdraw', address.encode(PROVIDER), i128.encode(shares)));
const withdrawal = (shares: bigint): string =>
  refused(PROVIDER, 'withdraw', address.encode(PROVIDER), i128.encode(shares));
const set = (key: string, value: bigint): void => {
  world.network.write({
    contract: IDS.pool,
    durability: 'instance',
    key: symbol(key),
    value: i128.encode(value),
  });
};

describe('receive_repayment', () => {
  it('unlocks the principal and splits the interest: 400 and 40 leave total 1034', () => {
    fund(400n);
    repay(400n, 40n);
    expect(world.stats()).toMatchObject({
      total_liquidity: 1_034n,
      locked_liquidity: 0n,
      available_liquidity: 1_034n,
    });
    expect(world.balance(IDS.pool)).toBe(1_034n);
    const [treasury, merchants, split] = world.network.events.slice(-3);
    expect([treasury?.data, merchants?.data]).toEqual([i128.encode(4n), i128.encode(2n)]);
    expect(split).toEqual({
      contract: IDS.pool,
      topics: [symbol('LQINTDST')],
      data: vec([40n, 34n, 4n, 2n].map(i128.encode)),
    });
    expect(world.network.events.at(-4)).toEqual({
      contract: IDS.pool,
      topics: [symbol('LQREPAY'), creditline],
      data: vec([400n, 40n].map(i128.encode)),
    });
  });

  it('pays 10 % to the treasury and the rest, dust included, to the merchant fund', () => {
    repay(0n, 100n);
    expect([world.balance(ADMIN), world.balance(MERCHANTS)]).toEqual([10n, 5n]);
    repay(0n, 19n); // 16.15, 1.9
    expect(world.stats().total_liquidity).toBe(1_000n + 85n + 16n);
    expect([world.balance(ADMIN), world.balance(MERCHANTS)]).toEqual([11n, 7n]);
  });

  it('never compounds the principal: three cycles of 600 leave 1000', () => {
    for (let cycle = 0; cycle < 3; cycle++) {
      fund(600n);
      repay(600n, 0n);
      expect(world.stats()).toMatchObject({ total_liquidity: 1_000n, locked_liquidity: 0n });
    }
    expect(withdraw(1_000n)).toBe(1_000n);
  });

  it('takes locked below zero when more comes back than went out', () => {
    fund(800n);
    repay(1_000n, 50n);
    expect(world.stats()).toMatchObject({
      total_liquidity: 1_042n,
      locked_liquidity: -200n,
      available_liquidity: 1_242n,
    });
    expect(world.balance(IDS.pool)).toBe(1_242n);
  });

  it('refuses zero, a negative amount, and any other caller', () => {
    for (const [principal, interest] of [
      [0n, 0n],
      [-1n, 5n],
      [5n, -1n],
    ] as const) {
      expect(
        refused(
          IDS.creditline,
          'receive_repayment',
          creditline,
          i128.encode(principal),
          i128.encode(interest),
        ),
      ).toBe('pool #4');
    }
    expect(
      refused(ALICE, 'receive_repayment', address.encode(ALICE), i128.encode(1n), i128.encode(0n)),
    ).toBe('pool #9');
    expect(refused(ALICE, 'receive_repayment', creditline, i128.encode(1n), i128.encode(0n))).toBe(
      'pool trap',
    );
  });
});

describe('receive_guarantee', () => {
  it(
    'raises available by a phantom: deposit 1000, fund 500, guarantee 100 give total 1100, ' +
      'locked 400, available 700 with 600 tokens',
    () => {
      fund(500n);
      guarantee(100n);
      expect(world.stats()).toMatchObject({
        total_liquidity: 1_100n,
        locked_liquidity: 400n,
        available_liquidity: 700n,
      });
      expect(world.balance(IDS.pool)).toBe(600n);
    },
  );

  it('recovers at most what is locked, and with locked below zero takes it from total', () => {
    fund(50n);
    guarantee(80n);
    expect(world.stats()).toMatchObject({ total_liquidity: 1_050n, locked_liquidity: 0n });
    expect(world.balance(IDS.pool)).toBe(1_030n);
    set('LCKDLIQ', -200n);
    guarantee(80n);
    expect(world.stats()).toMatchObject({ total_liquidity: 850n, locked_liquidity: 0n });
    expect(world.balance(IDS.pool)).toBe(1_110n);
  });

  it('refuses zero, and any other caller', () => {
    expect(refused(IDS.creditline, 'receive_guarantee', creditline, i128.encode(0n))).toBe(
      'pool #4',
    );
    expect(refused(ALICE, 'receive_guarantee', address.encode(ALICE), i128.encode(5n))).toBe(
      'pool #9',
    );
  });
});

describe('interest', () => {
  it.each(['distribute_interest', 'accumulate_interest'])(
    '%s needs no signature and stops where the pool cannot pay 15 %% out',
    (fn) => {
      pool(ALICE, fn, i128.encode(1_000n));
      expect(world.stats()).toMatchObject({ total_liquidity: 1_850n, share_price: 18_500n });
      expect(world.balance(IDS.pool)).toBe(850n);
      expect(refused(ALICE, fn, i128.encode(8_600n))).toBe('token #10');
      expect(refused(ALICE, fn, i128.encode(0n))).toBe('pool #4');
      expect(refused(ALICE, fn, i128.encode(-5n))).toBe('pool #4');
    },
  );

  it('stays in the pool where no receiver is set', () => {
    for (const key of ['TREASURY', 'MRCHFND'])
      world.network.write({
        contract: IDS.pool,
        durability: 'instance',
        key: symbol(key),
        value: undefined,
      });
    repay(0n, 100n);
    expect(world.stats().total_liquidity).toBe(1_085n);
    expect(world.balance(IDS.pool)).toBe(1_100n);
  });

  it('raises the price: 80 on 1000 is 10680, and 1000 shares are worth 1068', () => {
    repay(0n, 80n);
    expect(world.stats().share_price).toBe(10_680n);
    expect(withdraw(1_000n)).toBe(1_068n);
  });
});

describe('withdraw', () => {
  it('burns shares for tokens, all or a part', () => {
    expect(withdraw(400n)).toBe(400n);
    expect(world.stats()).toMatchObject({ total_liquidity: 600n, total_shares: 600n });
    expect(world.network.events.at(-2)?.data).toEqual(vec([i128.encode(400n), i128.encode(400n)]));
    expect(withdraw(600n)).toBe(600n);
    expect(world.stats()).toMatchObject({ total_liquidity: 0n, total_shares: 0n });
    expect(world.balance(PROVIDER)).toBe(20_000n);
  });

  it('pays what the pool earned: 1000 shares are 1085 after 100 of interest', () => {
    repay(0n, 100n);
    expect(withdraw(1_000n)).toBe(1_085n);
  });

  it('refuses more than is owned, more than is free, and zero', () => {
    expect(withdrawal(1_001n)).toBe('pool #5');
    fund(1_000n);
    expect(withdrawal(1_000n)).toBe('pool #6');
    expect(withdrawal(0n)).toBe('pool #4');
    expect(refused(ALICE, 'withdraw', address.encode(PROVIDER), i128.encode(1n))).toBe('pool trap');
  });

  it('fails in the token where available is a phantom', () => {
    fund(500n);
    guarantee(100n);
    expect(withdrawal(600n)).toBe('token #10'); // price 1.1: 660 of 700 available, 600 tokens
    expect(withdraw(545n)).toBe(599n);
  });

  it('refuses reentry while the flag is set', () => {
    world.network.write({
      contract: IDS.pool,
      durability: 'instance',
      key: symbol('LOCKED'),
      value: bool.encode(true),
    });
    expect(withdrawal(1n)).toBe('pool #11');
    expect(refused(ALICE, 'distribute_interest', i128.encode(1n))).toBe('pool #11');
  });
});

describe('upgrade', () => {
  const hash = new Uint8Array(32).fill(7);

  it("is the admin's: counts the version, replaces the code, emits the event", () => {
    expect(refused(ALICE, 'upgrade', bytes32.encode(hash))).toBe('pool trap');
    pool(ADMIN, 'upgrade', bytes32.encode(hash));
    expect(u32.decode(pool(ALICE, 'get_version'))).toBe(2);
    expect(world.network.replaced.get(IDS.pool)).toBe('07'.repeat(32));
    expect(world.network.events.at(-1)).toEqual({
      contract: IDS.pool,
      topics: [symbol('CONTRACTUPGRADED')],
      data: vec([u32.encode(1), u32.encode(2), u64.encode(7_000n)]),
    });
    expect(refused(ADMIN, 'upgrade', bytes32.encode(new Uint8Array(31)))).toBe('pool trap');
  });
});
