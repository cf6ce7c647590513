import type { Generation } from '../contracts/generations.js';
import type { InstalledCode } from './code-registry.js';
import type { FeeSurge } from './fee-surge.js';

/**
 * A pool that the control port deployed: C addresses, and G addresses of the admin and the first
 * provider.
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
  /** The one it was deployed with; absent in notes of an older version. */
  readonly generation?: Generation | undefined;
}

/** What the network stores beside its ledgers, saved with the ledger that changed it. */
export interface NetworkNotes {
  /** Random name of this chain, so that accounts and contracts of two chains never match. */
  readonly chainId: string;
  /** Seconds by which the clock was moved forward. */
  readonly timeOffset: number;
  readonly codes: readonly InstalledCode[];
  readonly pools: readonly PoolRecord[];
  /** Hash of the code of the contract accounts, hex; absent: there are none. */
  readonly accountCode?: string | undefined;
  /** Keys derived so far: each new account takes the next number. */
  readonly accountsMade: number;
  /** Absent: nobody competes for a place in a ledger. */
  readonly surge?: FeeSurge | undefined;
  /**
   * Least lifetime of new and restored entries, in ledgers. Absent: that of the public test
   * network, and the control port extends what it deploys.
   */
  readonly leastLifetime?: number | undefined;
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
