import type { GenerationTraits } from './generations.js';
import { type Codec, i128, struct, u32, u64 } from './scval.js';

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

/** From the third generation on. */
export interface LongerParameters extends ProtocolParameters {
  /** Of an instalment that is paid late, on top of it. */
  readonly late_fee_bps: number;
  /** Between the proposal of an upgrade and its execution. */
  readonly upgrade_delay_seconds: bigint;
}

const fields = {
  base_interest_bps: u32,
  default_penalty: u32,
  full_repayment_reward: u32,
  grace_period_seconds: u64,
  large_loan_default_penalty: u32,
  large_loan_threshold: i128,
  min_guarantee_percent: i128,
  min_reputation_threshold: u32,
};
export const protocolParameters = struct<ProtocolParameters>(fields);
export const longerParameters = struct<LongerParameters>({
  ...fields,
  late_fee_bps: u32,
  upgrade_delay_seconds: u64,
});

/** Parameters in the layout of a generation: what a shorter one lacks is nothing, or the default. */
export function parametersCodec({
  longerParameters: longer,
}: Pick<GenerationTraits, 'longerParameters'>): Codec<LongerParameters> {
  if (longer) return longerParameters;
  return {
    encode: ({ late_fee_bps: _fee, upgrade_delay_seconds: _delay, ...short }) =>
      protocolParameters.encode(short),
    decode: (value) => ({
      ...protocolParameters.decode(value),
      late_fee_bps: 0,
      upgrade_delay_seconds: DEFAULT_LONGER_PARAMETERS.upgrade_delay_seconds,
    }),
  };
}

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
export const DEFAULT_LONGER_PARAMETERS: LongerParameters = {
  ...DEFAULT_PARAMETERS,
  late_fee_bps: 500,
  upgrade_delay_seconds: 86_400n,
};
