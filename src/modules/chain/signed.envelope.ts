import { Keypair, TransactionBuilder, xdr, type FeeBumpTransaction, type Transaction } from '@stellar/stellar-sdk';
import { unreachable, understood } from './chain.trouble.js';
import type { SignedCheck } from './chain.js';

export type ReadEnvelope =
  | { readonly ok: true; /** Whether one of the envelope's signatures is by one of these G addresses. */ readonly signedBy: (signers: readonly string[]) => boolean }
  | Extract<SignedCheck, { ok: false }>;

/**
 * Reads a signed XDR and compares its hash with the stored one. Signatures are not part of the hash, so the signed envelope must have it unchanged (`stellar.md` C.3).
 * A fee bump is refused for now, although its inner hash would match: matching it comes with "The judge".
 */
export function readEnvelope(signedXdr: string, networkPassphrase: string, hash: string): ReadEnvelope {
  const parsed = parse(signedXdr, networkPassphrase);
  if (!parsed) return { ok: false, reason: 'not_xdr', sentence: 'This is not the base64 XDR of a transaction envelope.' };
  if ('innerTransaction' in parsed) {
    return { ok: false, reason: 'other_transaction', sentence: 'This is a fee bump. Submit the funding transaction itself, signed as it was handed out.' };
  }
  const bytes = parsed.hash();
  if (xdr.encodeBytes(bytes, 'hex') !== hash) {
    return { ok: false, reason: 'other_transaction', sentence: 'This is not the funding transaction of this loan: its hash differs. Sign the XDR exactly as it was handed out; tools that simulate again or set new time bounds change it.' };
  }
  return {
    ok: true,
    signedBy: (signers) => signers.some((signer) => {
      const key = Keypair.fromPublicKey(signer);
      return parsed.signatures.some(({ signature }) => key.verify(bytes, signature));
    }),
  };
}

/** @throws HoldfastError CHAIN_UNREACHABLE when the node called it a fee bump and gave no such envelope */
export function innerHashOf(envelopeXdr: string | undefined, networkPassphrase: string): string {
  return understood('getTransaction', () => {
    const parsed = envelopeXdr === undefined ? null : TransactionBuilder.fromXdr(envelopeXdr, networkPassphrase);
    if (!parsed || !('innerTransaction' in parsed)) throw unreachable('getTransaction', 'a fee bump came without its envelope.');
    return xdr.encodeBytes(parsed.innerTransaction.hash(), 'hex');
  });
}

function parse(signedXdr: string, networkPassphrase: string): Transaction | FeeBumpTransaction | null {
  try {
    return TransactionBuilder.fromXdr(signedXdr, networkPassphrase);
  } catch {
    return null;
  }
}

export const noValidSignature = (accountExists: boolean): SignedCheck => ({
  ok: false, reason: 'no_valid_signature',
  sentence: accountExists
    ? 'No signature is by a current signer of the borrower\'s account on this network. Check the key, and that the wallet signs for this network.'
    : 'The borrower\'s account does not exist on the network, so nobody can sign for it.',
});
