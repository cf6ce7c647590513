import type { TransactionLimit } from './chain.js';

/** Prices of the network, stroops. A kB is 1,024 bytes. */
export interface FeeRates {
  readonly per10000Instructions: bigint;
  readonly perDiskReadEntry: bigint;
  readonly perDiskReadKb: bigint;
  readonly perWriteEntry: bigint;
  readonly perWriteKb: bigint;
  /** For the transaction and its result. */
  readonly perHistoryKb: bigint;
  /** For events and return value. */
  readonly perEventsKb: bigint;
  /** For the transaction. */
  readonly perBandwidthKb: bigint;
}

/**
 * What rent depends on. It grows with the state of all contracts, up to `stateTargetBytes` from low
 * to high and steeply beyond.
 */
export interface RentRates {
  readonly stateBytes: bigint;
  readonly stateTargetBytes: bigint;
  readonly perKbLow: bigint;
  readonly perKbHigh: bigint;
  readonly growthFactor: bigint;
  /** A kB pays its rate once for this many ledgers. */
  readonly persistentDenominator: bigint;
  /** The least number of ledgers that a new persistent entry lives. */
  readonly persistentLedgersMin: number;
}

/** What a transaction declares, and its size on the wire with its signatures. */
export type Resources = Readonly<Record<TransactionLimit, number>>;

const KB = 1024n;
/**
 * soroban-env-host `fees.rs`: TX_BASE_RESULT_SIZE, TTL_ENTRY_SIZE and
 * MINIMUM_RENT_WRITE_FEE_PER_1KB.
 */
const RESULT_BYTES = 300;
const TTL_ENTRY_BYTES = 48n;
const RENT_RATE_MIN = 1_000n;

/**
 * The part that is never refunded: `compute_transaction_resource_fee` of soroban-env-host without
 * events.
 */
export function nonRefundableFee(resources: Resources, rates: FeeRates): bigint {
  return (
    ceiling(BigInt(resources.instructions) * rates.per10000Instructions, 10_000n) +
    BigInt(resources.diskReadEntries) * rates.perDiskReadEntry +
    BigInt(resources.writeEntries) * rates.perWriteEntry +
    perKb(resources.diskReadBytes, rates.perDiskReadKb) +
    perKb(resources.writeBytes, rates.perWriteKb) +
    perKb(resources.transactionBytes + RESULT_BYTES, rates.perHistoryKb) +
    perKb(resources.transactionBytes, rates.perBandwidthKb)
  );
}

export const eventsFee = (bytes: number, rates: FeeRates): bigint =>
  perKb(bytes, rates.perEventsKb);

/** `compute_rent_write_fee_per_1kb` of soroban-env-host. */
export function rentPerKb({
  stateBytes,
  stateTargetBytes,
  perKbLow,
  perKbHigh,
  growthFactor,
}: RentRates): bigint {
  const span = perKbHigh - perKbLow;
  const target = stateTargetBytes > 1n ? stateTargetBytes : 1n;
  const rate =
    stateBytes < stateTargetBytes
      ? ceiling(span * stateBytes, target) + perKbLow
      : perKbHigh + ceiling(span * (stateBytes - stateTargetBytes) * growthFactor, target);
  return rate > RENT_RATE_MIN ? rate : RENT_RATE_MIN;
}

/** A new persistent entry with rent for `ledgers` ledgers, and the entry of its lifetime. */
export interface NewEntry {
  readonly bytes: number;
  readonly ledgers: number;
}

/** `compute_rent_fee` of soroban-env-host for new persistent entries. */
export function rentOfNew(entries: readonly NewEntry[], rent: RentRates, rates: FeeRates): bigint {
  const rate = rentPerKb(rent);
  const lives = entries.reduce(
    (sum, { bytes, ledgers }) =>
      sum + ceiling(BigInt(bytes) * rate * BigInt(ledgers), KB * rent.persistentDenominator),
    0n,
  );
  const count = BigInt(entries.length);
  return (
    lives + count * rates.perWriteEntry + ceiling(count * TTL_ENTRY_BYTES * rates.perWriteKb, KB)
  );
}

const perKb = (bytes: number, rate: bigint): bigint => ceiling(BigInt(bytes) * rate, KB);

/** Rounds up; a negative product rounds towards zero, as Rust's div_ceil does. */
function ceiling(product: bigint, by: bigint): bigint {
  const quotient = product / by;
  return product > 0n && product % by !== 0n ? quotient + 1n : quotient;
}
