import { Address, xdr } from '@stellar/stellar-sdk';
import { unreachable } from './chain-trouble.js';
import type { ChannelState, NonceKey, NonceSighting } from './authorizations.js';
import {
  accountIn,
  accountKey,
  type LedgerEntries,
  nonceKey,
  readEntries,
} from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

const METHOD = 'getLedgerEntries';
/** Most keys of one getLedgerEntries (docs/stellar.md#get-ledger-entries). */
const KEYS_MAX = 200;

/** One reply for each batch of keys. */
async function inBatches<Item, Found>(
  rpc: RpcClient,
  items: readonly Item[],
  of: {
    readonly key: (item: Item) => xdr.LedgerKey;
    readonly found: (entries: LedgerEntries, item: Item) => Found;
  },
): Promise<Found[]> {
  const found: Found[] = [];
  for (let from = 0; from < items.length; from += KEYS_MAX) {
    const part = items.slice(from, from + KEYS_MAX);
    const entries = await readEntries(rpc, part.map(of.key));
    found.push(...part.map((item) => of.found(entries, item)));
  }
  return found;
}

/** @throws HoldfastError CHAIN_UNREACHABLE also for an entry that is not what was asked for */
export const readNonces = (
  rpc: RpcClient,
  list: readonly NonceKey[],
): Promise<readonly NonceSighting[]> =>
  inBatches(rpc, list, {
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

export async function readChannels(
  rpc: RpcClient,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, ChannelState>> {
  const states = await inBatches(rpc, [...new Set(accounts)], {
    key: accountKey,
    found: (entries, account): ChannelState => {
      const found = accountIn(entries, account);
      return {
        account,
        ledger: entries.ledger,
        sequence: found?.sequence ?? null,
        balance: found?.balance ?? null,
      };
    },
  });
  return new Map(states.map((state) => [state.account, state]));
}
