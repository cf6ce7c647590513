import { broken, entry, type ErrorTable, type ErrorTables, unlinked } from '../error-tables.js';
import { TOKEN_ERRORS } from '../token-errors.js';

const CREDITLINE: ErrorTable = {
  1: broken(
    'NotAdmin',
    'The creditline contract asked for its administrator; a loan request never should.',
  ),
  2: entry(
    'InsufficientGuarantee',
    'caller',
    'The guarantee is smaller than the least share of the total that the creditline contract accepts.',
  ),
  3: entry(
    'VendorNotActive',
    'caller',
    'The vendor is not registered as active in the vendor registry.',
  ),
  4: entry(
    'InsufficientReputation',
    'caller',
    "The borrower's reputation score is below the threshold for a loan.",
  ),
  5: entry(
    'InsufficientLiquidity',
    'liquidity',
    'The pool does not have enough unlocked liquidity on the chain for this loan.',
  ),
  6: broken('LoanNotFound', 'The creditline contract did not find a loan that it should know.'),
  7: broken('LoanNotActive', 'The creditline contract met a loan that is not active.'),
  8: entry('NotBorrower', 'caller', 'The account is not the borrower of the loan.'),
  9: entry(
    'InvalidAmount',
    'caller',
    'Total and guarantee must be above zero, and the guarantee no more than the total.',
  ),
  10: entry(
    'Overflow',
    'caller',
    'The amounts are too large for the creditline contract to calculate with.',
  ),
  11: entry(
    'Underflow',
    'caller',
    'The amounts are too small or too far apart for the creditline contract to calculate with.',
  ),
  12: broken('LoanNotOverdue', 'The creditline contract met a loan that is not overdue.'),
  13: entry(
    'InvalidRepaymentAmount',
    'caller',
    'The creditline contract does not accept this repayment amount.',
  ),
  14: entry('UnauthorizedRepayer', 'caller', 'The account may not repay this loan.'),
  15: unlinked('TokenNotConfigured', 'The creditline contract has no token configured.'),
  16: unlinked('InvalidVendor', 'The creditline contract has no vendor registry configured.'),
  17: unlinked(
    'VendorValidationFailed',
    'The creditline contract could not ask the vendor registry.',
  ),
  18: entry(
    'ExposureLimitExceeded',
    'caller',
    "This loan would raise the borrower's debt above the limit for the borrower's reputation.",
  ),
  19: broken('LoanNotCancellable', 'The creditline contract met a loan that cannot be cancelled.'),
  20: unlinked(
    'ParametersUnavailable',
    'The creditline contract could not read the protocol parameters.',
  ),
  21: broken(
    'ReentrancyDetected',
    'The creditline contract is locked by a call that is still running.',
  ),
  22: broken('LoanInGracePeriod', 'The creditline contract met a loan in its grace period.'),
  23: entry('InvalidInstallmentIndex', 'caller', 'The schedule has no instalment with this index.'),
  24: entry('InstallmentAlreadyPaid', 'caller', 'The instalment is already paid.'),
  25: broken('InvalidLoanStatus', 'The creditline contract met a loan in an unexpected status.'),
  26: unlinked('NotInitialized', 'The creditline contract is not initialised.'),
  27: entry(
    'InvalidDueDate',
    'caller',
    'The creditline contract does not accept the due dates of the schedule.',
  ),
};

const POOL: ErrorTable = {
  1: broken(
    'NotAdmin',
    'The pool contract asked for its administrator; a loan request never should.',
  ),
  2: broken('AlreadyInitialized', 'The pool contract is already initialised.'),
  3: broken('NotInitialized', 'The pool contract is not initialised.'),
  4: entry('InvalidAmount', 'caller', 'The pool contract does not fund this amount.'),
  5: broken('InsufficientShares', 'The pool contract counts too few shares for this operation.'),
  6: entry(
    'InsufficientLiquidity',
    'liquidity',
    'The pool does not have enough unlocked liquidity on the chain to fund this loan.',
  ),
  7: broken('Overflow', "The pool contract's arithmetic overflowed."),
  8: broken('Underflow', "The pool contract's arithmetic underflowed."),
  9: unlinked('NotCreditLine', 'The pool contract does not accept this creditline contract.'),
  10: broken('ZeroTotalShares', 'The pool contract has no shares.'),
  11: broken('ReentrancyDetected', 'The pool contract is locked by a call that is still running.'),
};

const VENDOR_REGISTRY: ErrorTable = {
  1: broken('AlreadyInitialized', 'The vendor registry is already initialised.'),
  2: broken('NotInitialized', 'The vendor registry is not initialised.'),
  4: entry('VendorNotFound', 'caller', 'The vendor registry does not know the vendor.'),
  6: broken('Unauthorized', 'The vendor registry asked for an authorisation.'),
  8: broken('ReentrancyDetected', 'The vendor registry is locked by a call that is still running.'),
  10: entry('VendorNotPending', 'caller', 'The vendor is not pending in the vendor registry.'),
};
const REPUTATION: ErrorTable = {
  1: broken('NotAdmin', 'The reputation contract asked for its administrator.'),
  2: broken('NotUpdater', 'The reputation contract does not accept this updater.'),
  3: broken('OutOfBounds', 'The reputation contract met a score out of bounds.'),
  4: broken('Overflow', "The reputation contract's arithmetic overflowed."),
  5: broken('Underflow', "The reputation contract's arithmetic underflowed."),
  6: broken('NotInitialized', 'The reputation contract is not initialised.'),
  7: broken('Reentrancy', 'The reputation contract is locked by a call that is still running.'),
};
const PARAMETERS: ErrorTable = {
  1: broken('AlreadyInitialized', 'The parameters contract is already initialised.'),
  2: broken('NotAdmin', 'The parameters contract asked for its administrator.'),
  3: broken('InvalidParameters', 'The parameters contract holds invalid parameters.'),
  4: broken('NotInitialized', 'The parameters contract is not initialised.'),
};

export const STEPFI_ERRORS: ErrorTables = {
  lending_contract: CREDITLINE,
  pool: POOL,
  token: TOKEN_ERRORS,
  vendor_registry: VENDOR_REGISTRY,
  reputation: REPUTATION,
  parameters: PARAMETERS,
  unknown: {},
};

const PAUSED_POOL = entry(
  'ContractPaused',
  'paused',
  'The pool contract is paused on the chain by its administrator: it funds no loan until that ends.',
);

/** Numbers that G3 adds. */
export const G3_ERRORS: ErrorTables = {
  ...STEPFI_ERRORS,
  lending_contract: {
    ...CREDITLINE,
    28: broken('UpgradeNotProposed', 'The creditline contract has no proposed upgrade.'),
    29: broken('UpgradeTimelockNotMet', 'The proposed upgrade of the creditline is still locked.'),
    30: broken('UpgradeHashMismatch', 'Another upgrade of the creditline was proposed.'),
    31: broken(
      'InsufficientRefundBalance',
      'The creditline contract has too few tokens to refund a guarantee.',
    ),
    32: broken(
      'ReputationCallFailed',
      'The reputation contract refused a change of the score, and with it the whole call.',
    ),
    33: entry(
      'ContractPaused',
      'paused',
      'The creditline contract is paused on the chain by its administrator: it makes no loan until that ends.',
    ),
  },
  pool: {
    ...POOL,
    12: broken('UpgradeNotProposed', 'The pool contract has no proposed upgrade.'),
    13: broken('UpgradeTimelockNotMet', 'The proposed upgrade of the pool is still locked.'),
    14: broken('UpgradeHashMismatch', 'Another upgrade of the pool was proposed.'),
    15: PAUSED_POOL,
    16: entry(
      'OutflowCapExceeded',
      'outflow',
      'The pool contract funds no more than its outflow cap in one ledger, and this loan would pass it.',
    ),
    17: entry(
      'MerchantExposureCapExceeded',
      'vendor_cap',
      'This loan would raise what the pool contract has funded to the vendor above its exposure cap.',
    ),
    18: entry(
      'VendorNotActive',
      'caller',
      'The vendor is not active in the vendor registry that the pool contract asks.',
    ),
    19: broken('InvalidCap', 'The pool contract holds an invalid cap.'),
  },
};

const PUBLISHED_BY_TRUSTUP = 22;
/**
 * The other fork (docs/stellar.md#trustup): its creditline has other names at three numbers and
 * none above 22, its pool can be paused, and its registry holds merchants.
 */
export const TRUSTUP_ERRORS: ErrorTables = {
  ...STEPFI_ERRORS,
  lending_contract: {
    ...Object.fromEntries(
      Object.entries(CREDITLINE).filter(([number]) => Number(number) <= PUBLISHED_BY_TRUSTUP),
    ),
    3: entry(
      'MerchantNotActive',
      'caller',
      'The vendor is not registered as active in the merchant registry.',
    ),
    16: unlinked('InvalidMerchant', 'The creditline contract has no merchant registry configured.'),
    17: unlinked(
      'MerchantValidationFailed',
      'The creditline contract could not ask the merchant registry.',
    ),
  },
  pool: {
    ...POOL,
    12: PAUSED_POOL,
  },
  vendor_registry: {
    1: broken('AlreadyInitialized', 'The merchant registry is already initialised.'),
    2: broken('NotInitialized', 'The merchant registry is not initialised.'),
    4: entry('MerchantNotFound', 'caller', 'The merchant registry does not know the vendor.'),
  },
};
