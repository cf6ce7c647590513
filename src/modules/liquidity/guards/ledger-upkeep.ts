import { inTransaction, READ_COMMITTED, type Transaction } from '../../../database/transaction.js';
import type { LedgerConnections } from './ledger-connections.js';
import {
  pruneBounds,
  type PruneBound,
  pruneEvents,
  pruneKeys,
  pruneLapses,
  pruneLedgerTimes,
  pruneReconciliations,
  pruneSnapshots,
  pruneWindows,
  type Retention,
} from './upkeep.sql.js';

/** Maximum rows in one transaction, which then takes a few milliseconds. */
const PRUNE_MAX = 500;

export interface Pruned {
  readonly keys: number;
  readonly snapshots: number;
  readonly events: number;
  readonly reconciliations: number;
  readonly windows: number;
  readonly lapses: number;
  readonly ledgerTimes: number;
  /** One kind of row reached its limit, so there may be more. */ readonly again: boolean;
}

/**
 * Deletes rows that nothing reads any more, in short transactions. It does not take the gate, so no
 * borrower waits for it; a batch that meets the same expired key fails once with 40001 and runs
 * again. Workers may run it at once: each skips the rows that another deletes.
 */
export class LedgerUpkeep {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly deadlineMs: number,
    private readonly rowsAtOnce = PRUNE_MAX,
  ) {}

  /**
   * @param batchesMax transactions for each kind of row of each pool
   * @throws HoldfastError BUSY_RETRY
   */
  async prune(keep: Retention, batchesMax: number): Promise<Pruned> {
    const bounds = await pruneBounds(this.connections.read);
    const keys = await this.batches(batchesMax, [(tx) => pruneKeys(tx, this.rowsAtOnce)]);
    const windows = await this.batches(batchesMax, [(tx) => pruneWindows(tx, this.rowsAtOnce)]);
    const lapses = await this.batches(batchesMax, [(tx) => pruneLapses(tx, this.rowsAtOnce)]);
    const ledgerTimes = await this.batches(batchesMax, [
      (tx) => pruneLedgerTimes(tx, this.rowsAtOnce),
    ]);
    const each = (
      statement: (
        tx: Transaction,
        bound: PruneBound,
        days: number,
        limit: number,
      ) => Promise<number>,
      days: number,
    ) =>
      this.batches(
        batchesMax,
        bounds.map((bound) => (tx) => statement(tx, bound, days, this.rowsAtOnce)),
      );
    const snapshots = await each(pruneSnapshots, keep.snapshotDays);
    const events = await each(pruneEvents, keep.chainEventDays);
    const reconciliations = await each(pruneReconciliations, keep.reconciliationDays);
    return {
      keys: keys.rows,
      snapshots: snapshots.rows,
      events: events.rows,
      reconciliations: reconciliations.rows,
      windows: windows.rows,
      lapses: lapses.rows,
      ledgerTimes: ledgerTimes.rows,
      again: [keys, snapshots, events, reconciliations, windows, lapses, ledgerTimes].some(
        ({ again }) => again,
      ),
    };
  }

  private async batches(
    most: number,
    statements: readonly ((tx: Transaction) => Promise<number>)[],
  ): Promise<{ rows: number; again: boolean }> {
    let [rows, again] = [0, false];
    for (const statement of statements) {
      let last = this.rowsAtOnce;
      for (let batch = 0; batch < most && last === this.rowsAtOnce; batch++) {
        last = await inTransaction(
          this.connections.write,
          { begin: READ_COMMITTED, deadlineMs: this.deadlineMs },
          statement,
        );
        rows += last;
      }
      again ||= last === this.rowsAtOnce;
    }
    return { rows, again };
  }
}
