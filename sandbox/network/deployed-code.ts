import type { xdr } from '@stellar/stellar-sdk';
import { type Generation, generationOf } from '../contracts/generations.js';
import type { ContractCode } from '../contracts/host.js';
import { type InstalledCode } from './code-registry.js';
import { wasmHashOf } from './executable-reference.js';
import { instanceKey, instanceOf, storageName } from './ledger-entries.js';
import type { LocalChain } from './local-chain.js';

/** The code that runs at an address now; undefined for an asset contract. */
export function codeAt(chain: LocalChain, contract: string): ContractCode | undefined {
  const hash = hashAt(chain, contract);
  return hash && chain.code.find(hash);
}

/** Which generation runs at an address now: an upgrade may have changed it. */
export function generationAt(chain: LocalChain, contract: string): Generation | undefined {
  const hash = hashAt(chain, contract);
  const installed = hash && chain.code.installedAs(hash);
  return installed && generationOf(installed);
}

/** A value of a contract's instance. */
export function instanceField(
  chain: LocalChain,
  contract: string,
  key: xdr.ScVal,
): xdr.ScVal | undefined {
  const stored = chain.state.get(instanceKey(contract).id);
  return stored
    ? instanceOf(stored.data).storage?.find((entry) => storageName(entry.key) === storageName(key))
        ?.val
    : undefined;
}

function hashAt({ state }: LocalChain, contract: string): Uint8Array | undefined {
  const stored = state.get(instanceKey(contract).id);
  return (stored && wasmHashOf(instanceOf(stored.data).executable, state)) ?? undefined;
}

/** Whether two installations are of the same contracts, whatever their revisions. */
export const isLike = (one: InstalledCode, other: InstalledCode): boolean =>
  one.profile === other.profile &&
  one.decimals === other.decimals &&
  generationOf(one) === generationOf(other);
