import { ControlRefusal } from './control-refusal.js';
import { nameDirectly, REFERENCES_SINCE, referTo, wasmHashOf } from './executable-reference.js';
import type { FeeSurge } from './fee-surge.js';
import type { LocalChain } from './local-chain.js';
import type { NetworkNotes, PoolRecord } from './network-notes.js';
import { deploymentIds } from './pool-deployment.js';
import { entriesOf, type PoolEntries } from './pool-entries.js';
import type { DeploymentIds } from '../contracts/deploy.js';
import { contractAddress, instanceKey, instanceOf, sha256 } from './ledger-entries.js';
import { versionOf } from './ledger-header.js';
import { MIN_PERSISTENT_LIFETIME } from './ledger-settings.js';

/** What the control port answers about the network itself. */
export interface Conditions {
  readonly ledger: number;
  readonly surge: FeeSurge | null;
  /** Least lifetime of a new or restored entry, in ledgers. */
  readonly minPersistentTtl: number;
  readonly protocolVersion: number;
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
    protocolVersion,
  }: {
    readonly minPersistentTtl?: number | undefined;
    readonly protocolVersion?: number | undefined;
  }): Conditions {
    return this.change({
      ...(minPersistentTtl !== undefined && { leastLifetime: minPersistentTtl }),
      ...(protocolVersion !== undefined && { protocolVersion }),
    });
  }

  /**
   * Sets the lifetimes of entries, shorter or longer.
   * @param request.ledgers how many ledgers they are live after the one that this closes
   */
  setLifetimes(request: PoolEntries & { readonly pool: string; readonly ledgers: number }): {
    readonly ledger: number;
    readonly entries: number;
    readonly liveUntilLedger: number;
  } {
    const ids = deploymentIds(this.pool(request.pool));
    const present = entriesOf(this.chain.state, ids, request);
    const { sequence } = this.chain.closeLedger({
      setup: (state, place) => {
        for (const id of present) state.setLifetime(id, place.sequence + request.ledgers);
      },
    });
    const liveUntilLedger = sequence + request.ledgers;
    return { ledger: sequence, entries: present.length, liveUntilLedger };
  }

  /**
   * The instance of a contract names its code through an entry of another contract, or by hash
   * again.
   * @param request.wasmHash code that is named, hex; absent: the one that is
   * @throws ControlRefusal
   */
  setExecutable(request: {
    readonly pool: string;
    readonly contract: keyof DeploymentIds;
    readonly byReference: boolean;
    readonly wasmHash?: string | undefined;
  }): { readonly ledger: number; readonly owner: string; readonly wasmHash: string } {
    const record = this.pool(request.pool);
    const contract = deploymentIds(record)[request.contract];
    if (request.byReference && versionOf(this.chain.head) < REFERENCES_SINCE)
      throw new ControlRefusal(
        `code by reference needs protocol ${REFERENCES_SINCE}: POST /settings sets it`,
      );
    const stored = this.chain.state.get(instanceKey(contract).id);
    const present = stored && wasmHashOf(instanceOf(stored.data).executable, this.chain.state);
    if (!present) throw new ControlRefusal(`the ${request.contract} has no code of its own`);
    const hash = request.wasmHash === undefined ? present : Buffer.from(request.wasmHash, 'hex');
    const owner = contractAddress(
      this.chain.networkPassphrase,
      record.admin,
      sha256('owner of code'),
    );
    if (!this.chain.code.find(hash))
      throw new ControlRefusal(`no code has this hash: ${request.wasmHash ?? ''}`);
    const { sequence } = this.chain.closeLedger({
      setup: (state) => {
        if (request.byReference) referTo(owner, hash, { state, contract });
        else nameDirectly(hash, { state, contract });
      },
    });
    return { ledger: sequence, owner, wasmHash: Buffer.from(hash).toString('hex') };
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
      minPersistentTtl: notes.leastLifetime ?? MIN_PERSISTENT_LIFETIME,
      protocolVersion: versionOf(head),
    };
  }
}
