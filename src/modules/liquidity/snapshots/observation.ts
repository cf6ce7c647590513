/** What the chain did to a pool, in plain types. Amounts are base units; ledgers are numbers. */

/** JSON as an event carries it: integers as decimal text. */
export type EventData =
  string | boolean | null | readonly EventData[] | { readonly [member: string]: EventData };

/** An event of one of a pool's contracts. Ids compare as text in the order of the chain. */
export interface SeenEvent {
  readonly id: string;
  readonly ledger: number;
  readonly txHash: string;
  readonly contract: string;
  readonly name: string;
  readonly topics: readonly string[];
  readonly data: EventData;
}

/**
 * A loan that the pool funded, as first seen. `envelopeHash`: the transaction's own hash, or the
 * inner one of a fee bump, when this service issued it.
 */
export interface SeenFunding {
  readonly eventId: string;
  readonly ledger: number;
  readonly txHash: string;
  /** Null: its event cannot be read. */
  readonly amount: bigint | null;
  readonly vendor: string | null;
  readonly envelope: IssuedEnvelope | null;
}
/** Whose loan it was: of the last funding before \`eventId\` in the same transaction. */
export interface SeenLoan {
  readonly eventId: string;
  readonly ledger: number;
  readonly txHash: string;
  readonly borrower: string | null;
  readonly loanId: bigint | null;
}
export interface IssuedEnvelope {
  readonly hash: string;
  readonly poolId: string;
  readonly reservationId: string;
}

/** How far a pool's events have been read. */
export interface EventPlace {
  readonly cursor: string | null;
  /** Where to begin while there is no cursor. */
  readonly startLedger: number;
  readonly throughLedger: number;
}
/** An upgrade that can be executed later. */
export interface SeenProposal {
  readonly event: SeenEvent;
  /** Hex. */
  readonly wasmHash: string;
  /** Unix seconds of the chain. */
  readonly unlocksAt: bigint;
}
export interface SeenEvents {
  readonly events: readonly SeenEvent[];
  readonly fundings: readonly SeenFunding[];
  readonly loans: readonly SeenLoan[];
  /** Events of an upgrade, which pauses the pool. */
  readonly upgrades: readonly SeenEvent[];
  readonly proposals: readonly SeenProposal[];
  /** Ids of events that move money and cannot be read, which pause the pool. */
  readonly unreadable: readonly string[];
}
export interface EventPage extends SeenEvents {
  readonly cursor: string;
  readonly throughLedger: number;
}
export interface PageStored {
  /** False when another worker was faster; nothing was written. */ readonly written: boolean;
  /** Upgrades among the new events. The pool is paused by then. */
  readonly upgrades: readonly SeenEvent[];
}

export interface Figures {
  readonly total: bigint;
  readonly locked: bigint;
  readonly tokenBalance: bigint;
}
/** Two consecutive snapshots. */
export interface SnapshotPair {
  readonly fromLedger: number;
  readonly toLedger: number;
  readonly before: Figures;
  readonly after: Figures;
  /** Ledgers between the two whose events are lost. */ readonly lost: readonly LedgerSpan[];
}
export interface LedgerSpan {
  readonly firstLedger: number;
  readonly lastLedger: number;
}

/** A funding with the state of its hold. */
export interface StoredFunding {
  readonly eventId: string;
  readonly ledger: number;
  readonly txHash: string;
  /** Null: its event cannot be read. */
  readonly amount: bigint | null;
  readonly borrower: string | null;
  readonly reservation: {
    readonly id: string;
    readonly state: string;
    readonly amount: bigint;
  } | null;
}

/** What the ledger says beside the chain, all of one moment, under the pool's lock. */
export interface LedgerSide {
  /** Fundings between the two snapshots. */
  readonly fundings: readonly StoredFunding[];
  /** Fundings up to the second snapshot whose hold still counts. */
  readonly stillHeld: readonly StoredFunding[];
  /**
   * Holds settled between the two snapshots for which no event shows a funding, although every
   * event since they were made is known.
   */
  readonly settledUnseen: readonly {
    readonly reservationId: string;
    readonly ledger: number;
    readonly amount: bigint;
  }[];
  /**
   * held + in flight + buffer - observed available when that is above zero and the second snapshot
   * is the newest; otherwise 0.
   */
  readonly shortfall: bigint;
}

export type Outcome = 'explained' | 'unexplained' | 'unknown';
export type BreakClass =
  | 'in_transit'
  | 'shortfall'
  | 'unreserved_funding'
  | 'external_transfer'
  | 'gap'
  | 'unexplained'
  | 'ledger_error';
export type Figure = keyof Figures;
export interface BreakRow {
  readonly eventId?: string;
  readonly txHash?: string;
  readonly reservationId?: string;
  readonly ledger?: number;
  readonly lastLedger?: number;
  readonly amount?: bigint;
  readonly note?: string;
}
export interface Break {
  readonly class: BreakClass;
  /** Which of the three bridges it belongs to, if any. */ readonly figure: Figure | null;
  /** Null when not known. */ readonly amount: bigint | null;
  readonly rows: readonly BreakRow[];
}

export type Term =
  | 'settledByUs'
  | 'repayments'
  | 'deposits'
  | 'withdrawals'
  | 'interest'
  | 'guarantees'
  | 'losses'
  | 'unreservedFundings'
  | 'externalTransfers';
/** How one figure came from `before` to `after`. An absent term was zero. */
export interface Bridge {
  readonly before: bigint;
  readonly after: bigint;
  readonly terms: Readonly<Partial<Record<Term, bigint>>>;
  /** `before` plus all terms; null when events are lost, because unknown is not zero. */
  readonly expected: bigint | null;
  /** `after` minus `expected`. */
  readonly difference: bigint | null;
}
export type Bridges = Readonly<Record<Figure, Bridge>>;
/** What one transaction changed under one term. A figure that it left alone is absent. */
export interface Move extends Readonly<Partial<Record<Figure, bigint>>> {
  readonly term: Term;
  readonly txHash: string;
  readonly ledger: number;
}
export interface Explanation {
  readonly outcome: Outcome;
  readonly bridges: Bridges;
  /** The largest, in chain order; loans of ours are left out, because their holds name them. */
  readonly moves: readonly Move[];
  readonly breaks: readonly Break[];
}
export interface Reconciliation extends Explanation {
  readonly fromLedger: number;
  readonly toLedger: number;
}
export interface StoredReconciliation extends Omit<Reconciliation, 'moves'> {
  readonly at: Date;
}

export const PAUSE_REASONS = [
  'unexplained',
  'contract_upgraded',
  'unreadable_event',
  'contracts_broken',
  'unreadable_entry',
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];
/** A pause by the service itself. */
export interface PoolPause {
  readonly reason: PauseReason;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** How far reconciliation has come. */
export interface ReconciliationStanding {
  readonly snapshotLedger: number | null;
  readonly snapshotAgeSeconds: number | null;
  readonly eventsThroughLedger: number | null;
  readonly reconciledLedger: number | null;
  readonly outcome: Outcome | null;
  /** How long the oldest snapshot that is not reconciled has waited; null when none waits. */
  readonly waitingSeconds: number | null;
  readonly maxSnapshotAgeSeconds: number;
}

/** A change of a contract's code. */
export interface CodeChange {
  readonly contract: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly ledger: number;
}
