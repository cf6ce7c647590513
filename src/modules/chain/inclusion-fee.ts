/** The levels of `getFeeStats` that a pool may follow: so many of a hundred paid at most that. */
export const FEE_PERCENTILES = [
  'p10',
  'p20',
  'p30',
  'p40',
  'p50',
  'p60',
  'p70',
  'p80',
  'p90',
  'p95',
  'p99',
] as const;
export type FeePercentile = (typeof FEE_PERCENTILES)[number];

/** Transactions with contracts, and those without: each kind has its own places in a ledger. */
export type FeePhase = 'soroban' | 'classic';

/** What a pool bids by. A floor of the process stands beside it: `INCLUSION_FEE`. */
export interface BidRule {
  /** One of FEE_PERCENTILES. */
  readonly feePercentile: string;
  /** The cap, stroops: the most that one reply of a node can cost a borrower. */
  readonly maxInclusionFee: number;
}

/** What the percentile of a pool paid for inclusion lately, stroops, by a reply at that ledger. */
export interface GoingRate {
  readonly rate: bigint;
  readonly ledger: number;
}
/** Stroops per operation. `going` is null while no node says what others pay. */
export interface InclusionFee {
  readonly bid: bigint;
  readonly going: GoingRate | null;
}

/**
 * The going rate up to the cap, and never below the floor: a reply that is too low could keep an
 * envelope from landing, one that is too high costs the cap. A cap below the floor is not obeyed.
 */
export function inclusionFeeOf(
  floor: number,
  { maxInclusionFee }: Pick<BidRule, 'maxInclusionFee'>,
  going: GoingRate | null,
): InclusionFee {
  const [least, most] = [BigInt(floor), BigInt(maxInclusionFee)];
  const wanted = going === null || going.rate < most ? (going?.rate ?? least) : most;
  return { bid: wanted > least ? wanted : least, going };
}

/** @throws Error for a percentile that no pool can have (a programming fault) */
export function percentileOf(name: string): FeePercentile {
  const found = FEE_PERCENTILES.find((known) => known === name);
  if (!found) throw new Error(`unknown percentile of inclusion fees: ${name}`);
  return found;
}
