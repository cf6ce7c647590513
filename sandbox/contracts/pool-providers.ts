import type { xdr } from '@stellar/stellar-sdk';
import { PoolError } from './error-codes.js';
import { withoutReentry } from './exported-function.js';
import type { Host } from './host.js';
import {
  figure,
  moveTokens,
  poolKey,
  poolMath,
  SHARE_PRICE_ONE,
  sharePrice,
  sharesOf,
  writeFigure,
} from './pool-storage.js';
import { address, i128, symbol, vec } from './scval.js';

/**
 * How shares and tokens are exchanged: by the rounded share price, or by the pool's own ratio. Both
 * are floored.
 */
export interface ShareExchange {
  readonly issued: (host: Host, amount: bigint) => bigint;
  readonly returned: (host: Host, shares: bigint) => bigint;
}

const BY_PRICE: ShareExchange = {
  issued: (host, amount) =>
    poolMath(host).div(poolMath(host).mul(amount, SHARE_PRICE_ONE), sharePrice(host)),
  returned: (host, shares) =>
    poolMath(host).div(poolMath(host).mul(shares, sharePrice(host)), SHARE_PRICE_ONE),
};
/** The fork's exchange: the first deposit is one to one. */
export const BY_RATIO: ShareExchange = {
  issued: (host, amount) => {
    const [shares, total] = [
      figure(host, poolKey.totalShares),
      figure(host, poolKey.totalLiquidity),
    ];
    return shares === 0n || total === 0n
      ? amount
      : poolMath(host).div(poolMath(host).mul(amount, shares), total);
  },
  returned: (host, shares) =>
    poolMath(host).div(
      poolMath(host).mul(shares, figure(host, poolKey.totalLiquidity)),
      figure(host, poolKey.totalShares),
    ),
};

/** @returns the shares issued, i128 */
export function deposit(
  host: Host,
  provider: string,
  amount: bigint,
  exchange: ShareExchange = BY_PRICE,
): xdr.ScVal {
  host.requireAuth(provider);
  if (amount < 1n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    const math = poolMath(host);
    const issued = exchange.issued(host, amount);
    if (issued <= 0n) return host.fail(PoolError.InvalidAmount);
    host.write(
      'persistent',
      poolKey.shares(provider),
      i128.encode(math.add(sharesOf(host, provider), issued)),
    );
    writeFigure(host, poolKey.totalShares, math.add(figure(host, poolKey.totalShares), issued));
    writeFigure(
      host,
      poolKey.totalLiquidity,
      math.add(figure(host, poolKey.totalLiquidity), amount),
    );
    moveTokens(host, provider, host.self, amount);
    host.emit(
      [symbol('LQDEPST'), address.encode(provider)],
      vec([i128.encode(amount), i128.encode(issued)]),
    );
    return i128.encode(issued);
  });
}

/**
 * Burns shares at today's price, floored. Locked liquidity stays. More than the pool's tokens fails
 * in the token, because available may be phantom (docs/stellar.md#pool-arithmetic).
 * @returns the tokens paid out, i128
 */
export function withdraw(
  host: Host,
  provider: string,
  shares: bigint,
  exchange: ShareExchange = BY_PRICE,
): xdr.ScVal {
  host.requireAuth(provider);
  if (shares < 1n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    const math = poolMath(host);
    const owned = sharesOf(host, provider);
    if (owned < shares) return host.fail(PoolError.InsufficientShares);
    const returned = exchange.returned(host, shares);
    const total = figure(host, poolKey.totalLiquidity);
    if (returned > math.sub(total, figure(host, poolKey.lockedLiquidity)))
      return host.fail(PoolError.InsufficientLiquidity);
    host.write('persistent', poolKey.shares(provider), i128.encode(math.sub(owned, shares)));
    writeFigure(host, poolKey.totalShares, math.sub(figure(host, poolKey.totalShares), shares));
    writeFigure(host, poolKey.totalLiquidity, math.sub(total, returned));
    host.emit(
      [symbol('LQWTHDR'), address.encode(provider)],
      vec([i128.encode(shares), i128.encode(returned)]),
    );
    moveTokens(host, host.self, provider, returned);
    return i128.encode(returned);
  });
}
