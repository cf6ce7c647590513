import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { BEARER } from './access-rule.js';
import { PROBLEM_SCHEMA, problemSchema, problemSchemaName } from './api-route.decorator.js';
import { PROBLEMS } from '../common/problems/problems.js';
import type { ErrorCode } from '../common/errors.js';

type JsonSchema = Record<string, unknown>;

/** The API as OpenAPI 3.1.0, made from the schemas that the code uses. */
export function apiDocument(app: INestApplication): OpenAPIObject {
  const codes = Object.entries(PROBLEMS).map(
    ([code, fact]) =>
      `| \`${code}\` | ${fact.status} | ${fact.retryable ? 'yes' : 'no'} | ` +
      `${fact.sticky ? 'yes' : 'no'} | ${fact.meaning} |`,
  );
  const description = [
    'The liquidity reservation ledger for lending pools on Stellar. A funding transaction ' +
      'is answered only after its amount is durably held; the hold ends only by proof from ' +
      'the chain.',
    'Amounts are token units as strings, times RFC 3339 in UTC. Every answer has ' +
      '`X-Request-Id`. Problems are `application/problem+json`, and each code has its page ' +
      'at `/problems/CODE`:',
    `| code | status | retryable | sticks to its key | meaning |\n|---|---|---|---|---|\n${codes.join('\n')}`,
  ].join('\n\n');
  const base = new DocumentBuilder()
    .setTitle('Holdfast')
    .setDescription(description)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description:
          'An API key (`hf_…`, made with `holdfast keys`), or the token that a wallet gets from `/auth` (SEP-10).',
      },
      BEARER,
    )
    .build();
  const document = SwaggerModule.createDocument(app, base, {
    standardSchemaConverter: (schema, { schemaType }) => converted(schema as z.ZodType, schemaType),
  });
  const schemas = {
    ...document.components?.schemas,
    [PROBLEM_SCHEMA]: converted(problemSchema, 'output').schema,
    ...problemSchemas(JSON.stringify(document.paths)),
  };
  openToAll(document);
  return {
    ...document,
    components: {
      ...document.components,
      schemas: sorted(schemas) as NonNullable<OpenAPIObject['components']>['schemas'] & object,
    },
  };
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
function openToAll(document: OpenAPIObject): void {
  for (const item of Object.values(document.paths)) {
    for (const operation of [item.get, item.post, item.put, item.patch, item.delete])
      if (operation && !operation.security) operation.security = [];
  }
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

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
