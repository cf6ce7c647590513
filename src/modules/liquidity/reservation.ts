/**
 * The ledger's vocabulary (docs/protocol.md#words, docs/protocol.md#states): plain types, amounts
 * in base units, times in unix seconds of the chain.
 */

export type ReservationState = 'held' | 'settled' | 'released' | 'expired';
/**
 * Envelopes beyond the first that a hold may have (docs/protocol.md#rebuild). Those that replace an
 * excused failure do not count.
 */
export const REBUILDS_MAX = 3;
/**
 * Failures that were not the borrower's use up no rebuild, up to this many of one hold: each burns
 * a fee, and a fault of ours must end somewhere.
 */
export const FAILURES_EXCUSED_MAX = 5;

/**
 * tx_failed: the contract decided. not_rebuilt: a transaction failed for another reason, and
 * nothing took its place in time.
 */
export const RELEASE_REASONS = ['tx_failed', 'not_rebuilt', 'sequence_consumed'] as const;
export type ReleaseReason = (typeof RELEASE_REASONS)[number];
export const RELEASE_REASON_WORDS =
  'tx_failed: the contract refused the loan. not_rebuilt: a transaction failed for a ' +
  "reason that is not the borrower's, and no new one landed in time. sequence_consumed: " +
  "the borrower's account used its sequence number for something else";
/**
 * Who decided that a transaction failed: the contracts' code, our figures or the state of the
 * chain, or the node does not say.
 */
export type FailedBy = 'contract' | 'ours' | 'unknown';
/**
 * Why a transaction failed. `contract` is its C address and `number` its error; both null unless a
 * contract decided.
 */
export interface FailureCause {
  readonly by: FailedBy;
  readonly reason: string;
  readonly contract: string | null;
  readonly number: number | null;
}
/**
 * What the first FAILED reply said of an envelope. A second one must agree before anything follows
 * (docs/protocol.md#failed).
 */
export interface FailureSighting {
  /** Latest ledger of that reply: the second must be of a later one. */
  readonly seenLedger: number;
  readonly ledger: number;
  readonly closeTime: bigint;
  readonly resultCode: string;
  readonly cause: FailureCause;
}

/** @param failedBy of every envelope of a hold, null for those that did not fail */
export const rebuildsMax = (failedBy: readonly (FailedBy | null)[]): number =>
  REBUILDS_MAX +
  Math.min(FAILURES_EXCUSED_MAX, failedBy.filter((by) => by !== null && by !== 'contract').length);
export const rebuildsLeft = (failedBy: readonly (FailedBy | null)[]): number =>
  Math.max(0, rebuildsMax(failedBy) + 1 - failedBy.length);

export type PoolState = 'active' | 'paused' | 'quarantined' | 'closed';

interface LoanRow {
  readonly loanId: string;
  readonly vendor: string;
  readonly totalAmount: bigint;
  readonly guaranteeAmount: bigint;
  readonly schedule: readonly { readonly amount: string; readonly dueAt: string }[];
  readonly loanType: string;
  /** XDR bytes of the entry that it takes in the creditline. */
  readonly entryBytes: number;
}

export interface EnvelopeRow {
  readonly hash: string;
  readonly xdr: string;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  readonly issuedAfterLedger: number;
  readonly fee: bigint;
  readonly loanIdFirst: bigint;
  readonly loanIdLast: bigint;
  /**
   * Bytes that the entries of loans which land before it may have together, and the part of the fee
   * that its window costs, stroops. Null: from before they were kept.
   */
  readonly windowBytes: number | null;
  readonly windowFee: bigint | null;
  /**
   * Its bid for inclusion, a part of the fee, and what others paid when it was built, stroops. Null:
   * not known, or from before they were kept.
   */
  readonly inclusionFee: bigint | null;
  readonly goingRate: bigint | null;
}

/** One waiting request. Ids are made by the caller, so that running a batch twice is safe. */
export interface HoldRequest {
  readonly reservationId: string;
  readonly poolId: string;
  /** A borrower is a network and an account (docs/protocol.md#one-live-hold-per-borrower). */
  readonly network: string;
  readonly borrower: string;
  readonly amount: bigint;
  readonly tenantId: string;
  readonly key: string | null;
  /** Hex sha256 of the request's meaning; equal for equal meaning. */
  readonly fingerprint: string;
  readonly loan: LoanRow;
  /** Size that the entry of a stranger's loan is taken to have, XDR bytes. */
  readonly strangerBytes: number;
  /**
   * envelope: hold and issue. 'refuse-only': the caller looked and it does not fit; decide under
   * the lock, answer `fits` if it does by then.
   * refusal: something else already decided (a contract's no): record it under its key.
   */
  readonly ask:
    | { readonly kind: 'hold'; readonly envelope: EnvelopeRow }
    | { readonly kind: 'refuse-only' }
    | {
        readonly kind: 'record-refusal';
        readonly code: string;
        readonly facts: Readonly<Record<string, unknown>>;
      };
}

/**
 * One outcome per member: absence is never a refusal. Amounts are base units; `available` is never
 * below zero.
 */
export type HoldOutcome =
  | { readonly kind: 'held'; readonly reservationId: string; readonly atLedger: number }
  | { readonly kind: 'refused'; readonly code: string; readonly facts: RefusalFacts }
  | { readonly kind: 'replayed'; readonly record: KeyRecord }
  | { readonly kind: 'key_reused' }
  | { readonly kind: 'borrower_busy'; readonly loanId: string; readonly reservationId: string }
  | { readonly kind: 'stale' }
  /** Its own transaction leaves too little room for the others; a new one may leave enough. */
  | ({ readonly kind: 'window_small' } & WindowFull)
  | { readonly kind: 'fits' }
  | { readonly kind: 'pool_unknown' }
  | { readonly kind: 'pool_closed_for_holds'; readonly state: PoolState }
  | ({ readonly kind: 'counter_window_full' } & WindowFull)
  | ({ readonly kind: 'back_off' } & BackOff)
  | ({ readonly kind: 'share_exceeded'; readonly asked: bigint } & WalletShare)
  | {
      readonly kind: 'snapshot_stale';
      readonly ageSeconds: number | null;
      readonly maxAgeSeconds: number;
    };

/**
 * `liveHolds` live on the creditline, and `window` holds can land in any order. By bytes, when that
 * is what is short: `entryBytes` are needed and `bytesLeft` are left.
 */
export interface WindowFull {
  readonly liveHolds: number;
  readonly window: number;
  readonly bytes?: { readonly entryBytes: number; readonly bytesLeft: number };
}
/**
 * A wallet whose last `lapses` holds lapsed unsigned, `allowed` or more, has to wait until `until`,
 * unix seconds of the database's clock.
 */
export interface BackOff {
  readonly until: bigint;
  readonly waitSeconds: number;
  readonly lapses: number;
  readonly allowed: number;
}
/**
 * One hold may be `bound` base units at most: `shareBps` hundredths of a percent of the total
 * observed at a ledger.
 */
export interface WalletShare {
  readonly bound: bigint;
  readonly shareBps: number;
  readonly atLedger: number;
}

/**
 * What a recorded refusal says, forever. Base units and unix seconds as strings: it is stored as
 * JSON.
 */
export interface RefusalFacts {
  readonly available?: string;
  readonly atLedger?: number;
  /** T of the hold that ends first, if any: asking again before it is rarely useful. */
  readonly nextDeadline?: string | null;
  readonly [member: string]: unknown;
}

/** What a key remembers: a hold (rendered again from its rows) or a refusal. */
export type KeyRecord =
  | { readonly kind: 'held'; readonly poolId: string; readonly reservationId: string }
  | {
      readonly kind: 'refused';
      readonly poolId: string;
      readonly code: string;
      readonly facts: RefusalFacts;
    };

export type KeyLookup =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reused' }
  | { readonly kind: 'known'; readonly record: KeyRecord };

export interface Snapshot {
  readonly poolId: string;
  readonly ledger: number;
  readonly total: bigint;
  readonly locked: bigint;
  readonly tokenBalance: bigint;
  /**
   * The creditline's last used loan id at the same ledger (docs/protocol.md#counter-window); null:
   * not known.
   */
  readonly lastLoanId: bigint | null;
  /** Whether the pool's contract was paused at the same ledger; null: not known. */
  readonly contractPaused: boolean | null;
  /** What the pool's percentile paid for inclusion, stroops, and where it was read; null: unknown. */
  readonly goingRate?: { readonly rate: bigint; readonly ledger: number } | null;
  readonly closeTime: bigint | null;
  readonly headLedger: number;
  readonly headCloseTime: bigint;
}

/**
 * What was read of a pool at one ledger, and the newest head meanwhile. By its shape: the ledger
 * does not know who reads.
 */
export interface ReadFigures extends Omit<Snapshot, 'poolId' | 'headLedger' | 'headCloseTime'> {
  readonly head: { readonly ledger: number; readonly closeTime: bigint };
}

export const snapshotOf = (poolId: string, { head, ...figures }: ReadFigures): Snapshot => ({
  poolId,
  ...figures,
  headLedger: head.ledger,
  headCloseTime: head.closeTime,
});

/**
 * A hold that is still counted, with what the judge needs (its newest envelope; several only after
 * a rebuild).
 */
export interface LiveHold {
  readonly poolId: string;
  readonly reservationId: string;
  readonly amount: bigint;
  readonly borrower: string;
  readonly envelopeVersion: number;
  readonly expiresAt: bigint;
  readonly submittedAt: Date | null;
  readonly cancelRequested: boolean;
  /**
   * Newest ledger known of the chain when this was read: a reply about an older one proves nothing.
   */
  readonly knownLedger: number;
  /** Terms by which the loan is known in the contract's own list. */
  readonly vendor: string;
  readonly totalAmount: bigint;
  readonly guaranteeAmount: bigint;
  readonly envelopes: readonly LiveEnvelope[];
  /** What the contracts' events show of it; null or absent: they have shown no funding. */
  readonly funding?: HoldFunding | null;
}
/**
 * A funding that the events have shown. `txHash` is the outer hash of a fee bump, `envelopeHash`
 * that of the envelope it carried.
 */
export interface HoldFunding {
  readonly txHash: string;
  readonly envelopeHash: string;
  readonly ledger: number;
  readonly loanId: bigint | null;
}
export interface LiveEnvelope {
  readonly number: number;
  readonly hash: string;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  readonly issuedAfterLedger: number;
  readonly passedLedger: number | null;
  readonly passedCloseTime: bigint | null;
  readonly voteLedger: number | null;
  /**
   * open: may still land. failed: found FAILED, the hold was kept (docs/protocol.md#rebuild). dead:
   * another one with this or a higher sequence was applied.
   */
  readonly state: 'open' | 'failed' | 'dead';
  /** Of a failed one. */
  readonly foundLedger: number | null;
  readonly resultCode: string | null;
  /** Of a failed one. */
  readonly cause: FailureCause | null;
  /** Step 1 of the proof of a failure, of an open one. */
  readonly sighting: FailureSighting | null;
  /** Steps of the proof by sequence. */
  readonly consumedLedger: number | null;
  readonly consumedSequence: bigint | null;
  readonly consumedVoteLedger: number | null;
  readonly loanIdFirst: bigint;
  readonly loanIdLast: bigint;
  /**
   * What the node said when it was last handed over with the signatures we keep; null when we have
   * none.
   */
  readonly submission: { readonly status: string; readonly ledger: number } | null;
}

/** Why an envelope was not issued under a live hold; the hold is as it was. */
export type RebuildRefusal =
  | 'hold_ended'
  | 'pool_paused'
  | 'pool_quarantined'
  | 'pool_closed'
  | 'cancel_requested'
  | 'moved'
  | 'rebuilds_used'
  | 'too_long'
  | 'chain_lags'
  | 'undecided'
  | 'window_small';

/** Every term of `available` (docs/protocol.md#available), base units. */
export interface Position {
  readonly poolId: string;
  readonly state: PoolState;
  readonly version: bigint;
  readonly snapshotLedger: number | null;
  readonly snapshotCloseTime: bigint | null;
  readonly total: bigint | null;
  readonly locked: bigint | null;
  readonly tokenBalance: bigint | null;
  /** min(total - locked, token balance) of the snapshot; null before the first one */
  readonly observedAvailable: bigint | null;
  /** The creditline's last used loan id at the snapshot's ledger; null: not known. */
  readonly lastLoanId: bigint | null;
  /** Whether the pool's contract was paused at the snapshot's ledger; null: not known. */
  readonly contractPaused: boolean | null;
  readonly held: bigint;
  readonly heldCount: number;
  readonly inFlight: bigint;
  readonly buffer: bigint;
  /** Never below zero. */
  readonly available: bigint;
  /** held + in flight + buffer - observed available, when that is above zero. */
  readonly shortfall: bigint;
  /** Database clock minus the moment the snapshot's ledger last advanced; null before the first. */
  readonly ageSeconds: number | null;
  readonly maxSnapshotAgeSeconds: number;
  readonly headCloseTime: bigint | null;
  /** database clock minus chain time (docs/protocol.md#stale-means-no) */
  readonly chainLagSeconds: number | null;
  readonly nextDeadline: bigint | null;
  /**
   * Null unless quarantined (docs/protocol.md#quarantine). `since`: database clock, the newest
   * change of its identity. `until`: chain time, null until a ledger was seen after the change.
   */
  readonly quarantine: { readonly since: Date | null; readonly until: bigint | null } | null;
}
