import { authorizeEntry, type Keypair, TransactionBuilder, xdr } from '@stellar/stellar-sdk';
import type { Schema } from '../client/holdfast-client.js';

/** What `POST /loans` gives to sign. The other one is null or absent. */
export interface Signable {
  readonly transaction?: { readonly xdr: string; readonly networkPassphrase: string } | null;
  readonly authorization?: {
    readonly entryXdr: string;
    readonly expirationLedger: number;
    readonly networkPassphrase: string;
  } | null;
}

/**
 * Signs what the service returned, exactly as it is.
 * @returns the body of `POST /loans/:id/submission`
 * @throws Error when there is nothing to sign
 */
export async function signOffer(
  { transaction, authorization }: Signable,
  key: Keypair,
): Promise<Schema<'Submission'>> {
  if (transaction) {
    const envelope = TransactionBuilder.fromXDR(transaction.xdr, transaction.networkPassphrase);
    envelope.sign(key);
    return { signedXdr: envelope.toXDR() };
  }
  if (!authorization) throw new Error('There is nothing to sign in this answer.');
  const entry = await authorizeEntry(
    xdr.SorobanAuthorizationEntry.fromXdr(authorization.entryXdr, 'base64'),
    key,
    authorization.expirationLedger,
    authorization.networkPassphrase,
  );
  return { signedAuthorization: entry.toXdr('base64') };
}
