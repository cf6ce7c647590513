import { z } from 'zod';
import { FEE_PERCENTILES, type FeePercentile, percentileOf } from '../chain/inclusion-fee.js';
import type { StoredRules } from '../liquidity/pools/pool-rules.js';

/** The rules of a pool on the wire, as an operator sets them and as an answer shows them. */
export const whole = (least: number, most: number) =>
  z
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);
const buffer = z
  .string('must be a string of token units')
  .meta({ description: 'Never held for a loan, token units' });
const percentile = (error?: string) =>
  z.enum(FEE_PERCENTILES, error).meta({
    description:
      'A transaction bids what this share of transactions with contracts paid at most for inclusion ' +
      'in the newest 50 ledgers (`getFeeStats`)',
  });
const rules = {
  holdSeconds: whole(60, 86_400).meta({ description: 'How long a hold lasts' }),
  minSigningSeconds: whole(5, 3600),
  maxSnapshotAgeSeconds: whole(1, 3600),
  buffer,
  maxExtensionSeconds: whole(0, 86_400).meta({
    description: 'A rebuild may move the deadline this many seconds beyond the first one',
  }),
  strict: z.boolean('must be true or false').meta({
    description:
      'on (the default): only as many holds as can land in any order (COUNTER_WINDOW_FULL). ' +
      'off: more holds, so that some transactions have to be rebuilt',
  }),
  maxWalletShareBps: whole(1, 10_000).meta({
    description:
      'Largest share of the observed total that one hold may have, hundredths of a percent; ' +
      '10000: no limit',
  }),
  lapsesMax: whole(0, 100).meta({
    description:
      'How many holds in a row a wallet may let lapse unsigned before it has to wait; 0: no limit',
  }),
  feePercentile: percentile('must be one of ' + FEE_PERCENTILES.join(', ')),
  maxInclusionFee: whole(100, 1_000_000_000).meta({
    description:
      'The most that a transaction bids for inclusion, stroops; the floor `INCLUSION_FEE` comes first',
  }),
};
/** Each may be left out: a registration takes its default, a change leaves it as it is. */
export const RULES_REQUEST = z.object(rules).partial().shape;

export const RULES_ANSWER = {
  holdSeconds: z
    .int()
    .meta({ description: 'T of a transaction is the newest close time plus this' }),
  minSigningSeconds: z.int(),
  maxSnapshotAgeSeconds: z.int(),
  maxExtensionSeconds: z
    .int()
    .meta({ description: 'How far a rebuild may move T beyond the first one' }),
  strict: z.boolean().meta({
    description:
      "Whether a hold is refused when the lending contract's live holds could no longer land in " +
      'any order, by loan ids and by bytes',
  }),
  maxWalletShareBps: z.int().meta({
    description:
      'Largest share of `total` that one hold may have, hundredths of a percent; 10000: no limit',
  }),
  lapsesMax: z.int().meta({
    description:
      'How many holds in a row a wallet may let lapse unsigned before it has to wait ' +
      '(`BORROWER_BACK_OFF`); 0: no limit',
  }),
  feePercentile: percentile(),
  maxInclusionFee: z
    .int()
    .meta({ description: 'The most that a transaction bids for inclusion, stroops' }),
};
type RulesAnswer = Omit<StoredRules, 'buffer' | 'feePercentile'> & {
  readonly feePercentile: FeePercentile;
};
/** `buffer` is shown with the other amounts, in token units. */
export const rulesAnswer = (pool: StoredRules): RulesAnswer => ({
  holdSeconds: pool.holdSeconds,
  minSigningSeconds: pool.minSigningSeconds,
  maxSnapshotAgeSeconds: pool.maxSnapshotAgeSeconds,
  maxExtensionSeconds: pool.maxExtensionSeconds,
  strict: pool.strict,
  maxWalletShareBps: pool.maxWalletShareBps,
  lapsesMax: pool.lapsesMax,
  feePercentile: percentileOf(pool.feePercentile),
  maxInclusionFee: pool.maxInclusionFee,
});
