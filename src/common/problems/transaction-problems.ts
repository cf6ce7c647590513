import { z } from 'zod';
import { contractSaid, ledger, reservation } from './member-shapes.js';
import { LEDGER, problem } from './problem.js';

/** Codes about the loan's transaction: building, signing, submitting it, and the chain's answer. */
export const TRANSACTION_PROBLEMS = {
  CHAIN_LIQUIDITY_SHORT: problem(
    409,
    'The chain has less liquidity than the snapshot',
    'In the simulation the contracts refused for lack of liquidity. The pool is being ' +
      'observed again; ask again shortly.',
    { retryable: true, after: LEDGER, members: contractSaid },
  ),
  ACCOUNT_NOT_FOUND: problem(
    422,
    'No such account',
    'The borrower has no account on this network.',
  ),
  LOAN_REFUSED_BY_CONTRACT: problem(
    422,
    'The contracts refuse this loan',
    'In the simulation a contract refused the loan: `contract`, `number`, `name`, `sentence`.',
    { sticky: true, members: contractSaid },
  ),
  TRANSACTION_TOO_LARGE: problem(
    422,
    'The transaction would be too large',
    "The loan's transaction needs more of `limit` than the network allows one transaction " +
      '(`declared`, `max`). No transaction was built and no new hold made. Fewer instalments ' +
      'make it smaller.',
    {
      members: {
        limit: z.string().meta({
          description:
            'Which limit of one transaction: instructions, diskReadEntries, diskReadBytes, ' +
            'writeEntries, writeBytes, footprintEntries or transactionBytes',
          examples: ['writeBytes'],
        }),
        declared: z
          .string()
          .meta({ description: 'What the transaction would need', examples: ['139520'] }),
        max: z.string().meta({ description: 'What the network allows', examples: ['132096'] }),
      },
    },
  ),
  FENCE_TOO_FAR: problem(
    422,
    'The authorization would be valid for too long',
    "To last as long as the hold at the network's fastest plausible pace, the authorization would " +
      'have to stay valid for `ledgers` ledgers, and at most `most` are allowed. No hold was made. ' +
      '`signing` transaction has no such limit. An operator can change holdSeconds or ' +
      'maxExtensionSeconds of the pool, or LEDGER_SECONDS_FASTEST and LEDGER_SECONDS_SLOWEST.',
    {
      members: {
        ledgers: z.int().meta({ description: 'How many ledgers it would need', examples: [75] }),
        most: z.int().meta({ description: 'How many are allowed', examples: [60] }),
      },
    },
  ),
  CONTRACT_ARCHIVED: problem(
    503,
    'The contracts are archived',
    "The network has archived entries of the pool's contracts (`keys`), more than one " +
      'transaction can restore together with the loan. No transaction was built and no new ' +
      'hold made. An operator restores them with `restoreXdr`: set the source account and ' +
      'its next sequence number, sign, submit, and repeat until loans are made again. Or a ' +
      'contract lapses before the transaction could land: `holdfast pools extend` extends it.',
    {
      retryable: true,
      after: 60,
      members: {
        keys: z
          .int()
          .meta({ description: 'Archived entries that this loan needs', examples: [10] }),
        restoreXdr: z
          .string()
          .nullable()
          .meta({
            description:
              'Unsigned transaction, base64 XDR, that restores as many of them as fit. Its source ' +
              'account is all zeros and its sequence is 0; replace both. null: the node gave no ' +
              'figures for it',
            examples: ['AAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAPQkA='],
          }),
      },
    },
  ),
  CONTRACTS_BROKEN: problem(
    502,
    'The contracts do not work together',
    "A link between the pool's contracts is missing or wrong (`contract`, `number`, `name`, " +
      "`sentence`). It lasts until the contracts' administrator repairs it. The pool takes no " +
      'holds until an operator resumes it.',
    { members: contractSaid },
  ),
  CONTRACT_FAILED: problem(
    503,
    'A contract failed',
    'In the simulation a contract failed for a reason that is neither the loan nor the pool ' +
      '(`contract`, `number`, `name`, `sentence`). An error that no published source names is ' +
      'called `Error` and its number. No hold was made.',
    { retryable: true, after: 60, members: contractSaid },
  ),
  CHAIN_UNREACHABLE: problem(
    503,
    'The chain cannot be reached',
    'The Stellar RPC node gave no usable answer. That proves nothing about any transaction.',
    {
      retryable: true,
      after: LEDGER,
      members: {
        method: z
          .string()
          .optional()
          .meta({ description: "The node's method that failed", examples: ['getLedgerEntries'] }),
        timedOut: z.boolean().optional().meta({ description: 'Whether the call timed out' }),
        httpStatus: z.int().optional().meta({ description: "The node's HTTP status" }),
        rpcCode: z.int().optional().meta({ description: "The node's JSON-RPC error code" }),
      },
    },
  ),
  CONTRACT_PAUSED: problem(
    409,
    'A contract of the pool is paused',
    'The administrator of the contracts has paused one on the chain (`contract`, `name`), as ' +
      'read at `atLedger`. The transaction was not forwarded, because it would fail and burn ' +
      'its fee. The hold stays; submit again when the pause has ended.',
    {
      retryable: true,
      after: LEDGER,
      members: { ...contractSaid, atLedger: ledger('Where the pause was read'), reservation },
    },
  ),
  SUBMISSION_REJECTED: problem(
    409,
    'The network refused the transaction',
    'A node answered ERROR (`resultCode`). That proves nothing, so the hold is unchanged.',
    {
      retryable: true,
      members: {
        resultCode: z
          .string()
          .nullable()
          .meta({
            description: "The node's result code; null: none was given",
            examples: ['txTooLate'],
          }),
        latestLedger: ledger("The node's newest ledger"),
        reservation,
      },
    },
  ),
  ENVELOPE_OUTDATED: problem(
    409,
    'The transaction can no longer land',
    'The hold has ended, or the loan counter has left the window of the transaction.',
    {
      members: {
        reason: z
          .enum([
            'hold_ended',
            'envelope_dead',
            'loan_counter',
            'cancel_requested',
            'nonce_spent',
            'fence_passed',
          ])
          .meta({
            description:
              'Why it can no longer land. nonce_spent: the authorization was used already. ' +
              'fence_passed: its last ledger has passed',
            examples: ['hold_ended'],
          }),
        expirationLedger: z
          .int()
          .optional()
          .meta({ description: 'With fence_passed: that ledger' }),
        reservation: reservation.optional(),
        submittedHash: z
          .string()
          .optional()
          .meta({
            description: 'With envelope_dead: hash of the transaction that was submitted',
            examples: ['be223e3f75ef1c8f799627d6f308bd0bc928d59545db98c8a0611541e9372655'],
          }),
        currentHash: z
          .string()
          .nullable()
          .optional()
          .meta({
            description:
              "With envelope_dead: hash of the loan's newer transaction that can still land; null: " +
              'there is none',
          }),
        nextLoanId: z
          .string()
          .optional()
          .meta({ description: "With loan_counter: the lending contract's next loan id" }),
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
              'failedTransactions of the loan; absent when it did not fail',
          }),
        rebuildOffered: z.boolean().optional().meta({
          description:
            'With envelope_dead: whether POST /loans/:id/transaction would issue a new one now',
        }),
      },
    },
  ),
  ENVELOPE_UNDECIDED: problem(
    409,
    'The chain has not decided yet',
    'The account or the hold changed during the request, or an older transaction may still ' +
      'land. A new one is built only after the older ones are proven dead or failed.',
    {
      retryable: true,
      after: 2 * LEDGER,
      members: {
        reason: z.enum(['moved', 'undecided']).meta({
          description:
            'moved: the hold changed during the request; undecided: an older transaction may still land',
          examples: ['undecided'],
        }),
      },
    },
  ),
  REBUILD_LIMIT: problem(
    409,
    'No further transaction for this hold',
    'The hold gets no further transaction: it was rebuilt 3 times, or reached its longest ' +
      'time (`reason`). It ends by itself.',
    {
      members: {
        reason: z.enum(['rebuilds_used', 'too_long', 'due_date', 'not_needed']).meta({
          description:
            'The limit that was reached; not_needed: the loan is signed by authorization',
          examples: ['rebuilds_used'],
        }),
      },
    },
  ),
};
