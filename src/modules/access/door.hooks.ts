import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RouteAccess, WithCaller } from '../../http/access-rule.js';
import { type Caller, tenantOf } from '../../common/caller.js';
import { PROBLEMS } from '../../common/problems/problems.js';
import { HoldfastError } from '../../common/errors.js';
import type { HttpErrorsFilter, ProblemReply } from '../../http/http-errors.filter.js';
import type { AddressLimit } from './address-limit.js';
import { type Credentials, type Door, sessionIn } from './door.js';
import type { LimitedReply, LimitedRequest, RateLimits } from './rate-limits.js';
import type { Turnstile } from './turnstile.js';

type Fastify = ReturnType<ReturnType<NestFastifyApplication['getHttpAdapter']>['getInstance']>;

/**
 * Routes of libraries, which carry no access rule: the API's pages and the redirect to them. Every
 * other route must have one.
 */
const LIBRARY_ROUTES = /^\/(docs([-/].*)?)?$/;
const FORM = 'application/x-www-form-urlencoded';
const SIGN_IN_PATH = '/sign-in';
/** Orchestrators ask every few seconds, and from one address. */
const PROBES = /^\/health\//;

interface Doorway {
  readonly door: Door;
  readonly limits: RateLimits;
  /** Limits work without a credential. */
  readonly addresses: AddressLimit;
  readonly turnstile: Turnstile;
  readonly errors: HttpErrorsFilter;
}

export interface RuledRoute {
  readonly method: string;
  readonly url: string;
  readonly access: RouteAccess['access'];
}

/**
 * Every route with its rule, as the router has them. HEAD goes with GET. Preflights of browsers
 * carry no credential by design.
 */
export class AccessRules {
  readonly routes: RuledRoute[] = [];

  /** @throws Error for a route without a rule, so that the boot fails */
  add(
    methods: string | readonly string[],
    url: string,
    access: RouteAccess['access'] | undefined,
  ): void {
    const rule = access ?? (LIBRARY_ROUTES.test(url) ? 'public' : undefined);
    for (const method of [methods].flat().filter((each) => each !== 'HEAD' && each !== 'OPTIONS')) {
      if (rule === undefined)
        throw new Error(
          `${method} ${url} has no access rule: say @Access(...) or ApiRoute({ access }), or give its route a config.`,
        );
      if (!this.routes.some((known) => known.method === method && known.url === url))
        this.routes.push({ method, url, access: rule });
    }
  }
}

/** Call it before any route is made. @returns the rules, which fill up as routes are added */
export function collectRules(fastify: Fastify): AccessRules {
  const rules = new AccessRules();
  fastify.addHook('onRoute', (route) => {
    rules.add(route.method, route.url, (route.config as Partial<RouteAccess> | undefined)?.access);
  });
  return rules;
}

/**
 * Runs before the body is read and after the hooks of onRequest, so a refused request still has its
 * log line, security headers and CORS headers. Every caller learns of unknown paths and methods,
 * because the list of routes is public.
 */
export function closeDoor(
  fastify: Fastify,
  { door, limits, addresses, turnstile, errors }: Doorway,
): void {
  fastify.addHook('preParsing', async (request, reply) => {
    const route = request.routeOptions.config as unknown as Partial<RouteAccess>;
    const access = route.access ?? 'public'; // a route of this service without a rule stops the boot
    const credentials = credentialsOf(request, route.ticketed === true);
    const count = (): Promise<void> =>
      limits.count(fastify, request as unknown as LimitedRequest, reply as unknown as LimitedReply);
    try {
      if (
        (access === 'public' && !PROBES.test(request.url)) ||
        (access !== 'public' && !hasCredential(credentials))
      )
        addresses.count(request.ip);
      if (request.is404) return undefined;
      if (access !== 'public')
        (request as WithCaller).caller = await admitted(door, count, credentials, {
          ...route,
          access,
        });
      if (route.ownForms === true && isForged(request.method, request.headers)) throw noOrigin();
      const takesTurns = access === 'loans:write';
      // before the count, which may wait for the database: a refusal has to be quick
      if (takesTurns) turnstile.refuseIfBusy(turnOf(request as WithCaller));
      // pages load a dozen files each, and only operators load pages
      if (route.limited === true || (access !== 'public' && route.page !== true)) await count();
      if (
        route.forms !== true &&
        route.page !== true &&
        request.headers['content-type']?.startsWith(FORM) === true
      )
        throw new HoldfastError('UNSUPPORTED_MEDIA_TYPE', PROBLEMS.UNSUPPORTED_MEDIA_TYPE.meaning);
      if (takesTurns) await takeTurn(turnstile, turnOf(request as WithCaller), reply.raw);
      return undefined;
    } catch (thrown) {
      const showTheWay =
        route.page === true &&
        thrown instanceof HoldfastError &&
        thrown.code === 'UNAUTHENTICATED' &&
        isPage(request.headers.accept);
      if (thrown instanceof HoldfastError && thrown.facts['rule'] === 'public')
        reply.header('connection', 'close');
      // answered here, because plugins with a scope of their own do not know Nest's filters
      if (showTheWay) await reply.header('cache-control', 'no-store').redirect(SIGN_IN_PATH, 303);
      // the type comes from a route's schema, which does not exist here
      else errors.answer(thrown, request, reply as unknown as ProblemReply);
      return reply as never; // the answer is sent, so Fastify stops here
    }
  });
  fastify.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
}

/** A tenant with many keys has one turn. */
const turnOf = ({ caller }: WithCaller): string => (caller ? tenantOf(caller) : '');

/** Ends the turn when the answer has been sent, or its caller has gone. */
async function takeTurn(
  turnstile: Turnstile,
  turn: string,
  response: ServerResponse,
): Promise<void> {
  const leave = await turnstile.enter(turn, (gone) => response.once('close', gone));
  response.once('finish', leave).once('close', leave);
  if (response.destroyed) leave();
}

/**
 * Counts a failed credential for the address it came from, over all processes. Above the limit the
 * answer is 429.
 */
async function admitted(
  door: Door,
  count: () => Promise<void>,
  credentials: Credentials,
  route: RouteAccess,
): Promise<Caller> {
  try {
    return await door.admit(credentials, route);
  } catch (thrown) {
    if (thrown instanceof HoldfastError && hasCredential(credentials)) await count();
    throw thrown;
  }
}

function credentialsOf(
  request: { headers: IncomingHttpHeaders; method: string; query: unknown; url: string },
  ticketed: boolean,
): Credentials {
  const { headers, method, query, url } = request;
  const { authorization, cookie } = headers;
  const text =
    ticketed && typeof query === 'object' && query !== null && 'ticket' in query
      ? query.ticket
      : undefined;
  const path = url.split('?')[0] ?? '';
  const ticket = typeof text === 'string' ? { text, path } : undefined;
  return { authorization, cookie, ticket, request: `${method} ${path}` };
}
const hasCredential = ({ authorization, cookie, ticket }: Credentials): boolean =>
  authorization !== undefined || ticket !== undefined || sessionIn(cookie) !== null;
/** Without an Origin nothing shows that a form is ours. The page compares the one that is there. */
const isForged = (method: string, { origin }: IncomingHttpHeaders): boolean =>
  method !== 'GET' && method !== 'HEAD' && origin === undefined;
const noOrigin = (): HoldfastError =>
  new HoldfastError(
    'FORBIDDEN',
    'This page accepts changes from its own forms only, whose requests carry the header Origin.',
  );
const isPage = (accept: string | undefined): boolean => accept?.includes('text/html') === true;
