import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { type Observable, throwError, timeout } from 'rxjs';
import { HoldfastError } from '../common/errors.js';

interface RoutedRequest {
  readonly method: string;
  readonly routeOptions?: { readonly url?: string | undefined };
}

/**
 * An answer in bounded time, whatever a handler waits for. Not Fastify's `handlerTimeout`: its
 * timer stops when the body has been read, so it never ends a POST.
 * What was begun goes on: a hold may still be made after this answer, which therefore says
 * `holdMade: null`; the same Idempotency-Key tells.
 */
export class AnswerInTime implements NestInterceptor {
  constructor(private readonly limitMs: number) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method, routeOptions } = context.switchToHttp().getRequest<RoutedRequest>();
    const mayHold = method === 'POST' && routeOptions?.url === '/loans';
    return next
      .handle()
      .pipe(
        timeout({ first: this.limitMs, with: () => throwError(() => late(this.limitMs, mayHold)) }),
      );
  }
}

const late = (limitMs: number, mayHold: boolean): HoldfastError =>
  new HoldfastError(
    'BUSY_RETRY',
    `No answer within ${limitMs / 1000} s. ` +
      `${mayHold ? 'Whether a hold is made is not decided yet: the same Idempotency-Key tells.' : 'Ask again.'}`,
    { retryAfterSeconds: 2, ...(mayHold && { commitUnknown: true }) },
  );
