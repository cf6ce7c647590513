import { describe, expect, it } from '@jest/globals';
import { charges, creditLimit, interestRateBps } from './creditline-terms.js';
import { checkedMath } from './checked-math.js';
import type { Host } from './host.js';

const host = {
  fail: (code: number): never => {
    throw new Error(`#${code}`);
  },
} as Host;
const math = checkedMath(host, { overflow: 10, underflow: 11 });

describe('terms by score', () => {
  it.each([
    [0, 1_000, 1_000n],
    [59, 1_000, 1_000n],
    [60, 800, 2_500n],
    [74, 800, 2_500n],
    [75, 600, 5_000n],
    [89, 600, 5_000n],
    [90, 400, 10_000n],
    [100, 400, 10_000n],
  ])('score %i pays %i bps and may owe %s', (score, bps, limit) => {
    expect(interestRateBps(score, 0)).toBe(bps);
    expect(creditLimit(score, 1n)).toBe(limit);
    expect(creditLimit(score, 10n ** 7n)).toBe(limit * 10_000_000n);
  });

  it('lowers a base rate by the tier, never below zero', () => {
    expect([59, 60, 75, 90].map((score) => interestRateBps(score, 1_200))).toEqual([
      1_200, 1_000, 800, 600,
    ]);
    expect([59, 60, 75, 90].map((score) => interestRateBps(score, 300))).toEqual([300, 100, 0, 0]);
  });

  it('charges the published example: 1000 at 4 % and 1 % is 1050', () => {
    expect(charges(math, 1_000n, 400)).toEqual({ interest: 40n, serviceFee: 10n, owed: 1_050n });
  });

  it('floors interest and fee separately', () => {
    expect(charges(math, 199n, 400)).toEqual({ interest: 7n, serviceFee: 1n, owed: 207n });
    expect(charges(math, 24n, 400)).toEqual({ interest: 0n, serviceFee: 0n, owed: 24n });
  });

  // The largest totals that pass with no other debt (docs/stellar.md#units-and-credit-limits).
  it.each([
    [90, 9_524n],
    [75, 4_674n],
    [60, 2_295n],
    [50, 901n],
  ])('score %i: %s is the largest total within the limit', (score, total) => {
    const owed = (amount: bigint): bigint => charges(math, amount, interestRateBps(score, 0)).owed;
    expect(owed(total)).toBeLessThanOrEqual(creditLimit(score, 1n));
    expect(owed(total + 1n)).toBeGreaterThan(creditLimit(score, 1n));
  });

  it('fails with Overflow when the product leaves i128', () => {
    expect(() => charges(math, (1n << 127n) / 400n + 1n, 400)).toThrow('#10');
  });
});
