import type { xdr } from '@stellar/stellar-sdk';
import { LimitedPoolError, PoolError } from './error-codes.js';
import {
  addressSetter,
  administration,
  exported,
  storedAdmin,
  withoutReentry,
} from './exported-function.js';
import type { GenerationTraits } from './generations.js';
import type { ContractCode, ContractFunction, Host } from './host.js';
import { pauseFunctions, stoppedByPause } from './pause.js';
import {
  absorbLoss,
  distributeInterest,
  receiveGuarantee,
  receiveRepayment,
  takeAndDistributeInterest,
} from './pool-income.js';
import { countFunding, limitFunctions, requireActiveVendor } from './pool-limits.js';
import { deposit, withdraw } from './pool-providers.js';
import { shareRules, type ShareRules, statsOf, worthOf } from './pool-shares.js';
import {
  figure,
  moveTokens,
  poolKey,
  poolMath,
  poolStats,
  sharesOf,
  writeFigure,
} from './pool-storage.js';
import { address, i128, optional, symbol, vec, voidValue } from './scval.js';
import { upgradeAfterDelay, upgradeAtOnce } from './upgrades.js';

/** The pool of a generation. */
export function poolContract(traits: GenerationTraits): ContractCode {
  const functions = {
    ...administration(PoolError),
    ...(traits.upgrade === 'after a delay' ? upgradeAfterDelay(LimitedPoolError) : {}),
    ...(traits.upgrade === 'at once' ? upgradeAtOnce(PoolError) : {}),
    ...settersOfLinks,
    ...providersFunctions(shareRules(traits)),
    ...creditlineFunctions(traits),
    ...(traits.fundingIsLimited ? limitedFunctions : { initialize: plainInitialize }),
    ...interestFunctions[traits.interestFrom],
  };
  const canPause = traits.pause === 'of both';
  return {
    name: 'pool',
    errors: traits.fundingIsLimited ? LimitedPoolError : PoolError,
    events: [
      ...EVENTS,
      ...(traits.defaultTakesLoss ? ['LQLOSS'] : []),
      ...(traits.fundingIsLimited ? LATER_EVENTS : []),
    ],
    functions: canPause
      ? {
          ...stoppedByPause(functions, { code: LimitedPoolError.ContractPaused, names: STOPPED }),
          ...pauseFunctions(PoolError, { silent: false }),
        }
      : functions,
  };
}

/** What a pause stops: repayments go on. */
const STOPPED = [
  'deposit',
  'withdraw',
  'fund_loan',
  'receive_guarantee',
  'absorb_loss',
  'distribute_interest',
  'accumulate_interest',
] as const;
const EVENTS = [
  'LQDEPST',
  'LQWTHDR',
  'LQFUND',
  'LQREPAY',
  'LQGUART',
  'LQINTDST',
  'CONTRACTUPGRADED',
] as const;
const LATER_EVENTS = ['PAUSED', 'UNPAUSED', 'CAPSUPD', 'VREGUPD', 'UPGDPRP'] as const;
type Functions = Readonly<Record<string, ContractFunction>>;

const settersOfLinks: Functions = {
  set_creditline: addressSetter(poolKey.creditline, PoolError),
  set_treasury: addressSetter(poolKey.treasury, PoolError),
  set_merchant_fund: addressSetter(poolKey.merchantFund, PoolError),
};

const plainInitialize = exported([address, address, address, address], (host, parties) =>
  initialize(host, parties),
);
const limitedFunctions: Functions = {
  ...limitFunctions,
  set_parameters_contract: addressSetter(poolKey.parameters, PoolError),
  initialize: exported(
    [address, address, address, address, optional(address)],
    (host, [admin, token, treasury, merchantFund, registry]) => {
      initialize(host, [admin, token, treasury, merchantFund]);
      if (registry !== null)
        host.write('instance', poolKey.vendorRegistry, address.encode(registry));
      return voidValue();
    },
  ),
};

const providersFunctions = (rules: ShareRules): Functions => ({
  deposit: exported([address, i128], (host, [provider, amount]) =>
    deposit(host, provider, amount, rules),
  ),
  withdraw: exported([address, i128], (host, [provider, shares]) =>
    withdraw(host, provider, shares, rules),
  ),
  get_pool_stats: exported([], (host) => poolStats.encode(statsOf(host, rules))),
  get_share_price: exported([], (host) => i128.encode(rules.price(host))),
  get_lp_shares: exported([address], (host, [provider]) => i128.encode(sharesOf(host, provider))),
  calculate_withdrawal: exported([i128], (host, [shares]) =>
    i128.encode(worthOf(host, shares, rules)),
  ),
});

const creditlineFunctions = (traits: GenerationTraits): Functions => ({
  fund_loan: exported([address, address, i128], (host, [creditline, merchant, amount]) => {
    requireCreditline(host, creditline);
    return fundLoan(host, { creditline, merchant, amount }, traits);
  }),
  receive_repayment: exported([address, i128, i128], (host, [creditline, principal, interest]) => {
    requireCreditline(host, creditline);
    return receiveRepayment(host, creditline, { principal, interest }, traits);
  }),
  receive_guarantee: exported([address, i128], (host, [creditline, amount]) => {
    requireCreditline(host, creditline);
    return receiveGuarantee(host, creditline, amount, traits.guaranteeTaken);
  }),
  ...(traits.defaultTakesLoss && {
    absorb_loss: exported([address, i128], (host, [creditline, shortfall]) => {
      requireCreditline(host, creditline);
      return absorbLoss(host, creditline, shortfall);
    }),
  }),
});

const fromAnyAccount = exported([i128], (host, [amount]) => distributeInterest(host, amount));
const fromCreditline = exported([address, i128], (host, [creditline, amount]) => {
  requireCreditline(host, creditline);
  return takeAndDistributeInterest(host, creditline, amount);
});
const interestFunctions: Readonly<Record<GenerationTraits['interestFrom'], Functions>> = {
  'any account': { distribute_interest: fromAnyAccount, accumulate_interest: fromAnyAccount },
  creditline: { distribute_interest: fromCreditline, accumulate_interest: fromCreditline },
  'admin or creditline': {
    distribute_interest: exported([address, i128], (host, [caller, amount]) => {
      host.requireAuth(caller);
      const creditline = host.read('instance', poolKey.creditline);
      const allowed =
        caller === storedAdmin(host, PoolError) ||
        (creditline !== undefined && caller === address.decode(creditline));
      return allowed ? distributeInterest(host, amount) : host.fail(PoolError.NotCreditLine);
    }),
  },
};

function initialize(
  host: Host,
  [admin, token, treasury, merchantFund]: readonly [string, string, string, string],
): xdr.ScVal {
  if (host.read('instance', poolKey.admin)) return host.fail(PoolError.AlreadyInitialized);
  host.requireAuth(admin);
  host.write('instance', poolKey.admin, address.encode(admin));
  host.write('instance', poolKey.token, address.encode(token));
  host.write('instance', poolKey.treasury, address.encode(treasury));
  host.write('instance', poolKey.merchantFund, address.encode(merchantFund));
  return voidValue();
}

/**
 * Locks the amount and pays the merchant. Total liquidity is unchanged
 * (docs/stellar.md#pool-arithmetic).
 */
function fundLoan(
  host: Host,
  { creditline, merchant, amount }: { creditline: string; merchant: string; amount: bigint },
  { fundingIsLimited }: GenerationTraits,
): xdr.ScVal {
  if (amount <= 0n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    if (fundingIsLimited) requireActiveVendor(host, merchant);
    const math = poolMath(host);
    const locked = figure(host, poolKey.lockedLiquidity);
    const available = math.sub(figure(host, poolKey.totalLiquidity), locked);
    if (amount > available) return host.fail(PoolError.InsufficientLiquidity);
    const left = fundingIsLimited && countFunding(host, { merchant, amount, available });
    writeFigure(host, poolKey.lockedLiquidity, math.add(locked, amount));
    moveTokens(host, host.self, merchant, amount);
    host.emit(
      [symbol('LQFUND'), address.encode(creditline)],
      left
        ? vec([address.encode(merchant), ...[amount, left.outflow, left.merchant].map(i128.encode)])
        : i128.encode(amount),
    );
    return voidValue();
  });
}

/**
 * The check of every function that only the creditline may call: its signature first, then its
 * identity.
 */
function requireCreditline(host: Host, claimed: string): void {
  host.requireAuth(claimed);
  const known = host.read('instance', poolKey.creditline);
  if (!known || address.decode(known) !== claimed) host.fail(PoolError.NotCreditLine);
}
