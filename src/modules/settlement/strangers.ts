import type { LandingCandidate } from '../liquidity/landings/landing.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';

const FIRST = 2;
const MOST = 24;
/** About five minutes. Afterwards landings have no room for strangers again. */
const REMEMBERED_LEDGERS = 60;

/**
 * How many loans of strangers landings leave room for. That room is taken from a ledger's limits, so
 * there is none until one landing failed for the lack of it. It costs that landing's fee, and the
 * same authorization lands again. It is kept in memory; a restart costs a few fees.
 */
export class Strangers {
  readonly #lines = new Map<string, { readonly room: number; readonly untilLedger: number }>();
  /** Failures that were counted, so that a candidate that waits counts once. */
  readonly #counted = new Map<string, number>();

  see(
    candidates: readonly LandingCandidate[],
    pools: ReadonlyMap<string, PoolRecord>,
    ledger: number,
  ): void {
    const outrun = new Set<string>();
    for (const { reservationId, poolId, lastFailure, landings } of candidates) {
      const line = pools.get(poolId)?.lendingContract;
      if (line === undefined || lastFailure?.by !== 'ours') continue;
      if (this.#counted.get(reservationId) === landings) continue;
      this.#counted.set(reservationId, landings);
      outrun.add(line);
    }
    for (const line of outrun)
      this.#lines.set(line, {
        room: Math.min(MOST, Math.max(FIRST, this.of(line, ledger) * 2)),
        untilLedger: ledger + REMEMBERED_LEDGERS,
      });
    const waiting = new Set(candidates.map(({ reservationId }) => reservationId));
    for (const id of this.#counted.keys()) if (!waiting.has(id)) this.#counted.delete(id);
  }

  of(lendingContract: string, ledger: number): number {
    const line = this.#lines.get(lendingContract);
    return line && line.untilLedger > ledger ? line.room : 0;
  }
}
