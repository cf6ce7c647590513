import { Logger } from '@nestjs/common';
import type { LedgerUpkeep, Pruned } from '../liquidity/guards/ledger-upkeep.js';
import type { Retention } from '../liquidity/guards/upkeep.sql.js';

/**
 * Transactions for each kind of row in one round: 50,000 rows, in seconds. The next round takes the
 * rest.
 */
const BATCHES_PER_ROUND = 100;

/** Deletes rows that nothing reads any more. */
export class Upkeep {
  constructor(
    private readonly ledger: Pick<LedgerUpkeep, 'prune'>,
    private readonly keep: Retention,
    private readonly log: Pick<Logger, 'log'> = new Logger('upkeep'),
  ) {}

  /** @throws HoldfastError BUSY_RETRY; rows deleted until then stay deleted */
  async prune(): Promise<Pruned> {
    const pruned = await this.ledger.prune(this.keep, BATCHES_PER_ROUND);
    const { again: _, ...rows } = pruned;
    if (Object.values(rows).some((count) => count > 0))
      this.log.log(`pruned ${JSON.stringify(rows)}`);
    return pruned;
  }
}
