import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { UNMATCHED } from './http-errors.filter.js';
import type { RequestLog } from './request-log.js';
import { inLogScope, type LogIds } from '../telemetry/log-scope.js';
import * as metrics from '../telemetry/metrics.js';
import {
  beginSpan,
  type Span,
  spanFields,
  SpanKind,
  SpanStatusCode,
} from '../telemetry/tracing.js';

interface Watched {
  readonly span: Span | undefined;
  readonly scope: <T>(work: () => T) => T;
}

/** Paths that machines request every few seconds: they are counted but have no traces. */
const UNTRACED = ['/metrics', '/health/live', '/health/ready'];
const ERROR_STATUS = 500;

/**
 * Log ids, figures and span of each request, from its first byte to the end of its answer. Honours
 * the caller's `traceparent` (W3C).
 */
export function watchRequests(adapter: FastifyAdapter, log: RequestLog): void {
  const fastify = adapter.getInstance();
  const watched = new WeakMap<object, Watched>();
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    const route = request.routeOptions.url ?? UNMATCHED;
    const begun = UNTRACED.includes(route)
      ? undefined
      : beginSpan(`${request.method} ${route}`, {
          kind: SpanKind.SERVER,
          headers: request.headers,
          attributes: {
            'http.request.method': request.method,
            'http.route': route,
            'holdfast.request_id': request.id,
          },
        });
    const { id, method } = request;
    const path = request.url.split('?', 1)[0] ?? request.url;
    const ids: LogIds = { requestId: id, req: { id, method, path } };
    const since = performance.now();
    reply.raw.once('close', () => {
      log.closed({ ...ids, ...spanFields(begun?.span) }, reply.raw, since);
    });
    const enter = (): void => {
      inLogScope(ids, () => {
        watched.set(request, {
          span: begun?.span,
          // only a span has more of a scope than the ids
          scope: begun
            ? (AsyncLocalStorage.snapshot() as Watched['scope'])
            : (work) => inLogScope(ids, work),
        });
        done();
      });
    };
    if (begun) begun.within(enter);
    else enter();
  });
  // a body is read in the scope of its socket, where the request's scope is lost
  fastify.addHook('preValidation', (request, _reply, done) => {
    const scope = watched.get(request)?.scope;
    if (scope) scope(done);
    else done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? UNMATCHED;
    metrics.count('holdfast_http_requests_total', {
      method,
      route,
      status: String(reply.statusCode),
    });
    metrics.measure(
      'holdfast_http_request_duration_seconds',
      { method, route },
      reply.elapsedTime / 1000,
    );
    const span = watched.get(request)?.span;
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= ERROR_STATUS) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}
