import type { GenerationTraits } from './generations.js';
import type { Host } from './host.js';
import { I128 } from './checked-math.js';
import { figure, poolKey, poolMath, type PoolStats } from './pool-storage.js';

/**
 * How shares and tokens are exchanged: by the rounded share price, or by the pool's own ratio. Both
 * are floored.
 */
export interface ShareRules {
  /** 10000 is a price of 1.0. */
  readonly price: (host: Host) => bigint;
  readonly issued: (host: Host, amount: bigint) => bigint;
  readonly returned: (host: Host, shares: bigint) => bigint;
  readonly leastDeposit: bigint;
  /** Shares without an owner, issued with the first deposit: they keep its price from being moved. */
  readonly deadShares: bigint;
}

/** 10000 is a share price of 1.0. */
const ONE = 10_000n;
const DEAD_SHARES = 1_000n;

const withPrice = (
  price: ShareRules['price'],
): Omit<ShareRules, 'leastDeposit' | 'deadShares'> => ({
  price,
  issued: (host, amount) => poolMath(host).div(poolMath(host).mul(amount, ONE), price(host)),
  returned: (host, shares) => poolMath(host).div(poolMath(host).mul(shares, price(host)), ONE),
});

const plainPrice: ShareRules['price'] = (host) => {
  const shares = figure(host, poolKey.totalShares);
  const total = figure(host, poolKey.totalLiquidity);
  if (shares === 0n || total === 0n) return ONE;
  return poolMath(host).div(poolMath(host).mul(total, ONE), shares);
};
/** The dead shares count as if they had been paid for. At least 1, however much was lost. */
const priceWithDeadShares: ShareRules['price'] = (host) => {
  const shares = figure(host, poolKey.totalShares);
  if (shares === 0n) return ONE;
  const math = poolMath(host);
  const worth = math.add(figure(host, poolKey.totalLiquidity), DEAD_SHARES);
  const price = math.div(math.mul(worth, ONE), shares);
  return price < 1n ? 1n : price;
};

const RULES: Readonly<Record<GenerationTraits['shares'], ShareRules>> = {
  'by price': { ...withPrice(plainPrice), leastDeposit: 1n, deadShares: 0n },
  'by price with dead shares': {
    ...withPrice(priceWithDeadShares),
    leastDeposit: 1_000n,
    deadShares: DEAD_SHARES,
  },
  // the first deposit is one to one
  'by ratio': {
    price: plainPrice,
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
    leastDeposit: 1n,
    deadShares: 0n,
  },
};

export const shareRules = ({ shares }: Pick<GenerationTraits, 'shares'>): ShareRules =>
  RULES[shares];

export function statsOf(host: Host, { price }: ShareRules): PoolStats {
  const total = figure(host, poolKey.totalLiquidity);
  const locked = figure(host, poolKey.lockedLiquidity);
  return {
    available_liquidity: saturated(total - locked),
    locked_liquidity: locked,
    share_price: price(host),
    total_liquidity: total,
    total_shares: figure(host, poolKey.totalShares),
  };
}

/** Only this reader saturates; every change of state is checked. */
function saturated(value: bigint): bigint {
  if (value > I128.max) return I128.max;
  return value < I128.min ? I128.min : value;
}

/**
 * Tokens for shares at today's price, floored. 0 for an empty pool, and 0 instead of an error when
 * the product leaves i128, as published.
 */
export function worthOf(host: Host, shares: bigint, { price }: ShareRules): bigint {
  if (shares === 0n || figure(host, poolKey.totalShares) === 0n) return 0n;
  const product = shares * price(host);
  return saturated(product) === product ? product / ONE : 0n;
}
