import type { ChannelState } from './authorizations.js';
import type { AccountSequence } from './chain.js';
import { type AccountEntry, accountIn, accountKey, readInBatches } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

/** By address, what the reply that carried an account says of it; null: no such account. */
async function readAccounts<Found>(
  rpc: RpcClient,
  addresses: readonly string[],
  of: (address: string, account: AccountEntry | null, ledger: number) => Found,
): Promise<ReadonlyMap<string, Found>> {
  const found = await readInBatches(rpc, [...new Set(addresses)], {
    key: accountKey,
    found: (entries, address): [string, Found] => [
      address,
      of(address, accountIn(entries, address), entries.ledger),
    ],
  });
  return new Map(found);
}

/** Sequences of many accounts, each with the ledger of the reply that carried it. */
export const readSequences = (
  rpc: RpcClient,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, AccountSequence>> =>
  readAccounts(rpc, addresses, (_, account, ledger) => ({
    ledger,
    sequence: account?.sequence ?? null,
  }));

export const readChannels = (
  rpc: RpcClient,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, ChannelState>> =>
  readAccounts(rpc, accounts, (account, found, ledger) => ({
    account,
    ledger,
    sequence: found?.sequence ?? null,
    balance: found?.balance ?? null,
  }));
