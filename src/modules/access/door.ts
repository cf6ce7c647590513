import type { RouteAccess } from '../../http/access-rule.js';
import type { Caller } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import { looksLikeKey } from './api-key.js';
import type { ApiKeys } from './api-keys.js';
import type { SpentTokens } from './spent-tokens.js';
import type { Tokens } from './tokens.js';

export const SESSION_COOKIE = 'holdfast_session';

/** The headers of a request that identify its caller. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
  /** Of a stream's address, with the path that it is to open. */
  readonly ticket?: { readonly text: string; readonly path: string } | undefined;
  /** Method and path, such as `POST /operator/quarantine`, which a ticket in a header names. */
  readonly request?: string | undefined;
}

/**
 * Identifies the caller and decides whether the route is allowed. Every request to a route that is
 * not public passes here before its body is read.
 */
export class Door {
  constructor(
    private readonly keys: Pick<ApiKeys, 'recognise' | 'live'>,
    private readonly tokens: Pick<Tokens, 'wallet' | 'session' | 'ticket'>,
    private readonly spent: SpentTokens,
  ) {}

  /** @throws HoldfastError UNAUTHENTICATED, FORBIDDEN */
  async admit(credentials: Credentials, route: RouteAccess): Promise<Caller> {
    const { authorization, ticket } = credentials;
    const caller =
      authorization === undefined && ticket
        ? await this.ofTicket(ticket)
        : await this.recognise(credentials, route.page === true);
    if (!caller) throw unauthenticated(credentials);
    const fault = faultOf(caller, route.access);
    if (fault) throw fault;
    return caller;
  }

  /**
   * Cookies and passwords open pages only. A browser sends them by itself, so they must not work
   * for the API (CSRF).
   */
  private async recognise(
    { authorization, cookie, request }: Credentials,
    page: boolean,
  ): Promise<Caller | null> {
    const [, scheme = '', text = ''] = /^(\w+) +(\S+)$/.exec(authorization ?? '') ?? [];
    if (scheme.toLowerCase() === 'bearer')
      return looksLikeKey(text) ? this.keys.recognise(text) : this.tokens.wallet(text);
    if (scheme.toLowerCase() === 'ticket')
      return request === undefined ? null : this.ofTicket({ text, path: request });
    if (!page) return null;
    if (scheme.toLowerCase() === 'basic') return this.keys.recognise(passwordOf(text));
    return this.ofSession(sessionIn(cookie));
  }

  /** Used up by the first request that has it, whatever its answer. */
  private async ofTicket({ text, path }: { text: string; path: string }): Promise<Caller | null> {
    const ticket = await this.tokens.ticket(text);
    if (ticket?.path !== path || !(await this.spent.spend(ticket))) return null;
    return ticket.holder.kind === 'wallet' ? ticket.holder : this.keys.live(ticket.holder.keyId);
  }

  private async ofSession(cookie: string | null): Promise<Caller | null> {
    const session = cookie === null ? null : await this.tokens.session(cookie);
    if (!session) return null;
    const [backend, signedOut] = await Promise.all([
      this.keys.live(session.keyId),
      this.spent.spentAmong([session.id]),
    ]);
    return backend && !signedOut.has(session.id) ? { ...backend, sessionId: session.id } : null;
  }
}

function faultOf(caller: Caller, access: RouteAccess['access']): HoldfastError | null {
  if (access === 'public') return null;
  if (caller.kind === 'wallet')
    return access === 'operate' || access === 'jobs:write'
      ? new HoldfastError(
          'FORBIDDEN',
          `This route is for operators. It needs a key with the scope ${access}.`,
          { requiredScope: access },
        )
      : null;
  // an operator sees everything and changes no loan
  const enough =
    caller.scopes.includes(access) ||
    (access !== 'loans:write' && access !== 'jobs:write' && caller.scopes.includes('operate'));
  return enough
    ? null
    : new HoldfastError(
        'FORBIDDEN',
        `This needs the scope ${access}; the key "${caller.name}" has ${caller.scopes.join(', ')}.`,
        { requiredScope: access },
      );
}

const unauthenticated = ({ authorization, ticket }: Credentials): HoldfastError =>
  new HoldfastError(
    'UNAUTHENTICATED',
    authorization === undefined && ticket
      ? 'This ticket is wrong, expired, used, or for another stream. Ask for a new one.'
      : authorization === undefined
        ? "Send Authorization: Bearer with an API key, or with a wallet's token from /auth."
        : 'This key or token is wrong, expired or revoked.',
  );

/** The password of `user:password`. The user is ignored, because the key names its owner. */
const passwordOf = (basic: string): string =>
  Buffer.from(basic, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');

export function sessionIn(cookie: string | undefined): string | null {
  const found = (cookie ?? '')
    .split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(`${SESSION_COOKIE}=`));
  return found === undefined ? null : found.slice(SESSION_COOKIE.length + 1);
}
