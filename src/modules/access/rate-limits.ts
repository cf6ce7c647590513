import rateLimit, { type FastifyRateLimitStore, normalizeIP } from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { WithCaller } from '../../http/access-rule.js';
import type { Config } from '../../common/config.js';
import { HoldfastError } from '../../common/errors.js';
import type { RateCounts } from '../../database/rate-counts.js';

type Fastify = ReturnType<ReturnType<NestFastifyApplication['getHttpAdapter']>['getInstance']>;
type Limiter = ReturnType<Fastify['rateLimit']>;
export type LimitedRequest = Parameters<Limiter>[0];
export type LimitedReply = Parameters<Limiter>[1];
type Kind = 'writes' | 'reads' | 'auth';

const WINDOW_MS = 60_000;
const READING = new Set(['GET', 'HEAD']);

/**
 * Returns the subject and class that a request counts for: its caller, otherwise its address (for
 * IPv6 the /64, because one host may have all of it).
 */
function subjectOf(request: WithCaller & { readonly ip: string; readonly method: string }): {
  readonly kind: Kind;
  readonly subject: string;
} {
  const { caller } = request;
  if (!caller) return { kind: 'auth', subject: `auth:${normalizeIP(request.ip)}` };
  const kind = READING.has(request.method) ? 'reads' : 'writes';
  return {
    kind,
    subject:
      caller.kind === 'backend'
        ? `${kind}:key:${caller.keyId}`
        : `${kind}:wallet:${caller.account}`,
  };
}

/**
 * Limits the requests per minute of a caller over all processes: `RateCounts` counts, the plugin
 * applies it. When the limiter does not answer in time, the request passes without RateLimit
 * headers. No hold depends on it: the ledger's own rules limit the holds.
 */
export class RateLimits {
  private limiter: Limiter | undefined;

  constructor(
    private readonly config: Pick<
      Config,
      'RATE_WRITES_PER_MINUTE' | 'RATE_READS_PER_MINUTE' | 'RATE_AUTH_PER_MINUTE'
    >,
    private readonly counts: Pick<RateCounts, 'take'>,
  ) {}

  /** Call it before any request. */
  async install(app: NestFastifyApplication): Promise<void> {
    const { counts } = this;
    class Store implements FastifyRateLimitStore {
      incr(
        subject: string,
        callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
        windowMs = WINDOW_MS,
        most = Number.MAX_SAFE_INTEGER,
      ): void {
        counts.take(subject, windowMs, most).then(
          ({ taken, leftMs }) => {
            callback(null, { current: taken, ttl: Math.max(1, leftMs) });
          },
          (error: Error) => {
            callback(new NoCount(error));
          },
        );
      }
      child(): this {
        return this;
      }
    }
    await app.register(rateLimit, { global: false, enableDraftSpec: true, store: Store as never });
    const fastify = app.getHttpAdapter().getInstance();
    this.limiter = fastify.rateLimit({
      timeWindow: WINDOW_MS,
      keyGenerator: (request) => subjectOf(request).subject,
      max: (request) => this.most(subjectOf(request).kind),
      errorResponseBuilder: (request, { max, ttl }) =>
        rateLimited(subjectOf(request).kind, max, ttl),
    });
  }

  /** Counts this request for its caller. @throws HoldfastError RATE_LIMITED */
  async count(fastify: Fastify, request: LimitedRequest, reply: LimitedReply): Promise<void> {
    if (!this.limiter) throw new Error('the rate limits are not installed');
    if (this.most(subjectOf(request).kind) === 0) return;
    try {
      await this.limiter.call(fastify, request, reply);
    } catch (thrown) {
      if (!(thrown instanceof NoCount)) throw thrown;
    }
  }

  /** 0: no limit. */
  private most(kind: Kind): number {
    const {
      RATE_WRITES_PER_MINUTE: writes,
      RATE_READS_PER_MINUTE: reads,
      RATE_AUTH_PER_MINUTE: auth,
    } = this.config;
    return { writes, reads, auth }[kind];
  }
}

/** The count is unknown, which is not a refusal (docs/protocol.md#a-refusal-is-a-decision). */
class NoCount extends Error {
  constructor(cause: Error) {
    super('the request could not be counted', { cause });
  }
}

const ALLOWED: Readonly<Record<Kind, string>> = {
  writes: 'This caller may send {limit} writing requests a minute',
  reads: 'This caller may send {limit} reading requests a minute',
  auth: 'This address may send {limit} sign-ins and wrong credentials a minute',
};

function rateLimited(kind: Kind, limit: number, leftMs: number): HoldfastError {
  const retryAfterSeconds = Math.ceil(leftMs / 1000);
  return new HoldfastError(
    'RATE_LIMITED',
    `${ALLOWED[kind].replace('{limit}', String(limit))}. Send the next one in ${retryAfterSeconds} s.`,
    {
      rule: kind,
      limit,
      window: WINDOW_MS / 1000,
      until: new Date(Date.now() + leftMs).toISOString(),
      retryAfterSeconds,
    },
  );
}
