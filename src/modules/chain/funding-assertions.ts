import { StrKey } from '@stellar/stellar-sdk';
import { hintOf, isSignatureBy, type SigningKey } from '../../common/ed25519.js';
import { unreachable, decodeReply } from './chain-trouble.js';
import type { Funding } from './chain.js';
import { ENVELOPE, envelopeHash } from './funding-envelope.js';
import { numbers, readSorobanData } from './soroban-data.js';
import { XdrCursor } from './xdr-cursor.js';

const METHOD = 'simulateTransaction';

export interface ExpectedFunding {
  /** sha256 of the network's passphrase. */
  readonly networkId: Buffer;
  /** The borrower; for a landing, the channel. */
  readonly source: string;
  /** XDR of the call that was asked for. */
  readonly call: Buffer;
  /**
   * XDR of the one signed entry that a landing carries, which the source has signed; null: the
   * source is the borrower, who has yet to sign.
   */
  readonly authorization: Buffer | null;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  /** Stroops: of both together. */
  readonly fee: bigint;
  readonly resourceFee: bigint;
}

/**
 * Above any close time in seconds for 3,000 years and below every one in milliseconds, which the
 * SDK accepts without an error (docs/stellar.md#building-a-transaction).
 */
const SECONDS_BELOW = 100_000_000_000n;
/** A transaction's fee is 32 bits wide. */
const FEE_BELOW = 1n << 32n;
const SIGNATURE_BYTES = 64;
/** The list of signatures: their number, and of each the key's hint, the length and the signature. */
const NO_SIGNATURE_BYTES = 4;
const ONE_SIGNATURE_BYTES = 4 + 4 + 4 + SIGNATURE_BYTES;

/**
 * Checks the final bytes, not the parts they came from: the borrower receives exactly what is
 * asserted and hashed. Every byte is walked over, and nothing may be left.
 * @throws HoldfastError CHAIN_UNREACHABLE when the simulation led to a transaction that must not be
 * issued
 */
export function assertFunding(
  envelope: Buffer,
  expected: ExpectedFunding,
): Pick<Funding, 'hash' | 'xdr' | 'sequence' | 'maxTime' | 'fee'> {
  const { fault, hash } = decodeReply(METHOD, () => inspect(new XdrCursor(envelope), expected));
  if (fault !== null)
    throw unreachable(METHOD, `the simulation led to a transaction that is not issued: ${fault}.`);
  return {
    xdr: envelope.toString('base64'),
    sequence: expected.sequence,
    maxTime: expected.maxTime,
    fee: expected.fee,
    hash: hash.toString('hex'),
  };
}

/** Reads its part of the bytes and says whether it is as expected. */
type Check = readonly [holds: () => boolean, fault: string];

/** What is behind a first fault has no known place, so it is not looked at. */
function inspect(
  cursor: XdrCursor,
  expected: ExpectedFunding,
): { readonly fault: string | null; readonly hash: Buffer } {
  const { bytes } = cursor;
  const signatures = expected.authorization ? ONE_SIGNATURE_BYTES : NO_SIGNATURE_BYTES;
  const hash = envelopeHash(bytes, signatures, expected.networkId);
  const failed = [...partsOf(cursor, expected), signed(cursor, expected, hash)].find(
    ([holds]) => !holds(),
  );
  if (!failed) cursor.end();
  return { fault: failed ? failed[1] : null, hash };
}

/** In the order of the bytes. */
function partsOf(cursor: XdrCursor, expected: ExpectedFunding): readonly Check[] {
  const { source, sequence, maxTime, fee, resourceFee } = expected;
  return [
    [() => cursor.u32() === ENVELOPE.transaction, 'it is another kind of envelope'],
    [
      () =>
        cursor.u32() === ENVELOPE.ed25519 &&
        cursor.take(32).equals(StrKey.decodeEd25519PublicKey(source)),
      'the source is another account',
    ],
    [
      () => BigInt(cursor.u32()) === fee && fee < FEE_BELOW,
      'the fee is not inclusion fee plus resource fee, or too large',
    ],
    [() => cursor.i64() === sequence, "the sequence is not the account's next one"],
    [() => cursor.u32() === ENVELOPE.timeBounds && cursor.u64() === 0n, 'minTime is not 0'],
    [
      () => cursor.u64() === maxTime && maxTime > 0n && maxTime < SECONDS_BELOW,
      'maxTime is not T in seconds',
    ],
    [() => cursor.u32() === ENVELOPE.noMemo, 'it has a memo'],
    [() => cursor.u32() === ENVELOPE.oneOperation, 'not exactly one operation'],
    [() => cursor.u32() === ENVELOPE.noSource, 'the operation has another source'],
    [
      () =>
        cursor.u32() === ENVELOPE.invokeHostFunction &&
        cursor.u32() === ENVELOPE.invokeContract &&
        cursor.call().equals(expected.call),
      'it is not the call that was asked for',
    ],
    authorized(cursor, expected),
    [
      () =>
        cursor.u32() === ENVELOPE.resources && readSorobanData(cursor).resourceFee === resourceFee,
      'the resources are missing, or their fee is another one',
    ],
  ];
}

/**
 * Address credentials could be moved into another envelope with another hash, past the deadline
 * (docs/stellar.md#authorisation).
 */
function authorized(cursor: XdrCursor, { authorization }: ExpectedFunding): Check {
  if (authorization)
    return [
      () => cursor.u32() === 1 && cursor.take(authorization.length).equals(authorization),
      'it does not carry exactly the signed authorization',
    ];
  return [
    () => {
      for (let left = cursor.u32(); left > 0; left--) {
        // credentials of the source account are a type and nothing else
        if (cursor.u32() !== 0) return false;
        cursor.invocation();
      }
      return true;
    },
    'an authorisation is not by the source account',
  ];
}

function signed(
  cursor: XdrCursor,
  { authorization, source }: ExpectedFunding,
  hash: Buffer,
): Check {
  if (!authorization) return [() => cursor.u32() === 0, 'it is signed already'];
  const key = StrKey.decodeEd25519PublicKey(source);
  return [
    () =>
      cursor.u32() === 1 &&
      cursor.take(4).equals(hintOf(key)) &&
      cursor.u32() === SIGNATURE_BYTES &&
      isSignatureBy(key, hash, cursor.take(SIGNATURE_BYTES)),
    'it is not signed by the source alone',
  ];
}

/** The envelope with one signature. */
export function signedBy(key: SigningKey, envelope: Buffer, network: Buffer): Buffer {
  return Buffer.concat([
    envelope.subarray(0, -NO_SIGNATURE_BYTES),
    numbers(1),
    hintOf(key.publicKey),
    numbers(SIGNATURE_BYTES),
    key.sign(envelopeHash(envelope, NO_SIGNATURE_BYTES, network)),
  ]);
}
