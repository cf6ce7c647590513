import { JwtService } from '@nestjs/jwt';
import { z } from 'zod';
import type { FrontDoor } from '../../common/config.js';
import type { Wallet } from '../../common/caller.js';
import { CLOCK_TOLERANCE_SECONDS } from '../chain/web-auth.js';

/**
 * Two kinds under one secret, told apart by their audience: a session is no token for the API, and
 * a token opens no page.
 */
const WALLET = 'wallet';
const SESSION = 'operator-session';
export const SESSION_HOURS = 12;

const claims = z.object({
  sub: z.string().min(1),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
});

/**
 * Tokens of wallets and sessions of operators: JWT, HS256. Nothing of them is stored; a session's
 * key is looked up again with each request.
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

  /** @param id of the challenge that was signed */
  ofWallet(account: string, id: string): Promise<string> {
    return this.#sign(WALLET, account, { id, seconds: this.walletSeconds });
  }
  ofSession(keyId: string, id: string): Promise<string> {
    return this.#sign(SESSION, keyId, { id, seconds: SESSION_HOURS * 3600 });
  }

  /** @returns null for a token that is wrong, expired or of another kind */
  async wallet(token: string): Promise<Wallet | null> {
    const account = await this.#subject(WALLET, token);
    return account === null ? null : { kind: 'wallet', account };
  }

  /** @returns the key by which the session was opened, or null as above */
  session(token: string): Promise<string | null> {
    return this.#subject(SESSION, token);
  }

  #sign(
    audience: string,
    subject: string,
    { id, seconds }: { id: string; seconds: number },
  ): Promise<string> {
    return this.#jwt.signAsync({}, { audience, subject, jwtid: id, expiresIn: seconds });
  }

  async #subject(audience: string, token: string): Promise<string | null> {
    try {
      return claims.parse(await this.#jwt.verifyAsync<Record<string, unknown>>(token, { audience }))
        .sub;
    } catch {
      return null; // whichever way it is wrong, the answer is the same
    }
  }
}
