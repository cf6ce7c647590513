import { TRANSACTION_LIMITS, type CounterWindow, type TransactionLimit } from './chain.js';
import { LEDGER_LIMITS, type NetworkSettings } from './network-settings.js';
import type { Resources } from './resource-fee.js';

/**
 * Instructions for loan keys in the read-write footprint. Measured on soroban-env-host 25, g1: 1 to
 * 96 keys, entries of 1,092 and 2,456 bytes; `test/proofs/predictions.spec.ts` compares them with
 * recorded landings. TrustUp is the same: about 212,000 + 9,300 for each instalment.
 */
const LOAN_KEY_INSTRUCTIONS = {
  /** Each key, with or without an entry. */
  key: 28_300,
  /** Each key again for each of the others: look-ups grow with the footprint. */
  keySquared: 203,
  /**
   * Each existing entry in addition: the host decodes, copies and encodes it, whether or not the
   * contract uses it.
   */
  existing: 92_500,
  existingForEachKey: 95,
  existingByte: 128,
} as const;

/**
 * Stellar RPC reports more than a landing in the same state uses: it adds 4 %, at least 50,000
 * (`default_adjustment` of soroban-simulation), and recording costs 0.8 %.
 */
export const SIMULATION_INSTRUCTIONS_FACTOR = 1.048;
/**
 * Stellar RPC also adds each account's extension bytes, whether the account has them or not. On a
 * public network none of this can be saved.
 */
export const SIMULATION_ACCOUNT_BYTES = 52;

/** A reason, beside other loans, why a landing may need more than its simulation. */
interface Growth {
  readonly why: string;
  readonly seen: string;
  readonly writeBytes?: number;
  readonly instructions?: number;
}
/** Every margin that a transaction declares on top of simulation and window. */
const GROWTH: readonly Growth[] = [
  {
    why: "an upgrade is proposed in the pool's instance",
    seen: 'g3 stale-upgrade-proposed: 3,740 bytes where 3,692 were declared',
    writeBytes: 48,
    instructions: 48 * 128,
  },
  {
    why: "an outflow cap is switched on in the pool's instance",
    seen: 'g3, outflow cap: 84 bytes',
    writeBytes: 84,
    instructions: 84 * 128,
  },
  {
    why: 'the borrower gets another loan first: one more entry in its list of loans',
    seen: 'same-borrower-fourth: 156 bytes',
    writeBytes: 156,
    instructions: 92_500 + 156 * 128,
  },
  {
    why: 'the borrower gets its first loan first: count and debt exist',
    seen: 'same-borrower-third: 271,000 instructions more than -first',
    instructions: 271_000,
  },
  {
    why: 'the pool gets its first loan first: counters are there',
    seen: 'measured with g1: 157,000; TrustUp: about 150,000',
    instructions: 157_000,
  },
  {
    why: "25 borrowers are scored first: one map in the reputation's instance",
    seen: 'TrustUp: about 4,000 instructions for each',
    instructions: 100_000,
  },
];
/**
 * One more signer with a sponsor on each account, XDR size. It is not recorded: the accounts of the
 * recordings do not change.
 */
const ACCOUNT_GROWTH_BYTES = 76;

const GROWTH_INSTRUCTIONS = GROWTH.reduce((sum, { instructions = 0 }) => sum + instructions, 0);
const GROWTH_WRITE_BYTES = GROWTH.reduce((sum, { writeBytes = 0 }) => sum + writeBytes, 0);

/** Instructions of `keys` added loan keys when `ahead` is the part of them that has entries. */
export function loanKeyInstructions(keys: number, { loans, bytes }: CounterWindow): number {
  const { key, keySquared, existing, existingForEachKey, existingByte } = LOAN_KEY_INSTRUCTIONS;
  return (
    keys * (key + keySquared * keys) +
    loans * (existing + existingForEachKey * keys) +
    bytes * existingByte
  );
}

/** A transaction without window and margins. */
export interface BareResources extends Resources {
  readonly classicReadEntries: number;
  readonly classicWriteEntries: number;
}
export interface AddedKeys {
  readonly count: number;
  /** XDR bytes of all of them */ readonly bytes: number;
}

/**
 * What is declared so that the transaction lands after `window.loans` other loans, and after every
 * growth above.
 */
export function declaredResources(
  bare: BareResources,
  window: CounterWindow,
  added: AddedKeys,
): Resources {
  return {
    instructions:
      bare.instructions + loanKeyInstructions(added.count, window) + GROWTH_INSTRUCTIONS,
    diskReadEntries: bare.diskReadEntries,
    diskReadBytes: bare.diskReadBytes + bare.classicReadEntries * ACCOUNT_GROWTH_BYTES,
    writeEntries: bare.writeEntries + added.count,
    writeBytes:
      bare.writeBytes +
      window.bytes +
      GROWTH_WRITE_BYTES +
      bare.classicWriteEntries * ACCOUNT_GROWTH_BYTES,
    footprintEntries: bare.footprintEntries + added.count,
    transactionBytes: bare.transactionBytes + added.bytes,
  };
}

export interface Excess {
  readonly limit: TransactionLimit;
  readonly declared: bigint;
  readonly max: bigint;
}

/** The first exceeded limit, or null. */
export function excessOf(declared: Resources, limits: Resources): Excess | null {
  const limit = TRANSACTION_LIMITS.find((name) => declared[name] > limits[name]);
  return limit === undefined
    ? null
    : { limit, declared: BigInt(declared[limit]), max: BigInt(limits[limit]) };
}

/** How many such transactions one ledger has room for, and the limit that is reached first. */
export function ledgerTakes(
  declared: Resources,
  ledger: NetworkSettings['ledger'],
): { readonly count: number; readonly limit: TransactionLimit } {
  const takes = LEDGER_LIMITS.map((limit) => ({
    limit,
    count: declared[limit] > 0 ? Math.floor(ledger[limit] / declared[limit]) : Infinity,
  }));
  return takes.reduce((least, other) => (other.count < least.count ? other : least));
}

export const NO_WINDOW: CounterWindow = { loans: 0, bytes: 0 };

/** `from` plus `part` of `of` steps towards `to`; the bytes of a part are rounded up. */
export function windowBetween(
  from: CounterWindow,
  to: CounterWindow,
  loans: number,
): CounterWindow {
  if (loans <= from.loans) return from;
  if (loans >= to.loans) return to;
  return {
    loans,
    bytes:
      from.bytes +
      Math.ceil(((to.bytes - from.bytes) * (loans - from.loans)) / (to.loans - from.loans)),
  };
}
