import type { xdr } from '@stellar/stellar-sdk';

/** Bytes around the entry's own data: ledger of the last change and an empty extension. */
const ENVELOPE_BYTES = 8;
/** Bytes that simulation adds for the extensions that an account may have. */
export const ACCOUNT_SLACK_BYTES = 52;

const sizes = new WeakMap<xdr.LedgerEntryData, number>();

/** Bytes of a ledger entry as a validator counts them: its XDR. */
export function entryBytes(data: xdr.LedgerEntryData): number {
  const known = sizes.get(data) ?? data.toXdr().length + ENVELOPE_BYTES;
  sizes.set(data, known);
  return known;
}

/** Accounts, trustlines and their data: read from disk, without rent. */
export const isClassicKey = (key: xdr.LedgerKey): boolean =>
  key.type === 'account' || key.type === 'trustline' || key.type === 'data';
