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
 * The instances and the code of a pool's contracts and of those that the lending contract calls.
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
export async function livingEntries(
  rpc: RpcClient,
  pool: PoolParts,
): Promise<{ readonly ledger: number; readonly entries: readonly LivingEntry[] }> {
  const own = [
    [pool.poolContract, 'pool'],
    [pool.lendingContract, 'lending_contract'],
    [pool.tokenContract, 'token'],
  ] as const;
  const lender = lenderIn(
    await readEntries(rpc, [instanceKey(pool.lendingContract)]),
    pool.lendingContract,
  );
  const names = new Map<string, ContractName>([
    ...familyOf(pool.generation).linked(lender),
    // a contract that is several of them has the name that comes last
    ...own.toReversed(),
  ]);
  const instances = await readEntries(rpc, [...names.keys()].map(instanceKey));
  const hashes = await codeHashes(rpc, instancesIn(instances, [...names.keys()]));
  const keys = [...names].flatMap(([contract, name]) => {
    const hash = hashes.get(contract) ?? null;
    return [
      { contract, name, part: 'instance' as const, key: instanceKey(contract) },
      ...(hash === null ? [] : [{ contract, name, part: 'code' as const, key: codeKey(hash) }]),
    ];
  });
  const found = await readEntries(
    rpc,
    keys.map(({ key }) => key),
  );
  return {
    ledger: found.ledger,
    entries: keys.map((each) => ({ ...each, liveUntil: found.liveUntil(each.key) ?? null })),
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
