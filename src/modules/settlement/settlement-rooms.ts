import type { Chain } from '../chain/chain.js';
import type { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type { ReservationLedger } from '../liquidity/reservation-ledger.js';

export interface SettlementRooms {
  readonly ledger: ReservationLedger;
  readonly pools: PoolRegistry;
  readonly chain: Chain;
}
export interface SettlementLimits {
  /** Holds of one pool that one round looks up at most. */
  readonly lookupsPerRound: number;
  /** Concurrent calls to the node. */
  readonly callsAtOnce: number;
  /** Pools worked on concurrently. */
  readonly poolsAtOnce: number;
  /**
   * How long the look-ups of one pool delay its snapshot, milliseconds; absent: until all are
   * answered. Those without an answer by then come first in the next round. Under load each answer
   * takes long, and a snapshot that waited for 200 of them was 10 to 25 s old when it was stored.
   */
  readonly lookupMs?: number;
}
export const LIMITS: SettlementLimits = {
  lookupsPerRound: 200,
  callsAtOnce: 16,
  poolsAtOnce: 4,
  lookupMs: 2_000,
};

/** How many holds ended. */
export interface Applied {
  readonly settled: number;
  readonly released: number;
  readonly expired: number;
}
export const NOTHING: Applied = { settled: 0, released: 0, expired: 0 };
