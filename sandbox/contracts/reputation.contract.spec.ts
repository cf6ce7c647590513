import { describe, expect, it } from '@jest/globals';
import type { xdr } from '@stellar/stellar-sdk';
import { ADMIN, ALICE, BOB, IDS, LendingWorld } from '../../test/support/lending-world.js';
import { address, bool, symbol, u32, vec } from './scval.js';

const score = (world: LendingWorld, who: string): number =>
  u32.decode(world.call(BOB, 'reputation', { fn: 'get_score', args: [address.encode(who)] }));
const change = (
  fn: string,
  updater: string,
  amount: number,
): { fn: string; args: xdr.ScVal[] } => ({
  fn,
  args: [address.encode(updater), address.encode(ALICE), u32.encode(amount)],
});

describe('reputation', () => {
  it('gives an unknown borrower 0, and emits every change with its reason', () => {
    const world = new LendingWorld();
    expect(score(world, ALICE)).toBe(0);
    for (const [fn, amount] of [
      ['set_score', 60],
      ['increase_score', 30],
      ['decrease_score', 15],
    ] as const)
      world.call(ADMIN, 'reputation', change(fn, ADMIN, amount));
    expect(score(world, ALICE)).toBe(75);
    expect(score(world, BOB)).toBe(0);
    expect(world.network.events.map(({ data }) => data)).toEqual([
      vec([u32.encode(0), u32.encode(60), symbol('set')]),
      vec([u32.encode(60), u32.encode(90), symbol('increase')]),
      vec([u32.encode(90), u32.encode(75), symbol('decrease')]),
    ]);
    expect(world.network.events[0]?.topics).toEqual([symbol('SCORECHGD'), address.encode(ALICE)]);
  });

  it('stays within 0 and 100', () => {
    const world = new LendingWorld();
    expect(world.failure(ADMIN, 'reputation', change('set_score', ADMIN, 101))).toBe(
      'reputation #3',
    );
    world.call(ADMIN, 'reputation', change('set_score', ADMIN, 100));
    expect(world.failure(ADMIN, 'reputation', change('increase_score', ADMIN, 1))).toBe(
      'reputation #4',
    );
    expect(world.failure(ADMIN, 'reputation', change('decrease_score', ADMIN, 101))).toBe(
      'reputation #5',
    );
    world.call(ADMIN, 'reputation', change('decrease_score', ADMIN, 100));
    expect(score(world, ALICE)).toBe(0);
  });

  it('accepts changes only from updaters, whom the admin adds and removes', () => {
    const world = new LendingWorld();
    const allow = (admin: string, allowed: boolean) => ({
      fn: 'set_updater',
      args: [address.encode(admin), address.encode(BOB), bool.encode(allowed)],
    });
    expect(world.failure(BOB, 'reputation', change('set_score', BOB, 50))).toBe('reputation #2');
    expect(world.failure(BOB, 'reputation', allow(BOB, true))).toBe('reputation #1');
    world.call(ADMIN, 'reputation', allow(ADMIN, true));
    world.call(BOB, 'reputation', change('set_score', BOB, 50));
    world.call(ADMIN, 'reputation', allow(ADMIN, false));
    expect(world.failure(BOB, 'reputation', change('set_score', BOB, 51))).toBe('reputation #2');
    expect(
      bool.decode(
        world.call(BOB, 'reputation', { fn: 'is_updater', args: [address.encode(IDS.creditline)] }),
      ),
    ).toBe(true);
  });

  it('accepts its first admin from any account, the next one from the first', () => {
    const world = new LendingWorld();
    world.network.write({
      contract: IDS.reputation,
      durability: 'instance',
      key: symbol('ADMIN'),
      value: undefined,
    });
    expect(world.failure(BOB, 'reputation', { fn: 'get_admin', args: [] })).toBe('reputation #6');
    world.call(BOB, 'reputation', { fn: 'set_admin', args: [address.encode(ALICE)] });
    expect(world.failure(BOB, 'reputation', { fn: 'set_admin', args: [address.encode(BOB)] })).toBe(
      'reputation trap',
    );
    expect(address.decode(world.call(BOB, 'reputation', { fn: 'get_admin', args: [] }))).toBe(
      ALICE,
    );
  });
});
