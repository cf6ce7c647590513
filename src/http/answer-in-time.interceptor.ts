import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { type Observable, throwError, timeout } from 'rxjs';
import { HoldfastError } from '../common/errors.js';

interface RoutedRequest {
  readonly method: string;
  readonly routeOptions?: { readonly url?: string | undefined };
}

/**
 * Answers within a fixed time, whatever a handler waits for. Fastify's `handlerTimeout` would not
 * do: its timer stops when the body has been read, so it never ends a POST. The work goes on and
 * may still make a hold, so the answer says `holdMade: null`.
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
