import { inTransaction, type Transaction } from '../../../database/transaction.js';
import type { LedgerConnections } from '../guards/ledger-connections.js';
import { addToDays, explainedDays, sumUpAgain } from './daily-balances.sql.js';

/** A row that two transactions change ends the second, which then runs again. */
const REPEATABLE_READ = 'BEGIN ISOLATION LEVEL REPEATABLE READ';
/** Reconciliations in one transaction: a few hours of them, in about a tenth of a second. */
const PAIRS_MAX = 2000;

export interface DaysNoted {
  readonly pairs: number;
  /** Days that were summed up again, because a difference was explained since. */
  readonly corrected: number;
  /** The limit was reached, so there may be more. */ readonly again: boolean;
}

/**
 * Sums reconciliations up by day, before upkeep deletes them by age. It takes no gate and locks no
 * pool, so no borrower waits for it.
 */
export class DailyBalances {
  constructor(
    private readonly connections: Pick<LedgerConnections, 'read' | 'write'>,
    private readonly deadlineMs: number,
    private readonly pairsAtOnce = PAIRS_MAX,
  ) {}

  /**
   * @param batchesMax transactions at most
   * @throws HoldfastError BUSY_RETRY; what was added until then stays
   */
  async note(poolId: string, batchesMax: number): Promise<DaysNoted> {
    let pairs = 0;
    let last = this.pairsAtOnce;
    for (let batch = 0; batch < batchesMax && last === this.pairsAtOnce; batch++) {
      last = await this.write((tx) => addToDays(tx, poolId, this.pairsAtOnce));
      pairs += last;
    }
    let corrected = 0;
    for (const day of await explainedDays(this.connections.read, poolId))
      if (await this.write((tx) => sumUpAgain(tx, poolId, day))) corrected++;
    return { pairs, corrected, again: last === this.pairsAtOnce };
  }

  private write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(
      this.connections.write,
      { begin: REPEATABLE_READ, deadlineMs: this.deadlineMs },
      work,
    );
  }
}
