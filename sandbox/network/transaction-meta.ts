import { xdr } from '@stellar/stellar-sdk';
import { diagnosticEvent, type Diagnostic } from './host-failure.js';
import type { StateOverlay, StoredEntry } from './ledger-state.js';

interface MetaParts {
  /** Per operation. */
  readonly changes: readonly xdr.LedgerEntryChange[][];
  readonly events: readonly xdr.ContractEvent[][];
  readonly diagnostics: readonly Diagnostic[];
  readonly returnValue?: xdr.ScVal | undefined;
  /** Resource fees of a contract call; absent for classic transactions. */
  readonly charged?: ResourceCharge | undefined;
}
/** Stroops. Rent is part of the refundable fee. */
interface ResourceCharge {
  readonly kept: bigint;
  readonly refundable: bigint;
  readonly rent: bigint;
}

/** TransactionMeta v4, as networks since protocol 23 send it. */
export function transactionMeta({
  changes,
  events,
  diagnostics,
  returnValue,
  charged,
}: MetaParts): xdr.TransactionMeta {
  return xdr.TransactionMeta.v4(
    new xdr.TransactionMetaV4({
      ext: xdr.ExtensionPoint.v0(),
      txChangesBefore: [],
      txChangesAfter: [],
      events: [],
      operations: changes.map(
        (list, index) =>
          new xdr.OperationMetaV2({
            ext: xdr.ExtensionPoint.v0(),
            changes: list,
            events: events[index] ?? [],
          }),
      ),
      sorobanMeta: charged
        ? new xdr.SorobanTransactionMetaV2({
            ext: chargeExtension(charged),
            returnValue: returnValue ?? null,
          })
        : null,
      diagnosticEvents: diagnostics.map(diagnosticEvent),
    }),
  );
}

function chargeExtension({
  kept,
  refundable,
  rent,
}: ResourceCharge): xdr.SorobanTransactionMetaExt {
  return xdr.SorobanTransactionMetaExt.v1(
    new xdr.SorobanTransactionMetaExtV1({
      ext: xdr.ExtensionPoint.v0(),
      totalNonRefundableResourceFeeCharged: kept,
      totalRefundableResourceFeeCharged: refundable,
      rentFeeCharged: rent,
    }),
  );
}

/**
 * Changes of account entries, which the SDK's airdrop reads, and nonces. Other contract entries are
 * left out: they would triple the log on disk, and no reader needs them.
 */
export function keptChanges(overlay: StateOverlay): xdr.LedgerEntryChange[] {
  return [...overlay.changes()].flatMap(([id, entry]): xdr.LedgerEntryChange[] => {
    if (!entry || !isKept(entry.data)) return [];
    const before = overlay.before(id);
    return before
      ? [
          xdr.LedgerEntryChange.ledgerEntryState(whole(before)),
          xdr.LedgerEntryChange.ledgerEntryUpdated(whole(entry)),
        ]
      : [xdr.LedgerEntryChange.ledgerEntryCreated(whole(entry))];
  });
}

const isKept = (data: xdr.LedgerEntryData): boolean =>
  data.type === 'account' ||
  (data.type === 'contractData' && data.value.key.type === 'scvLedgerKeyNonce');

const whole = (entry: StoredEntry): xdr.LedgerEntry =>
  new xdr.LedgerEntry({
    lastModifiedLedgerSeq: entry.modified,
    data: entry.data,
    ext: xdr.LedgerEntryExt.v0(),
  });
