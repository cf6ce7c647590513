import type { FeeSurge } from './fee-surge.js';
import type { LocalChain } from './local-chain.js';
import type { NetworkNotes } from './network-notes.js';

/** What the control port answers about the network itself. */
export interface Conditions {
  readonly ledger: number;
  readonly surge: FeeSurge | null;
}

/**
 * What befalls the whole network: other people's bids, settings, upgrades. Kept with the ledger that
 * changed it, so a restarted network has it too.
 */
export class NetworkConditions {
  constructor(private readonly chain: LocalChain) {}

  /** Strangers fill the next ledger, and all after it. */
  setSurge(surge: FeeSurge | undefined): Conditions {
    return this.change({ surge });
  }

  private change(changed: Partial<NetworkNotes>): Conditions {
    this.chain.closeLedger({ notes: { ...this.chain.notes, ...changed } });
    return this.current();
  }
  current(): Conditions {
    const { notes, head } = this.chain;
    return { ledger: head.sequence, surge: notes.surge ?? null };
  }
}
