import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../http/access-rule.js';
import { CONFIG, type Config, type FrontDoor } from '../../common/config.js';
import { WEB_AUTH, type WebAuth } from '../chain/web-auth.js';

const LOOPBACK = /^(localhost|127\.)/;

/** SEP-1: where wallets find the sign-in. */
@ApiTags('sign-in')
@Controller('.well-known')
export class StellarTomlController {
  constructor(
    @Inject(CONFIG) private readonly config: Config & FrontDoor,
    @Inject(WEB_AUTH) private readonly webAuth: WebAuth,
  ) {}

  @Get('stellar.toml')
  @Access('public')
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({
    operationId: 'getStellarToml',
    summary: 'Network, signing key and sign-in address (SEP-1)',
    description: 'Where a wallet finds the sign-in of this service.',
  })
  @ApiResponse({
    status: 200,
    description: 'TOML.',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  toml(): string {
    const { ORG_NAME, ORG_URL, WEB_AUTH_DOMAIN } = this.config;
    const scheme =
      this.config.NODE_ENV !== 'production' && LOOPBACK.test(WEB_AUTH_DOMAIN) ? 'http' : 'https';
    // a JSON string is a valid TOML string
    const line = (name: string, value: string): string => `${name}=${JSON.stringify(value)}`;
    return [
      line('VERSION', '2.0.0'),
      line('NETWORK_PASSPHRASE', this.webAuth.networkPassphrase),
      line('SIGNING_KEY', this.webAuth.signingKey),
      line('WEB_AUTH_ENDPOINT', `${scheme}://${WEB_AUTH_DOMAIN}/auth`),
      '',
      '[DOCUMENTATION]',
      line('ORG_NAME', ORG_NAME),
      ...(ORG_URL === undefined ? [] : [line('ORG_URL', ORG_URL)]),
      '',
    ].join('\n');
  }
}
