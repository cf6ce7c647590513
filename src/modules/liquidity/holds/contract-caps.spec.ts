import { describe, expect, test } from '@jest/globals';
import {
  outflowCapOf,
  type OutflowConditions,
  outflowRefusal,
  safeSumOf,
} from './contract-caps.js';

/** What the contract does with fundings of one ledger: true where it takes one. */
function fundings(available: bigint, capBps: number, amounts: readonly bigint[]): boolean[] {
  let [left, used] = [available, 0n];
  return amounts.map((amount) => {
    if (used + amount > (left * BigInt(capBps)) / 10_000n) return false;
    left -= amount;
    used += amount;
    return true;
  });
}
const conditions = (unlocked: bigint, capBps: number, held = 0n): OutflowConditions => ({
  unlocked,
  capBps,
  held,
});
const accepts = (unlocked: bigint, capBps: number, amounts: readonly bigint[]): boolean[] => {
  let held = 0n;
  return amounts.map((amount) => {
    if (outflowRefusal(conditions(unlocked, capBps, held), amount, 1)) return false;
    held += amount;
    return true;
  });
};

describe('the outflow cap of a ledger', () => {
  test.each([
    { bps: 5_000, amounts: [3_000n, 400n], byContract: [true, true], held: [true, false] },
    { bps: 5_000, amounts: [3_000n, 600n], byContract: [true, false], held: [true, false] },
    { bps: 10_000, amounts: [6_000n, 3_000n], byContract: [true, false], held: [true, false] },
    { bps: 5_000, amounts: [5_001n], byContract: [false], held: [false] },
  ])('10,000 available, $bps bps, fundings $amounts', ({ bps, amounts, byContract, held }) => {
    const available = 10_000n;
    expect(fundings(available, bps, amounts)).toEqual(byContract);
    // a sum that only lands in one order is not held
    expect(accepts(available, bps, amounts)).toEqual(held);
  });

  test('the safe sum and the cap are whole numbers, rounded down', () => {
    expect(safeSumOf(conditions(10_000n, 5_000))).toBe(3_333n);
    expect(outflowCapOf(conditions(10_001n, 5_000))).toBe(5_000n);
    expect(safeSumOf(conditions(-5n, 5_000))).toBe(0n);
    expect(outflowRefusal(null, 1n, 1)).toBeNull();
  });

  test('every set of loans that is held lands in one ledger in any order', () => {
    let seed = 7;
    const below = (limit: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % limit;
    };
    for (let round = 0; round < 2_000; round++) {
      const [available, bps] = [BigInt(1 + below(10_000)), 1 + below(10_000)];
      const asked = Array.from({ length: 1 + below(8) }, () => BigInt(1 + below(2_000)));
      const decisions = accepts(available, bps, asked);
      const held = asked.filter((_, index) => decisions[index]);
      for (const order of [held, held.toReversed(), held.toSorted((a, b) => (a < b ? -1 : 1))])
        expect(fundings(available, bps, order)).toEqual(held.map(() => true));
    }
  });
});
