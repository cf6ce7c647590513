import type { xdr } from '@stellar/stellar-sdk';
import type {
  BorrowerLoans,
  ChainEvent,
  ContractName,
  ContractRefusal,
  LandedLoan,
  LoanConditions,
  LoanTerms,
  LoanType,
} from '../chain.js';
import type { ContractInterface } from '../contract-code.js';
import type { Instance } from '../ledger-entries.js';
import type { RpcClient } from '../rpc-client.js';
import type { ContractEvent } from '../transaction-outcome.js';
import type { EncodedKey } from '../xdr-cursor.js';
import type { ErrorTables } from './error-tables.js';

/**
 * What differs between lending contracts. A family knows its contracts' symbols, storage keys and
 * error numbers; no other room does. One object stands for one generation of a family
 * (docs/families.md).
 */
export interface ContractFamily {
  readonly family: FamilyName;
  readonly generation: Generation;
  /** The generation that its code is found as: another one where no code shows the difference. */
  readonly foundAs: Generation;
  /** For people, such as "StepFi contracts, generation G2". */
  readonly title: string;
  readonly lending: LendingRules;
  readonly errors: ErrorTables;

  /** Whether these interfaces belong to this generation; a sentence says why not. */
  recognise(pool: ContractInterface, lender: ContractInterface): true | string;
  /** The contracts that a pool's own instance names; null when it names none. */
  links(poolContract: string, pool: Instance): PoolLinks | null;
  /**
   * Figures of a pool from the instances of one reply. `lender` is undefined when the reply does not
   * carry it. @throws HoldfastError CHAIN_UNREACHABLE
   */
  figures(pool: Instance, lender: Instance | undefined): FamilyFigures;
  /** Contracts that an administrator can pause. */
  readonly pausable: readonly PausedContract[];
  /** `pool` may be undefined where it cannot be paused. @throws HoldfastError CHAIN_UNREACHABLE */
  conditions(instances: FamilyInstances): Pick<FamilyFigures, 'lastLoanId' | 'pauses'>;
  /** The contracts that the lending contract calls, by the name that refusals use. */
  linked(lender: Instance): readonly (readonly [contract: string, name: ContractName])[];
  /** The links that every loan needs: those that are broken, and those that are so unless `callee` answers. */
  linkChecks(contracts: FamilyContracts, instances: LinkedInstances): readonly LinkCheck[];
  /** What a paused contract answers, while it is paused; null where no pause exists. */
  pauseRefusal(which: PausedContract): ContractRefusal | null;

  /** The call that the borrower signs. */
  fundingCall(terms: LoanTerms, contracts: FamilyContracts): FundingCall;
  /**
   * The borrower's calls inside the funding call that need its authorization too, when another
   * account sends the transaction (docs/stellar.md#signed-authorizations).
   */
  authorizedCalls(terms: LoanTerms, contracts: FamilyContracts): readonly FundingCall[];
  /** What the call's arguments are, by position, for the words about a transaction that differs. */
  readonly fundingTerms: FundingTerms;
  /** The loan id in the call's return value; null where loans have none. @throws Error */
  loanIdOf(returned: xdr.ScVal): bigint | null;
  /** Null where a landing of one loan changes no key of another loan's footprint. */
  readonly loanKeys: LoanKeys | null;

  /** Where the pool's contract counts what it has funded to a vendor; null: it does not count. */
  readonly vendorFundings: VendorFundings | null;

  /** The loan id of our landing among a transaction's events; undefined when it is not there. */
  landing(events: readonly ContractEvent[], expected: ExpectedLanding): Landing | undefined;
  /** What an event of the pool's contract does to the pool's figures. */
  meaning(event: ContractEvent, standing: PoolStanding): EventMeaning;
  /** Fundings, loans and notices among events, in their order. */
  facts(events: readonly ChainEvent[], contracts: FamilyContracts): EventFacts;

  /** Null: the contract keeps no list of a borrower's loans. */
  readonly borrowerLoans:
    | ((
        access: ChainAccess,
        asked: { readonly borrower: string } & FamilyContracts,
      ) => Promise<BorrowerLoans>)
    | null;
  leastGuarantee(access: ChainAccess, contracts: FamilyContracts, total: bigint): Promise<bigint>;
  loanConditions(access: ChainAccess, asked: ConditionsAsked): Promise<LoanConditions>;
  /** What the contract would store with the loan, and its first refusal. */
  preview(asked: PreviewAsked, conditions: LoanConditions): LoanPreview;
}

export const FAMILY_NAMES = ['stepfi', 'reserve'] as const;
type FamilyName = (typeof FAMILY_NAMES)[number];
export const GENERATION_NAMES = [
  'g1',
  'g2',
  'g3',
  'scaled',
  'scaled-g2',
  'scaled-g3',
  'trustup',
  'reserve',
] as const;
export type Generation = (typeof GENERATION_NAMES)[number];

export interface ChainAccess {
  readonly rpc: RpcClient;
  readonly networkPassphrase: string;
}
export interface PoolLinks {
  readonly tokenContract: string;
  /** The contract that the borrower calls; the pool itself where there is one contract. */
  readonly lendingContract: string;
}
export interface FamilyContracts extends PoolLinks {
  readonly poolContract: string;
}

/** What a request for a loan must and may say. */
export interface LendingRules {
  readonly vendor: boolean;
  readonly guarantee: boolean;
  readonly schedule: boolean;
  readonly loanTypes: readonly LoanType[];
  /** XDR bytes that a loan adds to the lending contract's entries; 0 without loan keys. */
  readonly loanEntryBytes: (loan: {
    readonly instalments: number;
    readonly loanType: LoanType;
  }) => number;
}

export interface FamilyFigures {
  readonly total: bigint;
  /** May be negative (docs/stellar.md#pool-arithmetic). */
  readonly locked: bigint;
  /** Null: not in the reply, or no loan has an id. */
  readonly lastLoanId: bigint | null;
  readonly pauses: ContractPauses;
  readonly limits: ContractLimits;
}
export type PausedContract = 'pool' | 'lending_contract';
/** Of each contract that can be paused, whether it is; null: it cannot be read. */
export type ContractPauses = Readonly<Partial<Record<PausedContract, boolean | null>>>;
export type FamilyInstances = Readonly<Record<PausedContract, Instance | undefined>>;
export type LinkedInstances = Readonly<Record<PausedContract, Instance>>;
export interface LinkCheck {
  /** What is told while the link is broken, of the kind `links`. */
  readonly refusal: ContractRefusal;
  /** The link is whole when this contract's code has the function. Absent: it is broken. */
  readonly callee?: { readonly contract: string; readonly function: string };
  /** It is broken only for a pool that had this contract before. */
  readonly lost?: ContractName;
}
/** What the contracts themselves allow. Null: no such limit is set. */
export interface ContractLimits {
  /** Of what is available before a funding, for all fundings of one ledger. */
  readonly outflowCapBps: number | null;
  /** Base units that one vendor may be funded in total, ever. */
  readonly vendorCap: bigint | null;
  /** Hundredths of a percent of the total that is lent at most. */
  readonly utilisationCapBps: number | null;
  /** Sentences about limits that cannot be read: they are not known, and not absent. */
  readonly unreadable?: readonly string[];
}
export const NO_LIMITS: ContractLimits = {
  outflowCapBps: null,
  vendorCap: null,
  utilisationCapBps: null,
};

export interface FundingCall {
  readonly contract: string;
  readonly function: string;
  readonly args: readonly xdr.ScVal[];
}

export interface FundingTerms {
  readonly function: string;
  readonly arguments: readonly TermName[];
}
export type TermName = keyof LoanTerms;

/** Keys of a footprint that depend on the order in which loans land. */
export interface LoanKeys {
  /** Of the loan with this id. */
  key(lendingContract: string, loanId: bigint): xdr.LedgerKey;
  /**
   * What the contract stored with a loan, from its entry. @throws Error when it has another shape
   */
  termsIn(entry: xdr.LedgerEntryData): Omit<LandedLoan, 'ledger'>;
  /** Further keys that the same borrower's next loan would move this loan to. */
  nextOfBorrower(
    readWrite: readonly EncodedKey[],
    of: { readonly lendingContract: string; readonly borrower: string },
  ): EncodedKey[];
}

/** An entry that is absent counts as zero. */
export interface VendorFundings {
  key(poolContract: string, vendor: string): xdr.LedgerKey;
  /** @throws Error when it is no amount */
  amountIn(entry: xdr.LedgerEntryData): bigint;
}

export interface ExpectedLanding {
  readonly borrower: string;
  readonly amount: bigint;
  readonly poolContract: string;
  readonly lendingContract: string;
}
export interface Landing {
  readonly loanId: bigint | null;
}

export interface PoolStanding {
  readonly total: bigint;
  readonly locked: bigint;
}
/** Why a figure changed. */
export type MoneyTerm =
  'deposits' | 'withdrawals' | 'fundings' | 'repayments' | 'guarantees' | 'losses' | 'interest';
export interface MoneyMeaning {
  readonly kind: 'money';
  readonly term: MoneyTerm;
  /** Added to the figure. */
  readonly total: bigint;
  readonly locked: bigint;
  /** Movements of the pool's tokens that the event announces, each added to the balance. */
  readonly tokens: readonly bigint[];
}
/** `unreadable`: the event moves money, and its data has a shape that is not known. */
export type EventMeaning = MoneyMeaning | { readonly kind: 'none' | 'unreadable' };

export interface EventFacts {
  readonly fundings: readonly FundingFact[];
  readonly loans: readonly LoanFact[];
  readonly notices: readonly Notice[];
  /** Ids of events that move money or announce an upgrade, and cannot be read. */
  readonly unreadable: readonly string[];
}
/** Liquidity left the pool. `amount` null: the event cannot be read. */
export interface FundingFact {
  readonly eventId: string;
  readonly ledger: number;
  readonly txHash: string;
  readonly amount: bigint | null;
  readonly vendor: string | null;
}
/** Whose loan a funding was: of the last funding before `eventId` in the same transaction. */
export interface LoanFact {
  readonly eventId: string;
  readonly ledger: number;
  readonly txHash: string;
  readonly borrower: string | null;
  readonly loanId: bigint | null;
}
/** What operators are told of. */
export type Notice =
  | { readonly kind: 'upgraded'; readonly event: ChainEvent }
  | {
      readonly kind: 'upgrade_proposed';
      readonly event: ChainEvent;
      /** Hex. */
      readonly wasmHash: string;
      /** Unix seconds of the chain. */
      readonly unlocksAt: bigint;
    };

export interface ConditionsAsked extends FamilyContracts {
  readonly borrower: string;
  /** Null where loans have none. */
  readonly vendor: string | null;
}
export interface PreviewAsked {
  readonly totalAmount: bigint;
  /** Null: the least that is accepted. */
  readonly guaranteeAmount: bigint | null;
  readonly decimals: number;
}
/** Base units, except for the rate. */
export interface LoanPreview {
  readonly leastGuarantee: bigint;
  readonly guarantee: bigint;
  /** The amount held: total less guarantee. */
  readonly funded: bigint;
  readonly interestRateBps: number;
  readonly interest: bigint;
  readonly serviceFee: bigint;
  /** What the borrower then owes. */
  readonly owed: bigint;
  /** Null: the contracts set none. */
  readonly creditLimit: bigint | null;
  /** The first check that would fail, or null. */
  readonly refusal: ContractRefusal | null;
}
