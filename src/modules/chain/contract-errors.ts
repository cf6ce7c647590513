import type { ContractName, ContractRefusal } from './chain.js';

/**
 * Every error number that create_loan can return, by the contract that raises it, because numbers
 * collide between contracts (docs/stellar.md#error-numbers). Kinds are those of `ContractRefusal`
 * (docs/stellar.md#reply-meanings).
 */
type Kind = ContractRefusal['kind'];
export interface ContractError {
  readonly name: string;
  readonly kind: Kind;
  readonly sentence: string;
}
type ErrorTable = Readonly<Record<number, ContractError>>;
/** The meanings of each contract's numbers in one deployment. */
export type ErrorTables = Readonly<Record<ContractName, ErrorTable>>;

const entry = (name: string, kind: Kind, sentence: string): ContractError => ({
  name,
  kind,
  sentence,
});
const broken = (name: string, sentence: string): ContractError => entry(name, 'protocol', sentence);

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
  15: broken('TokenNotConfigured', 'The creditline contract has no token configured.'),
  16: broken('InvalidVendor', 'The creditline contract has no vendor registry configured.'),
  17: broken(
    'VendorValidationFailed',
    'The creditline contract could not ask the vendor registry.',
  ),
  18: entry(
    'ExposureLimitExceeded',
    'caller',
    "This loan would raise the borrower's debt above the limit for the borrower's reputation.",
  ),
  19: broken('LoanNotCancellable', 'The creditline contract met a loan that cannot be cancelled.'),
  20: broken(
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
  26: broken('NotInitialized', 'The creditline contract is not initialised.'),
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
  9: broken('NotCreditLine', 'The pool contract does not accept this creditline contract.'),
  10: broken('ZeroTotalShares', 'The pool contract has no shares.'),
  11: broken('ReentrancyDetected', 'The pool contract is locked by a call that is still running.'),
};

/**
 * Codes of a Stellar Asset Contract. #10 means that the borrower is short; `refusal.ts` turns it
 * into liquidity when the pool is the short party.
 */
const TOKEN: ErrorTable = {
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
  creditline: CREDITLINE,
  pool: POOL,
  token: TOKEN,
  vendor_registry: VENDOR_REGISTRY,
  reputation: REPUTATION,
  parameters: PARAMETERS,
  unknown: {},
};

const PUBLISHED_BY_TRUSTUP = 22;
/**
 * The other fork (docs/stellar.md#trustup): its creditline has other names at three numbers and
 * none above 22, its pool can be paused, and its registry holds merchants.
 */
export const TRUSTUP_ERRORS: ErrorTables = {
  ...STEPFI_ERRORS,
  creditline: {
    ...Object.fromEntries(
      Object.entries(CREDITLINE).filter(([number]) => Number(number) <= PUBLISHED_BY_TRUSTUP),
    ),
    3: entry(
      'MerchantNotActive',
      'caller',
      'The vendor is not registered as active in the merchant registry.',
    ),
    16: broken('InvalidMerchant', 'The creditline contract has no merchant registry configured.'),
    17: broken(
      'MerchantValidationFailed',
      'The creditline contract could not ask the merchant registry.',
    ),
  },
  pool: {
    ...POOL,
    12: entry(
      'ContractPaused',
      'paused',
      'The pool contract is paused on the chain by its administrator: it funds no loan until that ends.',
    ),
  },
  vendor_registry: {
    1: broken('AlreadyInitialized', 'The merchant registry is already initialised.'),
    2: broken('NotInitialized', 'The merchant registry is not initialised.'),
    4: entry('MerchantNotFound', 'caller', 'The merchant registry does not know the vendor.'),
  },
};

/**
 * The meaning of a number in a contract. An unpublished number belongs to a deployment that we do
 * not know, so the refusal is not the caller's.
 */
export function contractError(
  tables: ErrorTables,
  contract: ContractName,
  number: number,
): ContractError {
  const where =
    contract === 'unknown'
      ? 'A contract we cannot name'
      : `The ${contract.replace('_', ' ')} contract`;
  return (
    tables[contract][number] ??
    broken(
      `Error${number}`,
      `${where} refused with error #${number}, which its published source does not name.`,
    )
  );
}

/** Failures without a contract number, by `type/code` of the host's error. */
const HOST: Readonly<Record<string, string>> = {
  'Storage/MissingValue': 'A contract or one of its entries is missing on the chain.',
  'Storage/ExceededLimit': 'The simulation touched an entry outside of its footprint.',
  'WasmVm/InvalidAction': 'A contract stopped without giving a reason.',
  'Budget/ExceededLimit':
    'The loan needs more computing than the network allows for one transaction.',
  'Auth/InvalidAction':
    "A contract asked for an authorisation that the borrower's signature does not give.",
};

export function hostError(kind: string): ContractError {
  return broken(
    kind,
    HOST[kind] ?? 'The contracts could not run this loan; the deployment looks broken.',
  );
}
