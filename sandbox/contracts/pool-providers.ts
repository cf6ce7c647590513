import type { xdr } from '@stellar/stellar-sdk';
import { PoolError } from './error-codes.js';
import { withoutReentry } from './exported-function.js';
import type { Host } from './host.js';
import type { ShareRules } from './pool-shares.js';
import { figure, moveTokens, poolKey, poolMath, sharesOf, writeFigure } from './pool-storage.js';
import { address, i128, symbol, vec } from './scval.js';

/** @returns the shares issued, i128 */
export function deposit(
  host: Host,
  provider: string,
  amount: bigint,
  rules: ShareRules,
): xdr.ScVal {
  host.requireAuth(provider);
  if (amount < rules.leastDeposit) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    const math = poolMath(host);
    const issued = rules.issued(host, amount);
    if (issued <= 0n) return host.fail(PoolError.InvalidAmount);
    host.write(
      'persistent',
      poolKey.shares(provider),
      i128.encode(math.add(sharesOf(host, provider), issued)),
    );
    const before = figure(host, poolKey.totalShares);
    const dead = before === 0n ? rules.deadShares : 0n;
    writeFigure(host, poolKey.totalShares, math.add(math.add(before, issued), dead));
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
  rules: ShareRules,
): xdr.ScVal {
  host.requireAuth(provider);
  if (shares < 1n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    const math = poolMath(host);
    const owned = sharesOf(host, provider);
    if (owned < shares) return host.fail(PoolError.InsufficientShares);
    const returned = rules.returned(host, shares);
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
