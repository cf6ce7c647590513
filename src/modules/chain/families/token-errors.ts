import { broken, entry, type ErrorTable } from './error-tables.js';

/**
 * A Stellar Asset Contract's codes. #10 is the borrower's here; `refusal.ts` turns it into
 * liquidity when the pool is the short party.
 */
export const TOKEN_ERRORS: ErrorTable = {
  6: entry('AccountMissing', 'caller', 'The borrower or the vendor has no account on the network.'),
  8: entry('NegativeAmount', 'caller', 'The token does not move a negative amount.'),
  9: broken('AllowanceError', 'The token found an allowance missing.'),
  10: entry(
    'BalanceError',
    'caller',
    'The borrower does not have enough tokens for the guarantee.',
  ),
  11: entry(
    'BalanceDeauthorized',
    'caller',
    "The token's issuer has not authorised one of the parties to hold it.",
  ),
  12: entry('Overflow', 'caller', 'The amount is more than a balance of this token can hold.'),
  13: entry(
    'TrustlineMissing',
    'caller',
    'The borrower or the vendor has no trustline for the token.',
  ),
};
export const POOL_TOKENS_SHORT = entry(
  'BalanceError',
  'liquidity',
  'The pool counts more liquidity than it has tokens: it cannot pay out this loan now.',
);
