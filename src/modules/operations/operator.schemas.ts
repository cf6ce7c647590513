import { z } from 'zod';
import { limit, nextCursorSchema, rowCursor } from '../../http/list-query.js';
import { graveReason, reason } from '../../http/reason.schemas.js';
import { addressKind } from '../chain/address.js';
import { GENERATION_NAMES } from '../chain/families/contract-family.js';
import { poolSchema } from './operations.schemas.js';
import { RULES_REQUEST, whole } from './pool-rules.schemas.js';

const name = z
  .string('must be a string')
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'is too long');
export const registerPoolSchema = z
  .strictObject({
    contract: z
      .string('must be a string')
      .refine(
        (text) => addressKind(text) === 'contract',
        'must be a contract address (C…) with a valid checksum',
      )
      .meta({
        description:
          "The pool's contract; token, lending contract and decimals are read from the chain",
        pattern: '^C[A-Z2-7]{55}$',
      }),
    name,
    generation: z
      .enum(GENERATION_NAMES, `must be one of ${GENERATION_NAMES.join(', ')}`)
      .optional()
      .meta({
        description:
          "Which published contracts they are; detected from the contracts' code when left out. " +
          'Named: used even when the code is not known, and recorded as an operator action',
      }),
    ...RULES_REQUEST,
    reason,
  })
  .meta({ id: 'RegisterPool' });
export const changePoolSchema = z
  .strictObject({ name: name.optional(), ...RULES_REQUEST, reason })
  .refine((request) => Object.keys(request).length > 1, 'must change something')
  .meta({ id: 'ChangePool' });
export const reasonSchema = z.strictObject({ reason }).meta({ id: 'Reason' });
export const resumeSchema = z
  .strictObject({
    generation: z
      .enum(GENERATION_NAMES, `must be one of ${GENERATION_NAMES.join(', ')}`)
      .optional()
      .meta({
        description:
          'Which published contracts they are now; needed only where their code is not known',
      }),
    reason,
  })
  .meta({ id: 'Resume' });
const change = (description: string) =>
  z.object({ before: z.string(), after: z.string() }).meta({ description });
export const resumedSchema = poolSchema
  .extend({
    upgrade: z
      .object({
        generation: change('Which published contracts the pool is read by'),
        poolWasmHash: change("Hash of the pool contract's code"),
      })
      .nullable()
      .meta({ description: 'null: the code of the contracts was not read' }),
  })
  .meta({ id: 'ResumedPool' });

/** The reason of an action that cannot be undone. */
export const graveReasonSchema = z
  .strictObject({ reason: graveReason })
  .meta({ id: 'GraveReason' });
export const resolutionRequestSchema = z
  .strictObject({
    as: z
      .enum(['settled', 'expired', 'released'], 'must be "settled", "expired" or "released"')
      .meta({
        description:
          'settled: it landed; expired: every T has passed and it did not land; released: it did ' +
          'not land, and its sequence number is consumed',
      }),
    ledger: whole(1, 2_147_483_647)
      .nullable()
      .default(null)
      .meta({
        description:
          'For a settlement: the ledger in which it landed. The amount counts as in flight until ' +
          'a snapshot contains that ledger',
      }),
    loanId: z
      .string('must be a string')
      .regex(/^[0-9]{1,20}$/, 'must be a whole number')
      .transform(BigInt)
      .nullable()
      .default(null)
      .meta({
        description:
          "For a settlement: the contract's loan id, when several loans have these terms",
      }),
    envelopeHash: z
      .string('must be a string')
      .regex(/^[0-9a-f]{64}$/, 'must be a hash of 64 hex digits')
      .nullable()
      .default(null)
      .meta({ description: 'For a settlement: which of several open transactions landed' }),
    reason: graveReason,
  })
  .refine((request) => request.as !== 'settled' || request.ledger !== null, {
    path: ['ledger'],
    message: 'is required with "settled"',
  })
  .refine(
    (request) =>
      request.as === 'settled' || (request.loanId === null && request.envelopeHash === null),
    {
      path: ['as'],
      message: 'must be "settled" with loanId or envelopeHash',
    },
  )
  .meta({ id: 'ResolutionRequest' });
export const resolvedSchema = z
  .object({
    outcome: z.enum(['resolved', 'proven']).meta({
      description:
        'resolved: as the operator decided; proven: the chain proved an end after all, and ' +
        'that was written instead',
    }),
    reservationId: z.string(),
    state: z.enum(['held', 'settled', 'expired', 'released']),
    alarm: z.string().nullable().meta({ description: 'The alarm that called for an operator' }),
    sentence: z.string(),
  })
  .meta({ id: 'Resolved' });
export const resubmittedSchema = z
  .object({
    outcome: z.enum(['submitted', 'withheld']).meta({
      description: 'withheld: nothing was submitted, and `sentence` says why',
    }),
    reservationId: z.string(),
    state: z.enum(['held', 'settled', 'expired', 'released']),
    transactions: z.array(
      z.object({
        hash: z.string(),
        nodeStatus: z.string().meta({ description: "The node's answer. It proves nothing" }),
        ledger: z.int().meta({ description: 'The latest ledger of the node as it answered' }),
      }),
    ),
    sentence: z.string(),
  })
  .meta({ id: 'Resubmitted' });
const tokens = z.string().meta({ description: 'Token units' });
export const repairedSchema = z
  .object({
    repair: z
      .object({
        number: z.int(),
        heldBefore: tokens,
        heldAfter: tokens,
        inFlightBefore: tokens,
        inFlightAfter: tokens,
      })
      .nullable()
      .meta({ description: 'null: there was nothing to repair' }),
  })
  .meta({ id: 'Repaired' });
export const quarantinedSchema = z.object({ pools: z.int() }).meta({ id: 'Quarantined' });

export const observedSchema = z
  .object({
    advanced: z.boolean().meta({
      description: 'Whether the snapshot moved forward. A snapshot of an older ledger is dropped',
    }),
    settled: z.int(),
    released: z.int(),
    expired: z.int(),
  })
  .meta({ id: 'Observed' });
export const reconciledSchema = z
  .object({
    throughLedger: z
      .int()
      .nullable()
      .meta({ description: 'Every event up to this ledger is known; null: never observed' }),
    pairs: z.int(),
    unexplained: z.int(),
    again: z.boolean().meta({ description: 'More is left than one round reads' }),
  })
  .meta({ id: 'Reconciled' });
const units = z.string().meta({ description: 'Base units; a count for live_borrowers' });
export const selfCheckSchema = z
  .object({
    differences: z
      .array(
        z.object({
          poolId: z.string(),
          counter: z.enum(['held', 'in_flight', 'live_borrowers']),
          stored: units,
          summed: units,
          difference: units.meta({ description: 'stored less summed' }),
        }),
      )
      .meta({
        description:
          'Every wrong figure. Empty when each counter is the sum of its reservations and ' +
          'exactly the borrowers with a live hold are marked',
      }),
  })
  .meta({ id: 'SelfCheck' });
const action = z
  .object({
    id: z.string(),
    at: z.string().meta({ format: 'date-time' }),
    by: z.object({
      kind: z.enum(['key', 'command', 'start']),
      id: z.string(),
      name: z.string(),
    }),
    action: z.string(),
    subject: z.string().meta({ description: 'Id of the pool, key or reservation, or all' }),
    reason: z.string().nullable(),
    facts: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'OperatorAction' });
export type ActionAnswer = z.infer<typeof action>;
export const actionListSchema = z
  .object({ actions: z.array(action), nextCursor: nextCursorSchema })
  .meta({ id: 'OperatorActionList' });
export const actionQuery = z.strictObject({
  subject: z
    .string('must be given once')
    .max(100)
    .optional()
    .meta({ description: 'Only of this pool, key or reservation' }),
  cursor: rowCursor,
  limit,
});
