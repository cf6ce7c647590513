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
import { CreditlineError } from './error-codes.js';
import { addressSetter, administration, exported } from './exported-function.js';
import type { ContractCode, Host } from './host.js';
import { address, i128, u32, u64, vec, voidValue } from './scval.js';

/**
 * The lending contract.
 * @param limitScale factor of the published credit limits: 1, or 10^decimals for the profile
 * `scaled` (docs/stellar.md#units-and-credit-limits)
 */
export function creditlineContract(
  limitScale: bigint,
): ContractCode & Required<Pick<ContractCode, 'events'>> {
  return {
    name: 'creditline',
    errors: CreditlineError,
    events: [
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
    ],
    functions: {
      ...administration(CreditlineError),
      ...settersOfLinks,
      ...readers,
      ...lifeOfALoan,
      initialize: exported([address, address, address, address, address], (host, parties) =>
        initialize(host, parties),
      ),
      create_loan: exported(
        [address, address, i128, i128, repaymentSchedule, loanType],
        (host, [user, vendor, total, guarantee, schedule, type]) =>
          createLoan(host, { user, vendor, total, guarantee, schedule, type }, limitScale),
      ),
      request_loan: exported(
        [address, address, i128, i128, repaymentSchedule, loanType],
        (host, [user, vendor, total, guarantee, schedule, type]) =>
          requestLoan(host, { user, vendor, total, guarantee, schedule, type }, limitScale),
      ),
    },
  };
}

const lifeOfALoan = {
  approve_loan: exported([u64], (host, [id]) => approveLoan(host, id)),
  cancel_loan: exported([address, u64], (host, [caller, id]) => cancelLoan(host, caller, id)),
  repay_loan: exported([address, u64, i128], (host, [borrower, id, amount]) =>
    repayLoan(host, { borrower, id, amount }),
  ),
  repay_installment: exported([address, u64, u32, i128], (host, [borrower, id, index, amount]) =>
    repayInstallment(host, { borrower, id, amount }, index),
  ),
  mark_defaulted: exported([u64], (host, [id]) => markDefaulted(host, id)),
  warn_grace_period: exported([u64], (host, [id]) => warnGracePeriod(host, id)),
  apply_late_fees: exported([u64], (host, [id]) => applyLateFees(host, id)),
};

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
