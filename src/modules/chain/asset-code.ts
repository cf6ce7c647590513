import { instanceIn, instanceKey, readEntries } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

/** Of what anybody may write there: letters and digits first, and nothing that a page would run. */
const PRINTABLE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
const NATIVE = 'native';

/**
 * The symbol that a token keeps in its instance, where the Stellar Asset Contract and the tokens made
 * after its model have it (docs/stellar.md#token-balance).
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
export async function readAssetCode(rpc: RpcClient, token: string): Promise<string | null> {
  const entries = await readEntries(rpc, [instanceKey(token)]);
  return assetCodeOf(instanceIn(entries, token)?.storage.get('METADATA'));
}

export function assetCodeOf(metadata: unknown): string | null {
  const symbol: unknown =
    typeof metadata === 'object' && metadata !== null && 'symbol' in metadata
      ? metadata.symbol
      : undefined;
  if (symbol === NATIVE) return 'XLM';
  return typeof symbol === 'string' && PRINTABLE.test(symbol) ? symbol : null;
}
