import type { xdr } from '@stellar/stellar-sdk';
import type { ContractName, PoolParts } from './chain.js';
import type { ContractLifetimes } from './lifetimes.js';
import { codeHashes } from './code-hashes.js';
import { codeKey } from './contract-code.js';
import { familyOf } from './families/families.js';
import { instanceKey, instancesIn, lenderIn, readEntries } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

/** An instance or the code of one of a pool's contracts. */
interface LivingEntry {
  readonly contract: string;
  readonly name: ContractName;
  readonly part: 'instance' | 'code';
  readonly key: xdr.LedgerKey;
  /** 0: archived; null: the node does not say. */
  readonly liveUntil: number | null;
}

/**
 * The instances and the code of a pool's contracts and of those that the lending contract calls,
 * each read once. `ledger` is of the oldest reply.
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
export async function livingEntries(
  rpc: RpcClient,
  pool: PoolParts,
): Promise<{ readonly ledger: number; readonly entries: readonly LivingEntry[] }> {
  // a contract that is several of them has the name that comes last
  const own = new Map<string, ContractName>([
    [pool.tokenContract, 'token'],
    [pool.lendingContract, 'lending_contract'],
    [pool.poolContract, 'pool'],
  ]);
  const first = await readEntries(rpc, [...own.keys()].map(instanceKey));
  const lender = lenderIn(first, pool.lendingContract);
  const others = new Map(
    familyOf(pool.generation)
      .linked(lender)
      .filter(([contract]) => !own.has(contract)),
  );
  const second =
    others.size > 0 ? await readEntries(rpc, [...others.keys()].map(instanceKey)) : first;
  const hashes = await codeHashes(
    rpc,
    new Map([...instancesIn(first, [...own.keys()]), ...instancesIn(second, [...others.keys()])]),
  );
  const codes = new Map(
    [...hashes].flatMap(([contract, hash]) =>
      hash === null ? [] : [[contract, codeKey(hash)] as const],
    ),
  );
  const third = codes.size > 0 ? await readEntries(rpc, [...codes.values()]) : second;
  return {
    ledger: Math.min(first.ledger, second.ledger, third.ledger),
    entries: [...own, ...others].flatMap(([contract, name]): LivingEntry[] => {
      const [key, code] = [instanceKey(contract), codes.get(contract)];
      const seen = own.has(contract) ? first : second;
      const entry = { contract, name, liveUntil: seen.liveUntil(key) ?? null };
      return [
        { ...entry, part: 'instance', key },
        ...(code
          ? [
              {
                ...entry,
                part: 'code' as const,
                key: code,
                liveUntil: third.liveUntil(code) ?? null,
              },
            ]
          : []),
      ];
    }),
  };
}

/** @throws HoldfastError CHAIN_UNREACHABLE */
export async function readLifetimes(rpc: RpcClient, pool: PoolParts): Promise<ContractLifetimes> {
  const { ledger, entries } = await livingEntries(rpc, pool);
  const codes = new Map(
    entries.flatMap((each) => (each.part === 'code' ? [[each.contract, each.liveUntil]] : [])),
  );
  return {
    ledger,
    contracts: entries.flatMap(({ contract, name, part, liveUntil }) =>
      part === 'instance'
        ? [{ contract, name, instanceUntil: liveUntil, codeUntil: codes.get(contract) ?? null }]
        : [],
    ),
  };
}
