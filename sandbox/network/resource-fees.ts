import type { xdr } from '@stellar/stellar-sdk';
import { isArchived } from './entry-life.js';
import { entryBytes, isClassicKey } from './entry-size.js';
import { keyed } from './ledger-entries.js';
import type { EntryReader, StoredEntry } from './ledger-state.js';
import { PRICES, RESULT_BYTES } from './ledger-settings.js';

/** What a transaction declares that it will use, as far as it is paid for. */
export interface PricedResources {
  readonly instructions: number;
  /** Classic and restored entries: everything else is in memory. */
  readonly diskReadEntries: number;
  readonly diskReadBytes: number;
  readonly writeEntries: number;
  readonly writeBytes: number;
  /** Bytes of the transaction without a fee bump around it. */
  readonly sizeBytes: number;
}

const KB = 1024n;
const INSTRUCTIONS_STEP = 10_000n;
/** Entry that says how long another one lives: written when a life begins or is prolonged. */
const LIFE_ENTRY_BYTES = 48n;

const perStep = (amount: number | bigint, price: bigint, step: bigint): bigint =>
  (BigInt(amount) * price + step - 1n) / step;

/** Stroops for declared resources: charged whether they are used or not. */
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

/** Stroops of rent for what an invocation created, let grow, prolonged or restored. */
export function rentFee(
  keys: readonly xdr.LedgerKey[],
  { before, after, ledger }: { before: EntryReader; after: EntryReader; ledger: number },
): bigint {
  let fee = 0n;
  let lives = 0n;
  for (const key of keys) {
    const { id } = keyed(key);
    const [old, now] = [before.get(id), after.get(id)];
    if (now?.liveUntil === undefined) continue;
    const change = rentOf(old && !isArchived(old, ledger) ? old : undefined, now, ledger);
    fee += change.fee;
    if (change.prolonged) lives++;
  }
  return fee + PRICES.writeEntry * lives + perStep(LIFE_ENTRY_BYTES * lives, PRICES.writeKb, KB);
}

function rentOf(
  old: StoredEntry | undefined,
  now: StoredEntry,
  ledger: number,
): { readonly fee: bigint; readonly prolonged: boolean } {
  const bytes = entryBytes(now.data);
  const until = now.liveUntil ?? 0;
  if (!old) return { fee: rent(bytes, until - ledger + 1), prolonged: true };
  const growth = Math.max(0, bytes - entryBytes(old.data));
  const paidUntil = old.liveUntil ?? 0;
  return {
    fee: rent(growth, paidUntil - ledger + 1) + rent(bytes, Math.max(0, until - paidUntil)),
    prolonged: until > paidUntil,
  };
}

const rent = (bytes: number, ledgers: number): bigint =>
  perStep(BigInt(bytes) * BigInt(ledgers), PRICES.rentKb, KB * PRICES.rentLedgers);
