import { xdr } from '@stellar/stellar-sdk';
import { strangersFees, type GoingRates } from './fee-surge.js';
import type { NodeView } from './node-view.js';
import { isSoroban } from './transaction-input.js';
import type { TransactionRecord } from './transaction-apply.js';

/** Inclusion fee of a transaction that landed, in stroops, and its phase. */
interface PaidFee {
  readonly phase: keyof GoingRates;
  readonly fee: bigint;
}

const SOROBAN_LEDGERS = 50;
const CLASSIC_LEDGERS = 10;
const PERCENTILES = [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99] as const;

/**
 * getFeeStats: what landed in recent ledgers paid for inclusion, in the arithmetic of stellar-rpc.
 * Without any transaction every figure is 0, also the count of ledgers.
 */
export function getFeeStats(view: NodeView): object {
  return {
    sorobanInclusionFee: distribution(view, 'soroban', SOROBAN_LEDGERS),
    inclusionFee: distribution(view, 'classic', CLASSIC_LEDGERS),
    latestLedger: view.head.sequence,
  };
}

function distribution(view: NodeView, phase: keyof GoingRates, window: number): object {
  const ledgers = view.ledgersFrom(view.head.sequence - window + 1);
  const first = ledgers[0]?.sequence ?? view.head.sequence;
  const fees = [
    ...view.transactionsFrom(first).flatMap(({ record }) => {
      const paid = paidFee(record);
      return paid?.phase === phase ? [paid.fee] : [];
    }),
    ...ledgers.flatMap((ledger) => strangersFees(ledger.goingRates, phase)),
  ].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  return feeDistribution(fees, ledgers.length);
}

/**
 * @param fees rising, stroops
 * @param ledgerCount ledgers they were paid in
 */
export function feeDistribution(fees: readonly bigint[], ledgerCount: number): object {
  /** Nearest rank. */
  const percentile = (percent: number): bigint =>
    fees[Math.ceil((percent * fees.length) / 100) - 1] ?? 0n;
  return {
    max: String(fees.at(-1) ?? 0n),
    min: String(fees[0] ?? 0n),
    mode: String(mostFrequent(fees)),
    ...Object.fromEntries(
      PERCENTILES.map((percent) => [`p${percent}`, String(percentile(percent))]),
    ),
    transactionCount: String(fees.length),
    ledgerCount: fees.length > 0 ? ledgerCount : 0,
  };
}

/** The lowest of those that occur most often. */
function mostFrequent(fees: readonly bigint[]): bigint {
  const counts = new Map<bigint, number>();
  for (const fee of fees) counts.set(fee, (counts.get(fee) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0] ?? 0n;
}

const known = new WeakMap<TransactionRecord, PaidFee | null>();
/** Decoded once, because every call asks for the same ledgers. */
function paidFee(record: TransactionRecord): PaidFee | null {
  const paid = known.get(record) ?? readFee(record);
  known.set(record, paid);
  return paid;
}

/** null: a transaction that names no resource fees counts nowhere. */
function readFee(record: TransactionRecord): PaidFee | null {
  const operations = operationsOf(xdr.TransactionEnvelope.fromXdr(record.envelope, 'base64'));
  const { feeCharged } = xdr.TransactionResult.fromXdr(record.result, 'base64');
  if (!operations.some(isSoroban))
    return { phase: 'classic', fee: feeCharged / BigInt(Math.max(1, operations.length)) };
  const meta = xdr.TransactionMeta.fromXdr(record.meta, 'base64');
  const ext = meta.type === 'v4' ? meta.value.sorobanMeta?.ext : undefined;
  if (ext?.type !== 'v1') return null;
  const {
    totalNonRefundableResourceFeeCharged: kept,
    totalRefundableResourceFeeCharged: refundable,
  } = ext.value;
  return { phase: 'soroban', fee: feeCharged - kept - refundable };
}

function operationsOf(envelope: xdr.TransactionEnvelope): readonly xdr.Operation[] {
  return envelope.type === 'envelopeTypeTxFeeBump'
    ? envelope.value.tx.innerTx.value.tx.operations
    : envelope.value.tx.operations;
}
