import type { FailureCause, FailureSighting, LiveLanding } from '../reservation.js';

/**
 * What the ledger keeps of landings: transactions of the service that carry a signed authorization
 * (docs/protocol.md#signing-by-authorization). Times are unix seconds of the chain, fees stroops.
 */

/** A signed authorization that may be landed now. Amounts are base units. */
export interface LandingCandidate {
  readonly poolId: string;
  readonly reservationId: string;
  /** The loan's terms, as they were authorized. */
  readonly terms: {
    readonly borrower: string;
    readonly vendor: string | null;
    readonly totalAmount: bigint;
    readonly guaranteeAmount: bigint;
    readonly schedule: readonly { readonly amount: bigint; readonly dueAt: bigint }[];
    readonly loanType: string;
  };
  /** XDR bytes of the entry that its loan takes in the lending contract. */
  readonly entryBytes: number | null;
  /** Base64 XDR. It must not be logged. */
  readonly signedEntryXdr: string;
  readonly expirationLedger: number;
  readonly signedAt: Date;
  /** How many landings were issued for it. */
  readonly landings: number;
  /** Why the newest one failed; null when none did. */
  readonly lastFailure: FailureCause | null;
}

/** A landing as it was built. Its XDR has the channel's signature. */
export interface LandingRow {
  readonly poolId: string;
  readonly reservationId: string;
  readonly channel: string;
  readonly hash: string;
  readonly xdr: string;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  readonly issuedAfterLedger: number;
  readonly fee: bigint;
  /** Null: not known. */
  readonly inclusionFee: bigint | null;
  readonly goingRate: bigint | null;
  /** Null where loans have no ids. */
  readonly loanIdFirst: bigint | null;
  readonly loanIdLast: bigint | null;
}
/**
 * `issued`: it is stored and may be submitted. `taken`: another landing is in flight for its hold
 * or its channel. Every other outcome says why the authorization may not be landed; the row is not
 * stored.
 */
export type LandingOutcome =
  | 'issued'
  | 'taken'
  | 'hold_ended'
  | 'cancel_requested'
  | 'not_signed'
  | 'spent'
  | 'fence_passed'
  | 'channel_unknown';

/** A landing in flight, with what its submission and its proofs need. */
export interface OpenLanding extends LiveLanding {
  readonly poolId: string;
  readonly reservationId: string;
  /** Base64, signed by its channel. It must not be logged. */
  readonly xdr: string;
  /** XDR bytes of the entry that its loan takes in the lending contract. */
  readonly entryBytes: number | null;
  /** E of the authorization that it carries. */
  readonly expirationLedger: number;
  /** The borrower gave up: it is not submitted again. */
  readonly cancelRequested: boolean;
  readonly borrower: string;
}

/** The node's answer to a submission. It proves nothing. */
export interface LandingSubmission {
  readonly hash: string;
  readonly status: string;
  /** The node's latest ledger. */
  readonly ledger: number;
}

interface WhichLanding {
  readonly poolId: string;
  readonly reservationId: string;
  readonly number: number;
}
/** A landing that was applied without effect; two replies agree. */
export interface LandingFailure extends WhichLanding {
  readonly failedLedger: number;
  readonly closeTime: bigint;
  readonly resultCode: string;
  readonly cause: FailureCause;
  /** What its channel paid, stroops; null: not known. */
  readonly feeCharged: bigint | null;
  /** Latest ledgers of the two replies. */
  readonly seenAt: readonly [first: number, second: number];
}
/** A landing that can never land: a ledger closed after its maxTime, and it was not found since. */
export interface LandingDeath extends WhichLanding {
  readonly passedLedger: number;
  readonly passedCloseTime: bigint;
  /** Latest ledger of a NOT_FOUND reply, two ledgers after `passedLedger` or later. */
  readonly voteLedger: number;
}
/** The steps of the proof by time. Null while only step 1 is done. */
export interface LandingStep extends WhichLanding {
  readonly passedLedger: number;
  readonly passedCloseTime: bigint;
  readonly voteLedger: number | null;
}
/** Step 1 of the proof of a failure; `was`: the stored `seenLedger`, null when nothing is stored. */
export interface LandingSighting extends WhichLanding {
  readonly was: number | null;
  readonly sighting: FailureSighting | null;
}

/**
 * What a reply said about the nonce of a live authorization. `ledger` is the reply's.
 * `unspent`: two replies agree that it has no entry, and the later one is about `ledger`, E at most.
 * `vote`: it has no entry at `ledger`, which is after E.
 * `spent`: it has an entry, which `spentLedger` made. A vote is discarded by it.
 * `confirmed`: a later reply agrees with the stored `spent`. The authorization is spent for good.
 * `disproved`: a later reply shows no entry although it would still live; `was` is the stored
 * `seenLedger` of `spent`.
 * `doubted`: no ledger after `ledger` exists by now, so every step that rests on one is discarded.
 */
export type NonceNote = {
  readonly poolId: string;
  readonly reservationId: string;
  readonly ledger: number;
} & (
  | { readonly kind: 'unspent' | 'vote' | 'doubted' }
  | { readonly kind: 'spent' | 'confirmed'; readonly spentLedger: number }
  | { readonly kind: 'disproved'; readonly was: number }
);

/**
 * `stored`: this call stored the signed entry. `same`: this very entry was stored before. `kept`:
 * another signed entry is stored, and stays. In every other case nothing is stored.
 */
export type SignedOutcome =
  | 'stored'
  | 'same'
  | 'kept'
  | 'hold_ended'
  | 'cancel_requested'
  | 'spent'
  | 'fence_passed'
  | 'no_authorization';

/** A funding without a hold whose borrower has an open authorization that may have made it. */
export interface UnclaimedFunding {
  readonly eventId: string;
  readonly ledger: number;
  /** Of the transaction in the ledger: the outer one of a fee bump. */
  readonly txHash: string;
}
/** The hold to which a nonce belongs, live or ended. */
export interface NonceOwner {
  readonly poolId: string;
  readonly reservationId: string;
}
/** A funding whose transaction carried the authorization of a hold, whoever sent it. */
export interface FundingClaim {
  readonly poolId: string;
  readonly eventId: string;
  readonly reservationId: string;
  /** Hash of the transaction, the inner one of a fee bump. */
  readonly hash: string;
}
