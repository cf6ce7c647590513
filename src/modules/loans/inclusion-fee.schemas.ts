import { z } from 'zod';

/** What a transaction bids for inclusion, as it was built. Stroops as text. */
export const bidSchema = z.object({
  bid: z.string().meta({ description: 'What it bids, a part of `fee`, stroops' }),
  goingRate: z
    .string()
    .nullable()
    .meta({
      description:
        "What the pool's `feePercentile` of transactions with contracts paid at most when it " +
        'was built, stroops. The bid follows it between the floor `INCLUSION_FEE` and the ' +
        "pool's `maxInclusionFee`. null: no node said it, and the floor is bid",
    }),
});

/** The same beside what others pay now, and what to do about it. */
export const bidNowSchema = z.object({
  bid: z.string().meta({ description: 'What `transaction` bids for inclusion, stroops' }),
  goingRate: z
    .string()
    .nullable()
    .meta({
      description:
        "What the pool's `feePercentile` of transactions with contracts pays now, stroops, read " +
        'with each snapshot. null: not known',
      examples: ['4300'],
    }),
  atLedger: z
    .int()
    .nullable()
    .meta({ description: 'Ledger at which the rate was read; null: not known' }),
  outbid: z.boolean().meta({
    description:
      'Whether the bid is below the going rate: in a surge the transaction may wait until its ' +
      'deadline. Also false while the rate is not known',
  }),
  feeBump: z
    .object({
      baseFee: z
        .string()
        .meta({ description: 'Least bid for each of its two operations, stroops' }),
      fee: z.string().meta({ description: 'The whole fee of a fee bump with it, stroops' }),
    })
    .nullable()
    .meta({
      description:
        'A fee bump around the signed transaction that bids the going rate; 10 times the bid ' +
        'at least when the transaction was submitted, because it may wait in a queue. Any ' +
        'account may pay for it, and `POST /loans/:id/submission` takes it. null unless outbid',
    }),
  advice: z.string().nullable().meta({ description: 'What to do about it; null unless outbid' }),
});
export type InclusionFeeNow = z.infer<typeof bidNowSchema>;
