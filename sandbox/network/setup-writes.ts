import { xdr } from '@stellar/stellar-sdk';
import type { CodeRegistry, InstalledCode } from './code-registry.js';
import { ContractStorage } from './contract-storage.js';
import { UNWATCHED } from './footprint.js';
import {
  assetInstanceValue,
  contractDataEntry,
  instanceKey,
  instanceValue,
} from './ledger-entries.js';
import { ASSET_DECIMALS } from './token-holdings.js';
import type { StateOverlay } from './ledger-state.js';
import type { DeployedContract, StateChange } from '../contracts/deploy.js';

/** Writes contracts into the state as deployment and initialisation would have left them. */
export function writeDeployment(
  state: StateOverlay,
  contracts: readonly DeployedContract[],
  code: { registry: CodeRegistry; installed: InstalledCode },
): void {
  const { registry, installed } = code;
  writeCode(state, registry);
  for (const { name, contract, instance, persistent } of contracts) {
    const entry = instanceKey(contract);
    const storage = instance.map(({ key, value }) => new xdr.ScMapEntry({ key, val: value }));
    const isAsset = name === 'token' && installed.decimals === ASSET_DECIMALS;
    const value = isAsset
      ? assetInstanceValue(storage)
      : instanceValue(registry.wasmHash(installed, name), storage);
    state.put(entry.id, contractDataEntry(entry.key, value));
    const storageOf = new ContractStorage(state, UNWATCHED, contract);
    for (const { key, value } of persistent) storageOf.write('persistent', key, value);
  }
}

/** Puts the code that is installed into the state. */
export function writeCode(state: StateOverlay, registry: CodeRegistry): void {
  for (const { key, data } of registry.lackedBy(state)) state.put(key.id, data);
}

export function writeChanges(state: StateOverlay, changes: readonly StateChange[]): void {
  for (const { contract, durability, key, next } of changes) {
    const storage = new ContractStorage(state, UNWATCHED, contract);
    storage.write(durability, key, next(storage.read(durability, key)));
  }
}
