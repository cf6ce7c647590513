/**
 * Error numbers of the contracts (docs/stellar.md#error-numbers). They collide across contracts: a
 * number has no meaning without its contract.
 */
export const CreditlineError = {
  NotAdmin: 1,
  InsufficientGuarantee: 2,
  VendorNotActive: 3,
  InsufficientReputation: 4,
  InsufficientLiquidity: 5,
  LoanNotFound: 6,
  LoanNotActive: 7,
  NotBorrower: 8,
  InvalidAmount: 9,
  Overflow: 10,
  Underflow: 11,
  LoanNotOverdue: 12,
  InvalidRepaymentAmount: 13,
  UnauthorizedRepayer: 14,
  TokenNotConfigured: 15,
  InvalidVendor: 16,
  VendorValidationFailed: 17,
  ExposureLimitExceeded: 18,
  LoanNotCancellable: 19,
  ParametersUnavailable: 20,
  ReentrancyDetected: 21,
  LoanInGracePeriod: 22,
  InvalidInstallmentIndex: 23,
  InstallmentAlreadyPaid: 24,
  InvalidLoanStatus: 25,
  NotInitialized: 26,
  InvalidDueDate: 27,
} as const;
/** From the third generation on. */
export const LateCreditlineError = {
  ...CreditlineError,
  UpgradeNotProposed: 28,
  UpgradeTimelockNotMet: 29,
  UpgradeHashMismatch: 30,
  InsufficientRefundBalance: 31,
  ReputationCallFailed: 32,
  ContractPaused: 33,
} as const;

export const PoolError = {
  NotAdmin: 1,
  AlreadyInitialized: 2,
  NotInitialized: 3,
  InvalidAmount: 4,
  InsufficientShares: 5,
  InsufficientLiquidity: 6,
  Overflow: 7,
  Underflow: 8,
  NotCreditLine: 9,
  ZeroTotalShares: 10,
  ReentrancyDetected: 11,
} as const;
/** From the third generation on; the numbers mean other things in other contracts. */
export const LimitedPoolError = {
  ...PoolError,
  UpgradeNotProposed: 12,
  UpgradeTimelockNotMet: 13,
  UpgradeHashMismatch: 14,
  ContractPaused: 15,
  OutflowCapExceeded: 16,
  MerchantExposureCapExceeded: 17,
  VendorNotActive: 18,
  InvalidCap: 19,
} as const;
/** The fork's pool. */
export const TrustupPoolError = { ...PoolError, ContractPaused: 12 } as const;

export const VendorRegistryError = {
  AlreadyInitialized: 1,
  NotInitialized: 2,
  VendorAlreadyRegistered: 3,
  VendorNotFound: 4,
  InvalidName: 5,
  Unauthorized: 6,
  Overflow: 7,
  ReentrancyDetected: 8,
  Underflow: 9,
  VendorNotPending: 10,
} as const;

export const ReputationError = {
  NotAdmin: 1,
  NotUpdater: 2,
  OutOfBounds: 3,
  Overflow: 4,
  Underflow: 5,
  NotInitialized: 6,
  ReentrancyDetected: 7,
} as const;

export const ParametersError = {
  AlreadyInitialized: 1,
  NotAdmin: 2,
  InvalidParameters: 3,
  NotInitialized: 4,
  /** Recorded: a proposal was executed with fewer approvals than the threshold. */
  TooFewApprovals: 17,
} as const;

/**
 * The Stellar Asset Contract's own numbers (Stellar documentation, tokens/stellar-asset-contract).
 */
export const TokenError = {
  AccountMissing: 6,
  NegativeAmount: 8,
  BalanceTooSmall: 10,
  BalanceDeauthorized: 11,
  Overflow: 12,
  TrustlineMissing: 13,
} as const;
