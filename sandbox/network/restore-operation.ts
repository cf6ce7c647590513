import { xdr } from '@stellar/stellar-sdk';
import { isArchived } from './entry-lifetime.js';
import { entryBytes } from './entry-size.js';
import { keyed } from './ledger-entries.js';
import { MIN_PERSISTENT_LIFETIME } from './ledger-settings.js';
import type { StateOverlay } from './ledger-state.js';
import { rentFee } from './resource-fees.js';

export interface RestoreOutcome {
  readonly failure?: 'ResourceLimitExceeded' | 'InsufficientRefundableFee';
  /** Stroops. */
  readonly rent: bigint;
}
/** Keys of a footprint whose entries are archived, and the bytes to read and to write back. */
export interface Restorable {
  readonly keys: readonly xdr.LedgerKey[];
  readonly bytes: number;
}

export function restorable(
  keys: readonly xdr.LedgerKey[],
  state: StateOverlay,
  ledger: number,
): Restorable {
  const archived = keys.flatMap((key) => {
    const stored = state.get(keyed(key).id);
    return stored && isArchived(stored, ledger) ? [{ key, bytes: entryBytes(stored.data) }] : [];
  });
  return {
    keys: archived.map(({ key }) => key),
    bytes: archived.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/**
 * A restored entry gets the network's least lifetime; an entry with a new lifetime keeps it.
 * @returns the rent, stroops
 */
export function restoreEntries(
  keys: readonly xdr.LedgerKey[],
  state: StateOverlay,
  ledger: number,
): bigint {
  const work = state.nested();
  const lifetime = state.leastLifetime ?? MIN_PERSISTENT_LIFETIME;
  for (const key of keys) {
    const { id } = keyed(key);
    if (isArchived(work.get(id) ?? {}, ledger)) work.setLifetime(id, ledger + lifetime - 1);
  }
  const rent = rentFee(keys, { before: state, after: work, ledger });
  work.mergeInto(state);
  return rent;
}

/**
 * The operation that restores the archived entries of its read-write footprint and leaves live
 * entries unchanged.
 * @param refundable stroops
 */
export function applyRestore(
  data: xdr.SorobanTransactionData,
  state: StateOverlay,
  { ledger, refundable }: { ledger: number; refundable: bigint },
): RestoreOutcome {
  const { footprint, diskReadBytes, writeBytes } = data.resources;
  const { keys, bytes } = restorable(footprint.readWrite, state, ledger);
  if (bytes > diskReadBytes || bytes > writeBytes)
    return { failure: 'ResourceLimitExceeded', rent: 0n };
  const work = state.nested();
  const rent = restoreEntries(keys, work, ledger);
  if (rent > refundable) return { failure: 'InsufficientRefundableFee', rent: 0n };
  work.mergeInto(state);
  return { rent };
}

export const restoreResult = (failure: RestoreOutcome['failure']): xdr.OperationResultTr =>
  xdr.OperationResultTr.restoreFootprint(
    xdr.RestoreFootprintResult[`restoreFootprint${failure ?? 'Success'}`](),
  );
