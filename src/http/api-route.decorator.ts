import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { Access, type AccessRule } from './access-rule.js';
import { ERROR_CODES, PROBLEMS } from '../common/problems/problems.js';
import type { ErrorCode } from '../common/errors.js';

export const PROBLEM_SCHEMA = 'Problem';

/** The members that every problem has. Each code adds its own. */
export const problemSchema = z
  .looseObject({
    type: z.string().meta({
      description: 'The page of this service that explains the code: `/problems/CODE`',
      format: 'uri-reference',
    }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'A sentence about this occurrence' }),
    code: z.enum(ERROR_CODES).meta({ description: 'Stable; for programs' }),
    retryable: z.boolean().meta({
      description:
        'Whether the same request can succeed later; where `newKeyNeeded` is true, only with a ' +
        'new Idempotency-Key',
    }),
    newKeyNeeded: z
      .literal(true)
      .optional()
      .meta({
        description:
          'The refusal is recorded under its Idempotency-Key, which repeats it: ask again with a ' +
          'new key. Absent where the same key is decided again',
      }),
    holdMade: z
      .boolean()
      .nullable()
      .meta({
        description:
          'Whether this request made a hold. null: unknown, because the answer to a COMMIT was ' +
          'lost; repeat the request with the same Idempotency-Key',
      }),
    requestId: z.string().optional().meta({
      description:
        'As in X-Request-Id. Absent from refusals that are repeated byte for byte for their key',
    }),
    retryAfter: z
      .int()
      .optional()
      .meta({
        description:
          'Seconds, as in Retry-After, where a time is known. Absent from refusals that are ' +
          'repeated byte for byte, whose header alone counts from now',
      }),
  })
  .meta({
    description:
      'RFC 9457 problem. Codes add members of their own, such as `available` or `loanId`',
  });

/** Component name of a code's own problem. */
export const problemSchemaName = (code: ErrorCode): string =>
  `${PROBLEM_SCHEMA}${code
    .split('_')
    .map((word) => word[0] + word.slice(1).toLowerCase())
    .join('')}`;
/** What the document's operations carry for programs: the codes in order of precedence. */
export const CODES_EXTENSION = 'x-problem-codes';
/** Who may call the operation: `public`, or the scope that an API key needs. */
export const ACCESS_EXTENSION = 'x-access';
const problemRef = (code: ErrorCode): { $ref: string } => ({
  $ref: `#/components/schemas/${problemSchemaName(code)}`,
});

type Example = Readonly<Record<string, unknown>>;
const listed = (given: Example | readonly Example[] | undefined): readonly Example[] =>
  given === undefined
    ? []
    : Array.isArray(given)
      ? (given as readonly Example[])
      : [given as Example];

export interface RouteDescription {
  readonly access: AccessRule;
  /** Accepts HTML forms besides JSON. */
  readonly forms?: boolean;
  /** Counted per address. */
  readonly limited?: boolean;
  /** An event stream, which a ticket in its address opens too. */
  readonly ticketed?: boolean;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** Codes in order of precedence. Those of the door, and INTERNAL, are added. */
  readonly problems: readonly ErrorCode[];
  /** Answers that tests produced, where the code's own example would say too little. */
  readonly examples?: Partial<Record<ErrorCode, Example | readonly Example[]>>;
}

/** The problems of the door, which come before all others and before the body is read. */
const DOOR: readonly ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED'];
const WHO: Readonly<Record<AccessRule, string>> = {
  public: 'For everybody.',
  operate: 'For keys with the scope `operate`.',
  'jobs:write': 'For keys with the scope `jobs:write`.',
  'pools:read': 'For wallets, and for keys with the scope `pools:read` or `operate`.',
  'loans:read':
    'For wallets, which see the loans they borrow; keys with the scope `loans:read`, which ' +
    "see their tenant's; and keys with `operate`, which see all.",
  'loans:write':
    "For wallets, on the loans they borrow, and keys with the scope `loans:write`, on their tenant's.",
};

/** Documents one route: its codes in order of precedence, and each status with its problems. */
export function ApiRoute(route: RouteDescription): MethodDecorator {
  const problems: readonly ErrorCode[] = [
    ...(route.access === 'public' ? [] : DOOR),
    ...(route.limited === true ? ['RATE_LIMITED' as const] : []),
    ...route.problems,
    'INTERNAL',
  ];
  const order = problems
    .map(
      (code) =>
        `\`${code}\` (${PROBLEMS[code].status}${PROBLEMS[code].sticky ? ', sticks to its key' : ''})`,
    )
    .join(', ');
  const statuses = [...new Set(problems.map((code) => PROBLEMS[code].status))];
  return applyDecorators(
    Access(route.access, {
      ...(route.forms === true && { forms: true }),
      ...(route.limited === true && { limited: true }),
      ...(route.ticketed === true && { ticketed: true }),
    }),
    ApiExtension(CODES_EXTENSION, problems),
    ApiExtension(ACCESS_EXTENSION, route.access),
    ApiOperation({
      operationId: route.operationId,
      summary: route.summary,
      description: [
        route.description,
        WHO[route.access],
        `Problems in order of precedence: ${order}.`,
      ]
        .filter(Boolean)
        .join('\n\n'),
    }),
    ...statuses.map((status) => {
      const codes = problems.filter((code) => PROBLEMS[code].status === status);
      const examples = Object.fromEntries(
        codes.flatMap((code) =>
          listed(route.examples?.[code]).map(
            (value, at) =>
              [at === 0 ? code : `${code}_${at + 1}`, { summary: code, value }] as const,
          ),
        ),
      );
      return ApiResponse({
        status,
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].meaning}`).join('\n\n'),
        ...(codes.some((code) => PROBLEMS[code].retryable)
          ? {
              headers: {
                'Retry-After': {
                  description: 'Seconds from now, where a time is known; every 503 has one',
                  schema: { type: 'integer', minimum: 1 },
                },
              },
            }
          : {}),
        content: {
          'application/problem+json': {
            schema:
              codes.length === 1 && codes[0] !== undefined
                ? problemRef(codes[0])
                : { oneOf: codes.map(problemRef) },
            ...(Object.keys(examples).length > 0 ? { examples } : {}),
          },
        },
      });
    }),
  );
}
