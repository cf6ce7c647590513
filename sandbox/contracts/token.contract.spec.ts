import { describe, expect, it } from '@jest/globals';
import { nativeToScVal, scValToNative } from '@stellar/stellar-sdk';
import { balanceChange } from './deploy.js';
import { ADMIN, ALICE, BOB, IDS, LendingWorld } from '../../test/support/lending-world.js';
import { account, contractId } from '../../test/support/memory-host.js';
import { address, bool, i128, symbol, text, vec } from './scval.js';

const I128_MAX = (1n << 127n) - 1n;
const transfer = (from: string, to: string, amount: bigint) => ({
  fn: 'transfer',
  args: [address.encode(from), address.encode(to), i128.encode(amount)],
});
const mint = (to: string, amount: bigint) => ({
  fn: 'mint',
  args: [address.encode(to), i128.encode(amount)],
});
const balance = (holder: string) => ({ fn: 'balance', args: [address.encode(holder)] });

describe('token', () => {
  it('answers decimals, name and symbol', () => {
    const world = new LendingWorld('stepfi', 7);
    expect(
      ['decimals', 'name', 'symbol', 'admin'].map((fn): unknown =>
        scValToNative(world.call(ALICE, 'token', { fn, args: [] })),
      ),
    ).toEqual([7, `USDC:${ADMIN}`, 'USDC', ADMIN]);
  });

  it(
    'keeps a balance as the asset contract does: Vec[Symbol Balance, Address] = {amount, ' +
      'authorized, clawback}',
    () => {
      const world = new LendingWorld();
      world.call(ADMIN, 'token', mint(IDS.pool, 5n));
      const stored = world.network.read(
        IDS.token,
        'persistent',
        vec([symbol('Balance'), address.encode(IDS.pool)]),
      );
      const expected = nativeToScVal(
        { amount: 5n, authorized: true, clawback: false },
        { type: { amount: ['symbol', 'i128'], authorized: ['symbol'], clawback: ['symbol'] } },
      );
      expect(stored?.toXdr('base64')).toBe(expected.toXdr('base64'));
    },
  );

  it('moves tokens and emits the event', () => {
    const world = LendingWorld.ready();
    world.call(ALICE, 'token', transfer(ALICE, BOB, 40_000n));
    expect([world.balance(ALICE), world.balance(BOB)]).toEqual([60_000n, 140_000n]);
    expect(world.network.events).toEqual([
      {
        contract: IDS.token,
        topics: [
          symbol('transfer'),
          address.encode(ALICE),
          address.encode(BOB),
          text.encode(`USDC:${ADMIN}`),
        ],
        data: i128.encode(40_000n),
      },
    ]);
    world.call(ALICE, 'token', transfer(ALICE, ALICE, 60_000n));
    expect(world.balance(ALICE)).toBe(60_000n);
  });

  it("refuses by the asset contract's numbers", () => {
    const world = LendingWorld.ready();
    const known = account(40);
    world.network.accounts.add(known);
    expect(world.failure(ALICE, 'token', transfer(ALICE, BOB, -1n))).toBe('token #8');
    expect(world.failure(BOB, 'token', transfer(ALICE, BOB, 1n))).toBe('token trap');
    expect(world.failure(ALICE, 'token', transfer(ALICE, BOB, 100_001n))).toBe('token #10');
    expect(world.failure(ALICE, 'token', transfer(ALICE, known, 1n))).toBe('token #13');
    expect(world.failure(ALICE, 'token', transfer(ALICE, account(41), 1n))).toBe('token #6');
    expect(world.failure(ADMIN, 'token', balance(known))).toBe('token #13');
    expect(world.failure(ALICE, 'token', mint(ALICE, 1n))).toBe('token trap');
    world.call(ADMIN, 'token', {
      fn: 'set_authorized',
      args: [address.encode(BOB), bool.encode(false)],
    });
    expect(world.failure(ALICE, 'token', transfer(ALICE, BOB, 1n))).toBe('token #11');
    expect(world.failure(BOB, 'token', transfer(BOB, ALICE, 1n))).toBe('token #11');
  });

  it('stops at i128', () => {
    const world = LendingWorld.ready();
    const vault = contractId(60);
    world.call(ADMIN, 'token', mint(vault, I128_MAX));
    expect(i128.decode(world.call(ALICE, 'token', balance(vault)))).toBe(I128_MAX);
    expect(world.failure(ADMIN, 'token', mint(vault, 1n))).toBe('token #12');
    expect(world.failure(ALICE, 'token', transfer(ALICE, vault, 1n))).toBe('token #12');
  });

  it('lets a contract hold without a trustline, and spend only by its own authority', () => {
    const world = LendingWorld.ready();
    expect(i128.decode(world.call(ALICE, 'token', balance(contractId(61))))).toBe(0n);
    world.network.apply(balanceChange(IDS, contractId(61), 5n));
    expect(world.failure(ALICE, 'token', transfer(contractId(61), ALICE, 5n))).toBe('token trap');
  });
});
