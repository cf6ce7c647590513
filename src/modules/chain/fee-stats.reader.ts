import { FEE_PERCENTILES, type FeePercentile, type FeePhase } from './inclusion-fee.js';
import type { RpcClient } from './rpc-client.js';
import { feeStatsReply, type FeeStatsReply } from './rpc-replies.js';

type Rates = Readonly<Record<FeePercentile, bigint>>;
/** What transactions paid for inclusion in the last ledgers, stroops per operation. */
export interface FeeStats {
  readonly ledger: number;
  readonly rates: { readonly soroban: Rates } & Readonly<Record<FeePhase, Rates | null>>;
}

/** About half a ledger. Failures are kept as long, so that a silent node is not asked each time. */
const KEPT_MS = 2_500;
/** A rate is worth no more waiting: without one the floor is bid. Milliseconds. */
const LIMIT_MS = 1_000;

/** Reads `getFeeStats`, once for all who ask at the same time. */
export class FeeStatsReader {
  #known: { readonly stats: FeeStats | null; readonly until: number } | null = null;
  #asking: Promise<FeeStats | null> | null = null;

  constructor(private readonly rpc: RpcClient) {}

  /** @returns null when no node says it. Never fails: a loan does not depend on it. */
  read(): Promise<FeeStats | null> {
    if (this.#known && performance.now() < this.#known.until)
      return Promise.resolve(this.#known.stats);
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #ask(): Promise<FeeStats | null> {
    const stats = await this.rpc
      .call('getFeeStats', {}, feeStatsReply, LIMIT_MS)
      // the client has counted and traced it
      .then(statsOf, () => null);
    this.#known = { stats, until: performance.now() + KEPT_MS };
    return stats;
  }
}

/** A higher percentile paid at least as much: a reply that says otherwise is none. */
function statsOf({
  latestLedger,
  sorobanInclusionFee: soroban,
  inclusionFee: classic,
}: FeeStatsReply): FeeStats | null {
  if (!ascends(soroban)) return null;
  return {
    ledger: latestLedger,
    rates: { soroban, classic: classic && ascends(classic) ? classic : null },
  };
}

const ascends = (rates: Rates): boolean =>
  FEE_PERCENTILES.map((name) => rates[name]).every(
    (rate, index, all) => rate >= (all[index - 1] ?? 0n),
  );
