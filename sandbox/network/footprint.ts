import { xdr } from '@stellar/stellar-sdk';
import { isArchived } from './entry-lifetime.js';
import { dataOutsideFootprint } from './host-failure.js';
import { compareKeys } from './ledger-key-order.js';
import { keyed, type EntryKey } from './ledger-entries.js';
import type { EntryReader } from './ledger-state.js';

type Mode = 'read' | 'write';

/** Checks the entries that an invocation uses. `write` implies that it may be read. */
export interface FootprintAccess {
  allows(entry: EntryKey, mode: Mode): boolean;
  /** @throws HostFailure Error(Storage, ExceededLimit) when the entry was not declared */
  touch(entry: EntryKey, mode: Mode): void;
}

/** Simulation: records every entry. */
export class RecordedFootprint implements FootprintAccess {
  private readonly reads = new Map<string, xdr.LedgerKey>();
  private readonly writes = new Map<string, xdr.LedgerKey>();

  allows(): boolean {
    return true;
  }
  touch(entry: EntryKey, mode: Mode): void {
    (mode === 'write' ? this.writes : this.reads).set(entry.id, entry.key);
  }
  /**
   * In the host's order. An archived entry is restored, which is a write; `archived` are the
   * indices of those keys.
   */
  footprint(
    state: EntryReader,
    ledger: number,
  ): { readonly footprint: xdr.LedgerFootprint; readonly archived: readonly number[] } {
    const dead = (id: string): boolean => isArchived(state.get(id) ?? {}, ledger);
    const writes = new Map([...this.writes, ...[...this.reads].filter(([id]) => dead(id))]);
    const readOnly = [...this.reads]
      .filter(([id]) => !writes.has(id))
      .map(([, key]) => key)
      .sort(compareKeys);
    const readWrite = [...writes.values()].sort(compareKeys);
    return {
      footprint: new xdr.LedgerFootprint({ readOnly, readWrite }),
      archived: readWrite.flatMap((key, index) => (dead(keyed(key).id) ? [index] : [])),
    };
  }
}

/** In a ledger: only declared entries. A declared key that is not used adds only its size. */
export class DeclaredFootprint implements FootprintAccess {
  private readonly readable: ReadonlySet<string>;
  private readonly writable: ReadonlySet<string>;

  constructor(footprint: xdr.LedgerFootprint) {
    this.writable = new Set(footprint.readWrite.map((key) => keyed(key).id));
    this.readable = new Set([...footprint.readOnly.map((key) => keyed(key).id), ...this.writable]);
  }
  allows(entry: EntryKey, mode: Mode): boolean {
    return (mode === 'write' ? this.writable : this.readable).has(entry.id);
  }
  touch(entry: EntryKey, mode: Mode): void {
    if (!this.allows(entry, mode))
      throw dataOutsideFootprint(
        entry.key,
        mode === 'write' ? 'put_contract_data' : 'get_contract_data',
      );
  }
}

/** Setting up a model network writes past transactions and declares nothing. */
export const UNWATCHED: FootprintAccess = { allows: () => true, touch: () => undefined };
