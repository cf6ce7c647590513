import type { xdr } from '@stellar/stellar-sdk';
import { type Generation, generationOf } from '../contracts/generations.js';
import type { ContractCode, Profile } from '../contracts/host.js';
import { base64, codeEntry, codeKey, sha256, type EntryKey } from './ledger-entries.js';
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
}

interface Installed {
  readonly code: ContractCode;
  readonly hash: Buffer;
  readonly label: string;
  readonly of: InstalledCode;
  /** Made when it is first asked for. */
  wasm?: xdr.LedgerEntryData;
}

/**
 * Finds the code that an instance entry names by its wasm hash. The hash changes with profile,
 * decimals and revision. It is not the hash of the code entry's bytes, so that a chain on disk
 * still finds its code after the model has changed.
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

  /** Makes the contracts of a profile runnable; repeating it is harmless. */
  install(installed: InstalledCode): void {
    for (const code of this.contracts(installed).values()) {
      const label = labelOf(installed, code.name);
      const hash = sha256(label);
      this.codes.set(hash.toString('hex'), { code, hash, label, of: installed });
      if (code.name === 'token') this.asset ??= code;
    }
  }
  private contracts(installed: InstalledCode): ReadonlyMap<string, ContractCode> {
    return this.source(installed.profile, installed.decimals, generationOf(installed));
  }
  wasmHash(installed: InstalledCode, name: string): Buffer {
    return sha256(labelOf(installed, name));
  }
  find(wasmHash: Uint8Array): ContractCode | undefined {
    return this.codes.get(Buffer.from(wasmHash).toString('hex'))?.code;
  }
  /** The installation that a hash is of. */
  installedAs(wasmHash: Uint8Array): InstalledCode | undefined {
    return this.codes.get(Buffer.from(wasmHash).toString('hex'))?.of;
  }

  /** Code entries that a state lacks, or has from an older version of the model. */
  lackedBy(state: EntryReader): { readonly key: EntryKey; readonly data: xdr.LedgerEntryData }[] {
    return [...this.codes.values()].flatMap((installed) => {
      const key = codeKey(installed.hash);
      const data = (installed.wasm ??= codeEntry(
        installed.hash,
        modelWasm(installed.code, installed.label),
      ));
      const present = state.get(key.id)?.data;
      const same = present === data || (present && base64(present) === base64(data));
      return same ? [] : [{ key, data }];
    });
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
