import { describe, expect, it } from '@jest/globals';
import { checkedMath, I128, U64 } from './checked-math.js';
import type { Host } from './host.js';

const CODES = { overflow: 10, underflow: 11 } as const;
/** The arithmetic only calls `fail`. */
const host = {
  fail: (code: number): never => {
    throw new Error(`#${code}`);
  },
} as Host;

describe('checked arithmetic', () => {
  const math = checkedMath(host, CODES);

  it('reaches both ends of i128 and no further', () => {
    expect(I128.max).toBe(170141183460469231731687303715884105727n);
    expect(math.add(I128.max - 1n, 1n)).toBe(I128.max);
    expect(() => math.add(I128.max, 1n)).toThrow('#10');
    expect(math.sub(I128.min + 1n, 1n)).toBe(I128.min);
    expect(() => math.sub(I128.min, 1n)).toThrow('#11');
    expect(() => math.sub(I128.max, -1n)).toThrow('#11');
    expect(() => math.mul(1n << 64n, 1n << 63n)).toThrow('#10');
    expect(math.mul(-(1n << 64n), 1n << 63n)).toBe(I128.min);
  });

  it('does not stop at zero: locked liquidity may be negative', () => {
    expect(math.sub(800n, 1_000n)).toBe(-200n);
  });

  it('divides toward zero, and fails on zero and on the one quotient that does not fit', () => {
    expect(math.div(7n, 2n)).toBe(3n);
    expect(math.div(-7n, 2n)).toBe(-3n);
    expect(() => math.div(1n, 0n)).toThrow('#10');
    expect(() => math.div(I128.min, -1n)).toThrow('#10');
  });

  it('knows u64', () => {
    const counters = checkedMath(host, CODES, U64);
    expect(counters.add(U64.max - 1n, 1n)).toBe(18446744073709551615n);
    expect(() => counters.add(U64.max, 1n)).toThrow('#10');
    expect(() => counters.sub(0n, 1n)).toThrow('#11');
  });
});
