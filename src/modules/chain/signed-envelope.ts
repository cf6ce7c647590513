import {
  StrKey,
  TransactionBuilder,
  xdr,
  type FeeBumpTransaction,
  type Transaction,
} from '@stellar/stellar-sdk';
import { canonicalBase64 } from '../../common/base64.js';
import { unreachable, decodeReply } from './chain-trouble.js';
import type { ExpectedSigned } from './chain.js';
import type { SignedCheck, SignedDifference } from './signed-check.js';
import type { AccountEntry } from './ledger-entries.js';
import { differencesOf, signatureDifferences, signs, weightTooLow } from './signed-differences.js';

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
      /** What the envelope's signatures by these signers weigh together. */
      readonly weightBy: (signers: AccountEntry['weights']) => number;
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
    weightBy: (signers) =>
      signers
        .filter(({ address }) =>
          signs(StrKey.decodeEd25519PublicKey(address), inner.signatures, bytes),
        )
        .reduce((sum, { weight }) => sum + weight, 0),
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
  // the SDK reads more forms than other nodes and the ledger do
  if (canonicalBase64(signedXdr) !== signedXdr) return null;
  try {
    return TransactionBuilder.fromXdr(signedXdr, networkPassphrase);
  } catch {
    return null;
  }
}

/** Judges the signatures by the account's current signers. Null: there is no such account. */
export function signedCheckOf(
  envelope: Extract<ReadEnvelope, { ok: true }>,
  account: AccountEntry | null,
  hash: string,
): SignedCheck {
  const weight = envelope.weightBy(account?.weights ?? []);
  if (!account || weight === 0)
    return {
      ok: false,
      reason: 'no_valid_signature',
      hash,
      differences: envelope.unsignedBy(account?.signers ?? []),
      sentence: account
        ? "No signature is by a current signer of the borrower's account on this network. Check " +
          'the key, and that the wallet signs for this network.'
        : "The borrower's account does not exist on the network, so no key can sign for it.",
    };
  const needed = account.mediumThreshold;
  if (weight + account.otherWeight >= needed)
    return { ok: true, feeBumpHash: envelope.feeBumpHash };
  return {
    ok: false,
    reason: 'weight_too_low',
    hash,
    differences: [],
    weight,
    needed,
    sentence: `${weightTooLow(weight, needed)} Let further signers sign the same XDR, and send it again.`,
  };
}
