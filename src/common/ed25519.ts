import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** What stands before the 32 bytes of a key in its DER form (RFC 8410). */
const DER_PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');
const DER_PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

/** The last four bytes of the public key: how a signature of Stellar names its key. */
export const hintOf = (publicKey: Uint8Array): Uint8Array => publicKey.subarray(-4);

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
      key: Buffer.concat([DER_PUBLIC, publicKey]),
      format: 'der',
      type: 'spki',
    }),
    signature,
  );

/** A key that signs. Its seed cannot be read back, and nothing that prints it shows it. */
export class SigningKey {
  /** 32 bytes. */
  readonly publicKey: Buffer;
  readonly #key: KeyObject;

  /** @param seed 32 bytes */
  constructor(seed: Uint8Array) {
    if (seed.length !== SEED_BYTES) throw new Error(`a seed has ${SEED_BYTES} bytes`);
    this.#key = createPrivateKey({
      key: Buffer.concat([DER_PRIVATE, seed]),
      format: 'der',
      type: 'pkcs8',
    });
    this.publicKey = createPublicKey(this.#key)
      .export({ format: 'der', type: 'spki' })
      .subarray(DER_PUBLIC.length);
  }

  sign(message: Uint8Array): Buffer {
    return sign(null, message, this.#key);
  }
}
