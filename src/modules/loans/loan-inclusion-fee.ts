import type { EnvelopeEntity } from '../liquidity/holds/envelope.entity.js';
import type { PoolEntity } from '../liquidity/pools/pool.entity.js';
import type { InclusionFeeNow } from './inclusion-fee.schemas.js';

/** A waiting transaction gives way to a fee bump at so many times its bid only. */
const REPLACEMENT_FACTOR = 10n;
/** Of a fee bump: the call inside, and the bump itself (docs/stellar.md#fee-bumps). */
const PAID_OPERATIONS = 2n;

type Bidder = Pick<EnvelopeEntity, 'fee' | 'inclusionFee' | 'submittedAt'>;
type Rate = Pick<PoolEntity, 'goingRate' | 'goingRateLedger'>;

/**
 * The bid of a live transaction beside what others pay at the newest snapshot. It is apart from the
 * transaction, which is repeated unchanged. @returns null when its bid was not recorded
 */
export function inclusionFeeNow(
  { goingRate, goingRateLedger }: Rate,
  { fee, inclusionFee: bid, submittedAt }: Bidder,
): InclusionFeeNow | null {
  if (bid === null) return null;
  const shown = {
    bid: bid.toString(),
    goingRate: goingRate?.toString() ?? null,
    atLedger: goingRateLedger,
  };
  if (goingRate === null || bid >= goingRate)
    return { ...shown, outbid: false, feeBump: null, advice: null };
  const least = submittedAt === null ? bid : bid * REPLACEMENT_FACTOR;
  const baseFee = goingRate > least ? goingRate : least;
  const bumpFee = baseFee * PAID_OPERATIONS + (fee - bid);
  return {
    ...shown,
    outbid: true,
    feeBump: { baseFee: baseFee.toString(), fee: bumpFee.toString() },
    advice:
      `The transaction bids ${bid} stroops for inclusion, but the going rate is ${goingRate} at ` +
      `ledger ${goingRateLedger}: it may wait until its deadline. Once it is signed, any account ` +
      `can wrap it in a fee bump of ${bumpFee} stroops (${baseFee} for each operation) and submit ` +
      'that with POST /loans/:id/submission. If it lapses while it is outbid, it does not count ' +
      'against the borrower.',
  };
}
