import { entry, type ErrorTable, type ErrorTables } from '../error-tables.js';
import { TOKEN_ERRORS } from '../token-errors.js';

const POOL: ErrorTable = {
  1: entry('Unauthorized', 'caller', 'The account may not do this to the reserve.'),
  2: entry('AmountNotPositive', 'caller', 'The reserve lends only amounts above zero.'),
  3: entry(
    'Frozen',
    'paused',
    'The reserve is frozen on the chain by its administrator: it lends nothing until that ends.',
  ),
  4: entry(
    'LiquidityShort',
    'liquidity',
    'The reserve does not have enough on the chain that is supplied and not lent.',
  ),
  5: entry('DebtExceeded', 'caller', 'The account owes the reserve less than this amount.'),
  6: entry('SupplyExceeded', 'caller', 'The account has supplied less than this amount.'),
  7: entry('Overflow', 'caller', 'The amount is too large for the reserve to calculate with.'),
  8: entry(
    'UtilisationExceeded',
    'liquidity',
    'The reserve may lend only a part of what is supplied, and that part is lent.',
  ),
};
export const FROZEN = 3;

/** One contract and its token: no other contract of the reserve can refuse. */
export const RESERVE_ERRORS: ErrorTables = {
  pool: POOL,
  token: TOKEN_ERRORS,
  lending_contract: {},
  vendor_registry: {},
  reputation: {},
  parameters: {},
  unknown: {},
};
