import { Address, xdr } from '@stellar/stellar-sdk';
import {
  contractDataEntry,
  contractDataKey,
  contractDataValue,
  instanceKey,
  instanceOf,
  type EntryKey,
} from './ledger-entries.js';
import type { EntryReader, StateOverlay } from './ledger-state.js';

type Executable = xdr.ScContractInstance['executable'];

/** The protocol version from which an instance may name its code by reference (CAP-85). */
export const REFERENCES_SINCE = 28;
const TAG = 'code';

/** The entry of another contract that names the code, when it is named by reference. */
export function referredEntry(executable: Executable): EntryKey | null {
  if (executable.type !== 'contractExecutableExternalRef') return null;
  const { executableOwner, tag } = executable.value;
  const owner = Address.fromScAddress(executableOwner).toString();
  return contractDataKey(owner, xdr.ScVal.scvExecutableTag(tag), 'persistent');
}

/** Hash of the code, also where another contract's entry names it; null: there is none. */
export function wasmHashOf(executable: Executable, state: EntryReader): Uint8Array | null {
  if (executable.type === 'contractExecutableWasm') return executable.value.toBytes();
  const entry = referredEntry(executable);
  const stored = entry && state.get(entry.id);
  const value = stored && contractDataValue(stored.data);
  return value?.type === 'scvBytes' ? value.value.toBytes() : null;
}

/** An executable as the event of its change names it. */
export function executableValue(executable: Executable): xdr.ScVal {
  const name = (text: string): xdr.ScVal => xdr.ScVal.scvSymbol(text);
  switch (executable.type) {
    case 'contractExecutableWasm':
      return xdr.ScVal.scvVec([name('Wasm'), xdr.ScVal.scvBytes(executable.value.toBytes())]);
    case 'contractExecutableStellarAsset':
      return xdr.ScVal.scvVec([name('StellarAsset')]);
    case 'contractExecutableExternalRef': {
      const { executableOwner, tag } = executable.value;
      const reference = [
        new xdr.ScMapEntry({ key: name('owner'), val: xdr.ScVal.scvAddress(executableOwner) }),
        new xdr.ScMapEntry({ key: name('tag'), val: xdr.ScVal.scvString(tag) }),
      ];
      return xdr.ScVal.scvVec([name('ExternalRef'), xdr.ScVal.scvMap(reference)]);
    }
  }
}

/** The instance names its code through an entry of that owner, which names this code. */
export function referTo(
  owner: string,
  wasmHash: Uint8Array,
  { state, contract }: { state: StateOverlay; contract: string },
): void {
  const executable = xdr.ContractExecutable.contractExecutableExternalRef(
    new xdr.ContractExecutableExternalRef({
      executableOwner: new Address(owner).toScAddress(),
      tag: TAG,
    }),
  );
  const entry = referredEntry(executable);
  if (entry) state.put(entry.id, contractDataEntry(entry.key, xdr.ScVal.scvBytes(wasmHash)));
  replaceExecutable(executable, { state, contract });
}

/** The instance names its code by hash, as before protocol 28. */
export function nameDirectly(
  wasmHash: Uint8Array,
  place: { state: StateOverlay; contract: string },
): void {
  replaceExecutable(xdr.ContractExecutable.contractExecutableWasm(wasmHash), place);
}

function replaceExecutable(
  executable: Executable,
  { state, contract }: { state: StateOverlay; contract: string },
): void {
  const entry = instanceKey(contract);
  const stored = state.get(entry.id);
  if (!stored) throw new Error(`no instance of ${contract}`);
  const { storage } = instanceOf(stored.data);
  const instance = new xdr.ScContractInstance({ executable, storage });
  state.put(entry.id, contractDataEntry(entry.key, xdr.ScVal.scvContractInstance(instance)));
}

/**
 * Bytes of an entry up to the type of its executable: entry, extension, contract, key, durability,
 * value.
 */
const BEFORE_EXECUTABLE = 4 + 4 + 36 + 4 + 4 + 4;
/** No protocol version knows it. */
const UNKNOWN_TYPE = 9;

/** The entry of an instance as a later protocol version may write it: an SDK cannot read it. */
export function withUnknownExecutable(entry: string): string {
  const bytes = Buffer.from(entry, 'base64');
  bytes.writeInt32BE(UNKNOWN_TYPE, BEFORE_EXECUTABLE);
  return bytes.toString('base64');
}
