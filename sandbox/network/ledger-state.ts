import type { xdr } from '@stellar/stellar-sdk';
import { isTemporary, lifetimeAfterWrite, type EntryLifetime } from './entry-lifetime.js';
import {
  accountEntry,
  accountFacts,
  accountKey,
  type AccountFacts,
  type EntryKey,
} from './ledger-entries.js';

export interface StoredEntry extends EntryLifetime {
  readonly data: xdr.LedgerEntryData;
  /** The ledger of the last change. */
  readonly modified: number;
}
export interface EntryReader {
  get(id: string): StoredEntry | undefined;
}
/** Entry id to its new content, null when it was removed. */
export type EntryChanges = ReadonlyMap<string, StoredEntry | null>;

/** How many ledgers back the state is known, which limits how far a node may lag. */
const REMEMBERED_LEDGERS = 300;
interface Undo {
  readonly ledger: number;
  readonly before: ReadonlyMap<string, StoredEntry | undefined>;
}

/** The entries after the last closed ledger and, for some ledgers, after earlier ones. */
export class LedgerState implements EntryReader {
  private readonly entries = new Map<string, StoredEntry>();
  /** Temporary entries, with the last ledger of each. */
  private readonly temporary = new Map<string, number>();
  /** Oldest first. */
  private readonly undo: Undo[] = [];

  get(id: string): StoredEntry | undefined {
    return this.entries.get(id);
  }
  all(): IterableIterator<[string, StoredEntry]> {
    return this.entries.entries();
  }
  /** Temporary entries whose lifetime ends before a ledger: it removes them. */
  endedBefore(ledger: number): string[] {
    return [...this.temporary].flatMap(([id, until]) => (until < ledger ? [id] : []));
  }
  /** The least ledger that `at` can return; Infinity: only the last one. */
  get oldestRemembered(): number {
    return (this.undo[0]?.ledger ?? Infinity) - 1;
  }
  clear(): void {
    this.entries.clear();
    this.temporary.clear();
    this.undo.length = 0;
  }
  /** Entries as they were after a ledger. */
  at(ledger: number): EntryReader {
    const later = this.undo.filter((undo) => undo.ledger > ledger);
    return {
      get: (id) => {
        const undo = later.find(({ before }) => before.has(id));
        return undo ? undo.before.get(id) : this.entries.get(id);
      },
    };
  }
  /** @param ledger absent: a starting point with no earlier state */
  apply(changes: EntryChanges, ledger?: number): void {
    if (ledger !== undefined) {
      this.undo.push({
        ledger,
        before: new Map([...changes.keys()].map((id) => [id, this.entries.get(id)])),
      });
      if (this.undo.length > REMEMBERED_LEDGERS) this.undo.shift();
    }
    for (const [id, entry] of changes) {
      if (entry) this.entries.set(id, entry);
      else this.entries.delete(id);
      if (entry?.liveUntil !== undefined && isTemporary(entry.data))
        this.temporary.set(id, entry.liveUntil);
      else if (!entry) this.temporary.delete(id);
    }
  }
}

/**
 * Writes buffered over another reader. Dropping the overlay rolls them back; merging it into its
 * parent commits them.
 */
export class StateOverlay implements EntryReader {
  private readonly written = new Map<string, StoredEntry | null>();

  /**
   * @param ledger sequence that writes are stamped with
   * @param leastLifetime least lifetime of new and restored entries; absent: the network's own
   */
  constructor(
    private readonly parent: EntryReader,
    readonly ledger: number,
    readonly leastLifetime?: number,
  ) {}

  get(id: string): StoredEntry | undefined {
    const own = this.written.get(id);
    return own === undefined ? this.parent.get(id) : (own ?? undefined);
  }
  put(id: string, data: xdr.LedgerEntryData): void {
    this.written.set(
      id,
      storedEntry(
        data,
        this.ledger,
        lifetimeAfterWrite(data, this.get(id), this.ledger, this.leastLifetime),
      ),
    );
  }
  /** Sets only the last ledger of an entry's lifetime; without such an entry it does nothing. */
  setLifetime(id: string, liveUntil: number): void {
    const entry = this.get(id);
    if (entry?.liveUntil !== undefined) this.written.set(id, { ...entry, liveUntil });
  }
  remove(id: string): void {
    this.written.set(id, null);
  }
  changes(): EntryChanges {
    return this.written;
  }
  nested(): StateOverlay {
    return new StateOverlay(this, this.ledger, this.leastLifetime);
  }
  mergeInto(target: StateOverlay): void {
    for (const [id, entry] of this.written) target.written.set(id, entry);
  }
  /** The entry before this overlay. */
  before(id: string): StoredEntry | undefined {
    return this.parent.get(id);
  }

  account(address: string): AccountFacts | undefined {
    return readAccount(this, accountKey(address));
  }
  putAccount(address: string, facts: AccountFacts): void {
    this.put(accountKey(address).id, accountEntry(address, facts));
  }
}

export const storedEntry = (
  data: xdr.LedgerEntryData,
  modified: number,
  liveUntil: number | undefined,
): StoredEntry => ({ data, modified, ...(liveUntil !== undefined && { liveUntil }) });

export function readAccount(reader: EntryReader, key: EntryKey): AccountFacts | undefined {
  const entry = reader.get(key.id);
  return entry && accountFacts(entry.data);
}
