import type { ContractName, PoolParts } from './chain.js';
import type { BidRule } from './inclusion-fee.js';

/**
 * The last ledger in which an instance and its code live; 0: archived; null: not known, or no code
 * of its own.
 */
interface ContractLifetime {
  readonly contract: string;
  readonly name: ContractName;
  readonly instanceUntil: number | null;
  readonly codeUntil: number | null;
}
export interface ContractLifetimes {
  /** Of the oldest of the replies. */
  readonly ledger: number;
  readonly contracts: readonly ContractLifetime[];
}
/** Code that an upgrade would install. */
export interface ProposedCode {
  readonly contract: string;
  /** Proposed wasm hashes in hex by contract, of this and of other contracts of the pool. */
  readonly hashes: ReadonlyMap<string, string>;
}
export interface ExtensionRequest {
  readonly pool: PoolParts;
  /** G address of the account that signs and pays. */
  readonly source: string;
  /** How many ledgers from now on the entries are to live. */
  readonly ledgers: number;
  /** What it bids for inclusion. */
  readonly bids: BidRule;
}
/**
 * An unsigned transaction that restores what is archived, or else one that extends what lives too
 * short. `nothing`: every entry lives that long already.
 */
export type Extension =
  | { readonly kind: 'nothing' | 'no_account' | 'no_figures' }
  | {
      readonly kind: 'restore' | 'extend';
      readonly xdr: string;
      readonly entries: number;
      /** Stroops, at most. */
      readonly fee: bigint;
      /** Null: restored entries get the least lifetime of the network. */
      readonly untilLedger: number | null;
    };
