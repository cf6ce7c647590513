import type { ContractCode } from '../../sandbox/contracts/host.js';
import { contractCode } from '../../sandbox/contracts/registry.js';
import { CodeRegistry } from '../../sandbox/network/code-registry.js';
import { sha256 } from '../../sandbox/network/ledger-entries.js';
import type { RecordedGeneration, Recording } from './recorded.js';

/**
 * The contracts that are compared with the recording: the generation's, unless a test shows that
 * others fail.
 */
export type Code = ReturnType<typeof contractCode>;
export const codeOf = (generation: RecordedGeneration): Code =>
  contractCode('stepfi', 7, generation);
/** Whose code the pool of each story gets at its end. */
const UPGRADED_TO: Readonly<Record<RecordedGeneration, RecordedGeneration>> = {
  g1: 'g2',
  g2: 'g3',
  g3: 'g2',
};

export const TOKEN_CODE = sha256('the modelled token');
export const ROLES = [
  'token',
  'parameters',
  'reputation',
  'vendorRegistry',
  'pool',
  'creditline',
] as const;
type Role = (typeof ROLES)[number];
export const CODE_NAMES: Readonly<Record<Role, ContractCode['name']>> = {
  token: 'token',
  parameters: 'parameters',
  reputation: 'reputation',
  vendorRegistry: 'vendor_registry',
  pool: 'pool',
  creditline: 'creditline',
};

/**
 * The modelled contracts under the hashes of the recorded code, so that instance entries and
 * footprints have the recorded bytes.
 */
export class RecordedCode extends CodeRegistry {
  private readonly byHash = new Map<string, ContractCode>();

  constructor({ contracts, generation }: Pick<Recording, 'contracts' | 'generation'>, code: Code) {
    super(() => code);
    for (const role of ROLES)
      this.put(contracts[role]?.wasmHash ?? TOKEN_CODE.toString('hex'), code.get(CODE_NAMES[role]));
    const upgraded = contracts['poolUpgradedTo']?.wasmHash;
    if (upgraded !== undefined) this.put(upgraded, codeOf(UPGRADED_TO[generation]).get('pool'));
  }
  override find(hash: Uint8Array): ContractCode | undefined {
    return this.byHash.get(Buffer.from(hash).toString('hex'));
  }
  private put(hash: string, code: ContractCode | undefined): void {
    if (!code) throw new Error('the registry lacks a contract of the recording');
    this.byHash.set(hash, code);
  }
}
