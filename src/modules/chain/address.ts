import { StrKey } from '@stellar/stellar-sdk';

/** What a caller may send as an address. Checksums included. */
export type AddressKind = 'account' | 'contract' | 'muxed' | 'none';

/**
 * The kind of an address, checksum included. It never throws, so that HTTP can validate with it and
 * stays free of the SDK.
 */
export function addressKind(text: string): AddressKind {
  if (StrKey.isValidEd25519PublicKey(text)) return 'account';
  if (StrKey.isValidContract(text)) return 'contract';
  return StrKey.isValidMed25519PublicKey(text) ? 'muxed' : 'none';
}
