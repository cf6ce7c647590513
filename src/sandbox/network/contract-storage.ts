import { xdr } from '@stellar/stellar-sdk';
import type { CodeRegistry } from './code-registry.js';
import type { FootprintAccess } from './footprint.js';
import { missingValue } from './host-failure.js';
import { codeKey, contractDataEntry, contractDataKey, contractDataValue, instanceKey, instanceOf, instanceValue, storageName, type EntryKey } from './ledger-entries.js';
import type { StateOverlay } from './ledger-state.js';
import type { ContractCode, Durability } from '../contracts/host.js';
import { compareScVal } from '../contracts/scval.js';

/** The storage of one contract during one call, behind the footprint. */
export class ContractStorage {
  private readonly instance: EntryKey;

  constructor(readonly state: StateOverlay, private readonly access: FootprintAccess, private readonly contract: string) {
    this.instance = instanceKey(contract);
  }

  /** @throws HostFailure Error(Storage, MissingValue) when nothing is deployed at the address */
  code(registry: CodeRegistry): ContractCode {
    const { executable } = this.readInstance();
    if (executable.type !== 'contractExecutableWasm') throw missingValue();
    const hash = executable.value.toBytes();
    this.access.touch(codeKey(hash), 'read');
    const code = registry.find(hash);
    if (!code) throw missingValue();
    return code;
  }

  /**
   * @returns the hash of the code that was there before
   * @throws HostFailure Error(Storage, MissingValue) when no code of that hash is installed
   */
  replaceCode(registry: CodeRegistry, wasmHash: Uint8Array): Uint8Array {
    this.access.touch(codeKey(wasmHash), 'read');
    if (!registry.find(wasmHash)) throw missingValue();
    const { executable, storage } = this.readInstance();
    if (executable.type !== 'contractExecutableWasm') throw missingValue();
    this.access.touch(this.instance, 'write');
    this.state.put(this.instance.id, contractDataEntry(this.instance.key, instanceValue(wasmHash, storage ?? [])));
    return executable.value.toBytes();
  }

  read(durability: Durability, key: xdr.ScVal): xdr.ScVal | undefined {
    if (durability === 'instance') {
      const name = storageName(key);
      return this.readInstance().storage?.find((entry) => storageName(entry.key) === name)?.val;
    }
    const entry = contractDataKey(this.contract, key, durability);
    this.access.touch(entry, 'read');
    const stored = this.state.get(entry.id);
    return stored && contractDataValue(stored.data);
  }

  /** @param value null removes the key */
  write(durability: Durability, key: xdr.ScVal, value: xdr.ScVal | null): void {
    if (durability === 'instance') return this.writeInstance(key, value);
    const entry = contractDataKey(this.contract, key, durability);
    this.access.touch(entry, 'write');
    if (value) this.state.put(entry.id, contractDataEntry(entry.key, value));
    else this.state.remove(entry.id);
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
    const instance = new xdr.ScContractInstance({ executable, storage: sorted.length ? sorted : null });
    this.state.put(this.instance.id, contractDataEntry(this.instance.key, xdr.ScVal.scvContractInstance(instance)));
  }
}
