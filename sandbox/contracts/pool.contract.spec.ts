import { describe, expect, it } from '@jest/globals';
import type { xdr } from '@stellar/stellar-sdk';
import { balanceChange, depositChanges } from './deploy.js';
import {
  ADMIN,
  ALICE,
  IDS,
  LendingWorld,
  PROVIDER,
  SHOP,
} from '../../test/support/lending-world.js';
import { contractId } from '../../test/support/memory-host.js';
import { address, bool, i128, symbol, u32, vec } from './scval.js';

const I128_MAX = (1n << 127n) - 1n;
const deposit = (provider: string, amount: bigint) => ({
  fn: 'deposit',
  args: [address.encode(provider), i128.encode(amount)],
});
const fund = (creditline: string, amount: bigint) => ({
  fn: 'fund_loan',
  args: [address.encode(creditline), address.encode(SHOP), i128.encode(amount)],
});
const figure = (world: LendingWorld, key: string, value: bigint): void =>
  world.network.write({
    contract: IDS.pool,
    durability: 'instance',
    key: symbol(key),
    value: i128.encode(value),
  });
const number = (world: LendingWorld, fn: string, ...args: xdr.ScVal[]): bigint =>
  i128.decode(world.call(ADMIN, 'pool', { fn, args }));

/**
 * The pool of the published unit tests: 1000 deposited by one provider, and a known creditline that
 * can sign for itself.
 */
function poolOfOneThousand(): LendingWorld {
  const world = new LendingWorld();
  world.network.apply(balanceChange(IDS, PROVIDER, 3_000n), balanceChange(IDS, SHOP, 0n));
  world.call(PROVIDER, 'pool', deposit(PROVIDER, 1_000n));
  return world;
}
/** The memory network accepts any address as the signer, so the creditline can call by itself. */
const fundAs = (world: LendingWorld, amount: bigint): xdr.ScVal =>
  world.call(IDS.creditline, 'pool', fund(IDS.creditline, amount));
const fundFailure = (world: LendingWorld, amount: bigint): string =>
  world.failure(IDS.creditline, 'pool', fund(IDS.creditline, amount));

describe('deposit', () => {
  it('issues shares one to one at first, and takes the tokens', () => {
    const world = poolOfOneThousand();
    expect(number(world, 'get_lp_shares', address.encode(PROVIDER))).toBe(1_000n);
    expect(world.stats()).toEqual({
      total_liquidity: 1_000n,
      locked_liquidity: 0n,
      available_liquidity: 1_000n,
      total_shares: 1_000n,
      share_price: 10_000n,
    });
    expect([world.balance(PROVIDER), world.balance(IDS.pool)]).toEqual([2_000n, 1_000n]);
    const event = world.network.events.at(-1);
    expect(event?.topics.map((topic) => topic.toXdr('base64'))).toEqual([
      'AAAADwAAAAdMUURFUFNUAA==',
      address.encode(PROVIDER).toXdr('base64'),
    ]);
    expect(event?.data).toEqual(vec([i128.encode(1_000n), i128.encode(1_000n)]));
  });

  it('issues fewer shares once the pool has earned: 1000 at a price of 1.085 is 921', () => {
    const world = poolOfOneThousand();
    figure(world, 'TOTLIQ', 1_085n);
    expect(number(world, 'get_share_price')).toBe(10_850n);
    expect(number(world, 'calculate_withdrawal', i128.encode(1_000n))).toBe(1_085n);
    expect(i128.decode(world.call(PROVIDER, 'pool', deposit(PROVIDER, 1_000n)))).toBe(921n);
    expect(world.stats()).toMatchObject({ total_liquidity: 2_085n, total_shares: 1_921n });
  });

  it('refuses zero, a negative amount, and an amount worth no share', () => {
    const world = poolOfOneThousand();
    for (const amount of [0n, -500n])
      expect(world.failure(PROVIDER, 'pool', deposit(PROVIDER, amount))).toBe('pool #4');
    figure(world, 'TOTLIQ', 3_000n);
    expect(world.failure(PROVIDER, 'pool', deposit(PROVIDER, 2n))).toBe('pool #4');
    expect(world.failure(ALICE, 'pool', deposit(PROVIDER, 1n))).toBe('pool trap');
    expect(world.failure(PROVIDER, 'pool', deposit(PROVIDER, I128_MAX))).toBe('pool #7');
  });

  it('leaves nothing behind when the provider cannot pay', () => {
    const world = poolOfOneThousand();
    const before = world.network.snapshot();
    expect(world.failure(PROVIDER, 'pool', deposit(PROVIDER, 2_001n))).toBe('token #10');
    expect(world.network.snapshot()).toEqual(before);
  });
});

describe('fund_loan', () => {
  it('locks, pays the merchant, and leaves total as it is: available is then the token balance', () => {
    const world = poolOfOneThousand();
    fundAs(world, 400n);
    expect(world.stats()).toMatchObject({
      total_liquidity: 1_000n,
      locked_liquidity: 400n,
      available_liquidity: 600n,
    });
    expect([world.balance(SHOP), world.balance(IDS.pool)]).toEqual([400n, 600n]);
    fundAs(world, 600n);
    expect(world.stats()).toMatchObject({ locked_liquidity: 1_000n, available_liquidity: 0n });
    expect(fundFailure(world, 1n)).toBe('pool #6');
  });

  it('refuses one unit too many, zero, and any caller but the creditline', () => {
    const world = poolOfOneThousand();
    expect(fundFailure(world, 1_001n)).toBe('pool #6');
    expect(fundFailure(world, 0n)).toBe('pool #4');
    expect(world.failure(ALICE, 'pool', fund(ALICE, 100n))).toBe('pool #9');
    expect(world.failure(ALICE, 'pool', fund(IDS.creditline, 100n))).toBe('pool trap');
    world.network.write({
      contract: IDS.pool,
      durability: 'instance',
      key: symbol('CRDTLIN'),
      value: undefined,
    });
    expect(fundFailure(world, 100n)).toBe('pool #9');
  });

  it('lends what negative locked liquidity makes available until the tokens run out', () => {
    const world = poolOfOneThousand();
    figure(world, 'TOTLIQ', 1_042n);
    figure(world, 'LCKDLIQ', -200n);
    expect(world.stats()).toMatchObject({ locked_liquidity: -200n, available_liquidity: 1_242n });
    expect(fundFailure(world, 1_001n)).toBe('token #10');
    fundAs(world, 1_000n);
    expect(world.stats().locked_liquidity).toBe(800n);
  });

  it('checks its own arithmetic, while the reader saturates', () => {
    const world = poolOfOneThousand();
    figure(world, 'TOTSHRS', 0n);
    figure(world, 'TOTLIQ', I128_MAX);
    figure(world, 'LCKDLIQ', -1n);
    expect(world.stats().available_liquidity).toBe(I128_MAX);
    expect(fundFailure(world, 1n)).toBe('pool #8');
  });
});

describe('pool readers and setters', () => {
  it('answers an empty pool', () => {
    const world = new LendingWorld();
    expect(world.stats()).toEqual({
      total_liquidity: 0n,
      locked_liquidity: 0n,
      available_liquidity: 0n,
      total_shares: 0n,
      share_price: 10_000n,
    });
    expect(number(world, 'calculate_withdrawal', i128.encode(5n))).toBe(0n);
    expect(number(world, 'get_lp_shares', address.encode(ALICE))).toBe(0n);
    expect(u32.decode(world.call(ALICE, 'pool', { fn: 'get_version', args: [] }))).toBe(1);
  });

  it(
    'values shares as published: 0 for none, 0 when the product leaves i128, an error where ' +
      'the price itself does not fit',
    () => {
      const world = new LendingWorld();
      world.network.apply(...depositChanges(IDS, PROVIDER, 1_000n));
      figure(world, 'TOTLIQ', 1_068n);
      expect(number(world, 'get_share_price')).toBe(10_680n);
      expect(number(world, 'calculate_withdrawal', i128.encode(0n))).toBe(0n);
      expect(number(world, 'calculate_withdrawal', i128.encode(I128_MAX))).toBe(0n);
      figure(world, 'TOTLIQ', I128_MAX);
      expect(world.failure(ALICE, 'pool', { fn: 'get_pool_stats', args: [] })).toBe('pool #7');
    },
  );

  it('is initialised once, by a signature', () => {
    const world = new LendingWorld();
    const args = [ADMIN, IDS.token, ADMIN, ADMIN].map(address.encode);
    expect(world.failure(ADMIN, 'pool', { fn: 'initialize', args })).toBe('pool #2');
    world.network.write({
      contract: IDS.pool,
      durability: 'instance',
      key: symbol('ADMIN'),
      value: undefined,
    });
    expect(world.failure(ADMIN, 'pool', { fn: 'get_admin', args: [] })).toBe('pool #3');
    expect(world.failure(ALICE, 'pool', { fn: 'initialize', args })).toBe('pool trap');
    world.call(ADMIN, 'pool', { fn: 'initialize', args });
    expect(address.decode(world.call(ALICE, 'pool', { fn: 'get_admin', args: [] }))).toBe(ADMIN);
  });

  it('takes a new creditline from its admin only', () => {
    const world = poolOfOneThousand();
    const other = contractId(70);
    expect(
      world.failure(ALICE, 'pool', {
        fn: 'set_creditline',
        args: [address.encode(ALICE), address.encode(other)],
      }),
    ).toBe('pool #1');
    world.call(ADMIN, 'pool', {
      fn: 'set_creditline',
      args: [address.encode(ADMIN), address.encode(other)],
    });
    expect(fundFailure(world, 1n)).toBe('pool #9');
  });

  it('refuses reentry while the flag is set', () => {
    const world = poolOfOneThousand();
    fundAs(world, 1n);
    world.network.write({
      contract: IDS.pool,
      durability: 'instance',
      key: symbol('LOCKED'),
      value: bool.encode(true),
    });
    expect(fundFailure(world, 1n)).toBe('pool #11');
    expect(world.failure(PROVIDER, 'pool', deposit(PROVIDER, 1n))).toBe('pool #11');
  });
});
