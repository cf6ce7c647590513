import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { HoldfastError } from '../common/errors.js';
import type { HttpErrorsFilter, ProblemReply } from './http-errors.filter.js';

/**
 * Answers within a fixed time, whatever a handler waits for. Fastify's `handlerTimeout` would not
 * do: its timer stops when the body has been read, so it never ends a POST. An interceptor of Nest
 * would put each answer into an observable. The work goes on and may still make a hold, so the
 * answer says `holdMade: null`. What the handler answers later is dropped.
 */
export function answerInTime(
  adapter: FastifyAdapter,
  limitMs: number,
  errors: HttpErrorsFilter,
): void {
  const fastify = adapter.getInstance();
  const timers = new WeakMap<object, NodeJS.Timeout>();
  fastify.addHook('preHandler', (request, reply, done) => {
    const timer = setTimeout(() => {
      if (reply.sent || reply.raw.headersSent) return;
      const mayHold = request.method === 'POST' && request.routeOptions.url === '/loans';
      errors.answer(late(limitMs, mayHold), request, reply as unknown as ProblemReply);
    }, limitMs).unref();
    timers.set(request, timer);
    done();
  });
  fastify.addHook('onSend', (request, _reply, payload, done) => {
    clearTimeout(timers.get(request));
    done(null, payload);
  });
  // an answer that bypasses Fastify, such as a stream of events, is never sent
  fastify.addHook('onResponse', (request, _reply, done) => {
    clearTimeout(timers.get(request));
    done();
  });
}

const late = (limitMs: number, mayHold: boolean): HoldfastError =>
  new HoldfastError(
    'BUSY_RETRY',
    `No answer within ${limitMs / 1000} s. ` +
      (mayHold
        ? 'Whether a hold is made is not decided yet: repeat the request with the same Idempotency-Key.'
        : 'Try again.'),
    { retryAfterSeconds: 2, ...(mayHold && { commitUnknown: true }) },
  );
