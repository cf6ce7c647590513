import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Keypair } from '@stellar/stellar-sdk';
import { type Actor, type Scope, SCOPES } from '../../src/common/caller.js';
import type { FrontDoor } from '../../src/common/config.js';
import { ApiKeys } from '../../src/modules/access/api-keys.js';
import { Tokens } from '../../src/modules/access/tokens.js';

/** Configuration of API keys and wallet sign-in for an app of a test. */
export const TEST_DOOR: FrontDoor = {
  AUTH_SIGNING_SEED: Keypair.random().secret(),
  JWT_SECRET: `test-${randomUUID()}`,
  HOME_DOMAIN: 'holdfast.test',
  WEB_AUTH_DOMAIN: 'auth.holdfast.test',
};

const TESTER: Actor = { kind: 'command', id: 'test', name: 'test' };

export interface TestKeyOptions {
  readonly tenantId?: string;
  readonly scopes?: readonly Scope[];
  readonly name?: string;
}

/** The text of a fresh key: by default for the tenant `default`, with every scope of backends. */
export const givenKey = (
  app: NestFastifyApplication,
  options: TestKeyOptions = {},
): Promise<string> => keyBy(app.get(ApiKeys, { strict: false }), options);

export async function keyBy(keys: ApiKeys, options: TestKeyOptions = {}): Promise<string> {
  const { text } = await keys.create(
    {
      tenantId: options.tenantId ?? 'default',
      name: options.name ?? 'test key',
      scopes: options.scopes ?? SCOPES.slice(0, SCOPES.indexOf('operate')),
      expiresInDays: null,
    },
    { by: TESTER, reason: 'a test' },
  );
  return text;
}

/** A wallet's token as SEP-10 issues it, without the exchange. */
export const givenToken = (app: NestFastifyApplication, account: string): Promise<string> =>
  app.get(Tokens, { strict: false }).ofWallet(account, randomUUID());

export const bearer = (credential: string): { authorization: string } => ({
  authorization: `Bearer ${credential}`,
});
