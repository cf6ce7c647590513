import type { ServerResponse } from 'node:http';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { codeOf, logFields, type LogIds } from '../telemetry/log-scope.js';

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

/** How the service logs, requests apart. Every line carries the ids known where it is written. */
export const logOptions = (level: string) =>
  ({ level, redact: REDACTED, mixin: logFields }) satisfies LoggerOptions;

/**
 * One line for each request: id, method, path, status, milliseconds, and the `code` of the problem
 * when that was its answer. Queries stay out: they name borrowers. The line carries the ids that
 * the request has noted (`log-scope.ts`): pool, loan, reservation, and trace when tracing.
 *
 * | level | what |
 * |---|---|
 * | error | a person must look: an unexpected failure, a deadlock, a round that failed, a dead
 * letter |
 * | warn | it goes on by itself, and is worth knowing: an alarm by name, 503, a ledger transaction
 * tried again more than once |
 * | info | what was asked and answered; what became of each hold (`hold ended`); start and stop |
 *
 * pino-http was rejected: two loggers for each request, whose fields are redacted again, cost a
 * tenth of a cheap request. No field of this line can hold a secret, so nothing is redacted.
 */
export class RequestLog {
  readonly #log: Logger;

  constructor(level: string, out: DestinationStream) {
    this.#log = pino({ level }, out);
  }

  /**
   * Call it when the response has closed.
   * @param ids of the request, with `req`
   * @param since of `performance.now()`
   */
  closed(ids: LogIds, response: ServerResponse, since: number): void {
    const path = ids.req?.path ?? '';
    if (UNTOLD.some((prefix) => path.startsWith(prefix))) return;
    const { statusCode: status } = response;
    const code = codeOf(response);
    const failed = status >= 500 && status !== 503;
    this.#log[failed ? 'error' : status === 503 ? 'warn' : 'info'](
      {
        ...ids,
        ...(code !== undefined && { code }),
        res: { status },
        responseTime: Math.round(performance.now() - since),
      },
      failed ? 'request errored' : response.writableEnded ? 'request completed' : 'request aborted',
    );
  }
}
