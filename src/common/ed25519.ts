import { createPublicKey, verify } from 'node:crypto';

/** What stands before the 32 bytes of a public key in its DER form (RFC 8410). */
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Whether the signature of the message is by this key, as OpenSSL decides: a twelfth of the time of
 * the SDK's own check in JavaScript, and without what ZIP 215 adds and a validator refuses.
 * @param publicKey 32 bytes @param signature of any length; only 64 bytes can be one
 */
export const isSignatureBy = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean =>
  verify(
    null,
    message,
    createPublicKey({
      key: Buffer.concat([DER_PREFIX, publicKey]),
      format: 'der',
      type: 'spki',
    }),
    signature,
  );
