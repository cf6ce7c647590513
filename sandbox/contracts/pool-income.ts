import type { xdr } from '@stellar/stellar-sdk';
import { PoolError } from './error-codes.js';
import { withoutReentry } from './exported-function.js';
import type { GenerationTraits } from './generations.js';
import type { Host } from './host.js';
import { figure, moveTokens, poolKey, poolMath, writeFigure } from './pool-storage.js';
import { address, i128, symbol, vec, voidValue } from './scval.js';

const LP_SHARE_BPS = 8_500n;
const PROTOCOL_SHARE_BPS = 1_000n;
const BPS = 10_000n;

/**
 * Unlocks the principal, whatever was locked: in the first generation locked may fall below zero
 * (docs/stellar.md#pool-arithmetic). The interest is split.
 */
export function receiveRepayment(
  host: Host,
  creditline: string,
  { principal, interest }: { principal: bigint; interest: bigint },
  { lockedStopsAtZero }: Pick<GenerationTraits, 'lockedStopsAtZero'>,
): xdr.ScVal {
  if (principal < 0n || interest < 0n) return host.fail(PoolError.InvalidAmount);
  const math = poolMath(host);
  const paid = math.add(principal, interest);
  if (paid <= 0n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    const left = math.sub(figure(host, poolKey.lockedLiquidity), principal);
    writeFigure(host, poolKey.lockedLiquidity, lockedStopsAtZero && left < 0n ? 0n : left);
    moveTokens(host, creditline, host.self, paid);
    host.emit(
      [symbol('LQREPAY'), address.encode(creditline)],
      vec([i128.encode(principal), i128.encode(interest)]),
    );
    if (interest > 0n) splitInterest(host, interest);
    return voidValue();
  });
}

/**
 * A forfeited guarantee lowers locked and raises total, though its tokens arrive once, so available
 * gains a phantom (docs/stellar.md#pool-arithmetic). It moves at most what is locked; with locked
 * below zero both move the other way, as published.
 * @param moves the tokens that arrive and the event's amount: all of it, or in the fork only the
 * recovered part (docs/stellar.md#trustup)
 */
export function receiveGuarantee(
  host: Host,
  creditline: string,
  amount: bigint,
  moves: GenerationTraits['guaranteeTaken'],
): xdr.ScVal {
  if (amount <= 0n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    const math = poolMath(host);
    const locked = figure(host, poolKey.lockedLiquidity);
    const recovered = amount < locked ? amount : locked;
    writeFigure(host, poolKey.lockedLiquidity, math.sub(locked, recovered));
    writeFigure(
      host,
      poolKey.totalLiquidity,
      math.add(figure(host, poolKey.totalLiquidity), recovered),
    );
    const moved = moves === 'all' ? amount : recovered;
    moveTokens(host, creditline, host.self, moved);
    host.emit([symbol('LQGUART'), address.encode(creditline)], i128.encode(moved));
    return voidValue();
  });
}

/**
 * What a default leaves unpaid behind the guarantee: locked and total each fall by at most what they
 * are. No tokens move.
 */
export function absorbLoss(host: Host, creditline: string, shortfall: bigint): xdr.ScVal {
  if (shortfall <= 0n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    for (const key of [poolKey.lockedLiquidity, poolKey.totalLiquidity]) {
      const present = figure(host, key);
      writeFigure(host, key, present < shortfall ? 0n : present - shortfall);
    }
    host.emit([symbol('LQLOSS'), address.encode(creditline)], i128.encode(shortfall));
    return voidValue();
  });
}

/**
 * Raises total by 85 % of a number, also where no tokens came, as long as the pool can pay out the
 * other 15 %.
 */
export function distributeInterest(host: Host, amount: bigint): xdr.ScVal {
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    splitInterest(host, amount);
    return voidValue();
  });
}

/** The creditline's tokens come first, so that total rises by what came. */
export function takeAndDistributeInterest(
  host: Host,
  creditline: string,
  amount: bigint,
): xdr.ScVal {
  if (amount <= 0n) return host.fail(PoolError.InvalidAmount);
  return withoutReentry(host, PoolError.ReentrancyDetected, () => {
    moveTokens(host, creditline, host.self, amount);
    splitInterest(host, amount);
    return voidValue();
  });
}

/**
 * 85 % for the providers (stays, floored), 10 % to the treasury (floored), the rest to the merchant
 * fund.
 */
function splitInterest(host: Host, amount: bigint): void {
  if (amount <= 0n) host.fail(PoolError.InvalidAmount);
  const math = poolMath(host);
  const forProviders = math.div(math.mul(amount, LP_SHARE_BPS), BPS);
  const forTreasury = math.div(math.mul(amount, PROTOCOL_SHARE_BPS), BPS);
  const forMerchants = math.sub(math.sub(amount, forProviders), forTreasury);
  pay(host, poolKey.treasury, forTreasury);
  pay(host, poolKey.merchantFund, forMerchants);
  writeFigure(
    host,
    poolKey.totalLiquidity,
    math.add(figure(host, poolKey.totalLiquidity), forProviders),
  );
  host.emit(
    [symbol('LQINTDST')],
    vec([amount, forProviders, forTreasury, forMerchants].map(i128.encode)),
  );
}

/** If an address was never set, its part stays in the pool. */
function pay(host: Host, to: xdr.ScVal, amount: bigint): void {
  const receiver = host.read('instance', to);
  if (receiver && amount > 0n) moveTokens(host, host.self, address.decode(receiver), amount);
}
