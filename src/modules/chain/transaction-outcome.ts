/** An event that a contract emitted in a landed transaction. */

import type { EventData } from './chain.js';

export interface ContractEvent {
  readonly contract: string;
  /** first topic, a symbol */ readonly name: string;
  /** all topics, the name first; addresses as G or C text */ readonly topics: readonly string[];
  readonly data: EventData;
}

/**
 * contract: the contracts' own code refused. ours: the cause is our figures or the state of the
 * chain, not the borrower. unknown: the node does not report the cause.
 */
export type FailedBy = 'contract' | 'ours' | 'unknown';
/** Every reason, and the party that decided. */
export const FAILURE_SIDES = {
  contract_error: 'contract',
  contract_trap: 'contract',
  resource_limit: 'ours',
  archived: 'ours',
  refundable_fee: 'ours',
  malformed: 'ours',
  outside_footprint: 'ours',
  missing_entry: 'ours',
  authorization_spent: 'ours',
  authorization_expired: 'ours',
  budget: 'ours',
  unknown: 'unknown',
} as const satisfies Readonly<Record<string, FailedBy>>;
export type FailureReason = keyof typeof FAILURE_SIDES;
/**
 * Why an applied transaction failed. `contract` is a C address, `number` its error; both null
 * unless a contract decided.
 */
export interface FailureCause {
  readonly by: FailedBy;
  readonly reason: FailureReason;
  readonly contract: string | null;
  readonly number: number | null;
}

/** What one `getTransaction` reply reports, with the node's range of ledgers. */
export type TransactionReport = {
  readonly latestLedger: number;
  readonly latestCloseTime: bigint;
  readonly oldestLedger: number;
} & (
  | { readonly status: 'not_found' }
  | {
      readonly status: 'success';
      readonly ledger: number;
      readonly closeTime: bigint;
      readonly feeBump: boolean;
      /** Stroops that its payer was charged; null: not known. */ readonly feeCharged:
        bigint | null;
      readonly events: readonly ContractEvent[];
    }
  | {
      readonly status: 'failed';
      readonly ledger: number;
      readonly closeTime: bigint;
      readonly feeBump: boolean;
      readonly feeCharged: bigint | null;
      /**
       * True for txFAILED (or the inner one of a fee bump): fee and sequence are consumed
       * (docs/protocol.md#failed).
       */
      readonly applied: boolean;
      /** Such as txFailed/invokeHostFunctionTrapped. */
      readonly resultCode: string;
      /** Null when it was not applied. */
      readonly cause: FailureCause | null;
    }
);
