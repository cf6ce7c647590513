import { i128, struct, u32, u64 } from './scval.js';

/** The parameters contract's answer (docs/stellar.md#other-contracts). */
export interface ProtocolParameters {
  readonly base_interest_bps: number;
  readonly default_penalty: number;
  readonly full_repayment_reward: number;
  readonly grace_period_seconds: bigint;
  readonly large_loan_default_penalty: number;
  readonly large_loan_threshold: bigint;
  readonly min_guarantee_percent: bigint;
  readonly min_reputation_threshold: number;
}

export const protocolParameters = struct<ProtocolParameters>({
  base_interest_bps: u32,
  default_penalty: u32,
  full_repayment_reward: u32,
  grace_period_seconds: u64,
  large_loan_default_penalty: u32,
  large_loan_threshold: i128,
  min_guarantee_percent: i128,
  min_reputation_threshold: u32,
});

/**
 * The creditline also uses them when no parameters contract is set. A base interest of 0 selects
 * the rate table by score.
 */
export const DEFAULT_PARAMETERS: ProtocolParameters = {
  base_interest_bps: 0,
  default_penalty: 20,
  full_repayment_reward: 10,
  grace_period_seconds: 0n,
  large_loan_default_penalty: 30,
  large_loan_threshold: 5_000n,
  min_guarantee_percent: 20n,
  min_reputation_threshold: 50,
};
