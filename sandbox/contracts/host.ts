import type { xdr } from '@stellar/stellar-sdk';
import type { Generation } from './generations.js';

/**
 * The operations of a modelled contract: the port between the contracts (`contracts/`) and the
 * network that runs them (`network/`). The network implements Host per invocation: it records or
 * enforces the footprint, buffers writes, and rolls them back on failure.
 */
export type Durability = 'instance' | 'persistent' | 'temporary';

/** A call of another contract, named so that it can be authorised before it is made. */
export interface NestedCall {
  readonly contract: string;
  readonly fn: string;
  readonly args: readonly xdr.ScVal[];
}

export interface Host {
  /** The contract that is running, C address. */
  readonly self: string;
  /** The caller: a C address for a sub-call, null at the top. */
  readonly caller: string | null;
  readonly ledger: {
    readonly sequence: number;
    /** close time, unix seconds */
    readonly timestamp: bigint;
  };
  readonly networkPassphrase: string;
  /**
   * Instance keys live in the contract instance entry (one footprint key); persistent ones are
   * ledger entries of their own.
   */
  read(durability: Durability, key: xdr.ScVal): xdr.ScVal | undefined;
  write(durability: Durability, key: xdr.ScVal, value: xdr.ScVal): void;
  remove(durability: Durability, key: xdr.ScVal): void;
  /**
   * Traps unless the address authorised this invocation: by being the transaction source, by an
   * authorization entry, or, for a contract, by being the caller or by authorizeNested.
   */
  requireAuth(address: string): void;
  /**
   * Soroban's authorize_as_current_contract: the next call of this contract may make these calls in
   * its name, each once. The creditline needs it for repayments: the pool pulls tokens that the
   * creditline holds.
   */
  authorizeNested(calls: readonly NestedCall[]): void;
  /** Traps unless `signature` of the ed25519 key is of this message. */
  verifySignature(key: Uint8Array, message: Uint8Array, signature: Uint8Array): void;
  /** Installs other code in the running contract. Fails when no code of that hash is installed. */
  replaceCode(wasmHash: Uint8Array): void;
  /**
   * Calls another contract; its failure fails this one, and the origin is kept. Arguments are
   * traced for the error text.
   */
  call(contract: string, fn: string, args: readonly xdr.ScVal[]): xdr.ScVal;
  /** Soroban's try_invoke: a failure of the callee is rolled back and returned. */
  tryCall(
    contract: string,
    fn: string,
    args: readonly xdr.ScVal[],
  ): { readonly ok: true; readonly value: xdr.ScVal } | { readonly ok: false };
  emit(topics: readonly xdr.ScVal[], data: xdr.ScVal): void;
  /**
   * Classic account facts the token contract needs (native balances live in account entries). Only
   * the token contract uses them.
   */
  accountExists(address: string): boolean;
  /** Ends the invocation with Error(Contract, #code) of this contract. */
  fail(code: number): never;
  /** Ends the invocation with a trap that has no contract code (a Rust panic). */
  trap(reason: string): never;
}

/** One exported function of a contract. */
export interface ContractFunction {
  (host: Host, args: readonly xdr.ScVal[]): xdr.ScVal;
  /** What it takes, with the type in the interface; no type: any value. */
  readonly parameters?: readonly { readonly type?: xdr.ScSpecTypeDef }[];
}

/** The contracts of one deployment. */
export const POOL_CONTRACTS = [
  'pool',
  'creditline',
  'token',
  'vendor_registry',
  'reputation',
  'parameters',
] as const;
export type PoolContract = (typeof POOL_CONTRACTS)[number];

/** A contract's code: the network finds it by the code name stored for a contract address. */
export interface ContractCode {
  readonly name: PoolContract | 'account';
  /** Which generation it is of; absent: the first. */
  readonly generation?: Generation;
  readonly functions: Readonly<Record<string, ContractFunction>>;
  /** Error numbers by name, for the interface. */
  readonly errors?: Readonly<Record<string, number>>;
  /** Names of its events, for the interface. */
  readonly events?: readonly string[];
}

/**
 * Deployed code, by name and profile. `scaled` multiplies the creditline's limits by 10^decimals
 * (docs/stellar.md#units-and-credit-limits); `trustup` is the other fork's contracts
 * (docs/stellar.md#trustup); `reserve` is a contract of another family
 * (docs/families.md#the-reserve-family).
 */
export const PROFILES = ['stepfi', 'scaled', 'trustup', 'reserve'] as const;
export type Profile = (typeof PROFILES)[number];
