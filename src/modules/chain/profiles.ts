import { type ContractRefusal, type LoanType, type Profile, PROFILE_NAMES } from './chain.js';
import { type ErrorTables, STEPFI_ERRORS, TRUSTUP_ERRORS } from './contract-errors.js';

/**
 * Every difference between the known forks of the contracts that matters here
 * (docs/stellar.md#creditline-functions, docs/stellar.md#trustup). Events and storage keys are the
 * same; a loan's status is never read.
 */
export interface ProfileRules {
  /** create_loan's sixth argument; without it there is one kind of loan. */
  readonly takesLoanType: boolean;
  /** Whether an instalment also states the paid amount. */
  readonly instalmentsTrackPayment: boolean;
  /** The name of the payee in a listed loan. */
  readonly partyField: 'vendor' | 'merchant';
  readonly errors: ErrorTables;
  /**
   * XDR bytes of the creditline's ledger entry of a loan without instalments, and of each
   * instalment.
   */
  readonly loanEntry: { readonly bytes: number; readonly instalment: number };
}

const STEPFI: ProfileRules = {
  takesLoanType: true,
  instalmentsTrackPayment: true,
  partyField: 'vendor',
  errors: STEPFI_ERRORS,
  loanEntry: { bytes: 968, instalment: 124 },
};

/** StepFi's contracts with credit limits in whole tokens; no call or reply shows the difference. */
export const PROFILES: Readonly<Record<Profile, ProfileRules>> = {
  stepfi: STEPFI,
  scaled: STEPFI,
  trustup: {
    takesLoanType: false,
    instalmentsTrackPayment: false,
    partyField: 'merchant',
    errors: TRUSTUP_ERRORS,
    loanEntry: { bytes: 920, instalment: 76 },
  },
};

/**
 * What the pool's contract answers while its administrator keeps it paused; null where the contract
 * has no pause.
 */
export function pauseRefusal(profile: string): ContractRefusal | null {
  const [found] = Object.entries(PROFILES[profileOf(profile)].errors.pool).filter(
    ([, { kind }]) => kind === 'paused',
  );
  return found
    ? { contract: 'pool', contractId: null, number: Number(found[0]), ...found[1] }
    : null;
}

/** @throws Error for a name with which no pool can be registered (a programming fault) */
export function profileOf(name: string): Profile {
  const found = PROFILE_NAMES.find((known) => known === name);
  if (found === undefined) throw new Error(`no such profile: ${name}`);
  return found;
}

/**
 * The largest schedule that the service accepts. A loan that others created is assumed to have it.
 */
export const INSTALMENTS_MAX = 60;
/** The name of a learner loan is three XDR words longer. */
const LEARNER_BYTES = 12;

/**
 * Exact XDR bytes of the creditline's ledger entry of this loan. A vendor that is a contract makes
 * it 4 bytes smaller.
 */
export function loanEntryBytes(
  profile: Profile,
  loan: { readonly instalments: number; readonly loanType: LoanType },
): number {
  const { bytes, instalment } = PROFILES[profile].loanEntry;
  return (
    bytes +
    instalment * loan.instalments +
    (loan.loanType === 'learner_installment' ? LEARNER_BYTES : 0)
  );
}
