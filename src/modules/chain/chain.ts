import type { BidRule, InclusionFee } from './inclusion-fee.js';
import type { TransactionReport } from './transaction-outcome.js';

/**
 * The port to the chain: plain types, no SDK type, no database. Implemented by `soroban-chain.ts`
 * on any Stellar RPC.
 * Every call has a time limit. A node that cannot be reached or understood proves nothing
 * (docs/protocol.md#death-needs-a-certificate): HoldfastError CHAIN_UNREACHABLE.
 */
export const CHAIN = Symbol('chain');

/** One reply about the newest ledger a node knows. Times are unix seconds of the chain. */
export interface Head {
  readonly ledger: number;
  readonly closeTime: bigint;
  readonly oldestLedger: number;
}

export interface PoolDescription {
  readonly tokenContract: string;
  readonly creditlineContract: string;
  readonly decimals: number;
  /** Hex of the pool contract's wasm hash: another one later means an upgrade. */
  readonly wasmHash: string;
}

/**
 * What one `getLedgerEntries` reply says of a pool (docs/protocol.md#snapshots-only-move-forward).
 * `locked` may be negative (docs/stellar.md#pool-arithmetic).
 */
export interface PoolReading {
  readonly ledger: number;
  readonly total: bigint;
  readonly locked: bigint;
  readonly tokenBalance: bigint;
  /**
   * The creditline's loan counter (docs/protocol.md#counter-window), 0 before its first loan; null:
   * not in the reply, which says nothing of the other figures.
   */
  readonly lastLoanId: bigint | null;
  /**
   * Whether the contract's own administrator paused the pool, so that it funds nothing
   * (docs/protocol.md#contract-pause); false where the contract knows no pause
   * (docs/stellar.md#trustup); null: not in the reply.
   */
  readonly contractPaused: boolean | null;
  /**
   * Close time of exactly that ledger, from a second reply; null when that reply was about another
   * ledger.
   */
  readonly closeTime: bigint | null;
  /** Newest head seen while reading. */
  readonly head: Head;
}

export type LoanType = 'standard' | 'learner_installment';
export interface Instalment {
  readonly amount: bigint;
  /** unix seconds */ readonly dueAt: bigint;
}

export interface LoanTerms {
  readonly borrower: string;
  readonly vendor: string;
  readonly totalAmount: bigint;
  readonly guaranteeAmount: bigint;
  readonly schedule: readonly Instalment[];
  readonly loanType: LoanType;
}

/** Whose contracts a pool runs; what that means is in `profiles.ts`. */
export const PROFILE_NAMES = ['stepfi', 'scaled', 'trustup'] as const;
export type Profile = (typeof PROFILE_NAMES)[number];

/** Where a pool is on the chain, and by which profile it is understood (one of PROFILE_NAMES). */
export interface PoolParts {
  readonly profile: string;
  readonly poolContract: string;
  readonly creditlineContract: string;
  readonly tokenContract: string;
}

/**
 * What decides, beside its own fence, whether an envelope can land now. `contractPaused` as in a
 * reading.
 */
export interface LandingConditions {
  readonly ledger: number;
  /** The creditline's loan counter: its last used id. */ readonly lastLoanId: bigint;
  readonly contractPaused: boolean | null;
}

export interface FundingRequest {
  readonly terms: LoanTerms;
  readonly profile: Profile;
  readonly poolContract: string;
  readonly creditlineContract: string;
  readonly tokenContract: string;
  /** T = close time of the latest ledger + this, at least 60 (docs/protocol.md#fence-first). */
  readonly holdSeconds: number;
  /** What it bids for inclusion; absent: the floor. */
  readonly bids?: BidRule;
  readonly window: {
    /** What the live holds need at least. */
    readonly least: CounterWindow;
    /** What would be good to have. */
    readonly wanted: CounterWindow;
    /**
     * So many loans beyond `least` are granted even where few such transactions fit into a ledger;
     * absent: none.
     */
    readonly plenty?: number;
  };
}

/**
 * Room in a transaction for loans of others that land first: how many, and the bytes their entries
 * may have in total.
 */
export interface CounterWindow {
  readonly loans: number;
  readonly bytes: number;
}

/** What the network limits of one transaction, by the names used in answers and metrics. */
export const TRANSACTION_LIMITS = [
  'instructions',
  'diskReadEntries',
  'diskReadBytes',
  'writeEntries',
  'writeBytes',
  'footprintEntries',
  'transactionBytes',
] as const;
export type TransactionLimit = (typeof TRANSACTION_LIMITS)[number];

/**
 * One funding transaction, unsigned. The hash is final: nothing may be changed after it
 * (docs/stellar.md#building-a-transaction).
 */
export interface Funding {
  readonly hash: string;
  readonly xdr: string;
  /** The envelope's own sequence number (account sequence + 1). */
  readonly sequence: bigint;
  /** T, unix seconds, inclusive. */
  readonly maxTime: bigint;
  /** S: a ledger known before the envelope existed. */
  readonly issuedAfterLedger: number;
  /** Close time T was counted from. */
  readonly chainTime: bigint;
  /** Stroops: inclusion fee and resource fee. */
  readonly fee: bigint;
  readonly inclusionFee: InclusionFee;
  /** The loan ids on which it can land (docs/protocol.md#counter-window), both inclusive. */
  readonly loanIdFirst: bigint;
  readonly loanIdLast: bigint;
  /**
   * Granted: loanIdLast = loanIdFirst + loans. At least what was asked for, except on a creditline
   * that keeps its loans
   * under unknown keys: there it is zero.
   */
  readonly window: CounterWindow & {
    /** Stroops that the window adds to the fee. */ readonly fee: bigint;
  };
}

/** A contract said no while the transaction was simulated. */
export type ContractName =
  'creditline' | 'pool' | 'token' | 'vendor_registry' | 'reputation' | 'parameters' | 'unknown';
export interface ContractRefusal {
  readonly contract: ContractName;
  readonly contractId: string | null;
  readonly number: number | null;
  /** Name in the contract's source, such as InsufficientReputation. */
  readonly name: string;
  /** A plain sentence. */
  readonly sentence: string;
  /**
   * liquidity: the chain has not enough (creditline #5, pool #6, token #10 with the pool as the
   * short party) -> CHAIN_LIQUIDITY_SHORT;
   * caller: the terms or the parties are refused -> LOAN_REFUSED_BY_CONTRACT; paused: the pool
   * contract's admin has stopped it, for every loan -> POOL_PAUSED;
   * protocol: the deployment is broken or archived -> CHAIN_UNREACHABLE.
   */
  readonly kind: 'liquidity' | 'caller' | 'paused' | 'protocol';
}
export type FundingResult =
  | { readonly kind: 'built'; readonly funding: Funding }
  | { readonly kind: 'refused'; readonly refusal: ContractRefusal }
  | { readonly kind: 'no_account' }
  /** `least` is above a limit of one transaction; `fits` is the part of it that is not. */
  | {
      readonly kind: 'window_too_small';
      readonly limit: TransactionLimit;
      readonly fits: CounterWindow;
    }
  /** Above a limit of one transaction even without a window. */
  | {
      readonly kind: 'over_limit';
      readonly limit: TransactionLimit;
      readonly declared: bigint;
      readonly max: bigint;
    }
  /**
   * `keys` archived entries have to be restored first. The restore transaction is unsigned; its
   * source account is all zeros and its sequence is 0. Null: it could not be built.
   */
  | {
      readonly kind: 'archived';
      readonly keys: number;
      readonly restore: { readonly xdr: string } | null;
    };

/** What create_loan judges a loan by (docs/stellar.md#create-loan-checks). */
export interface LendingParameters {
  /** 0: the rate table by score */ readonly baseInterestBps: number;
  readonly minGuaranteePercent: bigint;
  readonly minReputation: number;
}
export interface LoanConditionsRequest {
  readonly creditlineContract: string;
  readonly poolContract: string;
  readonly borrower: string;
  readonly vendor: string;
}
/**
 * What create_loan would find now, without running it. From several replies, of one ledger each:
 * `ledger` is the oldest of them.
 * Base units. The chain decides again when the transaction is built: this is a preview.
 */
export interface LoanConditions {
  readonly ledger: number;
  /** null: a parameters contract is set and does not answer. */
  readonly parameters: LendingParameters | null;
  readonly vendor: 'active' | 'inactive' | 'no_registry' | 'unanswered';
  /** 0 to 100, 0 for the unknown; null: no reputation contract is set. */
  readonly score: number | null;
  /** What the borrower owes already. */
  readonly activeDebt: bigint;
  /**
   * The pool's own total - locked, at times more than its tokens (docs/stellar.md#pool-arithmetic).
   * null: the creditline has no pool.
   */
  readonly poolAvailable: bigint | null;
  /** The creditline is inside a call that never ended. */
  readonly creditlineLocked: boolean;
}

/**
 * A node's answer to a submission: it proves nothing (docs/stellar.md#submission-proves-nothing).
 */
export interface SubmissionReport {
  readonly status: 'PENDING' | 'DUPLICATE' | 'TRY_AGAIN_LATER' | 'ERROR';
  /** such as txBadSeq, with ERROR */ readonly resultCode: string | null;
  readonly latestLedger: number;
}

export interface AccountReading {
  readonly ledger: number;
  /** null: no such account */ readonly sequence: bigint | null;
  /** G addresses that may sign, weight above 0 */ readonly signers: readonly string[];
}

/** An account's sequence at the ledger of the reply. Null: no such account at that ledger. */
export interface AccountSequence {
  readonly ledger: number;
  readonly sequence: bigint | null;
}

/**
 * A loan as the creditline lists it. Base units; `createdAt` is the close time of the ledger it
 * landed in.
 */
export interface BorrowerLoan {
  readonly loanId: bigint;
  readonly vendor: string;
  readonly totalAmount: bigint;
  readonly guaranteeAmount: bigint;
  readonly createdAt: bigint;
}
/** `ledger`: the list is at least as new as this one. */
export interface BorrowerLoans {
  readonly ledger: number;
  readonly loans: readonly BorrowerLoan[];
}

/**
 * A transaction of the borrower that lands instead of an envelope and does nothing else. Unsigned.
 */
export interface SequenceBurnRequest {
  readonly account: string;
  /** the envelope's own */ readonly sequence: bigint;
  /** unix seconds, inclusive */ readonly maxTime: bigint;
}
export interface SequenceBurn {
  readonly xdr: string;
  readonly hash: string;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  /** stroops */ readonly fee: bigint;
}

/** What a signed transaction has that the issued one has not. */
const SIGNED_FIELDS = [
  'loan',
  'network',
  'signature',
  'source',
  'sequence',
  'fee',
  'maxTime',
  'minTime',
  'memo',
  'preconditions',
  'operation',
  'borrower',
  'vendor',
  'totalAmount',
  'guaranteeAmount',
  'schedule',
  'loanType',
  'authorization',
  'resources',
] as const;
/**
 * As text, null where it is absent. Amounts in base units; a schedule as `amount@dueAt` rows with
 * unix seconds. `message` goes on from the field's name.
 */
export interface SignedDifference {
  readonly field: (typeof SIGNED_FIELDS)[number];
  readonly expected: string | null;
  readonly received: string | null;
  readonly message: string;
}

/**
 * What is wrong with a signed XDR, or that it is the envelope with a good signature: itself
 * (`feeBumpHash` null), or carried by the fee bump with that hash. `hash`: of the transaction that
 * was received, inside a fee bump; null when it is none.
 */
export type SignedCheck =
  | { readonly ok: true; readonly feeBumpHash: string | null }
  | {
      readonly ok: false;
      readonly reason: 'not_xdr' | 'other_transaction' | 'no_valid_signature';
      readonly sentence: string;
      readonly hash: string | null;
      readonly differences: readonly SignedDifference[];
    };

/**
 * Data of an event as JSON can carry it: integers as decimal text (i128 does not fit a number),
 * addresses as G or C text, bytes as hex.
 */
export type EventData =
  string | boolean | null | readonly EventData[] | { readonly [member: string]: EventData };

/** A contract event as `getEvents` gives it. Events of failed transactions never appear. */
export interface ChainEvent {
  /**
   * `%019d-%010d`: ledger, transaction, operation, event. Ids compare as text in the order of the
   * chain.
   */
  readonly id: string;
  readonly ledger: number;
  /** The transaction in the ledger: the outer one of a fee bump (docs/stellar.md#fee-bumps). */
  readonly txHash: string;
  readonly contract: string;
  /** First topic. */
  readonly name: string;
  /** All topics as text, the name first. */
  readonly topics: readonly string[];
  readonly data: EventData;
}

export interface EventsRequest {
  readonly poolContract: string;
  readonly creditlineContract: string;
  /** Of the token only events with the pool as a party are given. */
  readonly tokenContract: string;
  /** Where the last page ended, or the first ledger to read. */
  readonly from: { readonly cursor: string } | { readonly startLedger: number };
  readonly limit: number;
}

/**
 * gap: the node has no longer what was asked for; events between are lost to retention. Absence is
 * only proven up to `throughLedger`.
 */
export type EventsReply =
  | {
      readonly kind: 'page';
      readonly events: readonly ChainEvent[];
      /** To be kept also when the page is empty. */ readonly cursor: string;
      /**
       * Every event up to and with this ledger has been given by now.
       */
      readonly throughLedger: number;
      /** More can be read at once. */ readonly more: boolean;
    }
  | { readonly kind: 'gap'; readonly oldestLedger: number; readonly latestLedger: number };

/**
 * Contract events of one landed transaction, as `readEvents` would give them, of every contract.
 * None of a transaction that failed.
 */
export type TransactionEvents =
  | { readonly found: false }
  | { readonly found: true; readonly ledger: number; readonly events: readonly ChainEvent[] };

/** Which code contracts run, from one reply. */
export interface CodeReading {
  readonly ledger: number;
  /**
   * Hex of the wasm hash by contract; null for the asset contract, which has none.
   */
  readonly hashes: ReadonlyMap<string, string | null>;
}

/** What a transaction in the ledger wraps. */
export type FeeBumpLookup =
  | { readonly found: false }
  | { readonly found: true; /** null: not a fee bump */ readonly innerHash: string | null };

/** The envelope as it was issued. Without its XDR nothing is said of what differs. */
export interface ExpectedSigned {
  readonly hash: string;
  readonly source: string;
  readonly xdr?: string;
}

export interface Chain {
  readonly networkPassphrase: string;
  /** @throws HoldfastError CHAIN_UNREACHABLE also when the node serves another network */
  verifyNetwork(): Promise<void>;
  head(): Promise<Head>;
  describePool(poolContract: string): Promise<PoolDescription>;
  /**
   * Whose contracts they are, by what the creditline says of its version; null when it says
   * neither. `scaled` cannot be told from `stepfi`: the calls are the same.
   */
  detectProfile(creditlineContract: string): Promise<'stepfi' | 'trustup' | null>;
  observePool(pool: PoolParts): Promise<PoolReading>;
  buildFunding(request: FundingRequest): Promise<FundingResult>;
  /** What a transaction built now would bid for inclusion. Never fails: without a rate, the floor. */
  inclusionFee(rule: BidRule): Promise<InclusionFee>;
  /**
   * Compares a signed XDR, or the one a fee bump carries, with the stored hash; at least one
   * signature must verify against a current signer of the source account. Who pays for a fee bump
   * is the network's to judge.
   */
  checkSigned(signedXdr: string, expected: ExpectedSigned): Promise<SignedCheck>;
  submit(signedXdr: string): Promise<SubmissionReport>;
  findTransaction(hash: string): Promise<TransactionReport>;
  account(address: string): Promise<AccountReading>;
  /** By address; each with the ledger of the reply that carried it. */
  accountSequences(addresses: readonly string[]): Promise<ReadonlyMap<string, AccountSequence>>;
  /** Every loan that the creditline knows of a borrower, from the contract's own state. */
  borrowerLoans(
    creditlineContract: string,
    borrower: string,
    profile: Profile,
  ): Promise<BorrowerLoans>;
  /** Asks no node. */
  buildSequenceBurn(request: SequenceBurnRequest): SequenceBurn;
  /**
   * Of one reply. @throws HoldfastError CHAIN_UNREACHABLE also when the reply lacks a contract that
   * was asked for
   */
  landingConditions(pool: PoolParts): Promise<LandingConditions>;
  /**
   * Least guarantee the contract accepts for this total: floor(total * min_guarantee_percent /
   * 100), at least 1 (docs/stellar.md#create-loan-checks).
   */
  leastGuarantee(creditlineContract: string, totalAmount: bigint): Promise<bigint>;
  /**
   * @throws HoldfastError CHAIN_UNREACHABLE also when the reputation contract is set and does not
   * answer: nothing can be said of such a loan
   */
  loanConditions(request: LoanConditionsRequest): Promise<LoanConditions>;
  /**
   * One page of events, oldest first. @throws HoldfastError CHAIN_UNREACHABLE also when the node is
   * behind the place asked for: it lags, which is no gap
   */
  readEvents(request: EventsRequest): Promise<EventsReply>;
  /**
   * A transaction's own events, by its hash or by the inner one of a fee bump: a page of
   * `readEvents` may lack one of them.
   */
  transactionEvents(hash: string): Promise<TransactionEvents>;
  /**
   * The inner hash of the transaction with this hash: events carry the outer one
   * (docs/stellar.md#fee-bumps).
   */
  findInner(txHash: string): Promise<FeeBumpLookup>;
  /** @throws HoldfastError CHAIN_UNREACHABLE also when the reply lacks one of them */
  contractCodes(contracts: readonly string[]): Promise<CodeReading>;
}

/** What a caller may type as an address. Checksums included. */
export type AddressKind = 'account' | 'contract' | 'muxed' | 'none';
