import { Logger } from '@nestjs/common';
import { Address, xdr } from '@stellar/stellar-sdk';
import { asError } from '../../common/errors.js';
import { unreachable } from './chain-trouble.js';
import type { NonceKey, NonceSighting } from './authorizations.js';
import { type LedgerEntries, nonceKey, readInBatches } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

const log = new Logger('chain');
const METHOD = 'getLedgerEntries';

/**
 * Without those whose entry is not what was asked for: it proves nothing, and must not keep the
 * others of its reply from being known.
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
export async function readNonces(
  rpc: RpcClient,
  list: readonly NonceKey[],
): Promise<readonly NonceSighting[]> {
  const found = await readInBatches(rpc, list, {
    key: ({ address, nonce }) => nonceKey(address, nonce),
    found: (entries, { address, nonce }) => {
      try {
        const spent = spentIn(entries, { address, nonce });
        return [{ address, nonce, ledger: entries.ledger, spent }];
      } catch (thrown) {
        log.warn({ err: asError(thrown) }, 'the nonce of an authorization could not be read');
        return [];
      }
    },
  });
  return found.flat();
}

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
