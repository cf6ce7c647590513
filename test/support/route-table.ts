import { readFileSync } from 'node:fs';
import { CODES_EXTENSION } from '../../src/http/api-route.decorator.js';
import type { ErrorCode } from '../../src/common/errors.js';

/**
 * Every route and code of the committed document, which another test compares with the code: known
 * before any service runs, so that each pair is a test of its own.
 */
export interface DocumentedRoute {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly codes: readonly ErrorCode[];
  readonly hasBody: boolean;
}

type Raw = Record<
  string,
  { operationId: string; requestBody?: unknown; [CODES_EXTENSION]?: ErrorCode[] }
>;

export function documentedRoutes(): DocumentedRoute[] {
  const { paths } = JSON.parse(readFileSync('context/openapi.json', 'utf8')) as {
    paths: Record<string, Raw>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): DocumentedRoute => ({
      id: operation.operationId,
      method: method.toUpperCase() as DocumentedRoute['method'],
      path,
      codes: operation[CODES_EXTENSION] ?? [],
      hasBody: operation.requestBody !== undefined,
    })),
  );
}
