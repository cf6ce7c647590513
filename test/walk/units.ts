/** Seven decimals: base units of one token. */
export const UNIT = 10_000_000n;
export const HOLD_SECONDS = 60;
