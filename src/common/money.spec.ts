import { describe, expect, test } from '@jest/globals';
import { formatAmount, I128_MAX, parseAmount } from './money.js';

describe('token units to base units', () => {
  test.each([
    ['0', 7, 0n], ['1', 7, 10_000_000n], ['125.5', 7, 1_255_000_000n], ['0.0000001', 7, 1n], ['0.10', 1, 'has 2 fractional digits; this pool\'s token has 1'],
    ['9007199254740993', 0, 9_007_199_254_740_993n], ['100000000000001', 7, 1_000_000_000_000_010_000_000n],
    [I128_MAX.toString(), 0, I128_MAX], [(I128_MAX + 1n).toString(), 0, expect.stringContaining('2^127')],
  ])('%s with %i decimals', (text, decimals, expected) => { expect(parseAmount(text, decimals)).toEqual(expected); });

  test.each(['', ' 1', '1 ', '1\n', '+1', '-1', '01', '.5', '1.', '1,5', '1e3', '0x10', 'Infinity', '１００', '١', '1_000', '1\u00000'])('%j is not an amount', (text) => {
    expect(parseAmount(text, 7)).toEqual(expect.stringContaining('plain decimal string'));
  });
});

describe('base units to token units', () => {
  test.each([
    [0n, 7, '0'], [1n, 7, '0.0000001'], [10_000_000n, 7, '1'], [1_255_000_000n, 7, '125.5'], [5n, 0, '5'], [-15n, 1, '-1.5'], [I128_MAX, 18, '170141183460469231731.687303715884105727'],
  ])('%s with %i decimals is %s', (units, decimals, expected) => { expect(formatAmount(units, decimals)).toBe(expected); });

  test('reading what was printed gives the same units, beyond 2^53 too', () => {
    for (const decimals of [0, 2, 7, 18]) for (const units of [1n, 10n ** 17n + 1n, 2n ** 53n + 1n, I128_MAX - 1n]) expect(parseAmount(formatAmount(units, decimals), decimals)).toBe(units);
  });
});
