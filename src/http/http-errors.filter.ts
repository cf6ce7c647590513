import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
} from '@nestjs/common';
import { PROBLEMS } from '../common/problems/problems.js';
import { asError, type ErrorCode, HoldfastError } from '../common/errors.js';
import { noteCode } from '../telemetry/log-scope.js';
import * as metrics from '../telemetry/metrics.js';
import { problemOf, secondsToWait } from './problem-body.js';
import { retryableCode } from '../database/sqlstates.js';

/**
 * What the filter needs of a request and a reply. Structural types, so that no HTTP package is
 * imported here.
 */
export interface ProblemRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  /** What the router matched. */
  readonly routeOptions?: { readonly url?: string | undefined };
}
export interface ProblemReply {
  readonly sent: boolean;
  /** Node's own response, by which the log line of the request finds the code. */
  readonly raw?: object;
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(body: string): unknown;
}
/** The methods that a path knows, for 405. */
export type AllowedMethods = (path: string) => readonly string[];

/**
 * The route of a request that matched none. The path itself is the caller's text, so it is not used
 * as a label.
 */
export const UNMATCHED = 'unmatched';
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'VALIDATION_FAILED',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  408: 'REQUEST_TIMEOUT',
  431: 'HEADERS_TOO_LARGE',
};
/**
 * Sentences for the parser's errors, by Fastify's stable codes. Its own messages name internals.
 */
const PARSER_WORDS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'is not valid JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'is empty',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'does not have the length that Content-Length says',
};

/**
 * The only place that turns an error into HTTP. Every error is `application/problem+json`, and a
 * 500 does not reveal its cause.
 */
@Catch()
export class HttpErrorsFilter implements ExceptionFilter {
  private readonly log = new Logger(HttpErrorsFilter.name);

  constructor(private readonly allowed: AllowedMethods) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<ProblemRequest>(), http.getResponse<ProblemReply>());
  }

  answer(thrown: unknown, request: ProblemRequest, reply: ProblemReply): void {
    if (reply.sent) return;
    const error = this.understood(thrown, request);
    const facts = PROBLEMS[error.code];
    metrics.count('holdfast_problems_total', {
      code: error.code,
      route: request.routeOptions?.url ?? UNMATCHED,
    });
    noteCode(reply.raw, error.code);
    if (error.code === 'INTERNAL')
      this.log.error(
        { requestId: request.id, method: request.method, err: error.cause },
        'a request failed with an unexpected error',
      );
    reply.code(facts.status);
    reply.header('content-type', 'application/problem+json; charset=utf-8');
    reply.header('cache-control', 'no-store');
    const wait = secondsToWait(error);
    if (wait !== null) reply.header('retry-after', String(wait));
    if (facts.status === 401) reply.header('www-authenticate', 'Bearer realm="Holdfast"');
    const allow = error.facts['allow'];
    if (typeof allow === 'string') reply.header('allow', allow);
    reply.send(JSON.stringify(problemOf(error, request)));
  }

  private understood(thrown: unknown, request: ProblemRequest): HoldfastError {
    if (thrown instanceof HoldfastError) return thrown;
    const error = asError(thrown);
    // Nest wraps the parser's error and keeps it as the cause
    const origin = thrown instanceof HttpException ? asError(thrown.cause ?? thrown) : error;
    const code = 'code' in origin && typeof origin.code === 'string' ? origin.code : '';
    const status =
      thrown instanceof HttpException
        ? thrown.getStatus()
        : 'statusCode' in error && typeof error.statusCode === 'number'
          ? error.statusCode
          : 500;
    if (status === 404 || status === 414) return this.unknownPath(request);
    const known = CODE_OF_STATUS[status];
    if (known === 'VALIDATION_FAILED') {
      const message = PARSER_WORDS[code] ?? 'cannot be read';
      const field = code === 'FST_ERR_BAD_URL' ? 'path' : 'body';
      return new HoldfastError(known, `${field} ${message}`, { errors: [{ field, message }] });
    }
    if (known) return new HoldfastError(known, PROBLEMS[known].meaning);
    if (retryableCode(error) !== undefined)
      return new HoldfastError(
        'BUSY_RETRY',
        'The database cannot be reached or is too busy.',
        {},
        { cause: error },
      );
    return new HoldfastError(
      'INTERNAL',
      'The service failed unexpectedly. The log has the cause under this requestId.',
      {},
      { cause: error },
    );
  }

  private unknownPath(request: ProblemRequest): HoldfastError {
    const path = request.url.split('?')[0] ?? '/';
    const methods = this.allowed(path);
    if (methods.length === 0 || methods.includes(request.method))
      return new HoldfastError('NOT_FOUND', 'This API has no such path; /docs lists its paths.');
    return new HoldfastError('METHOD_NOT_ALLOWED', `This path allows ${methods.join(', ')}.`, {
      allow: methods.join(', '),
    });
  }
}
