import { type ContractRefusal, type LoanType, type Profile, PROFILE_NAMES } from './chain.js';
import { type ErrorTables, STEPFI_ERRORS, TRUSTUP_ERRORS } from './contract-errors.js';

/**
 * Everything in which the known forks of the contracts differ for us
 * (docs/stellar.md#creditline-functions, docs/stellar.md#trustup). Events and storage keys are the
 * same; a loan's status is never read.
 */
export interface ProfileRules {
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
}

const STEPFI: ProfileRules = {
  takesLoanType: true,
  instalmentsTrackPayment: true,
  partyField: 'vendor',
  errors: STEPFI_ERRORS,
  loanEntry: { bytes: 968, instalment: 124 },
};

/** `scaled` is StepFi's with credit limits in whole tokens: nothing we send or read shows it. */
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
 * What the pool's contract says while its administrator keeps it paused; null where it knows no
 * such refusal, and so no pause.
 */
export function pauseRefusal(profile: string): ContractRefusal | null {
  const [found] = Object.entries(PROFILES[profileOf(profile)].errors.pool).filter(
    ([, { kind }]) => kind === 'paused',
  );
  return found
    ? { contract: 'pool', contractId: null, number: Number(found[0]), ...found[1] }
    : null;
}

/** @throws Error for a name that no pool can be registered with (a programming fault) */
export function profileOf(name: string): Profile {
  const found = PROFILE_NAMES.find((known) => known === name);
  if (found === undefined) throw new Error(`no such profile: ${name}`);
  return found;
}

/**
 * The largest schedule that the service accepts, and the one that a stranger's loan is taken to
 * have.
 */
export const INSTALMENTS_MAX = 60;
/** The name of a learner loan is three words of XDR longer. */
const LEARNER_BYTES = 12;

/**
 * XDR bytes of the creditline's ledger entry of this loan, to the byte. A vendor that is a contract
 * makes it 4 bytes smaller.
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
