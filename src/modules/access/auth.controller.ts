import { Body, Controller, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiConsumes, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { parsed } from '../../http/validation.js';
import {
  challengeQuery,
  challengeSchema,
  signedChallengeSchema,
  tokenSchema,
} from './access.schemas.js';
import { forWallets, WalletSignIn } from './wallet-sign-in.js';

/** Stellar web authentication, SEP-10. HTTP only. */
@ApiTags('sign-in')
@Controller('auth')
export class AuthController {
  constructor(private readonly signIn: WalletSignIn) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiRoute({
    access: 'public',
    limited: true,
    operationId: 'getChallenge',
    summary: 'A challenge for a wallet to sign (SEP-10)',
    description:
      'Valid for 5 minutes and for one token. `/.well-known/stellar.toml` has the address ' +
      'and the signing key.',
    problems: ['VALIDATION_FAILED'],
  })
  @ApiResponse({
    status: 200,
    description: 'Sign `transaction` for `network_passphrase` and send it back.',
    standardSchema: challengeSchema,
  })
  challenge(@Query({ schema: challengeQuery }) query: unknown): {
    transaction: string;
    network_passphrase: string;
  } {
    const {
      account,
      home_domain: homeDomain,
      memo,
    } = forWallets(() => parsed(challengeQuery, query, 'query'));
    return this.signIn.challenge({ account, homeDomain, memo });
  }

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiRoute({
    access: 'public',
    forms: true,
    limited: true,
    operationId: 'getToken',
    summary: 'A token for a signed challenge (SEP-10)',
    description:
      "The signatures must reach the account's present medium threshold. For an account that " +
      'does not exist yet, only the master key counts.',
    problems: [
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_FAILED',
      'UNAUTHENTICATED',
      'CHAIN_UNREACHABLE',
      'BUSY_RETRY',
    ],
  })
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiResponse({
    status: 200,
    description: "Valid for TOKEN_HOURS, for this account's own loans.",
    standardSchema: tokenSchema,
  })
  async token(@Body({ schema: signedChallengeSchema }) body: unknown): Promise<{ token: string }> {
    return {
      token: await this.signIn.token(
        forWallets(() => parsed(signedChallengeSchema, body, 'body')).transaction,
      ),
    };
  }
}
