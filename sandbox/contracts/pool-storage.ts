import type { xdr } from '@stellar/stellar-sdk';
import { type CheckedMath, checkedMath } from './checked-math.js';
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
  parameters: symbol('PARAMS'),
  outflowCap: symbol('OUTFLOW'),
  exposureCap: symbol('MCRCAP'),
  vendorRegistry: symbol('VREGD'),
  outflowLedger: symbol('LEDSEQ'),
  outflowUsed: symbol('LEDOUT'),
  funded: (merchant: string): xdr.ScVal => vec([symbol('MERCHEX'), address.encode(merchant)]),
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
