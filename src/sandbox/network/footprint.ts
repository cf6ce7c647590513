import { xdr } from '@stellar/stellar-sdk';
import { footprintExceeded } from './host-failure.js';
import { keyed, type EntryKey } from './ledger-entries.js';

/** Watches the entries an invocation touches. `write` implies that it may be read. */
export interface FootprintAccess {
  /** @throws HostFailure Error(Storage, ExceededLimit) when the entry is outside what was declared */
  touch(entry: EntryKey, mode: 'read' | 'write'): void;
}

/** Simulation: takes everything down. */
export class RecordedFootprint implements FootprintAccess {
  private readonly reads = new Map<string, xdr.LedgerKey>();
  private readonly writes = new Map<string, xdr.LedgerKey>();

  touch(entry: EntryKey, mode: 'read' | 'write'): void {
    (mode === 'write' ? this.writes : this.reads).set(entry.id, entry.key);
  }
  footprint(): xdr.LedgerFootprint {
    const readOnly = [...this.reads].filter(([id]) => !this.writes.has(id)).map(([, key]) => key);
    return new xdr.LedgerFootprint({ readOnly, readWrite: [...this.writes.values()] });
  }
}

/** A ledger: only what the transaction declared. Declared keys that stay untouched are harmless (`stellar.md` A.6). */
export class DeclaredFootprint implements FootprintAccess {
  private readonly readable: ReadonlySet<string>;
  private readonly writable: ReadonlySet<string>;

  constructor(footprint: xdr.LedgerFootprint) {
    this.writable = new Set(footprint.readWrite.map((key) => keyed(key).id));
    this.readable = new Set([...footprint.readOnly.map((key) => keyed(key).id), ...this.writable]);
  }
  touch(entry: EntryKey, mode: 'read' | 'write'): void {
    if (!(mode === 'write' ? this.writable : this.readable).has(entry.id)) throw footprintExceeded();
  }
}

/** Setting up a model network writes past transactions and declares nothing. */
export const UNWATCHED: FootprintAccess = { touch: () => undefined };
