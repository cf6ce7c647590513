import { Body, Controller, Get, Header, Headers, Inject, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../http/access-rule.js';
import { CONFIG, type Config } from '../../common/config.js';
import { uuidV7 } from '../../common/uuid.js';
import { ApiKeys } from './api-keys.js';
import { SESSION_COOKIE, sessionIn } from './door.js';
import { SpentTokens } from './spent-tokens.js';
import { SESSION_HOURS, Tokens } from './tokens.js';

interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
}

/**
 * The page after signing in. It is fixed, because an address taken from the request could lead to
 * any site.
 */
const AFTER_SIGN_IN = '/console';
/** People type a key into this page, so it runs no script and loads nothing from other origins. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'";

/**
 * The sign-in page of operators: an API key with the scope `operate` becomes a session cookie. It
 * is for browsers, so the API's document leaves it out.
 */
@ApiExcludeController()
@Controller()
export class SignInController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: ApiKeys,
    private readonly tokens: Tokens,
    private readonly spent: SpentTokens,
  ) {}

  @Get('sign-in')
  @Access('public')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  @Header('cache-control', 'no-store')
  page(): string {
    return html('');
  }

  @Post('sign-in')
  @Access('public', { forms: true, limited: true })
  @Header('content-security-policy', POLICY)
  @Header('cache-control', 'no-store')
  async signIn(@Body() body: unknown, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    const text =
      typeof body === 'object' && body !== null && 'key' in body && typeof body.key === 'string'
        ? body.key.trim()
        : '';
    const backend = await this.keys.recognise(text);
    reply.header('content-type', 'text/html; charset=utf-8');
    if (!backend?.scopes.includes('operate')) {
      reply.code(backend ? 403 : 401);
      return html(
        backend ? 'This key lacks the scope operate.' : 'This key is unknown, expired or revoked.',
      );
    }
    reply
      .code(303)
      .header('location', AFTER_SIGN_IN)
      .header(
        'set-cookie',
        this.cookie(await this.tokens.ofSession(backend.keyId, uuidV7()), SESSION_HOURS * 3600),
      );
    return '';
  }

  /** Ends the session in every process before the browser forgets it: a copy is worth nothing. */
  @Post('sign-out')
  @Access('public', { forms: true })
  @Header('cache-control', 'no-store')
  async signOut(
    @Headers('cookie') cookie: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const session = await this.tokens.session(sessionIn(cookie) ?? '');
    if (session) await this.spent.spend(session);
    reply.code(303).header('location', '/sign-in').header('set-cookie', this.cookie('', 0));
    return '';
  }

  private cookie(value: string, seconds: number): string {
    // development has no TLS
    const secure = this.config.NODE_ENV === 'production' ? '; Secure' : '';
    return `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
  }
}

const html = (fault: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Holdfast: sign in</title><link rel="icon" href="data:,">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:15vh auto;padding:0 1rem;color:#1b1f24}
label,input,button{display:block;width:100%;box-sizing:border-box}
input,button{font:inherit;padding:.6rem;margin:.4rem 0}p.fault{color:#a40e26}
@media (prefers-color-scheme:dark){body{background:#111418;color:#e6e8eb}p.fault{color:#ff8b98}}</style></head>
<body><main><h1>Holdfast</h1><form method="post" action="/sign-in">
<label for="key">API key with the scope <code>operate</code></label>
<input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
${fault === '' ? '' : `<p class="fault" role="alert">${fault}</p>`}<button type="submit">Sign in</button></form>
<p>Keys are made with <code>holdfast keys create</code>.
A session lasts ${SESSION_HOURS} hours, and ends when you sign out or its key is revoked.</p></main></body></html>
`;
