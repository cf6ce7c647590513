import type { InstalledCode } from './code-registry.js';
import type { FeeSurge } from './fee-surge.js';

/**
 * A pool that the control port deployed. C addresses, G addresses of the admin and of who made the
 * first deposit.
 */
export interface PoolRecord {
  readonly pool: string;
  readonly creditline: string;
  readonly token: string;
  readonly vendorRegistry: string;
  readonly reputation: string;
  readonly parameters: string;
  readonly admin: string;
  readonly provider: string;
  readonly profile: InstalledCode['profile'];
  readonly decimals: number;
}

/** What the network remembers beside its ledgers; saved with the ledger that changed it. */
export interface NetworkNotes {
  /**
   * Random name of this chain: accounts and contracts of two chains must not be taken for each
   * other.
   */
  readonly chainId: string;
  /** Seconds travelled forward. */
  readonly timeOffset: number;
  readonly codes: readonly InstalledCode[];
  readonly pools: readonly PoolRecord[];
  /** Keys derived so far: each new account takes the next number. */
  readonly accountsMade: number;
  /** Absent: nobody competes for a place in a ledger. */
  readonly surge?: FeeSurge | undefined;
  /**
   * Ledgers that new and restored entries live at least. Absent: those of the public test network,
   * and what the control port deploys is extended at once.
   */
  readonly leastLife?: number | undefined;
  /** After an upgrade of the network. */
  readonly protocolVersion?: number | undefined;
}
export const NO_NOTES: NetworkNotes = {
  chainId: '',
  timeOffset: 0,
  codes: [],
  pools: [],
  accountsMade: 0,
};
