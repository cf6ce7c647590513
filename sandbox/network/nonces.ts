import { Address, xdr } from '@stellar/stellar-sdk';
import type { AuthorizationPlace } from './authorization.js';
import { authFailure, outsideOfFootprint } from './host-failure.js';
import { contractDataEntry, contractDataKey, type EntryKey } from './ledger-entries.js';
import { MIN_TEMPORARY_LIFETIME } from './ledger-settings.js';

export const nonceKey = (address: string, nonce: bigint): EntryKey =>
  contractDataKey(address, xdr.ScVal.scvLedgerKeyNonce(new xdr.ScNonceKey({ nonce })), 'temporary');

/**
 * Stores a nonce as a temporary entry, which lives until the signature expires and at least as long
 * as the network keeps temporary entries.
 * @throws HostFailure when it is spent, or outside of the footprint
 */
export function spendNonce(
  spent: { readonly address: string; readonly nonce: bigint; readonly until: number },
  place: AuthorizationPlace,
): void {
  const { address, nonce, until } = spent;
  const holder = new Address(address).toScVal();
  const entry = nonceKey(address, nonce);
  if (!place.access.allows(entry, 'write')) {
    const [first, raised] = outsideOfFootprint(holder, nonce);
    place.noteError(first.error, first.data);
    throw raised;
  }
  place.access.touch(entry, 'write');
  if (place.state.get(entry.id))
    throw authFailure('scecExistingValue', 'nonce already exists for address', holder);
  place.state.put(entry.id, contractDataEntry(entry.key, xdr.ScVal.scvVoid()));
  place.state.setLifetime(entry.id, Math.max(until, place.ledger + MIN_TEMPORARY_LIFETIME - 1));
}
