import type { xdr } from '@stellar/stellar-sdk';
import { isArchived, isTemporary } from './entry-lifetime.js';
import { entryBytes, isClassicKey } from './entry-size.js';
import { keyed } from './ledger-entries.js';
import type { EntryReader, StoredEntry } from './ledger-state.js';
import { PRICES, RESULT_BYTES } from './ledger-settings.js';

/** The declared resources that are charged for. */
export interface PricedResources {
  readonly instructions: number;
  /** Classic and restored entries: all other entries are in memory. */
  readonly diskReadEntries: number;
  readonly diskReadBytes: number;
  readonly writeEntries: number;
  readonly writeBytes: number;
  /** Bytes of the transaction without a fee bump around it. */
  readonly sizeBytes: number;
}

const KB = 1024n;
const INSTRUCTIONS_STEP = 10_000n;
/**
 * Bytes of the entry that stores another entry's lifetime: written when the lifetime begins or is
 * extended.
 */
const LIFETIME_ENTRY_BYTES = 48n;

const perStep = (amount: number | bigint, price: bigint, step: bigint): bigint =>
  (BigInt(amount) * price + step - 1n) / step;

/** Stroops for declared resources, charged even when they are not used. */
export function nonRefundableFee(resources: PricedResources): bigint {
  return (
    perStep(resources.instructions, PRICES.instructions, INSTRUCTIONS_STEP) +
    PRICES.diskReadEntry * BigInt(resources.diskReadEntries) +
    perStep(resources.diskReadBytes, PRICES.diskReadKb, KB) +
    PRICES.writeEntry * BigInt(resources.writeEntries) +
    perStep(resources.writeBytes, PRICES.writeKb, KB) +
    perStep(BigInt(resources.sizeBytes) + RESULT_BYTES, PRICES.historyKb, KB) +
    perStep(resources.sizeBytes, PRICES.bandwidthKb, KB)
  );
}

export function declaredResources(
  data: xdr.SorobanTransactionData,
  sizeBytes: number,
): PricedResources {
  const { footprint, instructions, diskReadBytes, writeBytes } = data.resources;
  const classic = [...footprint.readOnly, ...footprint.readWrite].filter(isClassicKey).length;
  return {
    instructions,
    diskReadBytes,
    writeBytes,
    sizeBytes,
    diskReadEntries: classic + restoreList(data).length,
    writeEntries: footprint.readWrite.length,
  };
}

/** Indices of read-write keys that the transaction restores. */
export const restoreList = (data: xdr.SorobanTransactionData): readonly number[] =>
  data.ext.type === 'resourceExt' ? data.ext.value.archivedSorobanEntries : [];

/** Stroops for events and the return value. */
export const eventsFee = (bytes: number): bigint => perStep(bytes, PRICES.eventsKb, KB);

/** Stroops of rent for entries that an invocation created, enlarged, extended or restored. */
export function rentFee(
  keys: readonly xdr.LedgerKey[],
  { before, after, ledger }: { before: EntryReader; after: EntryReader; ledger: number },
): bigint {
  let fee = 0n;
  let extensions = 0n;
  for (const key of keys) {
    const { id } = keyed(key);
    const [old, now] = [before.get(id), after.get(id)];
    if (now?.liveUntil === undefined) continue;
    const change = rentOf(old && !isArchived(old, ledger) ? old : undefined, now, ledger);
    fee += change.fee;
    if (change.extended) extensions++;
  }
  return (
    fee +
    PRICES.writeEntry * extensions +
    perStep(LIFETIME_ENTRY_BYTES * extensions, PRICES.writeKb, KB)
  );
}

function rentOf(
  old: StoredEntry | undefined,
  now: StoredEntry,
  ledger: number,
): { readonly fee: bigint; readonly extended: boolean } {
  const bytes = entryBytes(now.data);
  const until = now.liveUntil ?? 0;
  const rent = isTemporary(now.data) ? temporaryRent : persistentRent;
  if (!old) return { fee: rent(bytes, until - ledger + 1), extended: true };
  const growth = Math.max(0, bytes - entryBytes(old.data));
  const paidUntil = old.liveUntil ?? 0;
  return {
    fee: rent(growth, paidUntil - ledger + 1) + rent(bytes, Math.max(0, until - paidUntil)),
    extended: until > paidUntil,
  };
}

const persistentRent = (bytes: number, ledgers: number): bigint =>
  perStep(BigInt(bytes) * BigInt(ledgers), PRICES.rentKb, KB * PRICES.rentLedgers);
const temporaryRent = (bytes: number, ledgers: number): bigint =>
  perStep(BigInt(bytes) * BigInt(ledgers), PRICES.rentKb, KB * PRICES.temporaryRentLedgers);
