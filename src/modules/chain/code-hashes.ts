import { xdr } from '@stellar/stellar-sdk';
import { decodeReply, unreachable } from './chain-trouble.js';
import { readEntries, type Instance } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

const METHOD = 'getLedgerEntries';

/**
 * The hash of the code that each contract runs, in hex; null for the asset contract, which has
 * none. From protocol 28 an instance may name its code by an entry of another contract
 * (docs/stellar.md#protocol-versions), which is read here: a change of that entry is an upgrade.
 * @throws HoldfastError CHAIN_UNREACHABLE also when such an entry names no code
 */
export async function codeHashes(
  rpc: RpcClient,
  instances: ReadonlyMap<string, Instance>,
): Promise<ReadonlyMap<string, string | null>> {
  const references = [...instances.values()].flatMap(({ executable }) =>
    executable.kind === 'reference' ? [executable.key] : [],
  );
  const entries = references.length === 0 ? null : await readEntries(rpc, references);
  return new Map(
    [...instances].map(([contract, { executable }]) => {
      if (executable.kind === 'wasm') return [contract, executable.hash];
      if (executable.kind === 'stellar_asset') return [contract, null];
      const entry = entries?.entry(executable.key);
      if (!entry)
        throw unreachable(
          METHOD,
          `the contract ${contract} names its code by an entry of ${executable.owner}, and the reply ` +
            'does not carry that entry.',
        );
      return [contract, hashIn(entry)];
    }),
  );
}

const hashIn = (entry: xdr.LedgerEntryData): string =>
  decodeReply(METHOD, () => {
    if (entry.type !== 'contractData' || entry.value.val.type !== 'scvBytes')
      throw new Error('the entry that a contract names its code by is no hash');
    return xdr.encodeBytes(entry.value.val.value.toBytes(), 'hex');
  });
