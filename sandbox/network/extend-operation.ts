import { xdr } from '@stellar/stellar-sdk';
import { isArchived } from './entry-lifetime.js';
import { keyed } from './ledger-entries.js';
import { MAX_LIFETIME } from './ledger-settings.js';
import type { EntryReader, StateOverlay } from './ledger-state.js';
import { rentFee } from './resource-fees.js';

export interface ExtendOutcome {
  readonly failure?: 'Malformed' | 'InsufficientRefundableFee';
  /** Stroops. */
  readonly rent: bigint;
}

/** Keys of live entries whose lifetime ends before that ledger. */
export const extendable = (
  keys: readonly xdr.LedgerKey[],
  state: EntryReader,
  { ledger, until }: { ledger: number; until: number },
): readonly xdr.LedgerKey[] =>
  keys.filter((key) => {
    const entry = state.get(keyed(key).id);
    return entry?.liveUntil !== undefined && !isArchived(entry, ledger) && entry.liveUntil < until;
  });

/** @returns the rent, stroops */
export function extendEntries(
  keys: readonly xdr.LedgerKey[],
  state: StateOverlay,
  { ledger, until }: { ledger: number; until: number },
): bigint {
  const work = state.nested();
  for (const key of extendable(keys, state, { ledger, until }))
    work.setLifetime(keyed(key).id, until);
  const rent = rentFee(keys, { before: state, after: work, ledger });
  work.mergeInto(state);
  return rent;
}

/**
 * The operation that extends the lifetimes of the entries in its read-only footprint. It skips
 * archived entries, and those with a longer lifetime.
 * @param refundable stroops
 */
export function applyExtend(
  { extendTo }: xdr.ExtendFootprintTtlOp,
  data: xdr.SorobanTransactionData,
  { state, ledger, refundable }: { state: StateOverlay; ledger: number; refundable: bigint },
): ExtendOutcome {
  const { readOnly, readWrite } = data.resources.footprint;
  if (readWrite.length > 0 || extendTo > MAX_LIFETIME - 1)
    return { failure: 'Malformed', rent: 0n };
  const work = state.nested();
  const rent = extendEntries(readOnly, work, { ledger, until: ledger + extendTo });
  if (rent > refundable) return { failure: 'InsufficientRefundableFee', rent: 0n };
  work.mergeInto(state);
  return { rent };
}

export const extendResult = (failure: ExtendOutcome['failure']): xdr.OperationResultTr =>
  xdr.OperationResultTr.extendFootprintTtl(
    xdr.ExtendFootprintTtlResult[`extendFootprintTtl${failure ?? 'Success'}`](),
  );
