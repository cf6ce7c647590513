import type { CheckedMath } from './checked-math.js';

const BPS = 10_000n;
const SERVICE_FEE_BPS = 100n;

/**
 * The terms of a score: the rate when no base is set, the discount on a base rate, the credit limit
 * in raw units (docs/stellar.md#create-loan-checks, docs/stellar.md#units-and-credit-limits).
 */
const TIERS = [
  { from: 90, interestBps: 400, discountBps: 600, limit: 10_000n },
  { from: 75, interestBps: 600, discountBps: 400, limit: 5_000n },
  { from: 60, interestBps: 800, discountBps: 200, limit: 2_500n },
] as const;
const LOWEST_TIER = { interestBps: 1_000, discountBps: 0, limit: 1_000n } as const;

const tierOf = (score: number) => TIERS.find((tier) => score >= tier.from) ?? LOWEST_TIER;

/** Interest rate in basis points. A base rate is lowered by the tier, never below 0. */
export function interestRateBps(score: number, baseInterestBps: number): number {
  const tier = tierOf(score);
  return baseInterestBps === 0 ? tier.interestBps : Math.max(0, baseInterestBps - tier.discountBps);
}

/**
 * The most a borrower may owe, times the profile's scale (1 as published, 10^decimals when scaled).
 */
export function creditLimit(score: number, scale: bigint): bigint {
  return tierOf(score).limit * scale;
}

/** Interest and service fee on the total, each floored, and the borrower's whole debt. */
export function charges(
  math: CheckedMath,
  total: bigint,
  rateBps: number,
): { interest: bigint; serviceFee: bigint; owed: bigint } {
  const interest = math.div(math.mul(total, BigInt(rateBps)), BPS);
  const serviceFee = math.div(math.mul(total, SERVICE_FEE_BPS), BPS);
  return { interest, serviceFee, owed: math.add(math.add(total, interest), serviceFee) };
}
