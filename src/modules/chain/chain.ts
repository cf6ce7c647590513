import type { AuthorizationChain } from './authorizations.js';
import type { ContractLimits, ContractPauses, Generation } from './families/contract-family.js';
import type { BidRule, FeePhase, InclusionFee } from './inclusion-fee.js';
import type { ContractLifetimes, Extension, ExtensionRequest, ProposedCode } from './lifetimes.js';
import type { SignedCheck } from './signed-check.js';
import type { TransactionReport } from './transaction-outcome.js';

/**
 * The port to the chain: plain types, no SDK type, no database. `soroban-chain.ts` implements it on
 * any Stellar RPC. Every call has a time limit. Without a usable reply nothing is proven
 * (docs/protocol.md#death-needs-a-certificate): HoldfastError CHAIN_UNREACHABLE.
 */
export const CHAIN = Symbol('chain');

/** One reply about the newest ledger that a node knows. Times are unix seconds of the chain. */
export interface Head {
  readonly ledger: number;
  readonly closeTime: bigint;
  readonly oldestLedger: number;
}

export interface PoolDescription {
  readonly tokenContract: string;
  readonly lendingContract: string;
  readonly decimals: number;
  /** What its contract calls the token; null: nothing that can be printed. */
  readonly assetCode: string | null;
  /** Hex of the pool contract's wasm hash; a later, different hash means an upgrade. */
  readonly wasmHash: string;
  /** Of pool and lending contract, by which `code` was recognised; of the older of two replies. */
  readonly codes: ContractCodes;
  readonly code: CodeRecognition;
}

/** Which published contracts a pool runs, by what their code can do. */
export type CodeRecognition =
  | { readonly generation: Generation }
  /** `found`: sentences, what the code is not and why. */
  | { readonly generation: null; readonly found: readonly string[] };

/**
 * A pool's figures from one `getLedgerEntries` reply
 * (docs/protocol.md#snapshots-only-move-forward). `locked` may be negative
 * (docs/stellar.md#pool-arithmetic).
 */
export interface PoolState {
  readonly ledger: number;
  readonly total: bigint;
  readonly locked: bigint;
  readonly tokenBalance: bigint;
  /**
   * The lending contract's loan counter (docs/protocol.md#counter-window), 0 before its first loan.
   * Null: the reply lacks it; the other figures are still valid.
   */
  readonly lastLoanId: bigint | null;
  /**
   * Whether one of the contracts is paused by its own administrator, so that no loan lands
   * (docs/protocol.md#contract-pause); false where no contract has a pause
   * (docs/stellar.md#trustup). Null: none is known to be, and not all can be read.
   */
  readonly contractPaused: boolean | null;
  readonly contractPauses: ContractPauses;
  readonly limits: ContractLimits;
  /**
   * Close time of exactly that ledger, from a second reply. Null when the second reply was about
   * another ledger.
   */
  readonly closeTime: bigint | null;
  /** The newest head seen during the call. */
  readonly head: Head;
}

export type LoanType = 'standard' | 'learner_installment';
/**
 * The largest schedule that the service accepts, and the one that a stranger's loan is taken to
 * have.
 */
export const INSTALMENTS_MAX = 60;
export interface Instalment {
  readonly amount: bigint;
  /** unix seconds */ readonly dueAt: bigint;
}

export interface LoanTerms {
  readonly borrower: string;
  /** Null where the contracts take none. */
  readonly vendor: string | null;
  readonly totalAmount: bigint;
  /** 0 where the contracts take none. */
  readonly guaranteeAmount: bigint;
  /** Empty where the contracts take none. */
  readonly schedule: readonly Instalment[];
  readonly loanType: LoanType;
}

/** Where a pool is on the chain, and by which generation of contracts it is read. */
export interface PoolParts {
  readonly generation: string;
  readonly poolContract: string;
  readonly lendingContract: string;
  readonly tokenContract: string;
}

/**
 * What decides, beside its own time bounds, whether an envelope can land now.
 */
export interface LandingConditions {
  readonly ledger: number;
  /** The last used loan id; null where loans have none. */ readonly lastLoanId: bigint | null;
  readonly contractPauses: ContractPauses;
}

export interface FundingRequest {
  readonly terms: LoanTerms;
  readonly pool: PoolParts;
  /** T = close time of the latest ledger + this, at least 60 (docs/protocol.md#fence-first). */
  readonly holdSeconds: number;
  /** What it bids for inclusion; absent: the floor. */
  readonly bids?: BidRule;
  /**
   * The newest ledger that this service knows of the pool. A refusal that a node read at an older one
   * decides nothing. Absent or null: not known.
   */
  readonly seenLedger?: number | null;
  /** A promise while it is being planned: the node is asked meanwhile. */
  readonly window: WantedWindow | Promise<WantedWindow>;
}

export interface WantedWindow {
  /** The least window, which the live holds need. */
  readonly least: CounterWindow;
  /** The preferred window. */
  readonly wanted: CounterWindow;
  /**
   * This many loans beyond `least` are granted even where few such transactions fit into a ledger;
   * absent: none.
   */
  readonly plenty?: number;
}

/**
 * Room in a transaction for other loans that land first: how many, and how many bytes their entries
 * may have in total.
 */
export interface CounterWindow {
  readonly loans: number;
  readonly bytes: number;
}

/** Limits of the network on one transaction, by the names used in answers and metrics. */
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
 * One unsigned funding transaction. The hash is final: no byte may change after it
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
  /** The close time that T was counted from. */
  readonly chainTime: bigint;
  /** Stroops: inclusion fee and resource fee. */
  readonly fee: bigint;
  readonly inclusionFee: InclusionFee;
  /**
   * The loan ids on which it can land (docs/protocol.md#counter-window), both inclusive. Null where
   * loans have none.
   */
  readonly loanIdFirst: bigint | null;
  readonly loanIdLast: bigint | null;
  /**
   * Granted: loanIdLast = loanIdFirst + loans. At least what was requested; zero on a lending
   * contract that keeps its loans under unknown keys.
   */
  readonly window: CounterWindow & {
    /** Stroops that the window adds. */ readonly fee: bigint;
  };
  /** Absent or null: the contract does not count it. */
  readonly vendorFunded?: VendorFunded | null;
}

/** What a pool's contract had funded to a vendor up to a ledger, base units. */
export interface VendorFunded {
  readonly amount: bigint;
  readonly ledger: number;
}

/** A contract refused while the transaction was simulated. */
export type ContractName =
  | 'lending_contract'
  | 'pool'
  | 'token'
  | 'vendor_registry'
  | 'reputation'
  | 'parameters'
  | 'unknown';
export interface ContractRefusal {
  readonly contract: ContractName;
  readonly contractId: string | null;
  readonly number: number | null;
  /** Name in the contract's source, such as InsufficientReputation. */
  readonly name: string;
  /** A plain sentence. */
  readonly sentence: string;
  /**
   * liquidity: the pool or its token balance is short; caller: the terms or the parties are
   * refused; paused: an administrator paused a contract; outflow, vendor_cap: a limit of the pool's
   * contract; links: the contracts do not work together; protocol: any other failure.
   */
  readonly kind:
    'liquidity' | 'caller' | 'paused' | 'outflow' | 'vendor_cap' | 'links' | 'protocol';
}
export interface BrokenLink {
  readonly refusal: ContractRefusal;
  /** Broken only for a pool that had this contract before; null: for every pool. */
  readonly lost: ContractName | null;
}
export type FundingResult =
  | { readonly kind: 'built'; readonly funding: Funding }
  | { readonly kind: 'refused'; readonly refusal: ContractRefusal }
  | { readonly kind: 'no_account' }
  /** `least` exceeds a limit of one transaction; `fits` is the part of it that does not. */
  | {
      readonly kind: 'window_too_small';
      readonly limit: TransactionLimit;
      readonly fits: CounterWindow;
    }
  /** Exceeds a limit of one transaction even without a window. */
  | {
      readonly kind: 'over_limit';
      readonly limit: TransactionLimit;
      readonly declared: bigint;
      readonly max: bigint;
    }
  /**
   * The instance or the code of a contract lapses at that ledger, which may come before the
   * transaction's deadline. Then it would fail, because its restore list is final.
   */
  | { readonly kind: 'lapsing'; readonly contract: string | null; readonly liveUntil: number }
  /**
   * `keys` archived entries must be restored first. The restore transaction is unsigned; its source
   * account is all zeros and its sequence is 0. Null: it could not be built.
   */
  | {
      readonly kind: 'archived';
      readonly keys: number;
      readonly restore: { readonly xdr: string } | null;
    };

/** What create_loan checks a loan against (docs/stellar.md#create-loan-checks). */
export interface LendingParameters {
  /** 0: the rate table by score */ readonly baseInterestBps: number;
  readonly minGuaranteePercent: bigint;
  readonly minReputation: number;
}
export interface LoanConditionsRequest {
  readonly pool: PoolParts;
  readonly borrower: string;
  /** Null where loans have none. */
  readonly vendor: string | null;
}
/**
 * What create_loan would find now, without running it. It comes from several replies; `ledger` is
 * the oldest of them. Amounts are base units. The chain decides again when the transaction is
 * built.
 */
export interface LoanConditions {
  readonly ledger: number;
  /** Null: a parameters contract is set and does not answer. */
  readonly parameters: LendingParameters | null;
  readonly vendor: 'active' | 'inactive' | 'no_registry' | 'unanswered';
  /** 0 to 100, 0 for an unknown borrower; null: no reputation contract is set. */
  readonly score: number | null;
  /** What the borrower already owes. */
  readonly activeDebt: bigint;
  /**
   * The pool's own total - locked, sometimes more than its tokens
   * (docs/stellar.md#pool-arithmetic). Null: the lending contract has no pool.
   */
  readonly poolAvailable: bigint | null;
  /** To the vendor; absent or null: the contract does not count it. */
  readonly vendorFunded?: VendorFunded | null;
  /** What the contract's utilisation limit lets it lend; absent or null: no such limit. */
  readonly utilisationRoom?: bigint | null;
  /** The lending contract is inside a call that never ended. */
  readonly lendingContractLocked: boolean;
}

/**
 * A node's answer to a submission. It proves nothing (docs/stellar.md#submission-proves-nothing).
 */
export interface SubmissionReport {
  readonly status: 'PENDING' | 'DUPLICATE' | 'TRY_AGAIN_LATER' | 'ERROR';
  /** such as txBadSeq, with ERROR */ readonly resultCode: string | null;
  readonly latestLedger: number;
}

export interface AccountState {
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
 * A loan as the lending contract lists it. Base units; `createdAt` is the close time of the ledger
 * in which it landed.
 */
export interface BorrowerLoan {
  readonly loanId: bigint;
  readonly vendor: string;
  readonly totalAmount: bigint;
  readonly guaranteeAmount: bigint;
  readonly createdAt: bigint;
}
/** `ledger`: the list is at least as new as this ledger. */
export interface BorrowerLoans {
  readonly ledger: number;
  readonly loans: readonly BorrowerLoan[];
}

/** What the lending contract stored with a loan, at the ledger of the reply. */
export interface LandedLoan {
  readonly loanId: bigint;
  readonly totalAmount: bigint;
  readonly guaranteeAmount: bigint;
  readonly interestRateBps: number;
  readonly interestAmount: bigint;
  readonly serviceFeeAmount: bigint;
  readonly ledger: number;
}
export interface SequenceBurnRequest {
  readonly account: string;
  /** the envelope's own */ readonly sequence: bigint;
  /** unix seconds, inclusive */ readonly maxTime: bigint;
  /** What it bids for inclusion, among transactions without contracts. */
  readonly bids: BidRule;
}
/**
 * An unsigned transaction of the borrower that lands instead of an envelope and does nothing else.
 */
export interface SequenceBurn {
  readonly xdr: string;
  readonly hash: string;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  /** stroops */ readonly fee: bigint;
}

/**
 * An event's data as JSON can carry it: integers as decimal text (i128 does not fit a number),
 * addresses as G or C text, bytes as hex.
 */
export type EventData =
  string | boolean | null | readonly EventData[] | { readonly [member: string]: EventData };

/** A contract event as `getEvents` returns it. Events of failed transactions never appear. */
export interface ChainEvent {
  /** `%019d-%010d`: ledger, transaction, operation, event. Ids compare as text in chain order. */
  readonly id: string;
  readonly ledger: number;
  /** The transaction in the ledger: the outer one of a fee bump (docs/stellar.md#fee-bumps). */
  readonly txHash: string;
  readonly contract: string;
  /** The first topic. */
  readonly name: string;
  /** All topics as text, the name first. */
  readonly topics: readonly string[];
  readonly data: EventData;
}

export interface EventsRequest {
  readonly poolContract: string;
  readonly lendingContract: string;
  /** Of the token's events, only those with the pool as a party are returned. */
  readonly tokenContract: string;
  /** Where the last page ended, or the first ledger to read. */
  readonly from: { readonly cursor: string } | { readonly startLedger: number };
  readonly limit: number;
}

/**
 * gap: the node no longer keeps the requested ledgers, so their events are lost. Absence is proven
 * only up to `throughLedger`.
 */
export type EventsReply =
  | {
      readonly kind: 'page';
      readonly events: readonly ChainEvent[];
      /** Keep it also when the page is empty. */ readonly cursor: string;
      /** Every event up to and including this ledger has been returned by now. */
      readonly throughLedger: number;
      /** More can be read at once. */ readonly more: boolean;
    }
  | { readonly kind: 'gap'; readonly oldestLedger: number; readonly latestLedger: number };

/**
 * Contract events of one landed transaction, of every contract, as `readEvents` would return them.
 * A failed transaction has none.
 */
export type TransactionEvents =
  | { readonly found: false }
  | { readonly found: true; readonly ledger: number; readonly events: readonly ChainEvent[] };

/** The code that contracts run, from one reply. */
export interface ContractCodes {
  readonly ledger: number;
  /** Hex of the wasm hash by contract; null for the asset contract, which has none. */
  readonly hashes: ReadonlyMap<string, string | null>;
}

/** What a transaction in the ledger wraps. */
export type FeeBumpLookup =
  | { readonly found: false }
  | { readonly found: true; /** null: not a fee bump */ readonly innerHash: string | null };

/** The envelope as it was issued. Without its XDR, differences cannot be named. */
export interface ExpectedSigned {
  readonly hash: string;
  readonly source: string;
  readonly xdr?: string;
}

export interface Chain extends AuthorizationChain {
  readonly networkPassphrase: string;
  /** Of the network; null: the node has not said it yet. */
  readonly protocolVersion: number | null;
  /** @throws HoldfastError CHAIN_UNREACHABLE also when the node serves another network */
  verifyNetwork(): Promise<void>;
  head(): Promise<Head>;
  /**
   * The pool's parts and which contracts it runs, from their code.
   * @param named the generation that an operator says it is: its parts are read by that one
   */
  describePool(poolContract: string, named?: Generation): Promise<PoolDescription>;
  /** Symbol of a token as its contract states it; null: it states none that can be printed. */
  assetCode(tokenContract: string): Promise<string | null>;
  observePool(pool: PoolParts): Promise<PoolState>;
  /** @throws HoldfastError BUSY_RETRY when too many are built at once to begin in time */
  buildFunding(request: FundingRequest): Promise<FundingResult>;
  /** What a transaction built now would bid for inclusion. Never fails: without a rate, the floor. */
  inclusionFee(rule: BidRule, phase?: FeePhase): Promise<InclusionFee>;
  /**
   * Compares a signed XDR, or the one inside a fee bump, with the stored hash. At least one
   * signature must verify against a current signer of the source account. The network checks who
   * pays for a fee bump.
   */
  checkSigned(signedXdr: string, expected: ExpectedSigned): Promise<SignedCheck>;
  submit(signedXdr: string): Promise<SubmissionReport>;
  findTransaction(hash: string): Promise<TransactionReport>;
  account(address: string): Promise<AccountState>;
  /** By address, each with the ledger of the reply that carried it. */
  accountSequences(addresses: readonly string[]): Promise<ReadonlyMap<string, AccountSequence>>;
  /**
   * Every loan that the contracts know of a borrower, from their own state; null where they keep no
   * such list.
   */
  borrowerLoans(pool: PoolParts, borrower: string): Promise<BorrowerLoans | null>;
  /**
   * Those of the ids that the reply carries and that can be read; none where loans have no entry.
   */
  landedLoans(pool: PoolParts, loanIds: readonly bigint[]): Promise<readonly LandedLoan[]>;
  /** Never fails: without a rate it bids the floor. */
  buildSequenceBurn(request: SequenceBurnRequest): Promise<SequenceBurn>;
  /**
   * From one reply.
   * @throws HoldfastError CHAIN_UNREACHABLE also when the reply lacks a requested contract
   */
  landingConditions(pool: PoolParts): Promise<LandingConditions>;
  /**
   * The least guarantee that the contract accepts for this total: floor(total *
   * min_guarantee_percent / 100), at least 1 (docs/stellar.md#create-loan-checks).
   */
  leastGuarantee(pool: PoolParts, totalAmount: bigint): Promise<bigint>;
  /**
   * @throws HoldfastError CHAIN_UNREACHABLE also when the reputation contract is set and does not
   * answer, because the loan cannot be checked then
   */
  loanConditions(request: LoanConditionsRequest): Promise<LoanConditions>;
  /**
   * One page of events, oldest first.
   * @throws HoldfastError CHAIN_UNREACHABLE also when the node is behind the requested place: it
   * lags, which is no gap
   */
  readEvents(request: EventsRequest): Promise<EventsReply>;
  /**
   * A transaction's own events, by its hash or by the inner hash of a fee bump. A page of
   * `readEvents` may lack one of them.
   */
  transactionEvents(hash: string): Promise<TransactionEvents>;
  /**
   * The inner hash of the transaction with this hash: events carry the outer one
   * (docs/stellar.md#fee-bumps).
   */
  findInner(txHash: string): Promise<FeeBumpLookup>;
  contractLifetimes(pool: PoolParts): Promise<ContractLifetimes>;
  /** Links between a pool's contracts that every loan needs and that are missing or wrong. */
  brokenLinks(pool: PoolParts): Promise<readonly BrokenLink[]>;
  /** Null: the code is not known, or the node does not carry it. */
  proposedGeneration(pool: PoolParts, proposed: ProposedCode): Promise<Generation | null>;
  buildExtension(request: ExtensionRequest): Promise<Extension>;
  /** @throws HoldfastError CHAIN_UNREACHABLE also when the reply lacks one of them */
  contractCodes(contracts: readonly string[]): Promise<ContractCodes>;
}
