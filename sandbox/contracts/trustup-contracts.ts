import type { xdr } from '@stellar/stellar-sdk';
import { creditlineContract } from './creditline.contract.js';
import { createLoan } from './creditline-lending.js';
import { plainSchedule } from './creditline-loan.js';
import { type RewardListener, repayLoan } from './creditline-repayment.js';
import { requestLoan } from './creditline-requests.js';
import { creditlineKey } from './creditline-storage.js';
import { CreditlineError, PoolError, TrustupPoolError } from './error-codes.js';
import { addressSetter, exported, requireAdmin } from './exported-function.js';
import { type CreditlineRules, GENERATION_TRAITS } from './generations.js';
import type { ContractCode, ContractFunction } from './host.js';
import { parametersContract } from './parameters.contract.js';
import { pauseFunctions, stoppedByPause } from './pause.js';
import { poolContract } from './pool.contract.js';
import { shareRules } from './pool-shares.js';
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
  const rules: CreditlineRules = { ...GENERATION_TRAITS.trustup, limitScale: 1n };
  const common = creditlineContract(rules);
  return {
    ...common,
    events: [
      ...common.events.filter(
        (name) => !['LOANAPPROVED', 'INSTPAID', 'CONTRACTUPGRADED'].includes(name),
      ),
      'REPUPD',
    ],
    functions: {
      ...without(common.functions, 'set_vendor_registry', 'repay_installment', 'approve_loan'),
      set_merchant_registry: addressSetter(creditlineKey.vendorRegistry, CreditlineError),
      get_version: exported([], () => symbol('v1_0_0')),
      create_loan: exported(
        [address, address, i128, i128, plainSchedule],
        (host, [user, vendor, total, guarantee, schedule]) =>
          createLoan(host, { user, vendor, total, guarantee, schedule, type: null }, rules),
      ),
      request_loan: exported(
        [address, address, i128, i128, plainSchedule],
        (host, [user, vendor, total, guarantee, schedule]) =>
          requestLoan(host, { user, vendor, total, guarantee, schedule, type: null }, rules),
      ),
      repay_loan: exported([address, u64, i128], (host, [borrower, id, amount]) =>
        repayLoan(host, { borrower, id, amount }, rules, reportReward),
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
export function trustupParameters(): ContractCode {
  const common = parametersContract(GENERATION_TRAITS.trustup);
  return { ...common, functions: without(common.functions, 'get_version') };
}

/**
 * Every function that moves tokens is refused while the pool is paused; the figures can still be
 * read, so a loan reaches fund_loan.
 */
export function trustupPool(): ContractCode {
  const common = poolContract(GENERATION_TRAITS.trustup);
  const functions = {
    ...without(common.functions, 'get_version', 'get_share_price'),
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
    get_token: linkGetter(poolKey.token),
    get_treasury: linkGetter(poolKey.treasury),
    get_merchant_fund: linkGetter(poolKey.merchantFund),
    get_creditline: linkGetter(poolKey.creditline),
    calculate_withdrawal: exported([i128], (host, [shares]) =>
      i128.encode(figure(host, poolKey.totalShares) === 0n ? 0n : SHARES.returned(host, shares)),
    ),
  };
  return {
    ...common,
    errors: TrustupPoolError,
    events: (common.events ?? []).filter((name) => name !== 'CONTRACTUPGRADED'),
    functions: {
      ...stoppedByPause(functions, { code: TrustupPoolError.ContractPaused, names: STOPPED }),
      ...pauseFunctions(PoolError, { silent: true }),
    },
  };
}

const SHARES = shareRules(GENERATION_TRAITS.trustup);
const STOPPED = [
  'deposit',
  'withdraw',
  'fund_loan',
  'receive_repayment',
  'receive_guarantee',
  'distribute_interest',
] as const;

/** An address that was never set is void, as an Option is. */
function linkGetter(key: xdr.ScVal): ContractFunction {
  return exported([], (host) => host.read('instance', key) ?? voidValue());
}
