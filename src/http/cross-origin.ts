import type { FastifyAdapter } from '@nestjs/platform-fastify';

/** In CORS_ORIGINS: pages of every origin may read. */
const EVERY_ORIGIN = '*';
/** Wallets in a browser sign in from any origin: SEP-10, 3.4, and SEP-1. */
const WALLET_PATHS = new Set(['/auth', '/.well-known/stellar.toml']);
const READING = 'GET, HEAD';
/** The headers of our answers that a page of another origin may read. */
const ANSWERED_HEADERS = [
  'location',
  'idempotency-replayed',
  'holdfast-reservation-state',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'x-request-id',
  'www-authenticate',
].join(', ');
const PREFLIGHT_SECONDS = 600;

interface Permission {
  readonly origin: string;
  readonly methods: string;
}

/**
 * Which pages of other origins may call us (CORS), on answers and on errors alike. Credentials of
 * the browser are never allowed: a page sends a bearer token itself. Call it before the routes are
 * made.
 */
export function answerOtherOrigins(adapter: FastifyAdapter, origins: readonly string[]): void {
  const listed = new Set(origins);
  const varies = [...listed].some((origin) => origin !== EVERY_ORIGIN);
  const permissionOf = (path: string, origin: string | undefined): Permission | null => {
    if (WALLET_PATHS.has(path)) return { origin: EVERY_ORIGIN, methods: `${READING}, POST` };
    if (origin !== undefined && origin !== EVERY_ORIGIN && listed.has(origin))
      return { origin, methods: `${READING}, POST, PATCH, DELETE` };
    return listed.has(EVERY_ORIGIN) ? { origin: EVERY_ORIGIN, methods: READING } : null;
  };
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    const { headers, method } = request;
    if (varies) reply.header('vary', 'Origin');
    const permission = permissionOf(request.url.split('?')[0] ?? '', headers.origin);
    const asked = method === 'OPTIONS' ? headers['access-control-request-method'] : method;
    const allowed = asked === undefined || permission?.methods.split(', ').includes(asked) === true;
    if (!permission || !allowed) {
      done();
      return;
    }
    reply.header('access-control-allow-origin', permission.origin);
    if (method !== 'OPTIONS') {
      reply.header('access-control-expose-headers', ANSWERED_HEADERS);
      done();
      return;
    }
    const fields = headers['access-control-request-headers'];
    if (fields !== undefined) reply.header('access-control-allow-headers', fields);
    void reply
      .code(204)
      .header('vary', 'Origin, Access-Control-Request-Headers')
      .header('access-control-allow-methods', permission.methods)
      .header('access-control-max-age', String(PREFLIGHT_SECONDS))
      .send();
  });
}
