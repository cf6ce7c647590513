import { readFileSync } from 'node:fs';
import { StrKey } from '@stellar/stellar-sdk';
import type { Config } from '../../common/config.js';
import { SigningKey } from '../../common/ed25519.js';

/** The keys of channels by account. Only this room knows them, and nothing logs them. */
export type ChannelKeys = ReadonlyMap<string, SigningKey>;

/**
 * @param secrets S… seeds, separated by commas or white space
 * @throws Error without the faulty text, which may be most of a secret
 */
export function channelKeys(secrets: string): ChannelKeys {
  const listed = secrets.split(/[\s,]+/).filter((each) => each !== '');
  const keys = listed.map((secret, at) => {
    if (!StrKey.isValidEd25519SecretSeed(secret))
      throw new Error(`secret ${at + 1} of the channels is no seed of an account (S…)`);
    return new SigningKey(StrKey.decodeEd25519SecretSeed(secret));
  });
  return new Map(keys.map((key) => [StrKey.encodeEd25519PublicKey(key.publicKey), key]));
}

/** The seeds of the configuration; empty when this process has none. */
export const channelSecrets = ({
  CHANNEL_SECRETS: listed,
  CHANNEL_SECRETS_FILE: file,
}: Pick<Config, 'CHANNEL_SECRETS' | 'CHANNEL_SECRETS_FILE'>): string =>
  listed ?? (file === undefined ? '' : readFileSync(file, 'utf8'));
