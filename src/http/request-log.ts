import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Options } from 'pino-http';
import { codeOf, logFields } from '../telemetry/log-scope.js';

/**
 * Paths that are removed from log lines: whatever could sign, be replayed or fund a loan. Headers
 * are not logged at all; this list protects against a logged object.
 */
const REDACTED = [
  'req.headers',
  'headers.authorization',
  'headers.cookie',
  'authorization',
  'cookie',
  'token',
  'ticket',
  '*.ticket',
  'transaction',
  'key',
  'secret',
  '*.authorization',
  '*.cookie',
  '*.token',
  '*.key',
  '*.secret',
  'AUTH_SIGNING_SEED',
  'CHANNEL_SECRETS',
  'JWT_SECRET',
  '*.AUTH_SIGNING_SEED',
  '*.CHANNEL_SECRETS',
  '*.JWT_SECRET',
  'xdr',
  'signedXdr',
  '*.xdr',
  '*.signedXdr',
  'signedEntryXdr',
  'signedAuthorization',
  '*.signedEntryXdr',
  '*.signedAuthorization',
  'signed_entry_deflated',
  '*.signed_entry_deflated',
  'signed_xdr_deflated',
  '*.signed_xdr_deflated',
  'err.query',
  'err.parameters',
  'err.config',
  'xdr_deflated',
  '*.xdr_deflated',
  'password',
  '*.password',
  'idempotencyKey',
  '*.idempotencyKey',
];

/** Paths that machines request every few seconds, or a page by the dozen. */
const UNTOLD = ['/health/', '/metrics', '/docs/swagger-ui', '/admin/queues/assets/', '/console/'];

/**
 * One line for each request: id, method, path, status, milliseconds, and the `code` of the problem
 * when that was its answer. Queries stay out: they name borrowers. Every line carries the ids that
 * are known where it is
 * written (`log-scope.ts`): request, job, alarm, pool, loan, reservation, and trace when tracing.
 *
 * | level | what |
 * |---|---|
 * | error | a person must look: an unexpected failure, a deadlock, a round that failed, a dead
 * letter |
 * | warn | it goes on by itself, and is worth knowing: an alarm by name, 503, a ledger transaction
 * tried again more than once |
 * | info | what was asked and answered; what became of each hold (`hold ended`); start and stop |
 */
export function requestLog(level: string): Options<IncomingMessage, ServerResponse> {
  return {
    level,
    redact: REDACTED,
    mixin: logFields,
    genReqId: (request) => request.id, // the door's own id, which is in X-Request-Id
    autoLogging: { ignore: ({ url }) => UNTOLD.some((prefix) => url?.startsWith(prefix)) },
    customLogLevel: (_request, response, error) =>
      error !== undefined || (response.statusCode >= 500 && response.statusCode !== 503)
        ? 'error'
        : response.statusCode === 503
          ? 'warn'
          : 'info',
    customProps: (_request, response) => {
      const code = codeOf(response);
      return code === undefined ? {} : { code };
    },
    // pino-http makes an error for each answer above 499. Its stack is pino's own: the cause of a
    // 500 has a line of its own, and a 503 is no error.
    customErrorObject: (_request, response, error, line: Record<string, unknown>) =>
      isMadeUp(response, error) ? { ...line, err: undefined } : line,
    customErrorMessage: (_request, response, error) =>
      response.statusCode === 503 && isMadeUp(response, error)
        ? 'request completed'
        : 'request errored',
    serializers: {
      req: (request: { id: unknown; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url.split('?')[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  };
}

const isMadeUp = ({ statusCode }: ServerResponse, error: Error): boolean =>
  error.message === `failed with status code ${statusCode}`;
