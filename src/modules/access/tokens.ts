import { JwtService } from '@nestjs/jwt';
import { z } from 'zod';
import type { FrontDoor } from '../../common/config.js';
import type { Caller, Wallet } from '../../common/caller.js';
import { CLOCK_TOLERANCE_SECONDS } from '../chain/web-auth.js';
import type { EndableToken } from './spent-tokens.js';

/**
 * Two audiences under one secret: a session does not open the API, and a token does not open pages.
 */
const WALLET = 'wallet';
const SESSION = 'operator-session';
export const SESSION_HOURS = 12;
const TICKET = 'event-ticket';
export const TICKET_SECONDS = 60;

const claims = z.object({
  sub: z.string().min(1),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
  path: z.string().optional(),
});
type Claims = z.infer<typeof claims>;

/** A session of an operator, and the key that opened it. */
export interface Session extends EndableToken {
  readonly keyId: string;
}

/**
 * Used once, by the caller that asked for it: for the event stream at `path`, or for one request,
 * when `path` begins with its method.
 */
export interface Ticket extends EndableToken {
  readonly path: string;
  readonly holder: Wallet | { readonly kind: 'key'; readonly keyId: string };
}

/**
 * Tokens of wallets and sessions of operators: JWT, HS256, not stored. The key behind a session is
 * looked up with each request, and whether it was signed out.
 */
export class Tokens {
  readonly #jwt: JwtService;
  readonly #issuer: string;

  constructor(config: FrontDoor & { readonly TOKEN_HOURS: number }) {
    this.#issuer = `https://${config.WEB_AUTH_DOMAIN}/auth`;
    this.#jwt = new JwtService({
      secret: config.JWT_SECRET,
      signOptions: { algorithm: 'HS256', issuer: this.#issuer },
      verifyOptions: {
        algorithms: ['HS256'],
        issuer: this.#issuer,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      },
    });
    this.walletSeconds = config.TOKEN_HOURS * 3600;
  }

  readonly walletSeconds: number;

  /** @param id of the signed challenge */
  ofWallet(account: string, id: string): Promise<string> {
    return this.#sign(WALLET, account, { id, seconds: this.walletSeconds });
  }
  ofSession(keyId: string, id: string): Promise<string> {
    return this.#sign(SESSION, keyId, { id, seconds: SESSION_HOURS * 3600 });
  }

  ofTicket(caller: Caller, path: string, id: string): Promise<string> {
    const holder = caller.kind === 'backend' ? `key:${caller.keyId}` : `wallet:${caller.account}`;
    return this.#sign(TICKET, holder, { id, seconds: TICKET_SECONDS, path });
  }

  /** @returns null for a token that is wrong, expired or of the other kind */
  async wallet(token: string): Promise<Wallet | null> {
    const read = await this.#read(WALLET, token);
    return read && { kind: 'wallet', account: read.sub };
  }

  /** @returns null as above; whether it was signed out is not known here */
  async session(token: string): Promise<Session | null> {
    const read = await this.#read(SESSION, token);
    return read && { keyId: read.sub, ...endable(read) };
  }

  /** @returns null as above; whether it was used is not known here */
  async ticket(token: string): Promise<Ticket | null> {
    const read = await this.#read(TICKET, token);
    const [, kind, id = ''] = /^(key|wallet):(.+)$/.exec(read?.sub ?? '') ?? [];
    if (!read || read.path === undefined || kind === undefined) return null;
    const holder =
      kind === 'key' ? ({ kind, keyId: id } as const) : ({ kind: 'wallet', account: id } as const);
    return { path: read.path, holder, ...endable(read) };
  }

  #sign(
    audience: string,
    subject: string,
    { id, seconds, ...claim }: { id: string; seconds: number; path?: string },
  ): Promise<string> {
    return this.#jwt.signAsync(claim, { audience, subject, jwtid: id, expiresIn: seconds });
  }

  async #read(audience: string, token: string): Promise<Claims | null> {
    try {
      return claims.parse(
        await this.#jwt.verifyAsync<Record<string, unknown>>(token, { audience }),
      );
    } catch {
      return null; // every wrong token gets the same answer
    }
  }
}

/** It is accepted a little longer than it says. */
const endable = ({ jti, exp }: Claims): EndableToken => ({
  id: jti,
  expiresAt: exp + CLOCK_TOLERANCE_SECONDS,
});
