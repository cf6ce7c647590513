import { declaredResources, nonRefundableFee } from './resource-fees.js';
import type { TransactionInput } from './transaction-input.js';

const resourceFee = (input: TransactionInput): bigint => input.sorobanData?.resourceFee ?? 0n;
/** A fee bump pays for one operation more than it wraps. */
export const paidOperations = (input: TransactionInput): bigint =>
  BigInt(input.operations.length) + (input.bump ? 1n : 0n);
/** Stroops offered beyond the resource fee. */
export const inclusionFee = (input: TransactionInput): bigint =>
  (input.bump?.fee ?? input.fee) - resourceFee(input);
/** Stroops the wrapped transaction offers by itself. */
export const innerInclusionFee = (input: TransactionInput): bigint =>
  input.fee - resourceFee(input);
/**
 * Stroops taken before anything runs: the whole resource fee, and the price of each operation as
 * far as it was bid.
 * @param price stroops for one operation in that ledger
 */
export function chargedFee(input: TransactionInput, price: bigint): bigint {
  const [bid, due] = [inclusionFee(input), price * paidOperations(input)];
  return resourceFee(input) + (bid < due ? bid : due);
}
/** Stroops bid for one operation, rounded down. */
export const bidRate = (input: TransactionInput): bigint =>
  inclusionFee(input) / paidOperations(input);
/** The whole fee with which a transaction bids that rate, stroops. */
export const feeAtRate = (input: TransactionInput, rate: bigint): bigint =>
  resourceFee(input) + rate * paidOperations(input);
/** Stroops of the resource fee that are kept for declared resources. */
export const keptFee = (input: TransactionInput): bigint =>
  input.sorobanData
    ? nonRefundableFee(declaredResources(input.sorobanData, input.innerSizeBytes))
    : 0n;
/** Stroops for rent and events; the unused part is refunded. */
export const refundableFee = (input: TransactionInput): bigint =>
  resourceFee(input) - keptFee(input);
/** Account that pays it. */
export const feeSource = (input: TransactionInput): string => input.bump?.feeSource ?? input.source;

/**
 * The order in which transactions are included: the higher offer per operation first, then the
 * lower hash.
 */
export function compareBids(one: TransactionInput, other: TransactionInput): number {
  const [mine, theirs] = [
    inclusionFee(one) * paidOperations(other),
    inclusionFee(other) * paidOperations(one),
  ];
  if (mine !== theirs) return mine > theirs ? -1 : 1;
  return one.hash < other.hash ? -1 : 1;
}
