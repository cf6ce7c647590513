import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorCode } from '../common/errors.js';
import { PROBLEMS } from '../common/problems/problems.js';
import { ACCESS_EXTENSION, CODES_EXTENSION } from './api-route.decorator.js';
import { exampleBody } from './problem-body.js';
import ANSWERS from './answer-examples.json' with { type: 'json' };
import { BODY_EXAMPLES, KEY_EXAMPLE } from './request-examples.js';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['get']>;
type Examples = NonNullable<NonNullable<OpenAPIObject['components']>['examples']>;

/** What this very service accepts now: "Try it out" sends it. */
export interface TriedRequest {
  /** By the name of the body's schema. */
  readonly bodies: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly idempotencyKey: string;
}

interface Media {
  schema?: { $ref?: string };
  example?: unknown;
  examples?: Record<string, unknown>;
}
const PROBLEM_TYPE = 'application/problem+json';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Every operation with its method in upper case. */
export const operationsOf = (paths: Paths): [method: string, operation: Operation][] =>
  Object.values(paths).flatMap((item) =>
    METHODS.flatMap((method): [string, Operation][] =>
      item[method] ? [[method.toUpperCase(), item[method]]] : [],
    ),
  );

/**
 * Gives each body a request that the service accepts, and each code of each operation an answer that
 * the service gave. Equal answers are one component.
 * @returns the components
 */
export function addExamples(paths: Paths, tried?: TriedRequest): Examples {
  const components = new ExampleComponents();
  for (const [method, operation] of operationsOf(paths)) {
    addRequestExamples(operation, tried);
    addAnswerExample(operation);
    addProblemExamples(method, operation, components);
  }
  return components.sorted();
}

function addRequestExamples({ parameters, requestBody }: Operation, tried?: TriedRequest): void {
  for (const parameter of parameters ?? [])
    if ('name' in parameter && parameter.name === 'Idempotency-Key')
      parameter.example = tried?.idempotencyKey ?? KEY_EXAMPLE;
  if (!requestBody || '$ref' in requestBody) return;
  for (const media of Object.values(requestBody.content) as Media[]) {
    const name = media.schema?.$ref?.split('/').at(-1) ?? '';
    const example = tried?.bodies[name] ?? BODY_EXAMPLES[name];
    if (example) media.example = example;
  }
}

/** Where the route has no example of its own: one that a test recorded and compares. */
function addAnswerExample({ operationId = '', responses }: Operation): void {
  const example = (ANSWERS as Readonly<Record<string, unknown>>)[operationId];
  if (example === undefined) return;
  for (const [status, response] of Object.entries(responses)) {
    const { content = {} } = response as { content?: Record<string, Media> };
    const [media] = status.startsWith('2') ? Object.values(content) : [];
    if (media && !media.example && !media.examples) media.example = example;
  }
}

function addProblemExamples(
  method: string,
  operation: Operation,
  components: ExampleComponents,
): void {
  const { [CODES_EXTENSION]: codes = [], [ACCESS_EXTENSION]: access = '' } =
    operation as unknown as { [CODES_EXTENSION]?: ErrorCode[]; [ACCESS_EXTENSION]?: string };
  const id = operation.operationId ?? '';
  for (const [status, response] of Object.entries(operation.responses)) {
    const media = (response as { content?: Record<string, Media> }).content?.[PROBLEM_TYPE];
    if (!media) continue;
    const own = media.examples ?? {};
    media.examples = Object.fromEntries(
      codes
        .filter((code) => PROBLEMS[code].status === Number(status))
        .flatMap((code) => {
          const named = Object.entries(own).filter(([name]) => name.replace(/_\d+$/, '') === code);
          const marks = [id, access, method];
          return named.length > 0
            ? named
            : [[code, components.ref(code, id, exampleBody(code, method, marks))]];
        }),
    );
  }
}

/** Answers by name: the code, or the code and the first operation whose answer is another. */
class ExampleComponents {
  readonly #named = new Map<string, Record<string, unknown>>();

  ref(code: ErrorCode, id: string, value: Record<string, unknown>): { $ref: string } {
    const text = JSON.stringify(value);
    const known = [...this.#named].find(
      ([name, given]) => name.split('.')[0] === code && JSON.stringify(given) === text,
    )?.[0];
    const name = known ?? (this.#named.has(code) ? `${code}.${id}` : code);
    this.#named.set(name, value);
    return { $ref: `#/components/examples/${name}` };
  }

  sorted(): Examples {
    const all = [...this.#named].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      all.map(([name, value]) => [name, { summary: name.split('.')[0] ?? name, value }]),
    );
  }
}
