import type { BrokenLink, PoolParts } from './chain.js';
import { codeHashes } from './code-hashes.js';
import type { ContractCodeReader } from './contract-code.js';
import type { LinkCheck } from './families/contract-family.js';
import { familyOf } from './families/families.js';
import { instanceKey, instancesIn, lenderIn, poolIn, readEntries } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

/**
 * The links that every loan of a pool needs and that are missing or wrong: by the addresses that
 * the contracts keep, and by the functions in the code of the contracts that they name.
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
export async function brokenLinks(
  rpc: RpcClient,
  codes: ContractCodeReader,
  pool: PoolParts,
): Promise<readonly BrokenLink[]> {
  const own = [...new Set([pool.poolContract, pool.lendingContract])];
  const entries = await readEntries(rpc, own.map(instanceKey));
  const checks = familyOf(pool.generation).linkChecks(pool, {
    pool: poolIn(entries, pool.poolContract),
    lending_contract: lenderIn(entries, pool.lendingContract),
  });
  const answers = await answering(rpc, codes, checks);
  return checks.flatMap(({ refusal, callee, lost = null }) =>
    callee && answers(callee) ? [] : [{ refusal, lost }],
  );
}

/** Code that the node does not carry, or that describes no function, is not known to be wrong. */
async function answering(
  rpc: RpcClient,
  codes: ContractCodeReader,
  checks: readonly LinkCheck[],
): Promise<(callee: NonNullable<LinkCheck['callee']>) => boolean> {
  const contracts = [...new Set(checks.flatMap(({ callee }) => callee?.contract ?? []))];
  if (contracts.length === 0) return () => false;
  const entries = await readEntries(rpc, contracts.map(instanceKey));
  const hashes = await codeHashes(rpc, instancesIn(entries, contracts));
  const known = await codes.read([...hashes.values()].filter((hash) => hash !== null));
  return ({ contract, function: name }) => {
    const hash = hashes.get(contract);
    if (!hash) return false;
    const functions = known.get(hash)?.functions;
    return !functions?.size || functions.has(name);
  };
}
