import type { FailureCause, ReservationState } from '../reservation.js';

/**
 * The evidence that ends a hold (docs/protocol.md#certificates). `envelopeVersion` names the
 * envelopes that it covers.
 */
export interface Settlement {
  readonly poolId: string;
  readonly reservationId: string;
  /**
   * Hash of the transaction, the inner one of a fee bump. For a hold with an authorization that of
   * any transaction that carried it, and null when that is not known: the contract's own list or an
   * operator decided.
   */
  readonly envelopeHash: string | null;
  readonly settledLedger: number;
  /**
   * Close time of that ledger; null only in an operator's resolution, when the node no longer has
   * it.
   */
  readonly closeTime: bigint | null;
  readonly loanId: bigint | null;
  readonly feeBump: boolean;
  /** What the transaction paid, stroops; absent or null: not known. */
  readonly feeCharged?: bigint | null;
  /**
   * How it was proven. `D4` or absent: the transaction was found by its hash. `contract_state`: the
   * lending contract lists the loan, and the node has trimmed those ledgers. `operator`: a person
   * resolved it (`statement`).
   */
  readonly certificate?: 'D4' | 'contract_state' | 'operator';
  readonly statement?: OperatorStatement;
}
/** Which operator resolved a hold whose end nothing proves, and why; kept in the journal. */
export interface OperatorStatement {
  readonly by: string;
  readonly reason: string;
  /** The alarm that needed a person. */
  readonly alarm: string;
  /** The ledger that the operator named, if any. A settlement counts from it. */
  readonly saidLedger: number | null;
  /**
   * How many loans of the borrower the lending contract listed at that time; null when the list
   * could not be read.
   */
  readonly loansRead: number | null;
}
/**
 * An operator's resolution. The use-case has checked everything that the chain still proves; the
 * ledger's own guards stay (version, T, sequence).
 */
export type OperatorEnd = {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeVersion: number;
  readonly statement: OperatorStatement;
} & (
  | {
      readonly as: 'settled';
      readonly envelopeHash: string | null;
      readonly ledger: number;
      readonly closeTime: bigint | null;
      readonly loanId: bigint | null;
    }
  | {
      readonly as: 'expired';
      /** A ledger that closed at or after every T. */ readonly ledger: number;
      readonly closeTime: bigint;
    }
  | {
      readonly as: 'released';
      readonly ledger: number;
      readonly closeTime: bigint;
      /** The account's sequence, at or above that of every open envelope. */ readonly sequence: bigint;
    }
);
export interface ExpiryEvidence {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeVersion: number;
  /** Step 1: a ledger whose close time is at or after the greatest T. */
  readonly passedLedger: number;
  readonly passedCloseTime: bigint;
  /** Step 2: the latestLedger of the two NOT_FOUND replies. */
  readonly firstVoteLedger: number;
  readonly secondVoteLedger: number;
  readonly oldestLedger: number;
}
export interface FailureEvidence {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeVersion: number;
  readonly envelopeHash: string;
  readonly failedLedger: number;
  /**
   * Close time of that ledger. Null for a failure that was stored earlier: the journal has the
   * time.
   */
  readonly closeTime: bigint | null;
  readonly resultCode: string;
  readonly cause: FailureCause;
  /** Latest ledgers of the two replies that agree. Null for a failure that was stored earlier. */
  readonly seenAt: readonly [first: number, second: number] | null;
}
/**
 * Sequence consumed (docs/protocol.md#sequence-consumed): every open envelope has this sequence or
 * a lower one, and none was found.
 */
export interface ConsumedEvidence {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeVersion: number;
  /** Step 1: at this ledger the account's sequence was this. */
  readonly consumedLedger: number;
  readonly consumedSequence: bigint;
  /** Step 2: the latestLedger of the two NOT_FOUND replies. */
  readonly firstVoteLedger: number;
  readonly secondVoteLedger: number;
  readonly oldestLedger: number;
}
/**
 * T has passed and the node has trimmed the ledgers in question. At `readLedger`, which is at or
 * after `passedLedger`, the lending contract lists no such loan of the borrower.
 */
export interface AbsenceEvidence {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeVersion: number;
  readonly passedLedger: number;
  readonly passedCloseTime: bigint;
  readonly readLedger: number;
  readonly loansRead: number;
}
/**
 * An authorization's fence has passed, and its nonce was never spent
 * (docs/protocol.md#expired-by-ledger). The ledger compares with its own fence and U.
 */
export interface AuthorizationExpiry {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeVersion: number;
  readonly expirationLedger: number;
  /** Ledgers of the two replies that showed no entry of the nonce, both after the fence. */
  readonly firstVoteLedger: number;
  readonly secondVoteLedger: number;
  /** How many ledgers a spent nonce's entry lives at least: a setting of the network. */
  readonly minTemporaryTtl: number;
}
/** `written`: whether this call changed the row. A second writer of the same end gets false. */
export interface Transition {
  readonly written: boolean;
  readonly state: ReservationState | 'unknown';
}
