import type { xdr } from '@stellar/stellar-sdk';
import { creditlineContract } from './creditline.contract.js';
import { createLoan } from './creditline-lending.js';
import { plainSchedule } from './creditline-loan.js';
import { type RewardListener, repayLoan } from './creditline-repayment.js';
import { requestLoan } from './creditline-requests.js';
import { creditlineKey } from './creditline-storage.js';
import { CreditlineError, PoolError, TrustupPoolError } from './error-codes.js';
import {
  addressSetter,
  exported,
  requireAdmin,
  storedAdmin,
  withParameters,
} from './exported-function.js';
import type { ContractCode, ContractFunction, Host } from './host.js';
import { parametersContract } from './parameters.contract.js';
import { poolContract, requireCreditline } from './pool.contract.js';
import { distributeInterest, receiveGuarantee } from './pool-income.js';
import { BY_RATIO, deposit, withdraw } from './pool-providers.js';
import { figure, hasShares, poolKey, sharesOf } from './pool-storage.js';
import { address, bool, i128, symbol, u32, u64, vec, voidValue } from './scval.js';
import { vendorRegistryContract } from './vendor-registry.contract.js';

/**
 * The other fork of the contracts (docs/stellar.md#trustup; its pool as published by mid 2026):
 * only its differences from `creditline.contract.ts` and `pool.contract.ts`. Its merchant registry
 * is the vendor registry here. Transfers of shares are not modelled.
 */
type Functions = Readonly<Record<string, ContractFunction>>;

/** Functions of that contract that the fork does not have. */
const without = (functions: Functions, ...names: readonly string[]): Functions =>
  Object.fromEntries(Object.entries(functions).filter(([name]) => !names.includes(name)));

/**
 * Five arguments, no loan type, limits in raw units. Requests need no approval. A full repayment
 * that raised the score emits another event.
 */
export function trustupCreditline(): ContractCode {
  const common = creditlineContract(1n);
  return {
    ...common,
    events: [
      ...common.events.filter(
        (name) => !['LOANAPPROVED', 'INSTPAID', 'CONTRACTUPGRADED'].includes(name),
      ),
      'REPUPD',
    ],
    functions: {
      ...without(
        common.functions,
        'set_vendor_registry',
        'repay_installment',
        'approve_loan',
        'upgrade',
      ),
      set_merchant_registry: addressSetter(creditlineKey.vendorRegistry, CreditlineError),
      get_version: exported([], () => symbol('v1_0_0')),
      create_loan: exported(
        [address, address, i128, i128, plainSchedule],
        (host, [user, vendor, total, guarantee, schedule]) =>
          createLoan(host, { user, vendor, total, guarantee, schedule, type: null }, 1n),
      ),
      request_loan: exported(
        [address, address, i128, i128, plainSchedule],
        (host, [user, vendor, total, guarantee, schedule]) =>
          requestLoan(host, { user, vendor, total, guarantee, schedule, type: null }, 1n),
      ),
      repay_loan: exported([address, u64, i128], (host, [borrower, id, amount]) =>
        repayLoan(host, { borrower, id, amount }, reportReward),
      ),
    },
  };
}

const reportReward: RewardListener = (host, borrower, delta) => {
  host.emit(
    [symbol('REPUPD'), address.encode(borrower)],
    vec([u32.encode(delta), bool.encode(true), u64.encode(host.ledger.timestamp)]),
  );
};

/** Only creditline and reputation have a version function. */
export const trustupRegistry: ContractCode = {
  ...vendorRegistryContract,
  functions: without(vendorRegistryContract.functions, 'get_version'),
};
export const trustupParameters: ContractCode = {
  ...parametersContract,
  functions: without(parametersContract.functions, 'get_version'),
};

/**
 * Every function that moves tokens is refused while the pool is paused; the figures can still be
 * read, so a loan reaches fund_loan.
 */
export const trustupPool: ContractCode = {
  name: 'pool',
  errors: TrustupPoolError,
  events: ['LQDEPST', 'LQWTHDR', 'LQFUND', 'LQREPAY', 'LQGUART', 'LQINTDST'],
  functions: {
    ...without(
      poolContract.functions,
      'accumulate_interest',
      'get_version',
      'upgrade',
      'get_share_price',
    ),
    set_admin: exported([address, address], (host, [admin, newAdmin]) => {
      requireAdmin(host, admin, PoolError);
      host.write('instance', poolKey.admin, address.encode(newAdmin));
      return voidValue();
    }),
    get_lp_shares: exported([address], (host, [provider]) =>
      hasShares(host, provider)
        ? i128.encode(sharesOf(host, provider))
        : host.trap('the provider is unknown'),
    ),
    pause: pauseSetter(true),
    unpause: pauseSetter(false),
    is_paused: exported([], (host) => bool.encode(isPaused(host))),
    get_token: linkGetter(poolKey.token),
    get_treasury: linkGetter(poolKey.treasury),
    get_merchant_fund: linkGetter(poolKey.merchantFund),
    get_creditline: linkGetter(poolKey.creditline),
    calculate_withdrawal: exported([i128], (host, [shares]) =>
      i128.encode(figure(host, poolKey.totalShares) === 0n ? 0n : BY_RATIO.returned(host, shares)),
    ),
    deposit: whileRunning(
      exported([address, i128], (host, [provider, amount]) =>
        deposit(host, provider, amount, BY_RATIO),
      ),
    ),
    withdraw: whileRunning(
      exported([address, i128], (host, [provider, shares]) =>
        withdraw(host, provider, shares, BY_RATIO),
      ),
    ),
    fund_loan: whileRunning(poolContract.functions.fund_loan),
    receive_repayment: whileRunning(poolContract.functions.receive_repayment),
    receive_guarantee: whileRunning(
      exported([address, i128], (host, [creditline, amount]) => {
        requireCreditline(host, creditline);
        return receiveGuarantee(host, creditline, amount, 'recovered');
      }),
    ),
    distribute_interest: whileRunning(
      exported([address, i128], (host, [caller, amount]) => {
        host.requireAuth(caller);
        const creditline = host.read('instance', poolKey.creditline);
        const allowed =
          caller === storedAdmin(host, PoolError) ||
          (creditline !== undefined && caller === address.decode(creditline));
        return allowed ? distributeInterest(host, amount) : host.fail(PoolError.NotCreditLine);
      }),
    ),
  },
};

/** Without an event: only the instance shows a pause. */
function pauseSetter(paused: boolean): ContractFunction {
  return exported([address], (host, [admin]) => {
    requireAdmin(host, admin, PoolError);
    host.write('instance', poolKey.paused, bool.encode(paused));
    return voidValue();
  });
}

/** An address that was never set is void, as an Option is. */
function linkGetter(key: xdr.ScVal): ContractFunction {
  return exported([], (host) => host.read('instance', key) ?? voidValue());
}

function isPaused(host: Host): boolean {
  const stored = host.read('instance', poolKey.paused);
  return stored !== undefined && bool.decode(stored);
}

/**
 * On the chain the caller's signature is checked first; here the order of the two refusals does not
 * matter.
 */
function whileRunning(run: ContractFunction): ContractFunction {
  return withParameters(
    (host, args) => (isPaused(host) ? host.fail(TrustupPoolError.ContractPaused) : run(host, args)),
    run.parameters,
  );
}
