import { Address, xdr } from '@stellar/stellar-sdk';
import { unreachable } from './chain-trouble.js';
import type { NonceKey, NonceSighting } from './authorizations.js';
import { type LedgerEntries, nonceKey, readInBatches } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

const METHOD = 'getLedgerEntries';

/** @throws HoldfastError CHAIN_UNREACHABLE also for an entry that is not what was asked for */
export const readNonces = (
  rpc: RpcClient,
  list: readonly NonceKey[],
): Promise<readonly NonceSighting[]> =>
  readInBatches(rpc, list, {
    key: ({ address, nonce }) => nonceKey(address, nonce),
    found: (entries, { address, nonce }) => ({
      address,
      nonce,
      ledger: entries.ledger,
      spent: spentIn(entries, { address, nonce }),
    }),
  });

/**
 * An entry under the nonce's key shows that it was spent. An entry of another kind, or one whose
 * lifetime is over or absent, proves neither that nor the opposite.
 */
export function spentIn(
  entries: LedgerEntries,
  { address, nonce }: NonceKey,
): NonceSighting['spent'] {
  const key = nonceKey(address, nonce);
  const entry = entries.entry(key);
  if (entry === undefined) return null;
  const liveUntil = entries.liveUntil(key);
  if (!isNonce(entry, { address, nonce }) || liveUntil === undefined || liveUntil < entries.ledger)
    throw unreachable(
      METHOD,
      `the entry of the nonce ${nonce} of ${address} is not one of a nonce.`,
    );
  return { ledger: entries.lastModified(key) ?? null, liveUntil };
}

function isNonce(entry: xdr.LedgerEntryData, { address, nonce }: NonceKey): boolean {
  if (entry.type !== 'contractData') return false;
  const { contract, durability, key } = entry.value;
  return (
    key.type === 'scvLedgerKeyNonce' &&
    key.value.nonce === nonce &&
    durability.name === 'temporary' &&
    Address.fromScAddress(contract).toString() === address
  );
}
