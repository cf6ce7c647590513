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

const outflowCap = z.string().meta({
  description: "The contract's outflow cap for one ledger, percent of what is available",
  examples: ['50'],
});
const vendorFigures = {
  cap: units('What the contract funds to one vendor at most'),
  funded: units('What it has funded to this vendor'),
  held: units('What live holds for this vendor take'),
  asked: units('What this loan needs'),
  atLedger: ledger('The ledger at which `funded` was read'),
};

/** Codes that refuse a hold. */
export const HOLD_MEMBERS = {
  INSUFFICIENT_LIQUIDITY: {
    available: units('What the pool could hold'),
    atLedger: ledger('The ledger of the snapshot'),
    nextDeadline: time(
      'When the next live hold can lapse; null: none is live. It is the same on replay; the ' +
        'header Retry-After counts from now',
    ).nullable(),
  },
  OUTFLOW_CAP_REACHED: {
    ...optional({
      outflowCap,
      safeSum: units('What may be held in all, so that every hold can land in one ledger'),
      held: units('What live holds take of it'),
      asked: units('What this loan needs'),
      atLedger: ledger('The ledger of the snapshot'),
      nextDeadline: time('When the next live hold can lapse; null: none is live').nullable(),
    }),
    ...optional(contractSaid),
  },
  OUTFLOW_CAP_EXCEEDED: {
    outflowCap,
    cap: units('The most that one loan may need'),
    asked: units('What this loan needs'),
    atLedger: ledger('The ledger of the snapshot'),
  },
  VENDOR_CAP_REACHED: vendorFigures,
  VENDOR_CAP_EXCEEDED: { ...optional(vendorFigures), ...optional(contractSaid) },
  BORROWER_BUSY: {
    loanId: z.string().meta({
      description: 'The loan that is held',
      format: 'uuid',
      examples: ['01a20439-846e-7397-a330-e4d8bfa1007d'],
    }),
    reservationId: z.string().meta({
      description: 'The live hold',
      format: 'uuid',
      examples: ['01a20439-846e-71cc-a8e2-381a9b90a251'],
    }),
    expiresAt: time('When that hold can lapse; null: it has meanwhile ended').nullable(),
  },
  POOL_PAUSED: {
    poolState: z.enum(['active', 'paused', 'closed']).meta({
      description: 'closed is final; active: the contract itself is paused',
      examples: ['paused'],
    }),
    ...optional(contractSaid),
    atLedger: ledger(
      'Where the pause of the contract was read; absent when the simulation found it, and ' +
        'for every other pause',
    ).optional(),
  },
  POOL_QUARANTINED: {
    quarantinedUntil: time(
      'Chain time at which the quarantine ends; null: not known until the next ledger is read',
    ).nullable(),
  },
  BORROWER_BACK_OFF: {
    rule: z.literal('lapses').meta({ description: 'Which rule', examples: ['lapses'] }),
    until: time('From when on the borrower can get a hold'),
    lapses: z.int().meta({ description: 'Holds in a row that lapsed unsigned', examples: [3] }),
    lapsesAllowed: z.int().meta({ description: 'What the pool allows', examples: [3] }),
  },
  WALLET_SHARE_EXCEEDED: {
    rule: z.literal('walletShare').meta({ description: 'Which rule', examples: ['walletShare'] }),
    maxWalletShare: z.string().meta({
      description: "Largest share of the pool's total that one hold may have, percent",
      examples: ['5'],
    }),
    bound: units('That share of the total'),
    asked: units('What this loan needs'),
    atLedger: ledger('The ledger of the total'),
  },
  SNAPSHOT_STALE: {
    ageSeconds: z
      .number()
      .nullable()
      .meta({
        description: "Age of the pool's snapshot; null: the pool was never observed",
        examples: [41.2],
      }),
    maxAgeSeconds: z.number().meta({
      description:
        'The largest age that the pool allows. When `ageSeconds` is below it, the chain itself lags',
      examples: [30],
    }),
  },
  COUNTER_WINDOW_FULL: {
    liveHolds: z.int().meta({ description: 'Live holds of the lending contract', examples: [25] }),
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
          'What has run out: loan ids or bytes in the transactions of the live holds, or a limit ' +
          'of the network for one transaction',
        examples: ['loans'],
      }),
    entryBytes: z
      .int()
      .optional()
      .meta({ description: 'With bytes: what the entry of this loan needs', examples: [2456] }),
    bytesLeft: z
      .int()
      .optional()
      .meta({
        description: 'With bytes: what the transactions of the live holds leave',
        examples: [1204],
      }),
    nextDeadline: time(
      'When the next live hold of the lending contract can lapse and free its place; null: none is live',
    ).nullable(),
  },
} as const satisfies Readonly<Partial<Record<ErrorCode, ProblemMembers>>>;
