import type { xdr } from '@stellar/stellar-sdk';
import { PoolError } from './error-codes.js';
import { addressSetter, administration, exported, withoutReentry } from './exported-function.js';
import type { ContractCode, Host } from './host.js';
import { distributeInterest, receiveGuarantee, receiveRepayment } from './pool-income.js';
import { deposit, withdraw } from './pool-providers.js';
import {
  figure,
  moveTokens,
  poolKey,
  poolMath,
  poolStats,
  sharePrice,
  sharesOf,
  statsOf,
  worthOf,
  writeFigure,
} from './pool-storage.js';
import { address, i128, symbol, voidValue } from './scval.js';

export const poolContract = {
  name: 'pool',
  errors: PoolError,
  events: ['LQDEPST', 'LQWTHDR', 'LQFUND', 'LQREPAY', 'LQGUART', 'LQINTDST', 'CONTRACTUPGRADED'],
  functions: {
    ...administration(PoolError),
    initialize: exported([address, address, address, address], (host, parties) =>
      initialize(host, parties),
    ),
    set_creditline: addressSetter(poolKey.creditline, PoolError),
    set_treasury: addressSetter(poolKey.treasury, PoolError),
    set_merchant_fund: addressSetter(poolKey.merchantFund, PoolError),
    deposit: exported([address, i128], (host, [provider, amount]) =>
      deposit(host, provider, amount),
    ),
    withdraw: exported([address, i128], (host, [provider, shares]) =>
      withdraw(host, provider, shares),
    ),
    fund_loan: exported([address, address, i128], (host, [creditline, merchant, amount]) => {
      requireCreditline(host, creditline);
      return fundLoan(host, creditline, { merchant, amount });
    }),
    receive_repayment: exported(
      [address, i128, i128],
      (host, [creditline, principal, interest]) => {
        requireCreditline(host, creditline);
        return receiveRepayment(host, creditline, { principal, interest });
      },
    ),
    receive_guarantee: exported([address, i128], (host, [creditline, amount]) => {
      requireCreditline(host, creditline);
      return receiveGuarantee(host, creditline, amount);
    }),
    distribute_interest: exported([i128], (host, [amount]) => distributeInterest(host, amount)),
    accumulate_interest: exported([i128], (host, [amount]) => distributeInterest(host, amount)),
    get_pool_stats: exported([], (host) => poolStats.encode(statsOf(host))),
    get_share_price: exported([], (host) => i128.encode(sharePrice(host))),
    get_lp_shares: exported([address], (host, [provider]) => i128.encode(sharesOf(host, provider))),
    calculate_withdrawal: exported([i128], (host, [shares]) => i128.encode(worthOf(host, shares))),
  },
} satisfies ContractCode;

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
  creditline: string,
  { merchant, amount }: { merchant: string; amount: bigint },
): xdr.ScVal {
  if (amount <= 0n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    const math = poolMath(host);
    const locked = figure(host, poolKey.lockedLiquidity);
    if (amount > math.sub(figure(host, poolKey.totalLiquidity), locked))
      return host.fail(PoolError.InsufficientLiquidity);
    writeFigure(host, poolKey.lockedLiquidity, math.add(locked, amount));
    moveTokens(host, host.self, merchant, amount);
    host.emit([symbol('LQFUND'), address.encode(creditline)], i128.encode(amount));
    return voidValue();
  });
}

/**
 * The check of every function that only the creditline may call: its signature first, then its
 * identity.
 */
export function requireCreditline(host: Host, claimed: string): void {
  host.requireAuth(claimed);
  const known = host.read('instance', poolKey.creditline);
  if (!known || address.decode(known) !== claimed) host.fail(PoolError.NotCreditLine);
}
