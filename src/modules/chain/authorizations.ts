import type {
  ContractRefusal,
  CounterWindow,
  EventData,
  FundingResult,
  LoanTerms,
  PoolParts,
  VendorFunded,
} from './chain.js';
import type { BidRule, InclusionFee } from './inclusion-fee.js';
import type { SignedDifference } from './signed-check.js';

/**
 * Signing by authorization: the borrower signs an entry, and a transaction of a channel account
 * lands it (docs/stellar.md#signed-authorizations). Plain types, as in `chain.ts`.
 */

/** A call that an authorization allows, with the calls that it allows inside. */
export interface InvocationView {
  readonly contract: string;
  readonly function: string;
  readonly args: readonly EventData[];
  readonly subInvocations: readonly InvocationView[];
}

/** Seconds from one ledger to the next: the fastest and the slowest plausible pace. */
interface LedgerPace {
  readonly fastest: number;
  readonly slowest: number;
}

export interface AuthorizationRequest {
  /** The borrower is an account (G) or a contract account (C). */
  readonly terms: LoanTerms;
  readonly pool: PoolParts;
  /** At the fastest pace the fence comes no earlier than this after the head. */
  readonly holdSeconds: number;
  readonly pace: LedgerPace;
  /** What a restore transaction bids; absent: the floor. */
  readonly bids?: BidRule;
  /** As in `FundingRequest`. */
  readonly seenLedger?: number | null;
}

/** One unsigned authorization of a funding call. */
export interface Authorization {
  /** Hex of the signature payload: sha256 of the preimage. */
  readonly hash: string;
  /** Base64 XDR of the unsigned SorobanAuthorizationEntry. */
  readonly entryXdr: string;
  /** The borrower, whose nonce and signature it is. */
  readonly address: string;
  /** Signed 64 bits. */
  readonly nonce: bigint;
  /** E, inclusive: the host refuses the entry in every later ledger. */
  readonly expirationLedger: number;
  /** S: a ledger known before the entry existed. */
  readonly issuedAfterLedger: number;
  /** Close time of the head from which E was counted. */
  readonly chainTime: bigint;
  /** Unix seconds: when E closes at the slowest plausible pace. An estimate. */
  readonly latestEnd: bigint;
  /** Absent or null: the contract does not count it. */
  readonly vendorFunded?: VendorFunded | null;
}

export type AuthorizationResult =
  | { readonly kind: 'built'; readonly authorization: Authorization }
  | Extract<FundingResult, { kind: 'refused' | 'no_account' | 'archived' | 'over_limit' }>
  /** The simulation asks for what our terms do not contain. Nothing may be signed. */
  | { readonly kind: 'foreign_invocations'; readonly found: readonly string[] }
  /** The fence would be beyond the longest lifetime of an entry. */
  | { readonly kind: 'fence_too_far'; readonly ledgers: number; readonly most: number };

/** What a wallet returned. */
export interface SignedAuthorization {
  /**
   * Base64 XDR of the signed entry, or the 64 bytes of a signature over the hash in base64 or hex.
   */
  readonly signed: string;
  /** G address of the key that made a bare signature; absent: any signer of the account. */
  readonly signer?: string;
}
/** The authorization as it was issued. */
export interface ExpectedAuthorization {
  readonly entryXdr: string;
  readonly terms: LoanTerms;
  readonly pool: PoolParts;
}
/**
 * weight_too_low: the signatures are valid, and the account's medium threshold needs more.
 * not_checked: a contract refuses the loan before the contract account was asked; try again later.
 */
export type AuthorizationCheck =
  | { readonly ok: true; readonly signedEntryXdr: string }
  | {
      readonly ok: false;
      readonly reason: 'unreadable' | 'differs' | 'not_signed' | 'weight_too_low' | 'not_checked';
      readonly sentence: string;
      readonly differences: readonly SignedDifference[];
      readonly weight?: number;
      readonly needed?: number;
      readonly refusal?: ContractRefusal;
    };

/** A channel account at the ledger of the reply. Null: no such account at that ledger. */
export interface ChannelState {
  readonly account: string;
  readonly ledger: number;
  readonly sequence: bigint | null;
  /** Stroops, the network's reserve included. */
  readonly balance: bigint | null;
}

export interface NonceKey {
  readonly address: string;
  readonly nonce: bigint;
}
/** Whether a nonce was spent, by one reply. */
export interface NonceSighting extends NonceKey {
  readonly ledger: number;
  /**
   * The nonce's entry: the ledger in which it was spent (null: the node does not say) and the last
   * one in which the entry lives. Null: the reply carries no live entry.
   */
  readonly spent: { readonly ledger: number | null; readonly liveUntil: number } | null;
}

export interface LandingRequest {
  readonly terms: LoanTerms;
  readonly pool: PoolParts;
  readonly signedEntryXdr: string;
  /** `sequence`: the channel's sequence now; the landing uses the next one. */
  readonly channel: { readonly account: string; readonly sequence: bigint };
  /** Loans that may land first: the others of the batch, and strangers. */
  readonly window: CounterWindow;
  /** Unix seconds, inclusive. */
  readonly maxTime: bigint;
  readonly bids?: BidRule;
  /** What it bids for inclusion, stroops; absent: by `bids`. */
  readonly bid?: bigint;
}
/** A transaction of a channel that carries a signed authorization; signed and final. */
export interface Landing {
  readonly hash: string;
  /** Base64 XDR of the envelope, signed by the channel. */
  readonly xdr: string;
  readonly channel: string;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  readonly issuedAfterLedger: number;
  /** Stroops, at most: inclusion fee and resource fee. */
  readonly fee: bigint;
  readonly inclusionFee: InclusionFee;
  /** As in `Funding`. */
  readonly loanIdFirst: bigint | null;
  readonly loanIdLast: bigint | null;
  /** Granted: what was requested, or as much of it as one transaction can carry. */
  readonly window: CounterWindow;
  /**
   * How many such landings the limits of one ledger allow: a batch with windows of its own size is
   * at most this large, otherwise the rest waits for the next ledger.
   */
  readonly perLedger: number;
}
export type LandingResult =
  | { readonly kind: 'built'; readonly landing: Landing }
  | Extract<FundingResult, { kind: 'refused' | 'archived' | 'over_limit' | 'lapsing' }>
  /** The nonce's entry exists, or the host says so: the loan landed with another transaction. */
  | { readonly kind: 'spent'; readonly ledger: number }
  /** No ledger is left in which the host accepts the entry. */
  | { readonly kind: 'expired'; readonly ledger: number; readonly expirationLedger: number }
  /**
   * no_secret: this process has no key for it; no_account: it is not on the network; moved: its
   * sequence is another one by now.
   */
  | {
      readonly kind: 'no_channel';
      readonly reason: 'no_secret' | 'no_account' | 'moved';
      readonly sequence: bigint | null;
    };

/** The authorizations by address that a transaction in the ledger carries. */
export type AuthorizationsLookup =
  | { readonly found: false; /** That the node still has. */ readonly oldestLedger: number }
  | {
      readonly found: true;
      readonly ledger: number;
      readonly succeeded: boolean;
      /** Null: not a fee bump. */
      readonly innerHash: string | null;
      readonly authorizations: readonly NonceKey[];
    };

export interface ChannelFundingRequest {
  /** The account that signs and pays. */
  readonly source: string;
  readonly channels: readonly string[];
  /** What each channel gets, stroops. */
  readonly amount: bigint;
}
/** An unsigned transaction that pays channels; those that do not exist are created. */
export type ChannelFunding =
  | { readonly kind: 'no_account' }
  | {
      readonly kind: 'built';
      readonly xdr: string;
      /** Stroops. */
      readonly fee: bigint;
      readonly created: readonly string[];
    };

/** The part of the port to the chain that lands signed authorizations. */
export interface AuthorizationChain {
  /**
   * The entry that the borrower signs, from our own terms and compared with what the simulation
   * asks for (docs/stellar.md#signed-authorizations).
   * @throws HoldfastError BUSY_RETRY as `buildFunding`
   */
  buildAuthorization(request: AuthorizationRequest): Promise<AuthorizationResult>;
  /**
   * Whether what wallets returned is the issued entry, well signed: by signers whose weight reaches
   * the account's medium threshold, or accepted by the contract account in simulation. Several
   * parts are the signatures of several signers.
   */
  checkAuthorization(
    signed: readonly SignedAuthorization[],
    expected: ExpectedAuthorization,
  ): Promise<AuthorizationCheck>;
  /** By address, each with the ledger of the reply that carried it. */
  channels(accounts: readonly string[]): Promise<ReadonlyMap<string, ChannelState>>;
  /** The channels for which this process has a key. */
  readonly channelAccounts: readonly string[];
  /** Each with the ledger of its reply; without those whose entry cannot be read. */
  nonces(list: readonly NonceKey[]): Promise<readonly NonceSighting[]>;
  /**
   * The least number of ledgers that a temporary entry lives, from its first ledger on.
   * @throws HoldfastError CHAIN_UNREACHABLE also when the node does not say it
   */
  minTemporaryTtl(): Promise<number>;
  /** Simulates the call with the signed entry, in enforcing mode, and signs with the channel. */
  buildLanding(request: LandingRequest): Promise<LandingResult>;
  /** By the transaction's hash or by the inner hash of a fee bump. */
  findAuthorizations(txHash: string): Promise<AuthorizationsLookup>;
  /** An unsigned transaction, for the operator's account to sign. */
  buildChannelFunding(request: ChannelFundingRequest): Promise<ChannelFunding>;
}
