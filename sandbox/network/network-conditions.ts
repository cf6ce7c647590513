import type { FeeSurge } from './fee-surge.js';
import type { LocalChain } from './local-chain.js';
import type { NetworkNotes, PoolRecord } from './network-notes.js';
import { deploymentIds } from './pool-deployment.js';
import { entriesOf, type PoolEntries } from './pool-entries.js';
import { MIN_PERSISTENT_LIFE } from './ledger-settings.js';

/** What the control port answers about the network itself. */
export interface Conditions {
  readonly ledger: number;
  readonly surge: FeeSurge | null;
  /** Ledgers that a new or restored entry lives at least. */
  readonly minPersistentTtl: number;
}

/**
 * What befalls the whole network: other people's bids, settings, upgrades. Kept with the ledger that
 * changed it, so a restarted network has it too.
 */
export class NetworkConditions {
  constructor(
    private readonly chain: LocalChain,
    private readonly pool: (id: string) => PoolRecord,
  ) {}

  /** Strangers fill the next ledger, and all after it. */
  setSurge(surge: FeeSurge | undefined): Conditions {
    return this.change({ surge });
  }

  /** Changes settings of the network; what is left out stays. */
  setSettings({
    minPersistentTtl,
  }: {
    readonly minPersistentTtl?: number | undefined;
  }): Conditions {
    return this.change({ ...(minPersistentTtl !== undefined && { leastLife: minPersistentTtl }) });
  }

  /**
   * Sets the lives of entries, shorter or longer.
   * @param request.ledgers how many ledgers they live beyond the one that this closes
   */
  setLives(request: PoolEntries & { readonly pool: string; readonly ledgers: number }): {
    readonly ledger: number;
    readonly entries: number;
    readonly liveUntilLedger: number;
  } {
    const ids = deploymentIds(this.pool(request.pool));
    const present = entriesOf(this.chain.state, ids, request);
    const { sequence } = this.chain.closeLedger({
      setup: (state, place) => {
        for (const id of present) state.setLife(id, place.sequence + request.ledgers);
      },
    });
    const liveUntilLedger = sequence + request.ledgers;
    return { ledger: sequence, entries: present.length, liveUntilLedger };
  }

  private change(changed: Partial<NetworkNotes>): Conditions {
    this.chain.closeLedger({ notes: { ...this.chain.notes, ...changed } });
    return this.current();
  }
  current(): Conditions {
    const { notes, head } = this.chain;
    return {
      ledger: head.sequence,
      surge: notes.surge ?? null,
      minPersistentTtl: notes.leastLife ?? MIN_PERSISTENT_LIFE,
    };
  }
}
