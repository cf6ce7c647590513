import fc from 'fast-check';
import type { ApiContract, Operation } from './api.contract.js';
import type { Method } from './given.js';

/** Requests made from the API's own document: valid ones, nearly valid ones, and nonsense. */
export interface FuzzRequest {
  readonly method: Method;
  readonly url: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}
/**
 * Existing things that some requests use: values by parameter or member name, ids of everything,
 * and valid bodies.
 */
export interface Known {
  readonly byName: Readonly<Record<string, readonly string[]>>;
  readonly ids: readonly string[];
  readonly sound: Readonly<Record<string, () => object>>;
  /** Bearers: one with access to nearly every route, and others with less. */
  readonly credentials: {
    readonly master: string;
    readonly others: readonly string[];
  };
}

type Schema = Readonly<Record<string, unknown>>;
const SPOILT = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    2 ** 53 + 2,
    1e308,
    '',
    ' ',
    '0',
    '-1',
    '1e3',
    '٣',
    '１',
    'null',
    '\0',
    '\u2028',
    '../..',
    '%00',
    "'; drop table loans; --",
    '9'.repeat(80),
    {},
    [],
    [[]],
    { $ne: 1 },
  ),
  fc.string({ maxLength: 30, unit: 'binary' }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A value of a JSON schema, by the parts of it that this document uses. */
function valueOf(
  schema: Schema,
  contract: ApiContract,
  known: Known,
  name = '',
): fc.Arbitrary<unknown> {
  const found = known.byName[name];
  if (found && found.length > 0) return fc.constantFrom(...found);
  const deeper = (inner: unknown, as = ''): fc.Arbitrary<unknown> =>
    valueOf(inner as Schema, contract, known, as);
  if (typeof schema['$ref'] === 'string') return deeper(resolved(contract, schema['$ref']), name);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (choices) return fc.oneof(...choices.map((choice) => deeper(choice, name)));
  switch (schema['type']) {
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
      return fc.record(
        Object.fromEntries(properties.map(([member, inner]) => [member, deeper(inner, member)])),
        { requiredKeys: (schema['required'] ?? []) as string[] },
      );
    }
    case 'array':
      return fc.array(deeper(schema['items'] ?? {}), {
        minLength: Number(schema['minItems'] ?? 0),
        maxLength: 4,
      });
    case 'integer':
    case 'number':
      return fc.integer({
        min: Number(schema['minimum'] ?? -10),
        max: Number(schema['maximum'] ?? 1000),
      });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textOf(schema);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function textOf({ format, pattern, maxLength }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time')
    return fc
      .date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().replace(/\.\d+Z/, 'Z'));
  if (typeof pattern === 'string' && pattern.length < 60)
    return fc.stringMatching(new RegExp(pattern), { maxLength: 64 });
  return fc.string({ maxLength: Math.min(Number(maxLength ?? 30), 60) });
}

const resolved = (contract: ApiContract, ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], contract.document);

/** Replaces, drops or renames one member of an object at any depth, or adds an unknown one. */
function mutated(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(value, fc.nat({ max: 40 }), SPOILT, fc.constantFrom('replace', 'drop', 'add', 'rename'))
    .map(([whole, place, spoilt, how]) => {
      const copy = structuredClone(whole);
      const places: { readonly of: Record<string, unknown>; readonly name: string }[] = [];
      const walk = (at: unknown): void => {
        if (typeof at !== 'object' || at === null) return;
        for (const [name, inner] of Object.entries(at)) {
          places.push({ of: at as Record<string, unknown>, name });
          walk(inner);
        }
      };
      walk(copy);
      const chosen = places[place % Math.max(places.length, 1)];
      if (!chosen) return spoilt;
      if (how === 'replace') chosen.of[chosen.name] = spoilt;
      else if (how === 'add') chosen.of['more'] = spoilt;
      else {
        if (how === 'rename') chosen.of[`${chosen.name}_`] = chosen.of[chosen.name];
        delete chosen.of[chosen.name];
      }
      return copy;
    });
}

/** Text on the wire: mostly valid JSON, sometimes cut, doubled, or with a name twice. */
function wired(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const json = value.map((whole) => JSON.stringify(whole) ?? 'null');
  return fc.oneof(
    { weight: 20, arbitrary: json },
    {
      weight: 1,
      arbitrary: fc.tuple(json, fc.nat({ max: 200 })).map(([text, at]) => text.slice(0, at)),
    },
    { weight: 1, arbitrary: json.map((text) => text + text) },
    { weight: 1, arbitrary: json.map((text) => text.replace(/^\{/, '{"poolId":1,"poolId":2,')) },
    { weight: 1, arbitrary: fc.string({ maxLength: 40, unit: 'binary' }) },
  );
}

function bodyOf(
  operation: Operation,
  contract: ApiContract,
  known: Known,
): fc.Arbitrary<string | undefined> {
  if (operation.method === 'GET') return fc.constant(undefined);
  const { body } = operation;
  if (body === null) return fc.option(wired(SPOILT), { nil: undefined, freq: 2 });
  const sound = known.sound[operation.id];
  const shaped = valueOf(body, contract, known);
  const good: fc.Arbitrary<unknown> = sound
    ? fc.noShrink(fc.nat({ max: 1_000_000 }).map(() => sound()))
    : shaped;
  return fc.oneof(
    { weight: 3, arbitrary: wired(good) },
    { weight: 5, arbitrary: wired(mutated(good)) },
    { weight: 3, arbitrary: wired(shaped) },
    { weight: 1, arbitrary: wired(SPOILT) },
  );
}

function urlOf(operation: Operation, contract: ApiContract, known: Known): fc.Arbitrary<string> {
  const odd = fc
    .string({ minLength: 1, maxLength: 20, unit: 'binary' })
    .map((text) => encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '')) || 'x');
  const segment = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...known.ids) },
    { weight: 2, arbitrary: fc.uuid() },
    { weight: 2, arbitrary: odd },
    { weight: 1, arbitrary: fc.constantFrom('%zz', '%00', '..', 'x'.repeat(200), 'null', '0') },
  );
  const parts = fc
    .tuple(
      ...operation.path
        .split('/')
        .map((part) => (part.startsWith('{') ? segment : fc.constant(part))),
    )
    .map((all) => all.join('/'));
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'query');
  const pair =
    parameters.length === 0
      ? fc.constant('x=1')
      : fc.constantFrom(...parameters).chain(({ name, schema }) =>
          fc
            .oneof(
              { weight: 4, arbitrary: valueOf(schema, contract, known, name) },
              { weight: 1, arbitrary: SPOILT },
            )
            .map((value) => {
              const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
              return `${name}=${encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ''))}`;
            }),
        );
  const query = fc.oneof(
    { weight: 6, arbitrary: fc.array(pair, { maxLength: 3 }).map((all) => all.join('&')) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('limit=1&limit=2', 'unknown=1', 'limit[]=1', '%', '&&=='),
    },
  );
  return fc.tuple(parts, query).map(([path, text]) => (text === '' ? path : `${path}?${text}`));
}

const KEYS = fc.oneof(fc.constantFrom('same', 'k'.repeat(256), '', 'a b'), fc.uuid());
const TYPES = fc.oneof(
  { weight: 20, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'application/json; charset=utf-8',
      'application/json;charset=utf-16',
      'text/plain',
      'application/xml',
      'x',
      '',
    ),
  },
);

export function fuzzRequests(contract: ApiContract, known: Known): fc.Arbitrary<FuzzRequest> {
  // streams never end: their own tests read them
  const ending = contract.operations.filter(
    ({ responses }) =>
      !Object.values(responses).some(({ content }) => content && 'text/event-stream' in content),
  );
  const { master, others } = known.credentials;
  const credential = fc.oneof(
    { weight: 8, arbitrary: fc.constant(`Bearer ${master}`) },
    { weight: 2, arbitrary: fc.constantFrom(...others.map((each) => `Bearer ${each}`)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        'Basic eDp4',
        'Bearer x',
        'Bearer hf_live_0000000000000000000000000000000000000000000',
      ),
    },
  );
  return fc.constantFrom(...ending).chain((operation) => {
    const method = fc.oneof(
      { weight: 30, arbitrary: fc.constant(operation.method as Method) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Method>('GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'POST'),
      },
    );
    return fc
      .record({
        method,
        url: urlOf(operation, contract, known),
        body: bodyOf(operation, contract, known),
        key: fc.option(KEYS, { nil: undefined, freq: 2 }),
        type: TYPES,
        credential,
      })
      .map(({ key, type, body, credential: authorization, ...request }): FuzzRequest => ({
        ...request,
        ...(body === undefined || request.method === 'GET' || request.method === 'HEAD'
          ? {}
          : { body }),
        headers: {
          authorization,
          ...(body === undefined || request.method === 'GET' || request.method === 'HEAD'
            ? {}
            : { 'content-type': type }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
      }));
  });
}
