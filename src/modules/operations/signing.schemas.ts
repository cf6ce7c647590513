import { z } from 'zod';
import { time } from '../../http/wire.schemas.js';

/** Wire shapes of what was issued for a reservation to sign (docs/signing.md). */
export const envelope = z
  .object({
    number: z.int(),
    hash: z.string(),
    state: z.enum(['open', 'landed', 'failed', 'dead']),
    sequence: z.string(),
    maxTime: time('T'),
    issuedAfterLedger: z.int(),
    fee: z.string(),
    loanIdWindow: z
      .object({ first: z.string(), last: z.string() })
      .nullable()
      .meta({ description: 'Null where loans have no ids' }),
    windowBytes: z.int().nullable().meta({
      description:
        'Bytes that the entries of loans landing before it may have in all; null: not recorded',
    }),
    windowFee: z.string().nullable().meta({
      description: 'What its window costs, a part of `fee`, stroops; null: not recorded',
    }),
    bid: z.string().nullable().meta({
      description: 'Its bid for inclusion, a part of `fee`, stroops; null: not recorded',
    }),
    goingRate: z.string().nullable().meta({
      description:
        "What the pool's percentile paid for inclusion when it was built, stroops; null: not known",
    }),
    outbidLedger: z
      .int()
      .nullable()
      .meta({
        description:
          'Ledger at which the going rate was first seen above its bid; null: not outbid. It stays ' +
          'as it was at its deadline, and a hold that was outbid then is no lapse of its borrower',
      }),
    submittedAt: time('First submission').nullable(),
    submissionStatus: z.string().nullable(),
    foundLedger: z.int().nullable(),
    resultCode: z.string().nullable(),
    failedBy: z
      .enum(['contract', 'ours', 'unknown'])
      .nullable()
      .meta({ description: 'Who decided that it failed; null unless it did' }),
    failedReason: z
      .string()
      .nullable()
      .meta({ description: 'Why, as in failedTransactions of GET /loans/:id' }),
    chainLoanId: z.string().nullable(),
  })
  .meta({ id: 'Envelope' });
export const authorizationRow = z
  .object({
    hash: z.string().meta({ description: 'Hex sha256 of the preimage' }),
    address: z.string().meta({ description: 'Whose nonce and signature it is' }),
    nonce: z.string(),
    state: z.enum(['open', 'spent', 'dead']),
    expirationLedger: z.int().meta({ description: 'The last ledger in which it can land' }),
    issuedAfterLedger: z.int(),
    signedAt: time('When the signature came').nullable(),
    unspentLedger: z
      .int()
      .nullable()
      .meta({ description: 'Last ledger at which two replies showed that it was not spent' }),
    spentLedger: z.int().nullable().meta({ description: 'The ledger that spent its nonce' }),
    landingTxHash: z.string().nullable().meta({
      description: 'The transaction that landed it, of this service or of another account',
    }),
    chainLoanId: z.string().nullable(),
  })
  .meta({ id: 'AuthorizationRow' });

export const landingRow = z
  .object({
    number: z.int(),
    hash: z.string(),
    channel: z
      .string()
      .meta({ description: 'The account that pays and gives the sequence number' }),
    state: z.enum(['open', 'landed', 'failed', 'dead']),
    sequence: z.string(),
    maxTime: time('T'),
    issuedAfterLedger: z.int(),
    issuedAt: time('When it was stored'),
    fee: z.string().meta({ description: 'Greatest fee, stroops' }),
    feeCharged: z
      .string()
      .nullable()
      .meta({ description: 'What the channel paid, stroops; null: not known' }),
    bid: z.string().nullable().meta({ description: 'Its bid for inclusion, stroops' }),
    loanIdWindow: z.object({ first: z.string(), last: z.string() }).nullable(),
    submittedAt: time('First submission').nullable(),
    submissionStatus: z.string().nullable(),
    foundLedger: z.int().nullable(),
    resultCode: z.string().nullable(),
    failedBy: z.enum(['contract', 'ours', 'unknown']).nullable(),
    failedReason: z.string().nullable(),
  })
  .meta({ id: 'LandingRow' });
