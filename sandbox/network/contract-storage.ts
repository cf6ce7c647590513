import { xdr, type Asset } from '@stellar/stellar-sdk';
import type { CodeRegistry } from './code-registry.js';
import { referredEntry, wasmHashOf } from './executable-reference.js';
import type { FootprintAccess } from './footprint.js';
import { codeOutsideFootprint, missingValue } from './host-failure.js';
import {
  codeKey,
  contractDataEntry,
  contractDataKey,
  contractDataValue,
  instanceKey,
  instanceOf,
  instanceValue,
  storageName,
  type EntryKey,
} from './ledger-entries.js';
import type { StateOverlay } from './ledger-state.js';
import { ASSET_LIFETIME_LEDGERS, ASSET_RENEWAL_LEDGERS } from './network-limits.js';
import { assetOf, trustlineEntry, trustlineHolding, trustlineKey } from './token-holdings.js';
import type { ContractCode, Durability } from '../contracts/host.js';
import { compareScVal } from '../contracts/scval.js';

/** The storage of one contract during one call, behind the footprint. */
export class ContractStorage {
  private readonly instance: EntryKey;
  private asset: Asset | null | undefined;

  constructor(
    readonly state: StateOverlay,
    private readonly access: FootprintAccess,
    private readonly contract: string,
  ) {
    this.instance = instanceKey(contract);
  }

  /**
   * @throws HostFailure Error(Storage, MissingValue) when no contract is deployed at the address
   */
  code(registry: CodeRegistry): ContractCode {
    const { executable } = this.readInstance();
    if (executable.type === 'contractExecutableStellarAsset' && registry.assetContract) {
      this.renewAsset();
      return registry.assetContract;
    }
    const referred = referredEntry(executable);
    if (referred) this.access.touch(referred, 'read');
    const hash = wasmHashOf(executable, this.state);
    if (!hash) throw missingValue();
    this.touchCode(hash);
    const code = registry.find(hash);
    if (!code) throw missingValue();
    return code;
  }

  /** Every call of an asset contract renews its instance, which it only reads. */
  private renewAsset(): void {
    const { ledger } = this.state;
    const left = (this.state.get(this.instance.id)?.liveUntil ?? 0) - ledger;
    if (left < ASSET_RENEWAL_LEDGERS)
      this.state.setLifetime(this.instance.id, ledger + ASSET_LIFETIME_LEDGERS);
  }

  /**
   * @returns what the instance named before
   * @throws HostFailure Error(Storage, MissingValue) when no code of that hash is installed
   */
  replaceCode(registry: CodeRegistry, wasmHash: Uint8Array): xdr.ContractExecutable {
    this.touchCode(wasmHash);
    if (!registry.find(wasmHash)) throw missingValue();
    const { executable, storage } = this.readInstance();
    if (executable.type === 'contractExecutableStellarAsset') throw missingValue();
    this.access.touch(this.instance, 'write');
    this.state.put(
      this.instance.id,
      contractDataEntry(this.instance.key, instanceValue(wasmHash, storage ?? [])),
    );
    return executable;
  }

  read(durability: Durability, key: xdr.ScVal): xdr.ScVal | undefined {
    if (durability === 'instance') {
      const name = storageName(key);
      return this.readInstance().storage?.find((entry) => storageName(entry.key) === name)?.val;
    }
    const trustline = this.trustline(key);
    const entry = trustline ?? contractDataKey(this.contract, key, durability);
    this.access.touch(entry, 'read');
    const stored = this.state.get(entry.id);
    return stored && (trustline ? trustlineHolding(stored.data) : contractDataValue(stored.data));
  }

  /** @param value null removes the key */
  write(durability: Durability, key: xdr.ScVal, value: xdr.ScVal | null): void {
    if (durability === 'instance') return this.writeInstance(key, value);
    const trustline = this.trustline(key);
    const entry = trustline ?? contractDataKey(this.contract, key, durability);
    this.access.touch(entry, 'write');
    if (value)
      this.state.put(
        entry.id,
        trustline ? trustlineEntry(trustline, value) : contractDataEntry(entry.key, value),
      );
    else this.state.remove(entry.id);
  }

  /** Where an asset contract keeps an account's holding: in its trustline. */
  private trustline(key: xdr.ScVal): EntryKey | undefined {
    if (this.asset === undefined) {
      const stored = this.state.get(this.instance.id);
      this.asset = (stored && assetOf(instanceOf(stored.data))) ?? null;
    }
    return this.asset ? trustlineKey(this.asset, key) : undefined;
  }

  private touchCode(hash: Uint8Array): void {
    const key = codeKey(hash);
    if (!this.access.allows(key, 'read')) throw codeOutsideFootprint(hash);
    this.access.touch(key, 'read');
  }

  private readInstance(): xdr.ScContractInstance {
    this.access.touch(this.instance, 'read');
    const stored = this.state.get(this.instance.id);
    if (!stored) throw missingValue();
    return instanceOf(stored.data);
  }

  /** The host keeps the map of an instance sorted by key. */
  private writeInstance(key: xdr.ScVal, value: xdr.ScVal | null): void {
    const { executable, storage } = this.readInstance();
    this.access.touch(this.instance, 'write');
    const name = storageName(key);
    const others = (storage ?? []).filter((entry) => storageName(entry.key) !== name);
    if (value) others.push(new xdr.ScMapEntry({ key, val: value }));
    const sorted = others.sort((one, other) => compareScVal(one.key, other.key));
    const instance = new xdr.ScContractInstance({
      executable,
      storage: sorted.length ? sorted : null,
    });
    this.state.put(
      this.instance.id,
      contractDataEntry(this.instance.key, xdr.ScVal.scvContractInstance(instance)),
    );
  }
}
