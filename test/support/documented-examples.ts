import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';

type Json = Readonly<Record<string, unknown>>;
interface Ref {
  readonly $ref?: string;
  readonly value?: Json;
}
interface Responses {
  readonly [status: string]: {
    readonly content?: Readonly<
      Record<
        string,
        { readonly example?: unknown; readonly examples?: Readonly<Record<string, Ref>> }
      >
    >;
  };
}
interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { operationId: string; responses: Responses }>>>
  >;
  readonly components: { readonly examples: Readonly<Record<string, { readonly value: Json }>> };
}

/** The examples of problems in the committed document, by `operationId CODE`. */
export function documentedExamples(): ReadonlyMap<string, readonly Json[]> {
  const { paths, components } = JSON.parse(
    readFileSync('context/openapi.json', 'utf8'),
  ) as Document;
  const found = new Map<string, Json[]>();
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  for (const { operationId, responses } of operations) {
    const examples = Object.values(responses).flatMap(({ content }) =>
      Object.values(content?.['application/problem+json']?.examples ?? {}),
    );
    for (const { $ref, value } of examples) {
      const example = value ?? components.examples[$ref?.split('/').at(-1) ?? '']?.value ?? {};
      const name = `${operationId} ${String(example['code'])}`;
      found.set(name, [...(found.get(name) ?? []), example]);
    }
  }
  return found;
}

/** They have none: the events of streams have schemas, and docs/metrics.md lists the metrics. */
const WITHOUT = new Set(['streamLoan', 'streamPool', 'metrics']);
/** The examples of success in the committed document, by operation; one for each with a body. */
export function documentedAnswers(): ReadonlyMap<string, readonly unknown[]> {
  const { paths } = JSON.parse(readFileSync('context/openapi.json', 'utf8')) as Document;
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  return new Map(
    operations.flatMap(({ operationId, responses }) => {
      const media = Object.entries(responses).flatMap(([status, { content = {} }]) =>
        status.startsWith('2') ? Object.values(content) : [],
      );
      if (media.length === 0 || WITHOUT.has(operationId)) return [];
      const examples = media.flatMap(({ example, examples: named = {} }) => [
        ...(example === undefined ? [] : [example]),
        ...Object.values(named).map(({ value = {} }) => value),
      ]);
      return [[operationId, examples] as const];
    }),
  );
}

/** What differs from run to run: ids, addresses, hashes, times, numbers, names of keys. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'UUID'],
  [/AAAA[\w+/=]{40,}…?/g, 'XDR'],
  [/\b[GC][A-Z2-7]{55}\b/g, 'ADDRESS'],
  [/\b[0-9a-f]{64}\b/g, 'HASH'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/the key "[^"]*" has .*/g, 'KEY'],
  [/network \([^)]*\)/g, 'NETWORK'],
  [/The reports are [^ ]+\.csv(, [^ ]+\.csv)*\./g, 'REPORTS'],
  [/\d+(\.\d+)?/g, 'N'],
  // what can lapse next depends on the holds of the moment
  [/; (no hold is live that could lapse|the next hold can lapse after TIME)/g, '; NEXT'],
];
const MAY_BE_NULL = new Set(['nextDeadline', 'ageSeconds', 'quarantinedUntil']);
/** Of which no part stays the same. */
const BYTES = new Set(['restoreXdr', 'prefix']);
const constant = (text: string): string =>
  VARYING.reduce((so, [pattern, name]) => so.replaceAll(pattern, name), text);

/** Members, their types, and every text without what varies. */
export function patternOf(value: unknown, member = ''): unknown {
  if (MAY_BE_NULL.has(member)) return 'text, number or null';
  if (typeof value === 'string') return BYTES.has(member) ? 'text' : constant(value);
  if (Array.isArray(value)) return value.map((item) => patternOf(item));
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? 'N' : value;
  return Object.fromEntries(
    Object.entries(value).map(([name, own]) => [name, patternOf(own, name)]),
  );
}

/** Expects an answer that is one of the examples but for what varies. */
export function expectExample(answer: Json, examples: readonly Json[]): void {
  const real = patternOf(answer);
  const likely = examples.map((example) => patternOf(example));
  // with one example the difference is shown member by member
  if (likely.length === 1) expect(real).toEqual(likely[0]);
  else expect(likely).toContainEqual(real);
}
