import type { xdr } from '@stellar/stellar-sdk';
import { type CheckedMath, checkedMath, I128 } from './checked-math.js';
import { PoolError } from './error-codes.js';
import type { Host } from './host.js';
import { address, i128, struct, symbol, vec } from './scval.js';

/**
 * All pool state is in the instance entry except the shares of each provider
 * (docs/stellar.md#pool-contract). Absent figures are 0.
 */
export const poolKey = {
  admin: symbol('ADMIN'),
  token: symbol('TOKEN'),
  treasury: symbol('TREASURY'),
  merchantFund: symbol('MRCHFND'),
  creditline: symbol('CRDTLIN'),
  totalShares: symbol('TOTSHRS'),
  totalLiquidity: symbol('TOTLIQ'),
  lockedLiquidity: symbol('LCKDLIQ'),
  paused: symbol('PAUSED'),
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
  available_liquidity: i128,
  locked_liquidity: i128,
  share_price: i128,
  total_liquidity: i128,
  total_shares: i128,
});

/** 10000 is a share price of 1.0. */
export const SHARE_PRICE_ONE = 10_000n;

export function statsOf(host: Host): PoolStats {
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

export function sharePrice(host: Host): bigint {
  const shares = figure(host, poolKey.totalShares);
  const total = figure(host, poolKey.totalLiquidity);
  if (shares === 0n || total === 0n) return SHARE_PRICE_ONE;
  const math = poolMath(host);
  return math.div(math.mul(total, SHARE_PRICE_ONE), shares);
}

/**
 * Tokens for shares at today's price, floored. 0 for an empty pool, and 0 instead of an error when
 * the product leaves i128, as published.
 */
export function worthOf(host: Host, shares: bigint): bigint {
  if (shares === 0n || figure(host, poolKey.totalShares) === 0n) return 0n;
  const product = shares * sharePrice(host);
  return saturated(product) === product ? product / SHARE_PRICE_ONE : 0n;
}

export function hasShares(host: Host, provider: string): boolean {
  return host.read('persistent', poolKey.shares(provider)) !== undefined;
}

export function sharesOf(host: Host, provider: string): bigint {
  const stored = host.read('persistent', poolKey.shares(provider));
  return stored ? i128.decode(stored) : 0n;
}

export function figure(host: Host, key: xdr.ScVal): bigint {
  const stored = host.read('instance', key);
  return stored ? i128.decode(stored) : 0n;
}

export function writeFigure(host: Host, key: xdr.ScVal, value: bigint): void {
  host.write('instance', key, i128.encode(value));
}

function tokenOf(host: Host): string {
  const stored = host.read('instance', poolKey.token);
  return stored ? address.decode(stored) : host.fail(PoolError.NotInitialized);
}

/** Moves tokens of the pool's asset; the pool's own leave on its authority as the caller. */
export function moveTokens(host: Host, from: string, to: string, amount: bigint): void {
  host.call(tokenOf(host), 'transfer', [
    address.encode(from),
    address.encode(to),
    i128.encode(amount),
  ]);
}

export function poolMath(host: Host): CheckedMath {
  return checkedMath(host, { overflow: PoolError.Overflow, underflow: PoolError.Underflow });
}
