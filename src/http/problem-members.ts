import { z } from 'zod';
import type { ErrorCode } from '../common/errors.js';

/**
 * What a code's problem says beyond the members every problem has: the one place. The API's
 * document, the pages below /problems and the tests read it here.
 * An answer that carries a member of no code is a fault that tests notice.
 */
const units = (description: string) =>
  z.string().meta({ description: `${description}, token units`, examples: ['40'] });
const time = (description: string) =>
  z.string().meta({
    description: `${description}, RFC 3339 in UTC`,
    format: 'date-time',
    examples: ['2026-11-22T17:11:49Z'],
  });
const ledger = (description: string) =>
  z.int().meta({ description: `${description}, a ledger number`, examples: [3] });
const reservation = z
  .object({ id: z.string(), state: z.enum(['held', 'settled', 'released', 'expired']) })
  .meta({
    description: 'The hold, which this answer left as it was',
    examples: [{ id: '01a20439-846e-71cc-a8e2-381a9b90a251', state: 'held' }],
  });
const contractSaid = {
  contract: z.string().meta({ description: 'Which contract refused', examples: ['creditline'] }),
  number: z
    .int()
    .nullable()
    .meta({ description: 'Its error number; null: it gave none', examples: [4] }),
  name: z.string().meta({
    description: 'Name of that error in its source',
    examples: ['InsufficientReputation'],
  }),
  sentence: z.string().meta({
    description: 'What that means',
    examples: ["The borrower's reputation score is below the threshold for a loan."],
  }),
};
const optional = <Shape extends Readonly<Record<string, z.ZodType>>>(
  shape: Shape,
): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(shape).map(([name, member]) => [name, member.optional()]));

const sepError = z
  .string()
  .optional()
  .meta({ description: 'With /auth: the sentence once more, where SEP-10 wallets look for it' });

export type ProblemMembers = Readonly<Record<string, z.ZodType>>;

export const PROBLEM_MEMBERS: Readonly<Partial<Record<ErrorCode, ProblemMembers>>> = {
  VALIDATION_FAILED: {
    errors: z.array(z.object({ field: z.string(), message: z.string() })).meta({
      description: 'Every field that is wrong',
      examples: [[{ field: 'schedule[0].dueAt', message: 'is required' }]],
    }),
    differences: z
      .array(
        z.object({
          field: z.string().meta({
            description:
              'Of the transaction, such as fee, maxTime, network, signature, or a term of ' +
              'the loan; loan: it belongs to another loan',
          }),
          expected: z.string().nullable().meta({ description: 'As it was issued; null: absent' }),
          received: z
            .string()
            .nullable()
            .meta({ description: 'As it came; null: absent, or not known' }),
          message: z.string().meta({ description: 'Goes on from the name of the field' }),
        }),
      )
      .optional()
      .meta({
        description:
          "With a signed transaction that is not the loan's: what differs. Amounts in " +
          'token units, fees in stroops, maxTime and minTime in unix seconds',
        examples: [
          [
            {
              field: 'fee',
              expected: '368840',
              received: '100',
              message: 'is another fee, stroops',
            },
          ],
        ],
      }),
    error: sepError,
  },
  UNAUTHENTICATED: { error: sepError },
  FORBIDDEN: {
    requiredScope: z
      .string()
      .optional()
      .meta({ description: 'The scope that is missing', examples: ['loans:write'] }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .meta({
        description: 'The field that names somebody else',
        examples: [[{ field: 'borrower', message: 'must be the account of the token' }]],
      }),
  },
  RESOLUTION_REFUSED: {
    refusal: z.string().meta({
      description:
        'Why: nothing_for_a_person, may_still_land, loan_exists, ended and others, as `npm ' +
        'run ledger:resolve` names them',
      examples: ['nothing_for_a_person'],
    }),
  },
  POOL_STATE_CONFLICT: {
    poolState: z
      .enum(['active', 'paused', 'quarantined', 'closed'])
      .meta({ description: 'What the pool is', examples: ['closed'] }),
  },
  INSUFFICIENT_LIQUIDITY: {
    available: units('What the pool could set aside'),
    atLedger: ledger('Where that was seen'),
    nextDeadline: time(
      'When the hold that ends first can lapse; null: none is live. Fixed, also on replay; ' +
        'the header Retry-After counts from now',
    ).nullable(),
  },
  CHAIN_LIQUIDITY_SHORT: contractSaid,
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
  CONTRACT_PAUSED: { ...contractSaid, atLedger: ledger('Where the pause was seen'), reservation },
  POOL_QUARANTINED: {
    quarantinedUntil: time(
      'Chain time at which the quarantine ends; null: it is set with the next ledger that is seen',
    ).nullable(),
  },
  RATE_LIMITED: {
    rule: z.string().meta({ description: 'Which limit', examples: ['writes'] }),
    limit: z.int().meta({ description: 'Requests in a window', examples: [600] }),
    window: z.number().meta({ description: 'Length of a window, seconds', examples: [60] }),
    until: time('When the next window begins'),
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
  ENVELOPE_OUTDATED: {
    reason: z
      .enum(['hold_ended', 'envelope_dead', 'loan_counter', 'cancel_requested'])
      .meta({ description: 'What overtook the transaction', examples: ['hold_ended'] }),
    reservation: reservation.optional(),
    submittedHash: z
      .string()
      .optional()
      .meta({
        description: 'With envelope_dead: hash of the transaction that was submitted',
        examples: ['be223e3f75ef1c8f799627d6f308bd0bc928d59545db98c8a0611541e9372655'],
      }),
    currentHash: z.string().nullable().optional().meta({
      description:
        "With envelope_dead: hash of the loan's transaction that can still land, if one was issued since; null: none",
    }),
    nextLoanId: z
      .string()
      .optional()
      .meta({ description: "With loan_counter: the creditline's next loan id" }),
    loanIdWindow: z
      .object({ first: z.string(), last: z.string() })
      .optional()
      .meta({ description: 'With loan_counter: the ids on which the transaction could land' }),
    failure: z
      .object({
        hash: z.string(),
        ledger: z.int().nullable(),
        resultCode: z.string().nullable(),
        failedBy: z.enum(['contract', 'ours', 'unknown']),
        reason: z.string(),
        contract: z.string().nullable(),
        number: z.int().nullable(),
        name: z.string().nullable(),
        sentence: z.string(),
      })
      .optional()
      .meta({
        description:
          'With envelope_dead and hold_ended: how the transaction failed, as in ' +
          'failedTransactions of the loan; absent when it did not',
      }),
    rebuildOffered: z.boolean().optional().meta({
      description: 'With envelope_dead: whether POST /loans/:id/transaction makes a new one now',
    }),
  },
  ENVELOPE_UNDECIDED: {
    reason: z.enum(['moved', 'undecided']).meta({
      description:
        'moved: the hold changed under this request; undecided: an older transaction may still land',
      examples: ['undecided'],
    }),
  },
  REBUILD_LIMIT: {
    reason: z
      .enum(['rebuilds_used', 'too_long', 'due_date'])
      .meta({ description: 'Which bound was met', examples: ['rebuilds_used'] }),
  },
  SUBMISSION_REJECTED: {
    resultCode: z
      .string()
      .nullable()
      .meta({ description: "The node's result code; null: it gave none", examples: ['txTooLate'] }),
    latestLedger: ledger('What the node had seen'),
    reservation,
  },
  LOAN_REFUSED_BY_CONTRACT: contractSaid,
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
  CHAIN_UNREACHABLE: {
    method: z
      .string()
      .optional()
      .meta({ description: "The node's method that failed", examples: ['getLedgerEntries'] }),
    timedOut: z.boolean().optional().meta({ description: 'Whether it was the time limit' }),
    httpStatus: z.int().optional().meta({ description: 'What the node answered instead' }),
    rpcCode: z.int().optional().meta({ description: 'Its JSON-RPC error' }),
    ...optional(contractSaid),
  },
  TRANSACTION_TOO_LARGE: {
    limit: z.string().meta({
      description:
        'Which limit of one transaction: instructions, diskReadEntries, diskReadBytes, ' +
        'writeEntries, writeBytes, footprintEntries or transactionBytes',
      examples: ['writeBytes'],
    }),
    declared: z
      .string()
      .meta({ description: 'What the transaction would have to declare', examples: ['139520'] }),
    max: z.string().meta({ description: 'What the network allows', examples: ['132096'] }),
  },
  CONTRACT_ARCHIVED: {
    keys: z.int().meta({ description: 'Archived entries that this loan needs', examples: [10] }),
    restoreXdr: z
      .string()
      .nullable()
      .meta({
        description:
          'Unsigned transaction, base64 XDR, that restores as many of them as fit; its ' +
          'source account is all zeros and its sequence is 0, to be replaced. Null: the ' +
          'node gave no figures for it',
        examples: ['AAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAPQkA='],
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
};
