import type { FailureCause, ReservationState } from '../reservation.js';

/**
 * What ends a hold, with its proof (docs/protocol.md#certificates). It names the envelopes it is
 * about by `envelopeVersion`.
 */
export interface Settlement {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeHash: string;
  readonly settledLedger: number;
  /** Of that ledger; null only by an operator's word, when the node no longer has it. */
  readonly closeTime: bigint | null;
  readonly loanId: bigint | null;
  readonly feeBump: boolean;
  /**
   * How it was proven. `D4`, or absent: found by its hash. `contract_state`: by the creditline's
   * own list of loans, when the node has forgotten those ledgers. `operator`: by a person's word
   * (`word`).
   */
  readonly certificate?: 'D4' | 'contract_state' | 'operator';
  readonly word?: OperatorWord;
}
/** Who ended a hold that nothing proves the end of, and why; kept in the journal. */
export interface OperatorWord {
  readonly by: string;
  readonly reason: string;
  /** What needed a person. */
  readonly alarm: string;
  /** The ledger they named, if any; for a settlement it is the one it counts from. */
  readonly saidLedger: number | null;
  /**
   * How many loans of the borrower the creditline listed at that moment; null when the list could
   * not be read.
   */
  readonly loansRead: number | null;
}
/**
 * An end by a person's word. The use-case has looked at everything that the chain still proves; the
 * ledger's own guards stay (version, T, sequence).
 */
export type OperatorEnd = {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeVersion: number;
  readonly word: OperatorWord;
} & (
  | {
      readonly as: 'settled';
      readonly envelopeHash: string;
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
      /** The account's, at or above that of every open envelope. */ readonly sequence: bigint;
    }
);
export interface ExpiryEvidence {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeVersion: number;
  /** Step 1: a ledger whose close time is at or after the greatest T. */
  readonly passedLedger: number;
  readonly passedCloseTime: bigint;
  /** Step 2: latestLedger of the two NOT_FOUND replies. */
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
   * Of that ledger. Null for a failure that was stored earlier: the journal has it with that
   * failure.
   */
  readonly closeTime: bigint | null;
  readonly resultCode: string;
  readonly cause: FailureCause;
  /** Latest ledgers of the two replies that agree. Null for a failure that was stored earlier. */
  readonly seenAt: readonly [first: number, second: number] | null;
}
/**
 * Sequence consumed (docs/protocol.md#sequence-consumed): every open envelope has this or a lower
 * sequence, and none was found.
 */
export interface ConsumedEvidence {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeVersion: number;
  /** Step 1: at this ledger the account's sequence was this. */
  readonly consumedLedger: number;
  readonly consumedSequence: bigint;
  /** Step 2: latestLedger of the two NOT_FOUND replies. */
  readonly firstVoteLedger: number;
  readonly secondVoteLedger: number;
  readonly oldestLedger: number;
}
/**
 * T has passed, the node has forgotten the ledgers in question, and the creditline has no such loan
 * of the borrower at `readLedger`, which is at or after `passedLedger`.
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
 * `written` tells whether this call changed the row; a second writer of the same verdict gets
 * false.
 */
export interface Transition {
  readonly written: boolean;
  readonly state: ReservationState | 'unknown';
}
