import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type ErrorObject, Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { apiDocument } from '../../src/http/api-document.js';
import { CODES_EXTENSION, problemSchema } from '../../src/http/api-route.decorator.js';
import { ERROR_CODES, PROBLEMS } from '../../src/common/problems/problems.js';
import type { ErrorCode } from '../../src/common/errors.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Readonly<Record<string, unknown>>;
}
export interface Operation {
  /** Upper case. */
  readonly method: string;
  /** In the document's form: `/loans/{id}`. */
  readonly path: string;
  readonly id: string;
  /** Problem codes in order of precedence. */
  readonly codes: readonly ErrorCode[];
  readonly parameters: readonly Parameter[];
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, unknown>> }>
  >;
}
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/**
 * Allowed answers to a path or method that no operation has; the router answers before any route
 * does.
 */
/** Pages for people, and what they read, are not part of the document. */
const PAGES = /^\/(console|sign-in|sign-out|admin)(\/|\?|$)/;
const UNROUTED: readonly ErrorCode[] = [
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'VALIDATION_FAILED',
  'UNSUPPORTED_MEDIA_TYPE',
  'PAYLOAD_TOO_LARGE',
]; // an unreadable body is answered before an unknown path is
/** The longest parameter that the router accepts (Fastify's default). */
const PARAMETER_MAX = 100;
const pointer = (part: string): string =>
  encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

interface RawOperation {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Operation['responses'];
  [CODES_EXTENSION]?: ErrorCode[];
}

/** The document of a running service, to check answers against. */
export class ApiContract {
  readonly operations: readonly Operation[];
  readonly document: Readonly<Record<string, unknown>>;
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(app: INestApplication) {
    this.document = JSON.parse(JSON.stringify(apiDocument(app))) as Record<string, unknown>;
    formats.default(this.ajv);
    this.ajv.addSchema(this.document, 'api');
    const paths = this.document['paths'] as Record<string, Record<string, RawOperation>>;
    this.operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, raw]): Operation => ({
        method: method.toUpperCase(),
        path,
        id: raw.operationId ?? '',
        codes: raw[CODES_EXTENSION] ?? [],
        parameters: raw.parameters ?? [],
        body: raw.requestBody?.content['application/json']?.schema ?? null,
        responses: raw.responses,
      })),
    );
  }

  /** @returns undefined when the router knows no such route */
  find(method: string, url: string): Operation | undefined {
    // a client resolves `..` before it sends
    const parts = new URL(url, 'http://service').pathname.replace(/\/$/, '').split('/');
    const fits = (path: string): boolean => {
      const pattern = path.split('/');
      return (
        pattern.length === parts.length &&
        pattern.every((part, index) =>
          part.startsWith('{') ? isParameter(parts[index] ?? '') : part === parts[index],
        )
      );
    };
    const method_ = method === 'HEAD' ? 'GET' : method;
    // a path without parameters goes first, as in the router
    return this.operations
      .filter((operation) => operation.method === method_ && fits(operation.path))
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
  }

  /** @returns how this answer differs from the document, in sentences; empty when it does not */
  faultsOf(request: { readonly method: string; readonly url: string }, answer: Told): string[] {
    const type = textOf(answer.headers['content-type']).split(';')[0] ?? '';
    const body =
      type.includes('json') && answer.text !== ''
        ? (JSON.parse(answer.text) as Record<string, unknown>)
        : undefined;
    const operation = this.find(request.method, request.url);
    const where = operation
      ? `${operation.method} ${operation.path}`
      : `${request.method} ${request.url.slice(0, 100)} (no route)`;
    const faults = [
      ...(type === 'application/problem+json' && request.method !== 'HEAD'
        ? this.problemFaults(operation, answer, {
            body: body ?? {},
            isPage: PAGES.test(request.url),
          })
        : []),
      ...(answer.status === 503 && answer.headers['retry-after'] === undefined
        ? ['is 503 without Retry-After']
        : []),
      ...(operation
        ? this.shapeFaults(operation, {
            status: answer.status,
            type,
            body: request.method === 'HEAD' ? undefined : body,
          })
        : []),
    ];
    return faults.map(
      (fault) => `${where}: the answer ${answer.status} ${textOf(body?.['code'])} ${fault}`,
    );
  }

  private problemFaults(
    operation: Operation | undefined,
    answer: Told,
    { body, isPage }: { readonly body: Record<string, unknown>; readonly isPage: boolean },
  ): string[] {
    const code = body['code'] as ErrorCode;
    const facts = Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code] : undefined;
    if (!facts) return ['has a code that no table knows'];
    const known = new Set([...Object.keys(problemSchema.shape), ...Object.keys(facts.members)]);
    const strange = Object.keys(body).filter((name) => !known.has(name));
    const documented = operation ? operation.codes : isPage ? ERROR_CODES : UNROUTED;
    const wait = textOf(answer.headers['retry-after']);
    return [
      ...(documented.includes(code)
        ? []
        : ['has a code that the document does not list for this route']),
      ...(facts.status === answer.status && body['status'] === answer.status
        ? []
        : ["has a status that is not its code's"]),
      ...(body['type'] === `/problems/${code}` && body['retryable'] === facts.retryable
        ? []
        : ["has a type or retryable that is not its code's"]),
      ...((body['newKeyNeeded'] === true) === facts.sticky
        ? []
        : ['does not say whether a new key is needed']),
      ...(strange.length > 0
        ? [`has members that its code does not have: ${strange.join(', ')}`]
        : []),
      ...(wait === '' || /^[1-9][0-9]*$/.test(wait) ? [] : [`has an odd Retry-After: ${wait}`]),
      ...(facts.sticky || textOf(body['retryAfter']) === wait
        ? []
        : ['says one time in Retry-After and another in retryAfter']),
    ];
  }

  private shapeFaults(
    operation: Operation,
    { status, type, body }: { status: number; type: string; body: unknown },
  ): string[] {
    const response = operation.responses[String(status)];
    if (!response) return ['has a status that the document does not list for this route'];
    if (response.content && !(type in response.content))
      return [
        `is ${type || 'of no type'}, the document says ${Object.keys(response.content).join(', ')}`,
      ];
    if (body === undefined) return [];
    const validate = this.validator(
      `/paths/${pointer(operation.path)}/${operation.method.toLowerCase()}` +
        `/responses/${status}/content/${pointer(type)}/schema`,
    );
    return validate(body) ? [] : [`is not of its schema: ${sentence(validate.errors)}`];
  }

  private validator(at: string): ValidateFunction {
    const found = this.compiled.get(at) ?? this.ajv.compile({ $ref: `api#${at}` });
    this.compiled.set(at, found);
    return found;
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const sentence = (errors: readonly ErrorObject[] | null | undefined): string =>
  (errors ?? [])
    .slice(0, 5)
    .map(({ instancePath, message }) => `${instancePath || 'it'} ${message}`)
    .join('; ');

function isParameter(part: string): boolean {
  try {
    return part !== '' && decodeURIComponent(part).length <= PARAMETER_MAX;
  } catch {
    return false;
  }
}

const contracts = new WeakMap<INestApplication, ApiContract>();
const contractsByRoutes = new Map<string, ApiContract>();
/** Services with the same routes share one: the document is made from the routes' decorators. */
export function contractOf(app: INestApplication): ApiContract {
  const known = contracts.get(app);
  if (known) return known;
  const routes = (app as NestFastifyApplication).getHttpAdapter().getInstance().printRoutes();
  const found = contractsByRoutes.get(routes) ?? new ApiContract(app);
  contractsByRoutes.set(routes, found);
  contracts.set(app, found);
  return found;
}
