import type { xdr } from '@stellar/stellar-sdk';
import { type Generation, generationOf } from '../contracts/generations.js';
import { accountContract } from '../contracts/account.contract.js';
import type { ContractCode, Profile } from '../contracts/host.js';
import { codeEntry, codeKey, sha256, type EntryKey } from './ledger-entries.js';
import type { EntryReader } from './ledger-state.js';
import { modelWasm } from './model-wasm.js';

/** Gives the contracts of a profile, by name. */
export type CodeSource = (
  profile: Profile,
  decimals: number,
  generation: Generation,
) => ReadonlyMap<string, ContractCode>;
export interface InstalledCode {
  readonly profile: Profile;
  readonly decimals: number;
  /** Absent: the one that the profile names. */
  readonly generation?: Generation | undefined;
  /** raised by each upgrade; absent: 0 */
  readonly revision?: number;
  /** Hex of the code's hashes when it was installed, by contract. */
  readonly hashes?: Readonly<Record<string, string>> | undefined;
}

interface Installed {
  readonly code: ContractCode;
  /** null: the contract account, which belongs to no deployment. */
  readonly of: InstalledCode | null;
  /** Of the hash that its module has now; absent for a hash from an older version of the model. */
  readonly entry?: { readonly key: EntryKey; readonly data: xdr.LedgerEntryData };
}

/**
 * Finds the code that an instance entry names by its wasm hash. As on every network the hash is
 * that of the module's bytes. It changes with the model, so a chain notes the hashes of its code
 * and finds it by them later.
 */
export class CodeRegistry {
  private readonly codes = new Map<string, Installed>();
  private asset: ContractCode | undefined;
  constructor(private readonly source: CodeSource) {}

  /**
   * The code of asset contracts, which is part of the host: no instance names it, and it is in no
   * footprint.
   */
  get assetContract(): ContractCode | undefined {
    return this.asset;
  }

  /**
   * Makes the contracts of a profile runnable; repeating it is harmless.
   * @returns the same with its hashes, to be noted
   */
  install(installed: InstalledCode): InstalledCode {
    const hashes: Record<string, string> = { ...installed.hashes };
    const noted = { ...installed, hashes };
    for (const code of this.contracts(installed).values()) {
      const label = labelOf(installed, code.name);
      const wasm = modelWasm(code, label);
      const hash = sha256(wasm);
      const entry = { key: codeKey(hash), data: codeEntry(hash, wasm) };
      // an older version of this network named code by a hash of its label
      for (const earlier of [hashes[code.name], sha256(label).toString('hex')])
        if (earlier !== undefined) this.codes.set(earlier, { code, of: noted });
      this.codes.set(hash.toString('hex'), { code, of: noted, entry });
      hashes[code.name] ??= hash.toString('hex');
      if (code.name === 'token') this.asset ??= code;
    }
    return noted;
  }
  /**
   * Makes contract accounts runnable; repeating it is harmless.
   * @param noted the hash by which they were made, hex
   * @returns the hash that new ones have
   */
  installAccount(noted?: string): Buffer {
    const wasm = modelWasm(accountContract, 'holdfast model contract account');
    const hash = sha256(wasm);
    const entry = { key: codeKey(hash), data: codeEntry(hash, wasm) };
    if (noted !== undefined) this.codes.set(noted, { code: accountContract, of: null });
    this.codes.set(hash.toString('hex'), { code: accountContract, of: null, entry });
    return hash;
  }
  private contracts(installed: InstalledCode): ReadonlyMap<string, ContractCode> {
    return this.source(installed.profile, installed.decimals, generationOf(installed));
  }
  wasmHash(installed: InstalledCode, name: string): Buffer {
    const code = this.contracts(installed).get(name);
    if (!code) throw new Error(`no such contract: ${name}`);
    return sha256(modelWasm(code, labelOf(installed, name)));
  }
  find(wasmHash: Uint8Array): ContractCode | undefined {
    return this.codes.get(Buffer.from(wasmHash).toString('hex'))?.code;
  }
  /** The installation that a hash is of. */
  installedAs(wasmHash: Uint8Array): InstalledCode | undefined {
    return this.codes.get(Buffer.from(wasmHash).toString('hex'))?.of ?? undefined;
  }

  /** Code entries that a state lacks. */
  lackedBy(state: EntryReader): { readonly key: EntryKey; readonly data: xdr.LedgerEntryData }[] {
    return [...this.codes.values()].flatMap(({ entry }) =>
      entry && !state.get(entry.key.id) ? [entry] : [],
    );
  }
}

/** The generation that the profile names has no part in it, so that older chains keep their hashes. */
function labelOf(installed: InstalledCode, name: string): string {
  const { profile, decimals, revision = 0 } = installed;
  const generation = generationOf(installed);
  return [
    `holdfast model contract ${name} ${profile} ${decimals}`,
    ...(generation === generationOf({ profile }) ? [] : [`generation ${generation}`]),
    ...(revision > 0 ? [`revision ${revision}`] : []),
  ].join(' ');
}
