import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 12 hex digits that find the row, and 32 random bytes that only the caller knows. */
const KEY = /^hf_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
const PREFIX_BYTES = 6;
const SECRET_BYTES = 32;

export interface KeyText {
  readonly prefix: string;
  readonly secret: string;
}

/** Whether a bearer credential looks like a key; anything else is read as a wallet's token. */
export const looksLikeKey = (text: string): boolean => text.startsWith('hf_');

export const newKeyText = (): string =>
  `hf_${randomBytes(PREFIX_BYTES).toString('hex')}_${randomBytes(SECRET_BYTES).toString('base64url')}`;

export function readKeyText(text: string): KeyText | null {
  const [, prefix, secret] = KEY.exec(text) ?? [];
  return prefix !== undefined && secret !== undefined ? { prefix, secret } : null;
}

/**
 * A plain sha-256. The secret has 256 random bits, so a slow hash would only slow each request
 * down.
 */
export const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer');

export const sameHash = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
