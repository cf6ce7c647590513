import { xdr } from '@stellar/stellar-sdk';
import { lifetimeAfterWrite } from './entry-lifetime.js';
import { base64, sha256 } from './ledger-entries.js';
import { headerHash, ledgerHeader } from './ledger-header.js';
import type { LedgerMarks } from './ledger-history.js';
import type { BaseLine, LedgerLine } from './ledger-log.js';
import { storedEntry, type EntryChanges, type StoredEntry } from './ledger-state.js';
import type { TransactionRecord } from './transaction-apply.js';

/** What a closed ledger did, in the form the log and the history keep. */
export function ledgerLine(
  place: { readonly sequence: number; readonly closeTime: number; readonly previousHash: string },
  marks: LedgerMarks,
  changes: EntryChanges,
  transactions: readonly TransactionRecord[],
): LedgerLine {
  const { sequence, closeTime, previousHash } = place;
  const written = [...changes].map(([id, entry]): [string, string | null, number?] =>
    entry?.liveUntil === undefined
      ? [id, entry && base64(entry.data)]
      : [id, base64(entry.data), entry.liveUntil],
  );
  const content = sha256(
    JSON.stringify([written, transactions.map((record) => [record.hash, record.result])]),
  ).toString('hex');
  const hash = headerHash(ledgerHeader({ sequence, closeTime, previousHash, content, ...marks }));
  return {
    sequence,
    closeTime,
    hash,
    content,
    ...marks,
    ...(written.length && { changes: written }),
    ...(transactions.length && { transactions }),
  };
}

/** Marks of a line, without the fields that are absent. */
export const marksOf = ({ goingRates, protocolVersion }: LedgerMarks): LedgerMarks => ({
  ...(goingRates && { goingRates }),
  ...(protocolVersion !== undefined && { protocolVersion }),
});

/** What a line, or the base of a compacted log, writes. */
export function changesOf(line: LedgerLine | BaseLine): EntryChanges {
  if ('base' in line)
    return new Map(
      line.base.map(([id, data, modified, liveUntil]) => [id, entryOf(data, modified, liveUntil)]),
    );
  return new Map(
    (line.changes ?? []).map(([id, data, liveUntil]): [string, StoredEntry | null] => [
      id,
      data === null ? null : entryOf(data, line.sequence, liveUntil),
    ]),
  );
}

/** The first line of a compacted log. */
export const baseOf = (entries: Iterable<[string, StoredEntry]>): BaseLine['base'] =>
  [...entries].map(([id, { data, modified, liveUntil }]): BaseLine['base'][number] =>
    liveUntil === undefined
      ? [id, base64(data), modified]
      : [id, base64(data), modified, liveUntil],
  );

/**
 * An entry as it was stored. A log of an older version has no lifetimes, so they begin with the
 * last change.
 */
function entryOf(data: string, modified: number, liveUntil: number | undefined): StoredEntry {
  const decoded = xdr.LedgerEntryData.fromXdr(data, 'base64');
  return storedEntry(
    decoded,
    modified,
    liveUntil ?? lifetimeAfterWrite(decoded, undefined, modified),
  );
}
