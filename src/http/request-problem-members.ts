import { z } from 'zod';
import type { ErrorCode } from '../common/errors.js';
import { type ProblemMembers, sepError, time } from './problem-member-shapes.js';

/** Codes about the request, its caller, or an operator action. */
export const REQUEST_MEMBERS = {
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
              'The part of the transaction that differs, such as fee, maxTime, network, signature, ' +
              'or a term of the loan; loan: it belongs to another loan',
          }),
          expected: z
            .string()
            .nullable()
            .meta({ description: 'The value as issued; null: absent' }),
          received: z
            .string()
            .nullable()
            .meta({ description: 'The value as received; null: absent, or not known' }),
          message: z.string().meta({
            description: "A sentence that begins with the field's name, without that name",
          }),
        }),
      )
      .optional()
      .meta({
        description:
          "For a signed transaction that is not the loan's: what differs. Amounts in token " +
          'units, fees in stroops, maxTime and minTime in unix seconds',
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
        description: "The field that names another account than the caller's",
        examples: [[{ field: 'borrower', message: 'must be the account of the token' }]],
      }),
  },
  RATE_LIMITED: {
    rule: z.string().meta({ description: 'The name of the limit', examples: ['writes'] }),
    limit: z.int().meta({ description: 'Requests in a window', examples: [600] }),
    window: z.number().meta({ description: 'Length of a window, seconds', examples: [60] }),
    until: time('When the next window begins'),
  },
  RESOLUTION_REFUSED: {
    refusal: z.string().meta({
      description:
        'Why: nothing_for_a_person, may_still_land, loan_exists, ended and others, as ' +
        '`holdfast resolve` names them',
      examples: ['nothing_for_a_person'],
    }),
  },
  POOL_STATE_CONFLICT: {
    poolState: z
      .enum(['active', 'paused', 'quarantined', 'closed'])
      .meta({ description: "The pool's present state", examples: ['closed'] }),
    found: z.array(z.string()).optional().meta({
      description: "When the contracts' code is not known: for each generation, why it is not it",
    }),
    supported: z
      .array(z.string())
      .optional()
      .meta({ description: 'With found: the generations that can be named' }),
  },
} as const satisfies Readonly<Partial<Record<ErrorCode, ProblemMembers>>>;
