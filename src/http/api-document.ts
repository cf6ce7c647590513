import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { BEARER } from './access-rule.js';
import { addExamples, operationsOf, type TriedRequest } from './document-examples.js';
import { PROBLEM_SCHEMA, problemSchema, problemSchemaName } from './api-route.decorator.js';
import { PROBLEMS } from '../common/problems/problems.js';
import type { ErrorCode } from '../common/errors.js';

type JsonSchema = Record<string, unknown>;

/** Tags in the order of the pages: what a borrower's backend calls comes first. */
const TAGS: readonly (readonly [name: string, description: string])[] = [
  ['loans', 'Hold liquidity for a loan, sign, submit, follow it to its end.'],
  ['pools', 'What each pool has available, and how its figures agree with the chain.'],
  ['reservations', 'The holds behind the loans.'],
  ['events', 'Changes as they happen, as server-sent events.'],
  ['webhooks', 'The same changes, sent to an address of yours.'],
  ['sign-in', 'Tokens for wallets by SEP-10. A backend uses an API key instead.'],
  ['health', 'Probes and metrics.'],
  ['operator', 'Registers pools, mends and reports. Needs a key with the scope `operate`.'],
];

const DESCRIPTION = [
  'The liquidity reservation ledger for lending pools on Stellar. `POST /loans` holds the funds and ' +
    'answers with what the borrower signs; the hold ends only by proof from the chain.',
  'Amounts are token units as decimal strings, times are RFC 3339 in UTC. Every answer has ' +
    '`X-Request-Id`. A refusal is `application/problem+json` (RFC 9457): programs decide by its ' +
    '`code`, and [every code](/problems) has a page. The codes are listed below the operations.',
  'This document is at [/docs/openapi.json](/docs/openapi.json), and as a Postman collection in ' +
    '`docs/postman.json` of the repository.',
].join('\n\n');

/** The API as OpenAPI 3.1.0, made from the schemas that the code uses. */
export function apiDocument(app: INestApplication, tried?: TriedRequest): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Holdfast')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addServer('/', 'The service that serves this document')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description:
          'An API key (`hf_…`, made with `holdfast keys`), or the token that a wallet gets from `/auth` (SEP-10).',
      },
      BEARER,
    );
  for (const [name, description] of TAGS) base.addTag(name, description);
  base.addTag('problems', codeTable());
  const { openapi, info, servers, tags, paths, components } = SwaggerModule.createDocument(
    app,
    base.build(),
    {
      standardSchemaConverter: (schema, { schemaType }) =>
        converted(schema as z.ZodType, schemaType),
    },
  );
  const schemas = {
    ...components?.schemas,
    [PROBLEM_SCHEMA]: converted(problemSchema, 'output').schema,
    ...problemSchemas(JSON.stringify(paths)),
  };
  openToAll(paths);
  const examples = addExamples(paths, tried);
  return {
    openapi,
    info: {
      ...info,
      contact: { name: 'The operator of this service' },
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' } as { name: string },
    },
    servers: servers ?? [],
    tags: tags ?? [],
    paths,
    components: {
      ...components,
      schemas: sorted(schemas) as NonNullable<OpenAPIObject['components']>['schemas'] & object,
      examples,
    },
  };
}

/** The description of the last tag. */
function codeTable(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, fact]) =>
      `| \`${code}\` | ${fact.status} | ${fact.retryable ? 'yes' : 'no'} | ` +
      `${fact.sticky ? 'yes' : 'no'} | ${fact.meaning} |`,
  );
  return (
    'Every code of a problem. Where it sticks, the same Idempotency-Key repeats the refusal.\n\n' +
    `| code | status | retryable | sticks to its key | meaning |\n|---|---|---|---|---|\n${rows.join('\n')}`
  );
}

/**
 * One schema for each code that a route has: the members of every problem, with this code's status
 * and members.
 */
function problemSchemas(paths: string): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(PROBLEMS).flatMap(([name, facts]) => {
      const code = name as ErrorCode;
      if (!paths.includes(`schemas/${problemSchemaName(code)}"`)) return [];
      const { schema: own } = converted(
        z.looseObject({
          code: z.literal(code),
          status: z.literal(facts.status),
          ...facts.members,
        }),
        'output',
      );
      return [
        [
          problemSchemaName(code),
          {
            description: facts.meaning,
            allOf: [{ $ref: `#/components/schemas/${PROBLEM_SCHEMA}` }, own],
          },
        ],
      ];
    }),
  );
}

/**
 * Marks a public route explicitly. Otherwise it would look like a route whose sign-in was
 * forgotten.
 */
function openToAll(paths: OpenAPIObject['paths']): void {
  for (const [, operation] of operationsOf(paths)) operation.security ??= [];
}

/**
 * Uses JSON Schema 2020-12, as OpenAPI 3.1 does. Nest's own converter writes the dialect of 3.0
 * (`nullable`), which 3.1 does not know.
 */
function converted(
  schema: z.ZodType,
  io: 'input' | 'output',
): { schema: JsonSchema; components: Record<string, JsonSchema> } {
  const {
    $schema: _,
    $defs,
    id,
    ...own
  } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      withoutSafeBounds(jsonSchema);
      asWholeNumber(jsonSchema);
    },
  }) as JsonSchema & { $defs?: Record<string, JsonSchema>; id?: string };
  const components = Object.fromEntries(
    Object.entries($defs ?? {}).map(([name, { id: __, ...definition }]) => [name, definition]),
  );
  if (id === undefined) return { schema: own, components };
  return { schema: { $ref: `#/$defs/${id}` }, components: { ...components, [id]: own } };
}

/**
 * Removes the bounds of whole numbers, which are JavaScript's and not ours. Swagger would show
 * -9007199254740991 as every example.
 */
function withoutSafeBounds(schema: { minimum?: number; maximum?: number }): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

/**
 * A status is the same type in every schema, and a number in a query is no text: it loses the pattern
 * by which it is read.
 */
function asWholeNumber(schema: {
  type?: unknown;
  const?: unknown;
  default?: unknown;
  pattern?: string;
}): void {
  if (schema.type === 'number' && Number.isInteger(schema.const)) schema.type = 'integer';
  if (schema.type !== 'integer') return;
  delete schema.pattern;
  if (typeof schema.default === 'string') schema.default = Number(schema.default);
}

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
