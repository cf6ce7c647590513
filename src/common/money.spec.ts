import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatAmount, I128_MAX, parseAmount } from './money.js';

describe('amounts', () => {
  test.each<[string, number, bigint]>([
    ['0', 7, 0n],
    ['1', 7, 10_000_000n],
    ['0.0000001', 7, 1n],
    ['1600.0000001', 7, 16_000_000_001n],
    ['9007199254740993', 0, 9_007_199_254_740_993n],
    ['90071992547.40993', 7, 900_719_925_474_099_300n],
    ['1.50', 7, 15_000_000n],
    ['170141183460469231731687303715884105727', 0, I128_MAX],
  ])('%s with %i decimals', (text, decimals, units) => {
    expect(parseAmount(text, decimals)).toBe(units);
  });

  test.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '-1',
    '1e3',
    '01',
    '.5',
    '1.',
    '1,5',
    '0x10',
    '١',
    '1_000',
    'NaN',
    'Infinity',
    '1\u0000',
    '9'.repeat(60),
  ])('%j is refused with a sentence', (text) => {
    expect(parseAmount(text, 7)).toEqual(expect.stringMatching(/^(must be|is larger)/));
  });

  test('more fractional digits than the token has, and more than a contract can hold, are refused', () => {
    expect(parseAmount('1.00000001', 7)).toBe("has 8 fractional digits; this pool's token has 7");
    expect(parseAmount('170141183460469231731687303715884105728', 0)).toContain(
      'larger than a contract amount',
    );
    expect(parseAmount('17014118346046923173168730371588410573', 7)).toContain(
      'larger than a contract amount',
    );
  });

  test('print and parse are inverse, without trailing zeros or exponent', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: I128_MAX }),
        fc.integer({ min: 0, max: 18 }),
        (units, decimals) => {
          const text = formatAmount(units, decimals);
          expect(text).toMatch(/^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/);
          expect(parseAmount(text, decimals)).toBe(units);
        },
      ),
      { verbose: true },
    );
  });

  test('reports may be negative', () => {
    expect([formatAmount(-2_000_000_000n, 7), formatAmount(-1n, 7), formatAmount(-5n, 0)]).toEqual([
      '-200',
      '-0.0000001',
      '-5',
    ]);
  });
});
