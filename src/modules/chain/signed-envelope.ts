import {
  Keypair,
  TransactionBuilder,
  xdr,
  type FeeBumpTransaction,
  type Transaction,
} from '@stellar/stellar-sdk';
import { unreachable, decodeReply } from './chain-trouble.js';
import type { ExpectedSigned } from './chain.js';
import type { SignedCheck, SignedDifference } from './signed-check.js';
import { differencesOf, signatureDifferences, signs } from './signed-differences.js';

const OTHER =
  'This is not the funding transaction of this loan: its hash differs. Sign the XDR ' +
  'exactly as it was handed out; tools that simulate again or set new time bounds change ' +
  'it.';
const OTHER_INSIDE =
  'This is a fee bump around another transaction: the hash of the one inside is not that ' +
  "of this loan's funding transaction. Wrap the XDR that was handed out, signed and " +
  'otherwise unchanged.';

export type ReadEnvelope =
  | {
      readonly ok: true;
      readonly feeBumpHash: string | null;
      /** Whether one of the envelope's signatures is by one of these G addresses. */
      readonly signedBy: (signers: readonly string[]) => boolean;
      /** Why none of them signed it. */
      readonly unsignedBy: (signers: readonly string[]) => readonly SignedDifference[];
    }
  | Extract<SignedCheck, { ok: false }>;

/**
 * Compares a signed XDR's hash with the stored one; signatures do not change it
 * (docs/stellar.md#submission-proves-nothing). For a fee bump, the inner transaction's hash,
 * signatures and time bounds count (docs/stellar.md#signed-transactions).
 */
export function readEnvelope(
  signedXdr: string,
  networkPassphrase: string,
  expected: ExpectedSigned,
): ReadEnvelope {
  const parsed = parse(signedXdr, networkPassphrase);
  if (!parsed)
    return {
      ok: false,
      reason: 'not_xdr',
      sentence: 'This is not the base64 XDR of a transaction envelope.',
      hash: null,
      differences: [],
    };
  const [inner, bump] =
    'innerTransaction' in parsed ? [parsed.innerTransaction, parsed] : [parsed, null];
  const bytes = inner.hash();
  const hash = xdr.encodeBytes(bytes, 'hex');
  if (hash !== expected.hash)
    return {
      ok: false,
      reason: 'other_transaction',
      sentence: bump ? OTHER_INSIDE : OTHER,
      hash,
      differences: allDifferences(inner, networkPassphrase, expected),
    };
  return {
    ok: true,
    feeBumpHash: bump && xdr.encodeBytes(bump.hash(), 'hex'),
    signedBy: (signers) =>
      signers.some((signer) => signs(Keypair.fromPublicKey(signer), inner.signatures, bytes)),
    unsignedBy: (signers) => signatureDifferences(inner, signers, networkPassphrase),
  };
}

/**
 * Differences from the issued transaction, and a missing or foreign-network signature. Other
 * signature faults need the account, which is not read for another transaction.
 */
function allDifferences(
  received: Transaction,
  networkPassphrase: string,
  { xdr: issuedXdr, source }: ExpectedSigned,
): SignedDifference[] {
  const issued = issuedXdr === undefined ? null : parse(issuedXdr, networkPassphrase);
  if (!issued || 'innerTransaction' in issued) return [];
  const signed = signatureDifferences(received, [source], networkPassphrase).filter(
    ({ field, received: by }) => (field === 'network' ? by !== null : by === null),
  );
  return [...signed, ...differencesOf(received, issued)];
}

/**
 * Hex.
 * @throws HoldfastError CHAIN_UNREACHABLE when the node reported a fee bump without its envelope
 */
export const innerHashOf = (envelopeXdr: string | undefined, networkPassphrase: string): string =>
  decodeReply('getTransaction', () =>
    xdr.encodeBytes(bumpIn(envelopeXdr, networkPassphrase).innerTransaction.hash(), 'hex'),
  );
/** The fee bump's own hash, which its events carry. */
export const outerHashOf = (envelopeXdr: string | undefined, networkPassphrase: string): string =>
  decodeReply('getTransaction', () =>
    xdr.encodeBytes(bumpIn(envelopeXdr, networkPassphrase).hash(), 'hex'),
  );

function bumpIn(envelopeXdr: string | undefined, networkPassphrase: string): FeeBumpTransaction {
  const parsed =
    envelopeXdr === undefined ? null : TransactionBuilder.fromXdr(envelopeXdr, networkPassphrase);
  if (!parsed || !('innerTransaction' in parsed))
    throw unreachable('getTransaction', 'a fee bump came without its envelope.');
  return parsed;
}

function parse(
  signedXdr: string,
  networkPassphrase: string,
): Transaction | FeeBumpTransaction | null {
  try {
    return TransactionBuilder.fromXdr(signedXdr, networkPassphrase);
  } catch {
    return null;
  }
}

export const noValidSignature = ({
  accountExists,
  ...rest
}: {
  readonly accountExists: boolean;
  readonly hash: string;
  readonly differences: readonly SignedDifference[];
}): SignedCheck => ({
  ok: false,
  reason: 'no_valid_signature',
  ...rest,
  sentence: accountExists
    ? "No signature is by a current signer of the borrower's account on this network. Check " +
      'the key, and that the wallet signs for this network.'
    : "The borrower's account does not exist on the network, so no key can sign for it.",
});
