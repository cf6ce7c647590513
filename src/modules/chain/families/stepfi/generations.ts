import type { Generation, PausedContract } from '../contract-family.js';
import type { ErrorTables } from '../error-tables.js';
import type { Signature } from '../functions-match.js';
import { G3_ERRORS, STEPFI_ERRORS, TRUSTUP_ERRORS } from './contract-errors.js';

/**
 * Everything in which the published generations of the contracts, and their other fork, differ for
 * us (docs/stellar.md#contract-generations, docs/stellar.md#trustup).
 */
export interface Traits {
  readonly title: string;
  /** create_loan's sixth argument; without it there is one kind of loan. */
  readonly takesLoanType: boolean;
  /** Whether an instalment says beside amount and due date what was paid of it. */
  readonly instalmentsTrackPayment: boolean;
  /** Who is paid, by the name it has in a listed loan. */
  readonly partyField: 'vendor' | 'merchant';
  readonly errors: ErrorTables;
  /**
   * XDR bytes of the creditline's ledger entry of a loan without instalments, and of each
   * instalment.
   */
  readonly loanEntry: { readonly bytes: number; readonly instalment: number };
  /**
   * The generation that these contracts are, except that their credit limits are in whole tokens
   * instead of base units: no code shows it, so an operator names it. Null: limits in base units.
   */
  readonly scalesLimitsOf: StepFiGeneration | null;
  /** `amount`: a bare i128. `four_values`: vendor, amount and what two caps leave. */
  readonly fundingEvent: 'amount' | 'four_values';
  /** A repayment takes locked to zero at least. */
  readonly lockedHasFloor: boolean;
  /** A default lowers total and locked by what nothing covers. */
  readonly absorbsLosses: boolean;
  readonly pausable: readonly PausedContract[];
  /** Whether the pool caps outflow and exposure. */
  readonly caps: boolean;
  /** A parameters contract that fails is replaced by the defaults. */
  readonly parametersOptional: boolean;
  readonly pool: Signature;
  readonly lender: Signature;
}

const POOL_G0 = [
  'calculate_withdrawal',
  'deposit',
  'distribute_interest',
  'fund_loan',
  'get_lp_shares',
  'get_pool_stats',
  'initialize',
  'receive_guarantee',
  'receive_repayment',
  'set_admin',
  'set_creditline',
  'set_merchant_fund',
  'set_treasury',
  'withdraw',
];
const ADMINISTRATION = ['get_admin', 'get_version', 'set_token', 'upgrade'];
const LENDER_G0 = [
  'apply_late_fees',
  'approve_loan',
  'cancel_loan',
  'create_loan',
  'get_loan',
  'get_user_active_debt',
  'get_user_loan_count',
  'get_user_loans',
  'initialize',
  'mark_defaulted',
  'repay_installment',
  'repay_loan',
  'request_loan',
  'set_admin',
  'set_liquidity_pool',
  'set_parameters_contract',
  'set_reputation_contract',
  'set_vendor_registry',
];
const LENDER_MAY = [...ADMINISTRATION, 'warn_grace_period'];
const PAUSE = ['is_paused', 'pause', 'unpause'];
const TIMELOCK = ['execute_upgrade', 'propose_upgrade'];
const CAPS = [
  'get_merchant_exposure_cap',
  'get_merchant_funded',
  'get_outflow_cap_bps',
  'get_vendor_registry',
  'set_merchant_exposure_cap',
  'set_outflow_cap_bps',
  'set_vendor_registry',
];

const G1: Traits = {
  title: 'StepFi contracts, generation G1',
  takesLoanType: true,
  instalmentsTrackPayment: true,
  partyField: 'vendor',
  errors: STEPFI_ERRORS,
  loanEntry: { bytes: 968, instalment: 124 },
  scalesLimitsOf: null,
  fundingEvent: 'amount',
  lockedHasFloor: false,
  absorbsLosses: false,
  pausable: [],
  caps: false,
  parametersOptional: false,
  pool: {
    has: POOL_G0,
    may: [...ADMINISTRATION, 'accumulate_interest', 'get_share_price'],
    arity: { distribute_interest: 1 },
  },
  lender: { has: LENDER_G0, may: LENDER_MAY, arity: { create_loan: 6 } },
};
const G2: Traits = {
  ...G1,
  title: 'StepFi contracts, generation G2',
  lockedHasFloor: true,
  absorbsLosses: true,
  pool: {
    has: [...POOL_G0, 'absorb_loss'],
    may: [...ADMINISTRATION, 'accumulate_interest', 'get_share_price'],
    arity: { distribute_interest: 2 },
  },
};
const G3: Traits = {
  ...G2,
  title: 'StepFi contracts, generation G3',
  errors: G3_ERRORS,
  fundingEvent: 'four_values',
  pausable: ['pool', 'lending_contract'],
  caps: true,
  parametersOptional: true,
  pool: {
    has: [...POOL_G0, 'absorb_loss', ...PAUSE, ...CAPS],
    may: [
      ...ADMINISTRATION,
      ...TIMELOCK,
      'accumulate_interest',
      'get_share_price',
      'set_parameters_contract',
    ],
    arity: { distribute_interest: 2 },
  },
  lender: {
    has: [...LENDER_G0, ...PAUSE],
    may: [...LENDER_MAY, ...TIMELOCK],
    arity: { create_loan: 6 },
  },
};
const TRUSTUP: Traits = {
  ...G1,
  title: 'TrustUp contracts',
  takesLoanType: false,
  instalmentsTrackPayment: false,
  partyField: 'merchant',
  errors: TRUSTUP_ERRORS,
  loanEntry: { bytes: 920, instalment: 76 },
  pausable: ['pool'],
  pool: {
    has: [...POOL_G0, ...PAUSE],
    may: ['get_admin', 'get_creditline', 'get_merchant_fund', 'get_token', 'get_treasury'],
    arity: { distribute_interest: 2 },
  },
  lender: {
    has: [
      'create_loan',
      'get_user_active_debt',
      'get_user_loan_count',
      'get_user_loans',
      'mark_defaulted',
      'repay_loan',
      'request_loan',
      'set_merchant_registry',
    ],
    may: [
      ...LENDER_G0,
      ...LENDER_MAY,
      'get_liquidity_pool',
      'get_merchant_registry',
      'get_parameters_contract',
      'get_reputation_contract',
    ],
    arity: { create_loan: 5 },
  },
};

export type StepFiGeneration = Exclude<Generation, 'reserve'>;
const scaled = (scalesLimitsOf: StepFiGeneration, traits: Traits): Traits => ({
  ...traits,
  title: `${traits.title}, credit limits in whole tokens`,
  scalesLimitsOf,
});
export const TRAITS: Readonly<Record<StepFiGeneration, Traits>> = {
  g1: G1,
  g2: G2,
  g3: G3,
  trustup: TRUSTUP,
  scaled: scaled('g1', G1),
  'scaled-g2': scaled('g2', G2),
  'scaled-g3': scaled('g3', G3),
};

/**
 * Code that was published, by the hex of its hash: it is known without being read. Both contracts
 * must be of one generation.
 */
export const KNOWN_CODE: Readonly<Record<string, StepFiGeneration>> = {
  '5cccbfb7dd2a723110fb299c84636b25d7a437c07092a943b5e4d76f141adf38': 'g1',
  '392ad2562e8836a2836695bb4ed32973bde100b243b5f695ddf2698464541c9e': 'g1',
};
