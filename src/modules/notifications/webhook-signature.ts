import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The secret of one webhook. It is derived and never stored: a reader of the database can sign
 * nothing, the holder of WEBHOOK_KEY everything. An encrypted copy would need the same key and add
 * rows to protect.
 */
export const secretOf = (key: string, webhookId: string): string =>
  `whsec_${createHmac('sha256', key).update(`webhook ${webhookId}`).digest('base64url')}`;

const mac = (secret: string, timestamp: number, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');

/** `t` is unix seconds. A receiver refuses old ones, so a recorded request cannot be sent again. */
export const signatureOf = (secret: string, timestamp: number, body: string): string =>
  `t=${timestamp},v1=${mac(secret, timestamp, body)}`;

/** The check that a receiver should make. @param toleranceSeconds how old `t` may be */
export function isSigned(
  header: string,
  body: string,
  secret: string,
  { now, toleranceSeconds }: { now: number; toleranceSeconds: number },
): boolean {
  const match = /^t=([0-9]{1,12}),v1=([0-9a-f]{64})$/.exec(header);
  const timestamp = Number(match?.[1]);
  if (!match?.[2] || Math.abs(now - timestamp) > toleranceSeconds) return false;
  return timingSafeEqual(
    Buffer.from(match[2], 'hex'),
    Buffer.from(mac(secret, timestamp, body), 'hex'),
  );
}
