import type { ContractCode, Profile } from '../contracts/host.js';
import { sha256 } from './ledger-entries.js';

/** Gives the contracts of a profile, by name. */
export type CodeSource = (profile: Profile, decimals: number) => ReadonlyMap<string, ContractCode>;
export interface InstalledCode { readonly profile: Profile; readonly decimals: number }

/** Finds the code an instance entry names by its wasm hash. The hash names the model's code and changes with profile and decimals. */
export class CodeRegistry {
  private readonly codes = new Map<string, ContractCode>();
  constructor(private readonly source: CodeSource) {}

  /** Makes the contracts of a profile runnable; harmless when they already are. */
  install({ profile, decimals }: InstalledCode): void {
    for (const code of this.source(profile, decimals).values()) this.codes.set(this.wasmHash(profile, decimals, code.name).toString('hex'), code);
  }
  wasmHash(profile: Profile, decimals: number, name: string): Buffer { return sha256(`holdfast model contract ${name} ${profile} ${decimals}`); }
  find(wasmHash: Uint8Array): ContractCode | undefined { return this.codes.get(Buffer.from(wasmHash).toString('hex')); }
}
