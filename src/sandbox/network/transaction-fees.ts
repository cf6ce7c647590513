import { BASE_FEE } from './network-limits.js';
import type { TransactionInput } from './transaction-input.js';

const resourceFee = (input: TransactionInput): bigint => input.sorobanData?.resourceFee ?? 0n;
/** A fee bump pays for one operation more than it wraps. */
export const paidOperations = (input: TransactionInput): bigint => BigInt(input.operations.length) + (input.bump ? 1n : 0n);
/** Stroops offered beyond the resource fee. */
export const inclusionFee = (input: TransactionInput): bigint => (input.bump?.fee ?? input.fee) - resourceFee(input);
/** Stroops the wrapped transaction offers by itself. */
export const innerInclusionFee = (input: TransactionInput): bigint => input.fee - resourceFee(input);
/** Stroops taken: the whole resource fee (refunds are not modelled) and the base fee of each operation. */
export const chargedFee = (input: TransactionInput): bigint => resourceFee(input) + BASE_FEE * paidOperations(input);
/** Account that pays it. */
export const feeSource = (input: TransactionInput): string => input.bump?.feeSource ?? input.source;
