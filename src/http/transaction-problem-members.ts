import { z } from 'zod';
import type { ErrorCode } from '../common/errors.js';
import { contractSaid, ledger, type ProblemMembers, reservation } from './problem-member-shapes.js';

/** Codes about the loan's transaction: building, signing, submitting it, and the chain's answer. */
export const TRANSACTION_MEMBERS = {
  CHAIN_LIQUIDITY_SHORT: contractSaid,
  CONTRACT_PAUSED: { ...contractSaid, atLedger: ledger('Where the pause was read'), reservation },
  ENVELOPE_OUTDATED: {
    reason: z
      .enum(['hold_ended', 'envelope_dead', 'loan_counter', 'cancel_requested'])
      .meta({ description: 'Why the transaction can no longer land', examples: ['hold_ended'] }),
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
  ENVELOPE_UNDECIDED: {
    reason: z.enum(['moved', 'undecided']).meta({
      description:
        'moved: the hold changed during the request; undecided: an older transaction may still land',
      examples: ['undecided'],
    }),
  },
  REBUILD_LIMIT: {
    reason: z
      .enum(['rebuilds_used', 'too_long', 'due_date'])
      .meta({ description: 'The limit that was reached', examples: ['rebuilds_used'] }),
  },
  SUBMISSION_REJECTED: {
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
  LOAN_REFUSED_BY_CONTRACT: contractSaid,
  CONTRACT_FAILED: contractSaid,
  CONTRACTS_BROKEN: contractSaid,
  CHAIN_UNREACHABLE: {
    method: z
      .string()
      .optional()
      .meta({ description: "The node's method that failed", examples: ['getLedgerEntries'] }),
    timedOut: z.boolean().optional().meta({ description: 'Whether the call timed out' }),
    httpStatus: z.int().optional().meta({ description: "The node's HTTP status" }),
    rpcCode: z.int().optional().meta({ description: "The node's JSON-RPC error code" }),
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
      .meta({ description: 'What the transaction would need', examples: ['139520'] }),
    max: z.string().meta({ description: 'What the network allows', examples: ['132096'] }),
  },
  CONTRACT_ARCHIVED: {
    keys: z.int().meta({ description: 'Archived entries that this loan needs', examples: [10] }),
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
} as const satisfies Readonly<Partial<Record<ErrorCode, ProblemMembers>>>;
