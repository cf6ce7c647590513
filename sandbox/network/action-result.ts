import type { LandedCall } from './contract-call.js';
import type { LocalChain } from './local-chain.js';

/**
 * The result of an action. `ledger` and `closeTime` are of the last closed ledger; `succeeded` is null
 * while no ledger has the transaction.
 */
export interface ActionResult {
  readonly hash: string;
  readonly succeeded: boolean | null;
  readonly ledger: number;
  readonly closeTime: number;
}
/** `close: false` leaves the transaction waiting, to land together with others. */
export interface When {
  readonly close?: boolean | undefined;
}

export const resultOf = (chain: LocalChain, { hash, succeeded }: LandedCall): ActionResult => ({
  hash,
  succeeded,
  ledger: chain.head.sequence,
  closeTime: chain.head.closeTime,
});
