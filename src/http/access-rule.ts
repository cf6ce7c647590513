import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth } from '@nestjs/swagger';
import { type Backend, type Caller, type Scope } from '../common/caller.js';
import { HoldfastError } from '../common/errors.js';

/**
 * Who may use a route: everybody, or callers with this scope. Wallets pass every scope but
 * `operate` and `jobs:write`; operators pass where a route only reads.
 */
export type AccessRule = 'public' | Scope;

/**
 * The access rule of a route, read by `modules/access/door.ts`. A route without a rule stops the
 * boot.
 */
export interface RouteAccess {
  readonly access: AccessRule;
  /**
   * A page for people: it also accepts a session cookie or Basic auth, and sends a browser without
   * them to the sign-in page.
   */
  readonly page?: boolean;
  /** Accepts HTML forms besides JSON. */
  readonly forms?: boolean;
  /** Changes come from forms of our own pages, whose requests carry Origin. */
  readonly ownForms?: boolean;
  /** An event stream, which a ticket in its address opens too. */
  readonly ticketed?: boolean;
  /** Public, and counted per address: sign-ins. */
  readonly limited?: boolean;
}

export const BEARER = 'bearer';

/**
 * The rule of one route. It travels in the route's own configuration, so the door can decide before
 * the body is read. A Nest guard would run after that.
 */
export function Access(
  access: AccessRule,
  options: Omit<RouteAccess, 'access'> = {},
): MethodDecorator {
  const config: RouteAccess = { access, ...options };
  return applyDecorators(
    RouteConfig(config),
    ...(access === 'public' ? [] : [ApiBearerAuth(BEARER)]),
  );
}

/** The door sets it on every route that is not public. */
export interface WithCaller {
  caller?: Caller | null;
}

/** The caller of a route that is not public. */
export const FromCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context),
);

/** The caller of a route with the rule `operate`, which only backends pass. */
export const FromOperator = createParamDecorator((_: unknown, context: ExecutionContext): Backend =>
  backendOf(context, 'This route is for operators.', { requiredScope: 'operate' }),
);

/** The caller of a route that concerns a whole tenant. A wallet has no tenant. */
export const FromBackend = createParamDecorator((_: unknown, context: ExecutionContext): Backend =>
  backendOf(context, 'This route concerns a whole tenant and needs an API key.'),
);

function backendOf(
  context: ExecutionContext,
  otherwise: string,
  facts: Readonly<Record<string, unknown>> = {},
): Backend {
  const caller = callerOf(context);
  if (caller.kind !== 'backend') throw new HoldfastError('FORBIDDEN', otherwise, facts);
  return caller;
}

function callerOf(context: ExecutionContext): Caller {
  const { caller } = context.switchToHttp().getRequest<WithCaller>();
  if (!caller) throw new Error('a route reads its caller but is public');
  return caller;
}
