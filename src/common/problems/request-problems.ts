import { z } from 'zod';
import { sepError, time } from './member-shapes.js';
import { problem } from './problem.js';

/** Codes about the request, its caller, or an operator action. */
export const REQUEST_PROBLEMS = {
  UNAUTHENTICATED: problem(
    401,
    'Sign-in required',
    'The request has no credential, or one that is wrong, expired or revoked. Send ' +
      "`Authorization: Bearer` with an API key, or with a wallet's token from /auth.",
    { members: { error: sepError } },
  ),
  FORBIDDEN: problem(
    403,
    'Not allowed',
    'The caller may not do this. `requiredScope` names the scope that its key lacks; ' +
      '`errors` names a field that must be the caller itself.',
    {
      members: {
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
    },
  ),
  RATE_LIMITED: problem(
    429,
    'Too many requests',
    'The caller has used its `limit` of requests of this kind in `window` seconds. Send it ' +
      'again after Retry-After. No hold was made, and the answer says nothing about ' +
      'liquidity. Repeated requests count too.',
    {
      retryable: true,
      members: {
        rule: z.string().meta({ description: 'The name of the limit', examples: ['writes'] }),
        limit: z.int().meta({ description: 'Requests in a window', examples: [600] }),
        window: z.number().meta({ description: 'Length of a window, seconds', examples: [60] }),
        until: time('When the next window begins'),
      },
    },
  ),
  PAYLOAD_TOO_LARGE: problem(413, 'Body too large', 'A body may have at most 64 kB.'),
  UNSUPPORTED_MEDIA_TYPE: problem(
    415,
    'Unsupported media type',
    'Send the body as application/json.',
  ),
  REQUEST_TIMEOUT: problem(
    408,
    'The request did not arrive in time',
    'Headers and body must arrive within REQUEST_TIMEOUT_MS. Nothing was done.',
    { retryable: true },
  ),
  HEADERS_TOO_LARGE: problem(
    431,
    'Headers or path too long',
    'The request line and all headers together may have at most 16 kB.',
  ),
  NOT_FOUND: problem(404, 'Not found', 'This API has no such path.'),
  METHOD_NOT_ALLOWED: problem(
    405,
    'Method not allowed',
    'The path exists; `Allow` names its methods.',
  ),
  IDEMPOTENCY_KEY_MISSING: problem(
    400,
    'Idempotency-Key missing',
    'A backend must send an Idempotency-Key, so that it can repeat the request after a lost ' +
      'answer without making a second hold.',
  ),
  IDEMPOTENCY_KEY_REUSED: problem(
    422,
    'Idempotency-Key used for another request',
    'The key was sent with another body before. Use a new key.',
  ),
  VALIDATION_FAILED: problem(
    400,
    'The request is not valid',
    '`errors` lists every field that is wrong.',
    {
      members: {
        errors: z.array(z.object({ field: z.string(), message: z.string() })).meta({
          description: 'Every field that is wrong',
          examples: [[{ field: 'schedule[0].dueAt', message: 'is required' }]],
        }),
        weight: z
          .int()
          .optional()
          .meta({
            description: 'Weight of the valid signatures, where it is too low',
            examples: [1],
          }),
        needed: z
          .int()
          .optional()
          .meta({ description: "The account's medium threshold, beside `weight`", examples: [2] }),
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
    },
  ),
  NOTHING_TO_FUND: problem(
    422,
    'Nothing to fund',
    'The guarantee equals the total, so the pool would fund nothing.',
  ),
  POOL_NOT_FOUND: problem(404, 'No such pool', 'No pool has this id.'),
  LOAN_NOT_FOUND: problem(404, 'No such loan', 'No loan has this id.'),
  RESERVATION_NOT_FOUND: problem(404, 'No such reservation', 'No reservation has this id.'),
  KEY_NOT_FOUND: problem(404, 'No such key', 'No API key has this id.'),
  WEBHOOK_NOT_FOUND: problem(404, 'No such webhook', 'The caller has no webhook with this id.'),
  DELIVERY_NOT_FOUND: problem(404, 'No such delivery', 'No delivery of this webhook has this id.'),
  CONTRACT_NOT_FOUND: problem(
    422,
    'No contract at this address',
    "The network has no contract at `contractId`: the pool's own, or one that the pool names. It " +
      'may be on another network, or archived.',
    {
      members: {
        contractId: z.string().meta({
          description: 'The address',
          examples: ['CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC'],
        }),
      },
    },
  ),
  POOL_STATE_CONFLICT: problem(
    409,
    'The pool is in another state',
    "The action is not possible in the pool's present state (`poolState`), or a contract of " +
      'the pool was upgraded to code that is not known (`found`, `supported`).',
    {
      members: {
        poolState: z
          .enum(['active', 'paused', 'quarantined', 'closed'])
          .meta({ description: "The pool's present state", examples: ['closed'] }),
        found: z.array(z.string()).optional().meta({
          description:
            "When the contracts' code is not known: for each generation, why it is not it",
        }),
        supported: z
          .array(z.string())
          .optional()
          .meta({ description: 'With found: the generations that can be named' }),
      },
    },
  ),
  RESOLUTION_REFUSED: problem(
    409,
    'An operator cannot end this hold now',
    'The hold needs no operator, or what the chain shows now contradicts the request. ' +
      '`refusal` says which.',
    {
      members: {
        refusal: z.string().meta({
          description:
            'Why: nothing_for_a_person, may_still_land, loan_exists, ended and others, as ' +
            '`holdfast resolve` names them',
          examples: ['nothing_for_a_person'],
        }),
      },
    },
  ),
  BUSY_RETRY: problem(
    503,
    'Busy, try again',
    'The ledger could not decide in time. Repeat the request with the same ' +
      'Idempotency-Key: it cannot make a second hold.',
    { retryable: true },
  ),
  INTERNAL: problem(
    500,
    'Internal error',
    'An unexpected failure. The log has the cause under this `requestId`.',
  ),
};
