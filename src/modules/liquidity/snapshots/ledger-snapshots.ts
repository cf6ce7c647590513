import { LAG_LEDGERS_MAX, type LedgerTime } from '../../../common/ledger-time.js';
import { measureSettled } from '../ends/settle-time.js';
import { settleBatch, TRANSITIONS_MAX } from '../ends/transition.sql.js';
import type { LedgerTransactions } from '../ledger-transactions.js';
import { knownLedger } from '../pools/position.sql.js';
import type { Snapshot } from '../reservation.js';
import type { Settlement, Transition } from '../ends/end-evidence.js';
import { dating, type Dating } from './ledger-times.js';
import { observeSnapshot } from './snapshot.sql.js';
import {
  anyFarAhead,
  forgetFarAhead,
  forgetTimes,
  type ForgottenHead,
  ledgerTimes,
  storeTimes,
} from './ledger-times.sql.js';

/** The result of a head, and the pools that knew a ledger which does not exist. */
export interface HeadSeen {
  readonly dating: Dating;
  readonly forgotten: readonly ForgottenHead[];
}
/** How many ledgers a reply is compared with before it counts as evidence: about five minutes. */
const TIMES_COMPARED = 64;

/** Stores snapshots of pools, and the ledgers whose close times are known. */
export class LedgerSnapshots {
  constructor(private readonly transactions: LedgerTransactions) {}

  /**
   * Stores a snapshot if it is newer (docs/protocol.md#snapshots-only-move-forward). Known
   * settlements up to its ledger are applied first, in the same transaction, so that nothing counts
   * twice.
   */
  async observe(
    snapshot: Snapshot,
    settlements: readonly Settlement[] = [],
  ): Promise<{ advanced: boolean; settled: Transition[] }> {
    const contained = settlements.slice(0, TRANSITIONS_MAX);
    const observed = await this.transactions.run('observe', async (tx) => {
      const settled = contained.length ? await settleBatch(tx, contained) : [];
      return { advanced: await observeSnapshot(tx, snapshot), settled };
    });
    await measureSettled(this.transactions.read, contained, observed.settled);
    return observed;
  }

  /** The newest ledger that any pool of the network has seen; 0 before the first. */
  knownLedger(network: string): Promise<number> {
    return knownLedger(this.transactions.read, network);
  }

  /**
   * Compares a head with the ledgers whose close times are known and stores it: as believed, or as
   * waiting when it contradicts them. What turned out wrong is deleted with everything that rested
   * on it. A head that is not believed is no evidence.
   */
  async seeHead(network: string, head: LedgerTime): Promise<HeadSeen> {
    const first = dating(head, await ledgerTimes(this.transactions.read, network));
    const settled =
      (first.kind === 'believed' && !first.isNew && first.disproved.length === 0) ||
      (first.kind === 'waiting' && !first.isNew);
    const result = settled
      ? first
      : await this.transactions.run('ledger_times', async (tx) => {
          const again = dating(head, await ledgerTimes(tx.client, network));
          if (again.kind !== 'waiting') await forgetTimes(tx, network, again.disproved);
          await storeTimes(
            tx,
            network,
            again.kind === 'confirmed' ? again.run : [head],
            again.kind !== 'waiting',
          );
          return again;
        });
    if (result.kind === 'waiting') return { dating: result, forgotten: [] };
    const far = await anyFarAhead(this.transactions.read, network, head, LAG_LEDGERS_MAX);
    return {
      dating: result,
      forgotten: far
        ? await this.transactions.run('ledger_times', (tx) =>
            forgetFarAhead(tx, network, LAG_LEDGERS_MAX),
          )
        : [],
    };
  }

  /** Ledgers whose close time is believed, newest first. */
  async ledgerTimes(network: string): Promise<LedgerTime[]> {
    return (await ledgerTimes(this.transactions.read, network, TIMES_COMPARED)).filter(
      ({ believed }) => believed,
    );
  }
}
