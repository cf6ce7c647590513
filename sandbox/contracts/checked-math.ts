import type { Host } from './host.js';

/** The numbers a Rust integer type can hold, both ends included. */
interface IntegerRange {
  readonly min: bigint;
  readonly max: bigint;
}
export const I128: IntegerRange = { min: -(1n << 127n), max: (1n << 127n) - 1n };
export const U64: IntegerRange = { min: 0n, max: (1n << 64n) - 1n };

/**
 * Contract codes for a result out of range: `underflow` for a subtraction, `overflow` for all others,
 * as the contracts' safe_math names them.
 */
export interface MathCodes {
  readonly overflow: number;
  readonly underflow: number;
}

export interface CheckedMath {
  add(a: bigint, b: bigint): bigint;
  sub(a: bigint, b: bigint): bigint;
  mul(a: bigint, b: bigint): bigint;
  /** Truncates toward zero, as Rust does. */
  div(a: bigint, b: bigint): bigint;
}

/**
 * Arithmetic that ends the invocation with the contract's code instead of leaving the range of its
 * type.
 */
export function checkedMath(host: Host, codes: MathCodes, range: IntegerRange = I128): CheckedMath {
  const within = (value: bigint, code: number): bigint =>
    value < range.min || value > range.max ? host.fail(code) : value;
  return {
    add: (a, b) => within(a + b, codes.overflow),
    sub: (a, b) => within(a - b, codes.underflow),
    mul: (a, b) => within(a * b, codes.overflow),
    div: (a, b) => (b === 0n ? host.fail(codes.overflow) : within(a / b, codes.overflow)),
  };
}
