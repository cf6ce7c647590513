/**
 * Amounts: `bigint` base units inside, decimal strings of token units on the wire
 * (docs/protocol.md#wire). Never a `number`.
 */

export const I128_MAX = (1n << 127n) - 1n;
const AMOUNT = /^(0|[1-9][0-9]{0,38})(?:\.([0-9]{1,38}))?$/;

/**
 * Converts token units as text to base units.
 * @returns the base units, or a sentence that says what is wrong with the text
 */
export function parseAmount(text: string, decimals: number): bigint | string {
  const match = AMOUNT.exec(text);
  if (!match)
    return 'must be token units as a plain decimal string, such as "125.5": no sign, exponent, spaces or leading zeros';
  const fraction = match[2] ?? '';
  if (fraction.length > decimals)
    return `has ${fraction.length} fractional digits; this pool's token has ${decimals}`;
  const units = BigInt(match[1] + fraction.padEnd(decimals, '0'));
  return units > I128_MAX
    ? 'is larger than a contract amount can be (2^127 - 1 base units)'
    : units;
}

/**
 * Converts base units to token units, without trailing zeros or exponent. Reports may have negative
 * amounts, which keep their sign.
 */
export function formatAmount(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`;
}

/** Hundredths of a percent as percent. */
export const formatPercent = (bps: number): string => formatAmount(BigInt(bps), 2);

/** The network's own token, in which channels pay their fees. */
const XLM_DECIMALS = 7;
export const stroopsOf = (xlm: bigint): bigint => xlm * 10n ** BigInt(XLM_DECIMALS);
export const formatXlm = (stroops: bigint): string => formatAmount(stroops, XLM_DECIMALS);
