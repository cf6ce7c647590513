import { describe, expect, it } from '@jest/globals';
import { balanceChange, depositChanges, scoreChange } from './deploy.js';
import { ALICE, IDS, LendingWorld, PROVIDER } from '../../test/support/lending-world.js';
import { contractCode } from './registry.js';
import { u64 } from './scval.js';

describe('contract code by profile', () => {
  it('has the six contracts under their names', () => {
    const code = contractCode('stepfi', 7);
    expect([...code.keys()].sort()).toEqual([
      'creditline',
      'parameters',
      'pool',
      'reputation',
      'token',
      'vendor_registry',
    ]);
    for (const [name, body] of code) expect(body.name).toBe(name);
  });

  it.each([
    [100, 9_524n],
    [80, 4_674n],
    [60, 2_295n],
    [50, 901n],
  ])('stepfi: at score %i a total of %s passes and one more is #18', (score, total) => {
    for (const [asked, outcome] of [
      [total, 1n],
      [total + 1n, 'creditline #18'],
    ] as const) {
      const world = LendingWorld.ready('stepfi');
      world.network.apply(scoreChange(IDS, ALICE, score));
      const asking = { total: asked, guarantee: asked / 5n };
      expect(outcome === 1n ? u64.decode(world.createLoan(asking)) : world.refusal(asking)).toBe(
        outcome,
      );
    }
  });

  it.each([
    [0, 1n],
    [7, 10_000_000n],
    [18, 10n ** 18n],
  ])('scaled by %i decimals multiplies the limit and nothing else', (decimals, unit) => {
    const world = LendingWorld.ready('scaled', decimals);
    world.network.apply(
      ...depositChanges(IDS, PROVIDER, 20_000n * unit),
      balanceChange(IDS, ALICE, 20_000n * unit),
    );
    const total = largestTotalOwing(10_000n * unit);
    const guarantee = total / 5n;
    expect(world.refusal({ total: total + 1n, guarantee: (total + 1n) / 5n })).toBe(
      'creditline #18',
    );
    expect(world.refusal({ total, guarantee: guarantee - 1n })).toBe('creditline #2');
    expect(u64.decode(world.createLoan({ total, guarantee }))).toBe(1n);
  });
});

/** Found by bisection, at 4 % interest and 1 % fee, each floored. */
function largestTotalOwing(limit: bigint): bigint {
  let [fits, tooMuch] = [0n, limit];
  while (tooMuch - fits > 1n) {
    const middle = (fits + tooMuch) / 2n;
    if (middle + (middle * 4n) / 100n + middle / 100n <= limit) fits = middle;
    else tooMuch = middle;
  }
  return fits;
}
