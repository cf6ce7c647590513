import { applyLateFees } from './creditline-late-fees.js';
import { createLoan } from './creditline-lending.js';
import { loanType, repaymentSchedule } from './creditline-loan.js';
import { markDefaulted, warnGracePeriod } from './creditline-overdue.js';
import { repayInstallment, repayLoan } from './creditline-repayment.js';
import { approveLoan, cancelLoan, requestLoan } from './creditline-requests.js';
import {
  creditlineKey,
  readLoan,
  userActiveDebt,
  userLoanCount,
  userLoans,
} from './creditline-storage.js';
import { CreditlineError, LateCreditlineError } from './error-codes.js';
import { addressSetter, administration, exported } from './exported-function.js';
import type { CreditlineRules } from './generations.js';
import type { ContractCode, ContractFunction, Host } from './host.js';
import { pauseFunctions, stoppedByPause } from './pause.js';
import { address, i128, u32, u64, vec, voidValue } from './scval.js';
import { upgradeAfterDelay, upgradeAtOnce } from './upgrades.js';

/** The lending contract of a generation. */
export function creditlineContract(
  rules: CreditlineRules,
): ContractCode & Required<Pick<ContractCode, 'errors' | 'events'>> {
  const functions = {
    ...administration(CreditlineError),
    ...(rules.upgrade === 'after a delay' ? upgradeAfterDelay(LateCreditlineError) : {}),
    ...(rules.upgrade === 'at once' ? upgradeAtOnce(CreditlineError) : {}),
    ...settersOfLinks,
    ...readers,
    ...lifeOfALoan(rules),
    initialize: exported([address, address, address, address, address], (host, parties) =>
      initialize(host, parties),
    ),
  };
  const canPause = rules.pause === 'of both';
  return {
    name: 'creditline',
    errors: canPause ? LateCreditlineError : CreditlineError,
    events: [...EVENTS, ...(rules.approvalPays ? LATER_EVENTS : [])],
    functions: canPause
      ? {
          ...stoppedByPause(functions, {
            code: LateCreditlineError.ContractPaused,
            names: STOPPED,
          }),
          ...pauseFunctions(CreditlineError, { silent: false }),
        }
      : functions,
  };
}

/** What a pause stops: repayments go on. */
const STOPPED = [
  'create_loan',
  'request_loan',
  'approve_loan',
  'cancel_loan',
  'mark_defaulted',
  'warn_grace_period',
] as const;
const EVENTS = [
  'LOANCRTD',
  'LOANRQST',
  'LOANAPPROVED',
  'LOANCNCL',
  'LOANRPD',
  'INSTPAID',
  'LOANGRC',
  'LOANDFLT',
  'LOANLTFE',
  'CONTRACTUPGRADED',
] as const;
const LATER_EVENTS = ['LOANFNDD', 'LATEFEEPD', 'PAUSED', 'UNPAUSED', 'UPGDPRP'] as const;

const lifeOfALoan = (rules: CreditlineRules): Readonly<Record<string, ContractFunction>> => ({
  create_loan: exported(
    [address, address, i128, i128, repaymentSchedule, loanType],
    (host, [user, vendor, total, guarantee, schedule, type]) =>
      createLoan(host, { user, vendor, total, guarantee, schedule, type }, rules),
  ),
  request_loan: exported(
    [address, address, i128, i128, repaymentSchedule, loanType],
    (host, [user, vendor, total, guarantee, schedule, type]) =>
      requestLoan(host, { user, vendor, total, guarantee, schedule, type }, rules),
  ),
  approve_loan: exported([u64], (host, [id]) => approveLoan(host, id, rules)),
  cancel_loan: exported([address, u64], (host, [caller, id]) =>
    cancelLoan(host, { caller, id }, rules),
  ),
  repay_loan: exported([address, u64, i128], (host, [borrower, id, amount]) =>
    repayLoan(host, { borrower, id, amount }, rules),
  ),
  repay_installment: exported([address, u64, u32, i128], (host, [borrower, id, index, amount]) =>
    repayInstallment(host, { borrower, id, amount, index }, rules),
  ),
  mark_defaulted: exported([u64], (host, [id]) => markDefaulted(host, id, rules)),
  warn_grace_period: exported([u64], (host, [id]) => warnGracePeriod(host, id, rules)),
  apply_late_fees: exported([u64], (host, [id]) => applyLateFees(host, id)),
});

const settersOfLinks = {
  set_reputation_contract: addressSetter(creditlineKey.reputation, CreditlineError),
  set_vendor_registry: addressSetter(creditlineKey.vendorRegistry, CreditlineError),
  set_liquidity_pool: addressSetter(creditlineKey.pool, CreditlineError),
  set_parameters_contract: addressSetter(creditlineKey.parameters, CreditlineError),
};

const readers = {
  get_loan: exported([u64], (host, [id]) => readLoan(host, id)),
  get_user_loans: exported([address, u64, u32], (host, [borrower, start, limit]) =>
    vec(userLoans(host, borrower, { start, limit })),
  ),
  get_user_loan_count: exported([address], (host, [borrower]) =>
    u64.encode(userLoanCount(host, borrower)),
  ),
  get_user_active_debt: exported([address], (host, [borrower]) =>
    i128.encode(userActiveDebt(host, borrower)),
  ),
};

/**
 * A second call panics without a code, as published. The parameters contract is set later, by its
 * setter.
 */
function initialize(host: Host, parties: readonly [string, string, string, string, string]) {
  if (host.read('instance', creditlineKey.admin)) return host.trap('Already initialized');
  const [admin, reputation, vendorRegistry, pool, token] = parties;
  host.requireAuth(admin);
  host.write('instance', creditlineKey.admin, address.encode(admin));
  host.write('instance', creditlineKey.reputation, address.encode(reputation));
  host.write('instance', creditlineKey.vendorRegistry, address.encode(vendorRegistry));
  host.write('instance', creditlineKey.pool, address.encode(pool));
  host.write('instance', creditlineKey.token, address.encode(token));
  return voidValue();
}
