import type { HoldRefusal } from './holds/hold-decision.js';

/**
 * The ledger's vocabulary (docs/protocol.md#words, docs/protocol.md#states) as plain types. Amounts
 * are base units, times are unix seconds of the chain.
 */

export type ReservationState = 'held' | 'settled' | 'released' | 'expired';
/**
 * How many envelopes beyond the first a hold may have (docs/protocol.md#rebuild). Envelopes that
 * replace an excused failure do not count.
 */
export const REBUILDS_MAX = 3;
/**
 * Failures that the borrower did not cause use up no rebuild, up to this many per hold. Each one
 * burns a fee, so the service's own faults need a limit too.
 */
export const FAILURES_EXCUSED_MAX = 5;

/**
 * tx_failed: the contract decided. not_rebuilt: a transaction failed for another reason, and no
 * other replaced it in time.
 */
export const RELEASE_REASONS = ['tx_failed', 'not_rebuilt', 'sequence_consumed'] as const;
export type ReleaseReason = (typeof RELEASE_REASONS)[number];
export const RELEASE_REASON_WORDS =
  'tx_failed: the contract refused the loan. not_rebuilt: a transaction failed for a ' +
  "reason that is not the borrower's, and no new one landed in time. sequence_consumed: " +
  "the borrower's account used its sequence number for something else";
/**
 * What made a transaction fail: the contracts' code, this service's figures or the state of the
 * chain (`ours`), or a cause that the node does not report.
 */
export type FailedBy = 'contract' | 'ours' | 'unknown';
/**
 * Why a transaction failed. `contract` is the contract's C address and `number` its error; both are
 * null unless a contract decided.
 */
export interface FailureCause {
  readonly by: FailedBy;
  readonly reason: string;
  readonly contract: string | null;
  readonly number: number | null;
}
/**
 * What the first FAILED reply reported about an envelope. A second one must agree before the
 * failure counts (docs/protocol.md#failed).
 */
export interface FailureSighting {
  /** Latest ledger of that reply. The second reply must be of a later ledger. */
  readonly seenLedger: number;
  readonly ledger: number;
  readonly closeTime: bigint;
  readonly resultCode: string;
  readonly cause: FailureCause;
}

/** @param failedBy one entry per envelope of the hold, null for those that did not fail */
export const rebuildsMax = (failedBy: readonly (FailedBy | null)[]): number =>
  REBUILDS_MAX +
  Math.min(FAILURES_EXCUSED_MAX, failedBy.filter((by) => by !== null && by !== 'contract').length);
export const rebuildsLeft = (failedBy: readonly (FailedBy | null)[]): number =>
  Math.max(0, rebuildsMax(failedBy) + 1 - failedBy.length);

/**
 * What a borrower signs (docs/protocol.md#signing-by-authorization): a transaction of the borrower's
 * own account, or an authorization that a transaction of the service carries.
 */
export const SIGNINGS = ['transaction', 'authorization'] as const;
export type Signing = (typeof SIGNINGS)[number];

export type PoolState = 'active' | 'paused' | 'quarantined' | 'closed';

interface LoanRow {
  readonly loanId: string;
  /** Null, 0 and empty where the pool's contracts take none. */
  readonly vendor: string | null;
  readonly totalAmount: bigint;
  readonly guaranteeAmount: bigint;
  readonly schedule: readonly { readonly amount: string; readonly dueAt: string }[];
  readonly loanType: string;
  /** XDR bytes of the entry that the loan takes in the lending contract. */
  readonly entryBytes: number;
}

export interface EnvelopeRow {
  readonly hash: string;
  readonly xdr: string;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  readonly issuedAfterLedger: number;
  readonly fee: bigint;
  /** Null where loans have no ids. */
  readonly loanIdFirst: bigint | null;
  readonly loanIdLast: bigint | null;
  /**
   * How many bytes the entries of loans that land before it may have together, and the part of its
   * fee that this window costs, stroops. Null for envelopes from before these were stored.
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

/** What the borrower signs instead of an envelope. Its address is the request's borrower. */
export interface AuthorizationRow {
  /** Hex SHA-256 of the preimage that is signed. */
  readonly hash: string;
  /** Base64 XDR of the unsigned SorobanAuthorizationEntry. */
  readonly entryXdr: string;
  /** i64. */
  readonly nonce: bigint;
  /** E, the fence: the last ledger in which the chain accepts it. */
  readonly expirationLedger: number;
  /** S: a ledger that was known before it was issued. */
  readonly issuedAfterLedger: number;
  /** An estimate of the fence: chain time of the head plus the pool's hold time, unix seconds. */
  readonly expiresAt: bigint;
}

/** What a contract has funded to the vendor of a loan up to a ledger, base units. */
export interface VendorFunded {
  readonly amount: bigint;
  readonly ledger: number;
}

/** One waiting request. The caller makes the ids, so that a batch can safely run twice. */
export interface HoldRequest {
  readonly reservationId: string;
  readonly poolId: string;
  /**
   * A borrower is identified by network and account (docs/protocol.md#one-live-hold-per-borrower).
   */
  readonly network: string;
  readonly borrower: string;
  readonly amount: bigint;
  readonly tenantId: string;
  readonly key: string | null;
  /** Hex sha256 of the request's meaning; equal for equal meaning. */
  readonly fingerprint: string;
  readonly loan: LoanRow;
  /** Assumed size of the entry of a stranger's loan, XDR bytes. */
  readonly strangerBytes: number;
  /**
   * hold: hold and issue an envelope. hold-authorization: hold and issue an authorization, which the
   * service lands once it is signed. refuse-only: the early look found no room; the ledger decides under
   * the lock and answers `fits` when there is room by then. refusal: a contract refused already;
   * record that under the key.
   */
  readonly ask:
    | {
        readonly kind: 'hold';
        readonly envelope: EnvelopeRow;
        /** Absent or null: the contract does not count it. */
        readonly vendorFunded?: VendorFunded | null;
      }
    | {
        readonly kind: 'hold-authorization';
        readonly authorization: AuthorizationRow;
        readonly vendorFunded?: VendorFunded | null;
      }
    | { readonly kind: 'refuse-only'; /** Absent: transaction. */ readonly signing?: Signing }
    | {
        readonly kind: 'record-refusal';
        readonly code: string;
        readonly facts: Readonly<Record<string, unknown>>;
      };
}

/** What the request's borrower signs. Of a recorded refusal it does not matter. */
export const signingOf = ({ ask }: HoldRequest): Signing =>
  ask.kind === 'hold-authorization'
    ? 'authorization'
    : ask.kind === 'refuse-only'
      ? (ask.signing ?? 'transaction')
      : 'transaction';

/**
 * One outcome for each member; a missing outcome is never a refusal. Amounts are base units, and
 * `available` is never below zero.
 */
export type HoldOutcome =
  | { readonly kind: 'held'; readonly reservationId: string; readonly atLedger: number }
  | HoldRefusal
  | { readonly kind: 'replayed'; readonly record: KeyRecord }
  | { readonly kind: 'key_reused' }
  | { readonly kind: 'stale' }
  /**
   * The request's own transaction leaves too little room for the others; a new one may leave
   * enough.
   */
  | ({ readonly kind: 'window_small' } & WindowFull)
  | { readonly kind: 'fits' }
  | { readonly kind: 'pool_unknown' }
  | ({ readonly kind: 'counter_window_full' } & WindowFull);

/**
 * `liveHolds` are live on the lending contract, and `window` holds can land in any order. When
 * bytes are short, `entryBytes` are needed and `bytesLeft` are left.
 */
export interface WindowFull {
  readonly liveHolds: number;
  readonly window: number;
  readonly bytes?: { readonly entryBytes: number; readonly bytesLeft: number };
}
/**
 * The wallet's last `lapses` holds lapsed unsigned, and `allowed` are allowed. It has to wait until
 * `until`, unix seconds of the database's clock.
 */
export interface BackOff {
  readonly until: bigint;
  readonly waitSeconds: number;
  readonly lapses: number;
  readonly allowed: number;
}

/**
 * The facts of a recorded refusal, kept forever. Base units and unix seconds are strings, because
 * it is stored as JSON.
 */
export interface RefusalFacts {
  readonly available?: string;
  readonly atLedger?: number;
  /** T of the hold that ends first, if any. A retry before then rarely helps. */
  readonly nextDeadline?: string | null;
  readonly [member: string]: unknown;
}

/** What is stored under a key: a hold (rendered again from its rows) or a refusal. */
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

/**
 * What the pool's own contract allows, as of a snapshot (docs/protocol.md#contract-limits). Null: no
 * such limit.
 */
export interface ContractLimits {
  /** Hundredths of a percent of what is available, for all fundings of one ledger. */
  readonly outflowCapBps: number | null;
  /** Base units that one vendor may be funded in total, ever. */
  readonly vendorCap: bigint | null;
  /** Hundredths of a percent of the total that is lent at most; it bounds what is available. */
  readonly utilisationCapBps: number | null;
  /** What of them is not known, in sentences: no hold is made. Absent: all were read. */
  readonly unreadable?: readonly string[];
}

/**
 * Of each contract of a pool that can be paused, whether it is; null: it cannot be read. By the
 * names of `GET /pools/:id`.
 */
export type ContractPauses = Readonly<Record<string, boolean | null>>;

export interface Snapshot {
  readonly poolId: string;
  readonly ledger: number;
  readonly total: bigint;
  readonly locked: bigint;
  readonly tokenBalance: bigint;
  /**
   * The lending contract's last used loan id at the same ledger (docs/protocol.md#counter-window);
   * null when not known.
   */
  readonly lastLoanId: bigint | null;
  /** Whether one of the contracts was paused at the same ledger; null when not known. */
  readonly contractPaused: boolean | null;
  /** Which ones; null or absent: not known of any. */
  readonly contractPauses?: ContractPauses | null;
  readonly limits: ContractLimits;
  /**
   * What the pool's percentile paid for inclusion, stroops, and where it was read; null: unknown.
   */
  readonly goingRate?: { readonly rate: bigint; readonly ledger: number } | null;
  readonly closeTime: bigint | null;
  readonly headLedger: number;
  readonly headCloseTime: bigint;
}

/**
 * A pool's figures at one ledger, and the newest head seen meanwhile. The chain room returns the
 * same shape; the ledger does not import it.
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
 * A hold that still counts, with what the proof of its end needs. It has several envelopes only
 * after a rebuild.
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
   * The newest chain ledger known when this was read. A reply about an older ledger proves nothing.
   */
  readonly knownLedger: number;
  /** The terms that identify the loan in the contract's own list. */
  readonly vendor: string | null;
  readonly totalAmount: bigint;
  readonly guaranteeAmount: bigint;
  /** Empty for a hold with an authorization. */
  readonly envelopes: readonly LiveEnvelope[];
  /** Null for a hold with a transaction. */
  readonly authorization: LiveAuthorization | null;
  /** In the order of issue. Empty for a hold with a transaction. */
  readonly landings: readonly LiveLanding[];
  /**
   * What the contracts' events show about the hold; null or absent when they have shown no funding.
   */
  readonly funding?: HoldFunding | null;
}
/**
 * A funding that the events have shown. `txHash` is the outer hash of a fee bump, `envelopeHash`
 * that of the envelope inside.
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
   * open: may still land. failed: found FAILED, and the hold was kept (docs/protocol.md#rebuild).
   * dead: another transaction with this sequence or a higher one was applied.
   */
  readonly state: 'open' | 'failed' | 'dead';
  /** Set for a failed envelope. */
  readonly foundLedger: number | null;
  readonly resultCode: string | null;
  /** Set for a failed envelope. */
  readonly cause: FailureCause | null;
  /** Step 1 of the proof of a failure, for an open envelope. */
  readonly sighting: FailureSighting | null;
  /** The steps of the proof by sequence. */
  readonly consumedLedger: number | null;
  readonly consumedSequence: bigint | null;
  readonly consumedVoteLedger: number | null;
  readonly loanIdFirst: bigint | null;
  readonly loanIdLast: bigint | null;
  /**
   * The node's answer to the last submission with the signatures that are stored; null when none
   * are stored.
   */
  readonly submission: { readonly status: string; readonly ledger: number } | null;
}

/** The authorization of a live hold, with the steps of its proofs. */
export interface LiveAuthorization {
  readonly hash: string;
  /** The borrower: an account (G) or a contract (C). */
  readonly address: string;
  readonly nonce: bigint;
  readonly expirationLedger: number;
  readonly issuedAfterLedger: number;
  readonly signedAt: Date | null;
  /** spent: two replies showed the nonce's entry, so its loan landed. A live hold has no dead one. */
  readonly state: 'open' | 'spent';
  /** U: the last ledger, E at most, at which two replies agreed that the nonce was not spent. */
  readonly unspentLedger: number | null;
  /** The first reply of a ledger after E that showed no entry of the nonce. */
  readonly voteLedger: number | null;
  /** The first reply that showed the nonce's entry; `ledger` is the one that spent it. */
  readonly spent: { readonly ledger: number; readonly seenLedger: number } | null;
}
/** A transaction of the service that carries the hold's signed authorization. */
export interface LiveLanding {
  readonly number: number;
  readonly hash: string;
  readonly channel: string;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  readonly issuedAfterLedger: number;
  readonly fee: bigint;
  /** Null where loans have no ids. */
  readonly loanIdFirst: bigint | null;
  readonly loanIdLast: bigint | null;
  /** A live hold has no landed one. */
  readonly state: 'open' | 'failed' | 'dead';
  readonly createdAt: Date;
  /** The node's answer to the last submission; null: it was not submitted, as far as is known. */
  readonly submission: { readonly status: string; readonly ledger: number } | null;
  /** The steps of the proof by time. */
  readonly passedLedger: number | null;
  readonly passedCloseTime: bigint | null;
  readonly voteLedger: number | null;
  /** Step 1 of the proof of a failure, for an open landing. */
  readonly sighting: FailureSighting | null;
  /** Set for a failed landing. `feeCharged` in stroops; null: not known. */
  readonly foundLedger: number | null;
  readonly resultCode: string | null;
  readonly cause: FailureCause | null;
  readonly feeCharged: bigint | null;
}

/** Why no envelope was issued under a live hold. The hold is unchanged. */
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
  /**
   * min(total - locked, token balance) of the snapshot, within the contract's utilisation limit; null
   * before the first snapshot.
   */
  readonly observedAvailable: bigint | null;
  /** The lending contract's last used loan id at the snapshot's ledger; null when not known. */
  readonly lastLoanId: bigint | null;
  /** Whether one of the contracts was paused at the snapshot's ledger; null when not known. */
  readonly contractPaused: boolean | null;
  /** Which ones; null: not known of any. */
  readonly contractPauses: ContractPauses | null;
  /** Of the snapshot. */
  readonly limits: ContractLimits;
  readonly held: bigint;
  readonly heldCount: number;
  readonly inFlight: bigint;
  readonly buffer: bigint;
  /** Never below zero. */
  readonly available: bigint;
  /** held + in flight + buffer - observed available when that is above zero; otherwise 0. */
  readonly shortfall: bigint;
  /**
   * Database clock minus the time when the snapshot's ledger last advanced; null before the first
   * one.
   */
  readonly ageSeconds: number | null;
  readonly maxSnapshotAgeSeconds: number;
  readonly headCloseTime: bigint | null;
  /** Database clock minus chain time (docs/protocol.md#stale-means-no). */
  readonly chainLagSeconds: number | null;
  readonly nextDeadline: bigint | null;
  /**
   * Null unless quarantined (docs/protocol.md#quarantine). `since`: when the database's identity
   * last changed, database clock. `until`: chain time, null until a ledger was read after the
   * change.
   */
  readonly quarantine: { readonly since: Date | null; readonly until: bigint | null } | null;
}
