import type { xdr } from '@stellar/stellar-sdk';
import { type CheckedMath, checkedMath, I128 } from './checked-math.js';
import { PoolError } from './error-codes.js';
import { addressSetter, administration, exported, withoutReentry } from './exported-function.js';
import type { ContractCode, ContractFunction, Host } from './host.js';
import { address, i128, struct, symbol, vec, voidValue } from './scval.js';

/** All pool state is in the instance entry except the shares of each provider (`stellar.md` A.3). Absent figures are 0. */
export const poolKey = {
  admin: symbol('ADMIN'),
  token: symbol('TOKEN'),
  treasury: symbol('TREASURY'),
  merchantFund: symbol('MRCHFND'),
  creditline: symbol('CRDTLIN'),
  totalShares: symbol('TOTSHRS'),
  totalLiquidity: symbol('TOTLIQ'),
  lockedLiquidity: symbol('LCKDLIQ'),
  shares: (provider: string): xdr.ScVal => vec([symbol('LPSHRS'), address.encode(provider)]),
} as const;

export interface PoolStats {
  readonly available_liquidity: bigint;
  readonly locked_liquidity: bigint;
  readonly share_price: bigint;
  readonly total_liquidity: bigint;
  readonly total_shares: bigint;
}
export const poolStats = struct<PoolStats>({
  available_liquidity: i128, locked_liquidity: i128, share_price: i128, total_liquidity: i128, total_shares: i128,
});

/** 10000 is a share price of 1.0. */
export const SHARE_PRICE_ONE = 10_000n;

export const poolContract: ContractCode = {
  name: 'pool',
  functions: {
    ...administration(PoolError),
    initialize: exported([address, address, address, address], (host, parties) => initialize(host, parties)),
    set_creditline: addressSetter(poolKey.creditline, PoolError),
    set_treasury: addressSetter(poolKey.treasury, PoolError),
    set_merchant_fund: addressSetter(poolKey.merchantFund, PoolError),
    deposit: exported([address, i128], (host, [provider, amount]) => deposit(host, provider, amount)),
    fund_loan: creditlineOnly(fundLoan),
    get_pool_stats: exported([], (host) => poolStats.encode(statsOf(host))),
    get_share_price: exported([], (host) => i128.encode(sharePrice(host))),
    get_lp_shares: exported([address], (host, [provider]) => i128.encode(sharesOf(host, provider))),
    calculate_withdrawal: exported([i128], (host, [shares]) => i128.encode(worthOf(host, shares))),
  },
};

function initialize(host: Host, [admin, token, treasury, merchantFund]: readonly [string, string, string, string]): xdr.ScVal {
  if (host.read('instance', poolKey.admin)) return host.fail(PoolError.AlreadyInitialized);
  host.requireAuth(admin);
  host.write('instance', poolKey.admin, address.encode(admin));
  host.write('instance', poolKey.token, address.encode(token));
  host.write('instance', poolKey.treasury, address.encode(treasury));
  host.write('instance', poolKey.merchantFund, address.encode(merchantFund));
  return voidValue();
}

function deposit(host: Host, provider: string, amount: bigint): xdr.ScVal {
  host.requireAuth(provider);
  if (amount < 1n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    const math = poolMath(host);
    const issued = math.div(math.mul(amount, SHARE_PRICE_ONE), sharePrice(host));
    if (issued <= 0n) return host.fail(PoolError.InvalidAmount);
    const token = tokenOf(host);
    host.write('persistent', poolKey.shares(provider), i128.encode(math.add(sharesOf(host, provider), issued)));
    writeFigure(host, poolKey.totalShares, math.add(figure(host, poolKey.totalShares), issued));
    writeFigure(host, poolKey.totalLiquidity, math.add(figure(host, poolKey.totalLiquidity), amount));
    host.call(token, 'transfer', [address.encode(provider), address.encode(host.self), i128.encode(amount)]);
    host.emit([symbol('LQDEPST'), address.encode(provider)], vec([i128.encode(amount), i128.encode(issued)]));
    return i128.encode(issued);
  });
}

/** Locks the amount and pays the merchant. Total liquidity stays as it is (`stellar.md` A.4). */
function fundLoan(host: Host, creditline: string, [merchant, amount]: readonly [string, bigint]): xdr.ScVal {
  if (amount <= 0n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    const math = poolMath(host);
    const locked = figure(host, poolKey.lockedLiquidity);
    if (amount > math.sub(figure(host, poolKey.totalLiquidity), locked)) return host.fail(PoolError.InsufficientLiquidity);
    writeFigure(host, poolKey.lockedLiquidity, math.add(locked, amount));
    host.call(tokenOf(host), 'transfer', [address.encode(host.self), address.encode(merchant), i128.encode(amount)]);
    host.emit([symbol('LQFUND'), address.encode(creditline)], i128.encode(amount));
    return voidValue();
  });
}

/** The door of every function only the creditline may call: its signature, then its identity, then the rest. */
function creditlineOnly(run: (host: Host, creditline: string, rest: readonly [string, bigint]) => xdr.ScVal): ContractFunction {
  return exported([address, address, i128], (host, [creditline, merchant, amount]) => {
    host.requireAuth(creditline);
    const known = host.read('instance', poolKey.creditline);
    if (!known || address.decode(known) !== creditline) return host.fail(PoolError.NotCreditLine);
    return run(host, creditline, [merchant, amount]);
  });
}

function statsOf(host: Host): PoolStats {
  const total = figure(host, poolKey.totalLiquidity);
  const locked = figure(host, poolKey.lockedLiquidity);
  return {
    available_liquidity: saturated(total - locked),
    locked_liquidity: locked,
    share_price: sharePrice(host),
    total_liquidity: total,
    total_shares: figure(host, poolKey.totalShares),
  };
}

/** Only this reader saturates; every change of state is checked. */
function saturated(value: bigint): bigint {
  if (value > I128.max) return I128.max;
  return value < I128.min ? I128.min : value;
}

function sharePrice(host: Host): bigint {
  const shares = figure(host, poolKey.totalShares);
  const total = figure(host, poolKey.totalLiquidity);
  if (shares === 0n || total === 0n) return SHARE_PRICE_ONE;
  const math = poolMath(host);
  return math.div(math.mul(total, SHARE_PRICE_ONE), shares);
}

/** Tokens for shares at today's price, floored. 0 for an empty pool, and 0 instead of an error when the product leaves i128, as published. */
function worthOf(host: Host, shares: bigint): bigint {
  if (shares === 0n || figure(host, poolKey.totalShares) === 0n) return 0n;
  const product = shares * sharePrice(host);
  return saturated(product) === product ? product / SHARE_PRICE_ONE : 0n;
}

function sharesOf(host: Host, provider: string): bigint {
  const stored = host.read('persistent', poolKey.shares(provider));
  return stored ? i128.decode(stored) : 0n;
}

function figure(host: Host, key: xdr.ScVal): bigint {
  const stored = host.read('instance', key);
  return stored ? i128.decode(stored) : 0n;
}

function writeFigure(host: Host, key: xdr.ScVal, value: bigint): void {
  host.write('instance', key, i128.encode(value));
}

function tokenOf(host: Host): string {
  const stored = host.read('instance', poolKey.token);
  return stored ? address.decode(stored) : host.fail(PoolError.NotInitialized);
}

function poolMath(host: Host): CheckedMath {
  return checkedMath(host, { overflow: PoolError.Overflow, underflow: PoolError.Underflow });
}
