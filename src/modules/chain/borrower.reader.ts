import type { AccountSequence } from './chain.js';
import { accountIn, accountKey, readEntries } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

/** Most keys of one getLedgerEntries (docs/stellar.md#get-ledger-entries). */
const KEYS_MAX = 200;

/** Sequences of many accounts, each with the ledger of the reply that carried it. */
export async function readSequences(
  rpc: RpcClient,
  addresses: readonly string[],
): Promise<Map<string, AccountSequence>> {
  const found = new Map<string, AccountSequence>();
  const asked = [...new Set(addresses)];
  for (let from = 0; from < asked.length; from += KEYS_MAX) {
    const part = asked.slice(from, from + KEYS_MAX);
    const entries = await readEntries(rpc, part.map(accountKey));
    for (const address of part)
      found.set(address, {
        ledger: entries.ledger,
        sequence: accountIn(entries, address)?.sequence ?? null,
      });
  }
  return found;
}
