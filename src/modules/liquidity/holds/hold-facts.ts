import type { AvailableTerms } from '../pools/available.js';
import type { StoredRules } from '../pools/pool-rules.js';
import type { BackOff, ContractLimits, KeyRecord, PoolState } from '../reservation.js';

/**
 * What a ledger transaction reads under the gate and the pool rows before it decides.
 * `hold-facts.sql.ts` reads it, `hold-decision.ts` decides on it.
 */

/**
 * The live holds of a lending contract, and how many more it can take while each of them can land
 * in any order. Null: no limit applies to a live hold, or the bytes are not known.
 */
export interface WindowRoom {
  readonly liveHolds: number;
  /** Bytes of the loan entries that these holds will make. */
  readonly liveBytes: number;
  readonly roomLoans: number | null;
  readonly roomBytes: number | null;
}

/** A pool's row under its lock. */
export interface LockedPool extends AvailableTerms {
  readonly rules: StoredRules;
  readonly limits: ContractLimits;
  readonly id: string;
  readonly network: string;
  readonly lendingContract: string;
  readonly state: PoolState;
  readonly snapshotLedger: number | null;
  readonly ageSeconds: number | null;
  /** Close time of the newest ledger seen, unix seconds. */
  readonly headCloseTime: bigint | null;
  /** Database clock, unix seconds. */
  readonly now: number;
  /** T of the live hold that can lapse first, unix seconds. */
  readonly nextDeadline: bigint | null;
}

/** A live hold of a borrower, in one of the borrower's slots. */
export interface BorrowerHold {
  readonly loanId: string;
  readonly reservationId: string;
  readonly slot: number;
}

/** What the ledger's tables say about one request, under the gate. */
export interface RequestFacts {
  /** Set when this very request made its hold in an earlier run whose COMMIT answer was lost. */
  readonly heldAtLedger: number | null;
  readonly key: {
    readonly requestId: string;
    readonly fingerprint: string;
    readonly record: KeyRecord;
    readonly expired: boolean;
  } | null;
  /** The live holds of the request's borrower, in any pool of the network, by slot. */
  readonly live: readonly BorrowerHold[];
  readonly backOff: BackOff | null;
  /** A sequence of the borrower's account that is proven consumed. */
  readonly consumedSequence: bigint | null;
  /** Loans that have landed on the ids of its transaction since it was built, and their bytes. */
  readonly used: { readonly loans: number; readonly bytes: number } | null;
  /**
   * Base units that are held for its vendor in the pool, or settled after the ledger of
   * `vendorFunded`; 0 unless the contract caps vendors.
   */
  readonly vendorHeld: bigint;
}
export const NO_FACTS: RequestFacts = {
  heldAtLedger: null,
  key: null,
  live: [],
  backOff: null,
  consumedSequence: null,
  used: null,
  vendorHeld: 0n,
};
export interface LedgerFacts {
  readonly pools: ReadonlyMap<string, LockedPool>;
  /** One for each request, in their order. */
  readonly requests: readonly RequestFacts[];
  /** By `lineOf`, for lending contracts with a pool that limits its holds. */
  readonly windows: ReadonlyMap<string, WindowRoom>;
}
/** Holds of one lending contract take their loan ids from one counter. */
export const lineOf = ({
  network,
  lendingContract,
}: Pick<LockedPool, 'network' | 'lendingContract'>): string => `${network}\u001f${lendingContract}`;
