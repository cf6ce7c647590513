import type { ContractCode, Profile } from '../contracts/host.js';
import { sha256 } from './ledger-entries.js';

/** Returns the contracts of a profile, by name. */
export type CodeSource = (profile: Profile, decimals: number) => ReadonlyMap<string, ContractCode>;
export interface InstalledCode {
  readonly profile: Profile;
  readonly decimals: number;
  /** Each upgrade raises it; absent: 0. */
  readonly revision?: number;
}

/**
 * Finds the code that an instance entry names by its wasm hash. The hash changes with profile,
 * decimals and revision.
 */
export class CodeRegistry {
  private readonly codes = new Map<string, ContractCode>();
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
    for (const code of this.source(installed.profile, installed.decimals).values()) {
      this.codes.set(this.wasmHash(installed, code.name).toString('hex'), code);
      if (code.name === 'token') this.asset ??= code;
    }
  }
  wasmHash({ profile, decimals, revision = 0 }: InstalledCode, name: string): Buffer {
    return sha256(
      `holdfast model contract ${name} ${profile} ${decimals}${revision > 0 ? ` revision ${revision}` : ''}`,
    );
  }
  find(wasmHash: Uint8Array): ContractCode | undefined {
    return this.codes.get(Buffer.from(wasmHash).toString('hex'));
  }
}
