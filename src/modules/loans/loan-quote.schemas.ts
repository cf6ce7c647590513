import { z } from 'zod';
import { FEE_PERCENTILES } from '../chain/inclusion-fee.js';
import { ERROR_CODES } from '../../common/problems/problems.js';
import { time } from '../../http/wire.schemas.js';
import { signing } from './authorization.schemas.js';

const units = (description: string) =>
  z.string().meta({ description: `${description}, token units` });

const preview = z
  .object({
    code: z.enum(ERROR_CODES).meta({ description: 'What `POST /loans` would answer' }),
    detail: z.string(),
    contract: z
      .string()
      .nullable()
      .meta({ description: 'The contract with the check; null: a check of this service' }),
    number: z.int().nullable(),
    name: z.string().nullable().meta({ description: "The contract's own name of the error" }),
  })
  .meta({ id: 'RefusalPreview' });

/** The answer of `POST /loans/quote`. */
export const quoteAnswerSchema = z
  .object({
    holdMade: z.literal(false).meta({
      description: 'A quote holds nothing. What is available now may be gone with the next request',
    }),
    terms: z.object({
      poolId: z.string().meta({ format: 'uuid' }),
      borrower: z.string(),
      vendor: z.string().nullable().meta({ description: 'Null where the contracts take none' }),
      loanType: z.string(),
      totalAmount: units('Price of the financed purchase'),
      leastGuaranteeAmount: units('The least that the contract accepts'),
      guaranteeAmount: units('What the borrower pays first: as requested, otherwise the least'),
      fundedAmount: units('What would be held: total less guarantee'),
      interestRateBps: z.int().meta({ description: 'Basis points, by score' }),
      interestAmount: units('Interest on the total, rounded down'),
      serviceFeeAmount: units('1 % of the total, rounded down'),
      owedAmount: units('What the borrower would owe: total, interest and fee'),
      schedule: z.array(
        z.object({
          amount: units("What is due; interest and fee are the contract's own"),
          dueAt: time('When'),
        }),
      ),
    }),
    standing: z.object({
      score: z
        .int()
        .nullable()
        .meta({ description: 'Reputation, 0 to 100; null where the contracts keep none' }),
      activeDebt: units('What the borrower owes already'),
      creditLimit: units('Most the borrower may owe, by score; null: no limit').nullable(),
      atLedger: z.int().meta({ description: 'Oldest ledger of the replies this was read from' }),
    }),
    availability: z.object({
      available: units('What the pool could hold now'),
      fits: z.boolean(),
      poolState: z.enum(['active', 'paused', 'quarantined', 'closed']),
      atLedger: z.int().nullable(),
      ageSeconds: z.number().nullable(),
      nextDeadline: time('When the next live hold can lapse').nullable(),
    }),
    counterWindow: z
      .object({
        liveHolds: z.int().meta({ description: 'Live holds of the lending contract' }),
        holdsLeft: z
          .int()
          .nullable()
          .meta({
            description:
              'How many more holds can be made so that all can land in any order, by loan ids; null: ' +
              'no limit applies',
          }),
        loans: z.int().nullable().meta({
          description:
            'How many loans of others may land before the transaction; null: none would be built',
        }),
        bytes: z.int().nullable().meta({
          description:
            'Bytes that their entries may have in all; null: no transaction would be built',
        }),
        windowFee: z.string().nullable().meta({
          description: 'What this room would cost, stroops; null: no transaction would be built',
        }),
        fee: z.string().nullable().meta({
          description: 'Greatest fee of the transaction, stroops; null: none would be built',
        }),
      })
      .meta({ description: 'Room for loans that land first' }),
    signing: z
      .object({
        chosen: signing.meta({
          description: 'What this request asks for, or the rule of the pool',
        }),
        transaction: z.object({
          borrowerFee: z
            .string()
            .nullable()
            .meta({
              description:
                'Greatest network fee that the borrower pays, stroops; null: not chosen, or none would ' +
                'be built',
            }),
        }),
        authorization: z.object({
          borrowerFee: z
            .literal('0')
            .meta({ description: 'The borrower pays no network fee; this service does' }),
          ledgers: z
            .int()
            .meta({ description: 'In how many ledgers it could be signed and landed' }),
        }),
      })
      .meta({ description: 'Both ways of signing (docs/signing.md)' }),
    inclusionFee: z
      .object({
        bid: z.string().meta({
          description:
            'What a transaction built now would bid for inclusion, stroops: the going rate, at ' +
            "least the floor `INCLUSION_FEE` and at most the pool's `maxInclusionFee`",
        }),
        goingRate: z
          .string()
          .nullable()
          .meta({
            description:
              "What the pool's `feePercentile` of transactions with contracts paid at most in the " +
              'newest 50 ledgers, stroops; null: no node says it, and the floor is bid',
          }),
        atLedger: z
          .int()
          .nullable()
          .meta({ description: 'Ledger at which the rate was read; null: not known' }),
        feePercentile: z.enum(FEE_PERCENTILES),
        maxInclusionFee: z.string().meta({ description: "The pool's cap, stroops" }),
      })
      .meta({ description: 'The part of the fee that competes for a place in a ledger' }),
    refusal: preview.nullable().meta({
      description:
        "The first refusal that `POST /loans` would give now, this service's before the " +
        "contracts'; null: none",
    }),
    contractRefusal: preview
      .nullable()
      .meta({ description: 'The first check of the contracts that would fail; null: none' }),
  })
  .meta({ id: 'LoanQuote' });
export type QuoteAnswer = z.infer<typeof quoteAnswerSchema>;
