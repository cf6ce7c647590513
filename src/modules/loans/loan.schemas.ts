import { z } from 'zod';
import { nextCursorSchema } from '../../http/list-query.js';
import { time, units } from '../../http/wire.schemas.js';
import {
  authorizationNow,
  authorizationToSign,
  landing,
  signing,
} from './authorization.schemas.js';
import { bidNowSchema, bidSchema } from './inclusion-fee.schemas.js';
import { RELEASE_REASON_WORDS, RELEASE_REASONS } from '../liquidity/reservation.js';

/**
 * Wire shapes of the loans room's answers. Amounts are token units as text, times RFC 3339 in UTC,
 * ledgers integers.
 */
export const state = z
  .enum(['held', 'settled', 'released', 'expired'])
  .meta({ description: 'held: counts against the pool; every other state is final' });

const loanSummary = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    poolId: z.string().meta({ format: 'uuid' }),
    borrower: z.string(),
    vendor: z.string().nullable().meta({ description: 'Null where the contracts take none' }),
    totalAmount: units('Price of the financed purchase'),
    guaranteeAmount: units('What the borrower pays first; 0 where the contracts take none'),
    fundedAmount: units('What the pool funds, and what is held: total less guarantee'),
    schedule: z
      .array(z.object({ amount: units('What is due'), dueAt: time('When') }))
      .meta({ description: 'Empty where the contracts take none' }),
    loanType: z.string(),
  })
  .meta({ id: 'Loan' });

export const transaction = z
  .object({
    xdr: z.string().meta({
      description:
        'Unsigned transaction, base64. Sign it unchanged: another simulation or other time ' +
        'bounds change its hash',
    }),
    hash: z.string().meta({ description: 'Hex; signatures do not change it' }),
    networkPassphrase: z.string(),
    maxTime: z.int().meta({
      description: 'T, unix seconds: the last ledger close time at which it can land, inclusive',
    }),
    submitBefore: time('15 s before T, because nodes refuse a transaction that is almost too late'),
    fee: z.string().meta({ description: 'Greatest fee, stroops' }),
    sequence: z.string().meta({ description: 'Sequence number of the envelope' }),
    loanIdWindow: z
      .object({ first: z.string(), last: z.string() })
      .nullable()
      .meta({
        description:
          'Loan ids of the lending contract on which it can land, both inclusive; null where loans have ' +
          'no ids',
      }),
    window: z
      .object({
        loans: z.int().meta({ description: 'How many loans of others may land before it' }),
        bytes: z.int().meta({ description: 'Bytes that their entries may have in all' }),
        fee: z.string().meta({ description: 'What that costs, a part of `fee`, stroops' }),
      })
      .optional()
      .meta({
        description:
          'Room for loans that land first. Absent from transactions of before it was recorded',
      }),
    inclusionFee: bidSchema.optional().meta({
      description:
        'The part of `fee` that competes with others for a place in a ledger. Absent from ' +
        'transactions of before it was recorded',
    }),
  })
  .meta({ id: 'Transaction' });

const heldReservation = z.object({
  id: z.string().meta({ format: 'uuid' }),
  state,
  amount: units('What is held'),
  expiresAt: time(
    'T of the transaction; with an authorization an estimate of the close of its last ledger',
  ),
  atLedger: z.int().meta({ description: 'Ledger of the snapshot on which it was decided' }),
});
const reservationNow = heldReservation
  .extend({
    releaseReason: z.enum(RELEASE_REASONS).nullable().meta({ description: RELEASE_REASON_WORDS }),
    settledLedger: z.int().nullable(),
    submittedAt: time('First submission through this service').nullable(),
    cancelRequestedAt: time(
      'When cancellation was requested, which frees nothing by itself',
    ).nullable(),
    endedAt: time('When it reached its final state').nullable(),
  })
  .meta({ id: 'LoanReservation' });

/** Reasons of the chain room. A later version may have more, so the type is text. */
const failedTransaction = z
  .object({
    hash: z.string().meta({ description: 'Hex' }),
    ledger: z.int().nullable().meta({ description: 'The ledger in which it failed' }),
    resultCode: z
      .string()
      .nullable()
      .meta({ description: 'Its result, such as txFailed/invokeHostFunctionTrapped' }),
    failedBy: z.enum(['contract', 'ours', 'unknown']).meta({
      description:
        'contract: the contracts refused the loan, and the hold is released. ours: the cause ' +
        'is a figure of this service or the state of the chain, not the borrower; the hold ' +
        "stays until the transaction's deadline. unknown: the node does not say; the hold " +
        'stays too',
    }),
    reason: z.string().meta({
      description:
        'contract_error, contract_trap, resource_limit, archived, refundable_fee, ' +
        'malformed, outside_footprint, missing_entry, authorization_spent, ' +
        'authorization_expired, budget or unknown',
      examples: ['resource_limit'],
    }),
    contract: z.string().nullable().meta({
      description:
        'Which contract refused: lending_contract, pool, token or unknown; null unless one did',
    }),
    number: z.int().nullable().meta({ description: 'Its error number' }),
    name: z
      .string()
      .nullable()
      .meta({ description: "The name of that number in the contract's source" }),
    sentence: z.string().meta({ description: 'What the number means' }),
  })
  .meta({ id: 'FailedTransaction' });
export type FailedTransaction = z.infer<typeof failedTransaction>;

export const loanAnswerSchema = z
  .object({
    loan: loanSummary,
    reservation: heldReservation,
    signing: z
      .literal('authorization')
      .optional()
      .meta({ description: 'Absent where the borrower signs `transaction`' }),
    transaction: transaction
      .nullable()
      .meta({ description: 'What to sign; null where that is `authorization`' }),
    authorization: authorizationToSign
      .optional()
      .meta({ description: 'What to sign instead; absent where that is `transaction`' }),
  })
  .meta({ id: 'LoanOffer' });
export const loanPageSchema = z
  .object({
    loan: loanSummary.extend({ createdAt: time('When the hold was made') }),
    signing,
    reservation: reservationNow,
    transaction: transaction
      .nullable()
      .meta({ description: 'The newest transaction while it may be signed, otherwise null' }),
    counterWindow: z
      .object({
        nextLoanId: z
          .string()
          .nullable()
          .meta({
            description:
              "The id of the lending contract's next loan, as read at `atLedger`. Loans of strangers move " +
              'it. null: not known',
            examples: ['26'],
          }),
        atLedger: z
          .int()
          .nullable()
          .meta({
            description:
              'Ledger at which the counter was read, about every 2 s. If it is older than the ' +
              'transaction, the counter may be below its window. null: not known',
          }),
        outdated: z.boolean().meta({
          description:
            'Whether `nextLoanId` is past `transaction.loanIdWindow`. If it is, the transaction ' +
            'fails wherever it is submitted, and burns its fee and its sequence number. Also false ' +
            'while the counter is not known',
        }),
        loans: z.int().meta({
          description: 'How many loans of others may land before it, counted from its first id',
        }),
        loansLeft: z.int().nullable().meta({
          description: 'How many loans of others still may land before it; null: not known',
        }),
        bytes: z.int().nullable().meta({
          description:
            'Bytes that their entries may have in all; null: not recorded for this transaction',
        }),
        windowFee: z.string().nullable().meta({
          description:
            'What this room costs, a part of `fee`, stroops; null: not recorded for this transaction',
        }),
        fee: z.string().meta({ description: 'Greatest fee of the transaction, stroops' }),
        advice: z
          .string()
          .nullable()
          .meta({ description: 'What to do about it; null unless outdated' }),
      })
      .nullable()
      .meta({
        description:
          "The lending contract's loan counter compared with `transaction`; null without a transaction",
      }),
    inclusionFee: bidNowSchema.nullable().meta({
      description:
        'The bid of `transaction` compared with what others pay now; null without a transaction, ' +
        'and for one from before bids were recorded',
    }),
    contractPaused: z
      .boolean()
      .nullable()
      .meta({
        description:
          'Whether one of the contracts was paused on the chain by its administrator at the snapshot. ' +
          'A transaction submitted during a pause fails wherever it is submitted, and burns its ' +
          'fee and its sequence number; after the pause it is valid again. null: not known, or ' +
          'there is no transaction',
      }),
    authorization: authorizationNow
      .nullable()
      .meta({ description: 'Null where the borrower signs a transaction' }),
    landings: z.array(landing).meta({
      description:
        'Transactions of this service that carry the signed authorization, oldest first; empty where ' +
        'the borrower signs a transaction',
    }),
    rebuildsLeft: z.int().meta({
      description:
        'How many new transactions this hold can still get; 0 where the borrower signs an ' +
        'authorization, which needs none. The first five that replace one that failed without the ' +
        "contract's decision are not counted",
    }),
    failedTransactions: z
      .array(failedTransaction)
      .meta({ description: 'Transactions of this loan that landed and failed, oldest first' }),
    rebuildUntil: time(
      'Until when POST /loans/:id/transaction replaces the failed transaction, by chain ' +
        'time; null: nothing failed, or it is not replaced',
    ).nullable(),
    landed: z
      .object({
        loanId: z.string().meta({ description: 'Number of the loan in the contract' }),
        totalAmount: units('As the contract stored it'),
        guaranteeAmount: units('As the contract stored it'),
        interestRateBps: z.int(),
        interestAmount: units('As the contract stored it'),
        serviceFeeAmount: units('As the contract stored it'),
        owedAmount: units('What the borrower owed when it landed: total, interest and fee'),
      })
      .nullable()
      .meta({
        description:
          'The loan as the contract stored it. Interest may differ from a quote, because score ' +
          'and base interest may change until it lands. Null: it has not landed, or its entry ' +
          'was not read yet',
      }),
  })
  .meta({ id: 'LoanPage' });
const listedLoan = loanPageSchema.omit({
  transaction: true,
  authorization: true,
  landings: true,
  counterWindow: true,
  inclusionFee: true,
  contractPaused: true,
  rebuildsLeft: true,
  failedTransactions: true,
  rebuildUntil: true,
  landed: true,
});
export const loanListSchema = z
  .object({ loans: z.array(listedLoan), nextCursor: nextCursorSchema })
  .meta({ id: 'LoanList' });

export type LoanSummary = z.infer<typeof loanSummary>;
export type TransactionAnswer = z.infer<typeof transaction>;
export type LoanAnswer = z.infer<typeof loanAnswerSchema>;
export type LoanListAnswer = z.infer<typeof loanListSchema>;
export type LoanPage = z.infer<typeof loanPageSchema>;
export type CounterWindow = NonNullable<LoanPage['counterWindow']>;
