import { inspectAuthEntry, nativeToScVal, StrKey, xdr } from '@stellar/stellar-sdk';
import { isSignatureBy } from '../../common/ed25519.js';
import { canonicalBase64 } from '../../common/base64.js';
import { preimageOf } from './authorization-entry.js';
import type { AuthorizationCheck, SignedAuthorization } from './authorizations.js';
import type { AccountEntry } from './ledger-entries.js';
import type { SignedDifference } from './signed-check.js';
import { otherNetwork, weightTooLow } from './signed-differences.js';

/** Most signatures that the host takes for one account. */
export const SIGNATURES_MAX = 20;

/** One signature over an authorization's hash; `signer` null: not said whose. */
export interface AuthorizationSignature {
  readonly signer: string | null;
  readonly signature: Uint8Array;
}
/** `entry` null: a bare signature over the issued entry's hash. */
export interface ReadAuthorization {
  readonly entry: xdr.SorobanAuthorizationEntry | null;
  readonly bare: AuthorizationSignature | null;
}

const SIGNATURE_BYTES = 64;
const HEX = /^(?:0x)?([0-9a-f]{128})$/i;

/** Null: neither an entry nor a signature, or a signer that is no G address. */
export function readAuthorization({
  signed,
  signer,
}: SignedAuthorization): ReadAuthorization | null {
  if (signer !== undefined && !StrKey.isValidEd25519PublicKey(signer)) return null;
  const hex = HEX.exec(signed.replaceAll(/\s/g, ''))?.[1];
  const bytes = hex === undefined ? bytesOf(signed) : Buffer.from(hex, 'hex');
  if (bytes?.length === SIGNATURE_BYTES)
    return { entry: null, bare: { signer: signer ?? null, signature: bytes } };
  if (!bytes) return null;
  try {
    return { entry: xdr.SorobanAuthorizationEntry.fromXdr(bytes), bare: null };
  } catch {
    return null;
  }
}
function bytesOf(text: string): Buffer | null {
  const canonical = canonicalBase64(text);
  return canonical === null ? null : Buffer.from(canonical, 'base64');
}

/** The signature value that accounts of the network take: a list sorted by key. */
export const accountSignature = (
  signatures: readonly { readonly key: Uint8Array; readonly signature: Uint8Array }[],
): xdr.ScVal =>
  xdr.ScVal.scvVec(
    signatures
      .toSorted((a, b) => Buffer.compare(a.key, b.key))
      .map(({ key, signature }) =>
        nativeToScVal(
          { public_key: key, signature },
          { type: { public_key: ['symbol', null], signature: ['symbol', null] } },
        ),
      ),
  );

/** The signatures that an entry carries; null: none, or of another shape. */
export const signaturesIn = (
  entry: xdr.SorobanAuthorizationEntry,
): readonly AuthorizationSignature[] | null =>
  inspectAuthEntry(entry).signers[0]?.signatures?.map(({ publicKey, signature }) => ({
    signer: publicKey,
    signature,
  })) ?? null;

export type Weighed =
  { readonly ok: true; readonly signature: xdr.ScVal } | Extract<AuthorizationCheck, { ok: false }>;

/** The issued entry, and the account that has to have signed it. */
export interface SigningAccount {
  readonly issued: xdr.SorobanAuthorizationEntry;
  readonly expirationLedger: number;
  readonly networkPassphrase: string;
  readonly account: AccountEntry;
}

/**
 * Verifies signatures by the account's current signers and adds up their weights. The value that
 * comes out has only valid ones, in the host's order.
 */
export function weigh(signatures: readonly AuthorizationSignature[], of: SigningAccount): Weighed {
  const { account } = of;
  const payload = payloadOn(of, of.networkPassphrase);
  const valid = account.weights.flatMap(({ address, weight }) => {
    const signature = signatureBy(address, payload, signatures);
    return signature ? [{ key: StrKey.decodeEd25519PublicKey(address), weight, signature }] : [];
  });
  if (valid.length === 0) return notSigned(faultOf(signatures, of));
  const weight = valid.reduce((sum, each) => sum + each.weight, 0);
  const needed = account.mediumThreshold;
  if (weight < needed)
    return {
      ok: false,
      reason: 'weight_too_low',
      weight,
      needed,
      differences: [],
      sentence:
        `${weightTooLow(weight, needed)} Send the signatures of further signers together with ` +
        'these.',
    };
  return { ok: true, signature: accountSignature(valid) };
}

export const notSigned = (difference: SignedDifference): Extract<Weighed, { ok: false }> => ({
  ok: false,
  reason: 'not_signed',
  sentence: `The signature ${difference.message}.`,
  differences: [difference],
});

const payloadOn = (
  { issued, expirationLedger }: SigningAccount,
  networkPassphrase: string,
): Uint8Array => preimageOf(issued, expirationLedger, networkPassphrase).payload;

const signatureBy = (
  address: string,
  payload: Uint8Array,
  signatures: readonly AuthorizationSignature[],
): Uint8Array | undefined =>
  signatures.find(
    ({ signer, signature }) =>
      (signer ?? address) === address &&
      isSignatureBy(StrKey.decodeEd25519PublicKey(address), payload, signature),
  )?.signature;

/** Why none of the signatures counts. */
function faultOf(
  signatures: readonly AuthorizationSignature[],
  of: SigningAccount,
): SignedDifference {
  const expected = of.account.weights.map(({ address }) => address).join(', ') || null;
  if (signatures.length === 0)
    return {
      field: 'signature',
      expected,
      received: null,
      message: 'is missing: the authorization is not signed',
    };
  const other = otherNetwork(of.networkPassphrase, (passphrase) => {
    const payload = payloadOn(of, passphrase);
    return of.account.weights.some(({ address }) => signatureBy(address, payload, signatures));
  });
  if (other !== undefined)
    return {
      field: 'network',
      expected: of.networkPassphrase,
      received: other,
      message: 'is for another network',
    };
  const named = signatures.flatMap(({ signer }) => signer ?? []).join(', ') || null;
  const known = named !== null && of.account.weights.some(({ address }) => named.includes(address));
  return {
    field: 'signature',
    expected,
    received: named,
    message: known
      ? "is not over this authorization's hash"
      : 'is not by a current signer of the account',
  };
}
