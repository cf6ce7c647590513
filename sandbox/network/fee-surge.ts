import { BASE_FEE } from './network-limits.js';
import type { TransactionInput } from './transaction-input.js';

/**
 * Stroops for one operation that strangers bid, by phase, as text. Contract calls and classic
 * transactions do not compete with each other.
 */
export interface GoingRates {
  readonly soroban: string;
  readonly classic: string;
}
/** Strangers fill the ledgers of the network with transactions at this rate. */
export interface FeeSurge extends GoingRates {
  /** They fill the queue too, so a lower bid is not even taken. */
  readonly queueFull: boolean;
}

/** Transactions of strangers in a ledger of a phase whose rate is above the least. */
const STRANGERS_PER_LEDGER = 50;

/** Stroops for one operation of such a transaction: what a ledger includes now. */
export function goingRate(
  rates: GoingRates | undefined,
  { sorobanData }: Pick<TransactionInput, 'sorobanData'>,
): bigint {
  if (!rates) return BASE_FEE;
  return BigInt(sorobanData ? rates.soroban : rates.classic);
}

/** What the strangers of a ledger paid, in that phase. */
export function strangersFees(
  rates: GoingRates | undefined,
  phase: keyof GoingRates,
): readonly bigint[] {
  const rate = BigInt(rates?.[phase] ?? BASE_FEE);
  return rate > BASE_FEE ? Array.from({ length: STRANGERS_PER_LEDGER }, () => rate) : [];
}
