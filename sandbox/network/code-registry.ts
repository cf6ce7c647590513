import type { ContractCode, Profile } from '../contracts/host.js';
import { sha256 } from './ledger-entries.js';

/** Gives the contracts of a profile, by name. */
export type CodeSource = (profile: Profile, decimals: number) => ReadonlyMap<string, ContractCode>;
export interface InstalledCode {
  readonly profile: Profile;
  readonly decimals: number;
  /** raised by each upgrade; absent: 0 */
  readonly revision?: number;
}

/**
 * Finds the code an instance entry names by its wasm hash. The hash names the model's code and
 * changes with
 * profile, decimals and revision.
 */
export class CodeRegistry {
  private readonly codes = new Map<string, ContractCode>();
  private asset: ContractCode | undefined;
  constructor(private readonly source: CodeSource) {}

  /**
   * The code of asset contracts, which is part of the host: no instance names it, and no footprint
   * has it.
   */
  get assetContract(): ContractCode | undefined {
    return this.asset;
  }

  /** Makes the contracts of a profile runnable; harmless when they already are. */
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
