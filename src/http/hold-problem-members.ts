import { z } from 'zod';
import type { ErrorCode } from '../common/errors.js';
import {
  contractSaid,
  ledger,
  optional,
  type ProblemMembers,
  time,
  units,
} from './problem-member-shapes.js';

/** Codes that refuse a hold. */
export const HOLD_MEMBERS = {
  INSUFFICIENT_LIQUIDITY: {
    available: units('What the pool could set aside'),
    atLedger: ledger('Where that was seen'),
    nextDeadline: time(
      'When the hold that ends first can lapse; null: none is live. Fixed, also on replay; ' +
        'the header Retry-After counts from now',
    ).nullable(),
  },
  BORROWER_BUSY: {
    loanId: z.string().meta({
      description: 'The loan that is held',
      format: 'uuid',
      examples: ['01a20439-846e-7397-a330-e4d8bfa1007d'],
    }),
    reservationId: z.string().meta({
      description: 'Its hold',
      format: 'uuid',
      examples: ['01a20439-846e-71cc-a8e2-381a9b90a251'],
    }),
    expiresAt: time('When that hold can lapse; null: it has ended since').nullable(),
  },
  POOL_PAUSED: {
    poolState: z.enum(['active', 'paused', 'closed']).meta({
      description: 'A closed pool stays closed; active: the contract itself is paused',
      examples: ['paused'],
    }),
    ...optional(contractSaid),
    atLedger: ledger(
      'Where the pause of the contract was seen; absent when the simulation told it, and for every other pause',
    ).optional(),
  },
  POOL_QUARANTINED: {
    quarantinedUntil: time(
      'Chain time at which the quarantine ends; null: it is set with the next ledger that is seen',
    ).nullable(),
  },
  BORROWER_BACK_OFF: {
    rule: z.literal('lapses').meta({ description: 'Which rule', examples: ['lapses'] }),
    until: time('From when on a hold can be made for this borrower'),
    lapses: z.int().meta({ description: 'Holds in a row that lapsed unsigned', examples: [3] }),
    lapsesAllowed: z.int().meta({ description: 'What the pool allows', examples: [3] }),
  },
  WALLET_SHARE_EXCEEDED: {
    rule: z.literal('walletShare').meta({ description: 'Which rule', examples: ['walletShare'] }),
    maxWalletShare: z
      .string()
      .meta({ description: "What one hold may be of the pool's total, percent", examples: ['5'] }),
    bound: units('That share'),
    asked: units('What this loan needs'),
    atLedger: ledger('Where the total was seen'),
  },
  SNAPSHOT_STALE: {
    ageSeconds: z
      .number()
      .nullable()
      .meta({
        description: 'Age of the newest view of the pool; null: it was never observed',
        examples: [41.2],
      }),
    maxAgeSeconds: z.number().meta({
      description: 'What the pool allows; when the age is below it, the chain itself lags',
      examples: [30],
    }),
  },
  COUNTER_WINDOW_FULL: {
    liveHolds: z.int().meta({ description: 'Live holds of the creditline', examples: [25] }),
    window: z.int().meta({ description: 'How many holds can land in any order', examples: [25] }),
    limit: z
      .enum([
        'loans',
        'bytes',
        'instructions',
        'diskReadEntries',
        'diskReadBytes',
        'writeEntries',
        'writeBytes',
        'footprintEntries',
        'transactionBytes',
      ])
      .meta({
        description:
          'What is short: loan ids or bytes in the transactions of the live holds, or a ' +
          'limit of the network for one transaction',
        examples: ['loans'],
      }),
    entryBytes: z
      .int()
      .optional()
      .meta({ description: 'With bytes: what the entry of this loan takes', examples: [2456] }),
    bytesLeft: z
      .int()
      .optional()
      .meta({
        description: 'With bytes: what the transactions of the live holds leave',
        examples: [1204],
      }),
    nextDeadline: time(
      'When the live hold of the creditline that ends first can lapse, which leaves its ' +
        'room to another; null: none is live',
    ).nullable(),
  },
} as const satisfies Readonly<Partial<Record<ErrorCode, ProblemMembers>>>;
