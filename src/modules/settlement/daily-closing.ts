import { asError } from '../../common/errors.js';
import type { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type { DailyBalances } from '../liquidity/snapshots/daily-balances.js';
import { AlarmLog, type Alarms } from './alarm-log.js';

/** Of each pool in one round: at the first one, months of reconciliations wait. */
const BATCHES_PER_ROUND = 20;

export interface ClosingRound {
  readonly pairs: number;
  readonly corrected: number;
  readonly failed: number;
  readonly again: boolean;
}

/**
 * Keeps how each pool's figures moved, by day. A round that was missed is made up by the next one,
 * from the reconciliations that are kept.
 */
export class DailyClosing {
  constructor(
    private readonly rooms: {
      readonly pools: Pick<PoolRegistry, 'list'>;
      readonly days: Pick<DailyBalances, 'note'>;
    },
    private readonly alarms: Alarms = new AlarmLog(),
  ) {}

  /** One round over all pools, closed ones too. A pool that fails does not stop the others. */
  async noteAll(): Promise<ClosingRound> {
    let [pairs, corrected, failed, again] = [0, 0, 0, false];
    for (const { id } of await this.rooms.pools.list()) {
      try {
        const noted = await this.rooms.days.note(id, BATCHES_PER_ROUND);
        pairs += noted.pairs;
        corrected += noted.corrected;
        again ||= noted.again;
      } catch (thrown) {
        failed++;
        this.alarms.raise('pool_round_failed', { pool: id, error: asError(thrown).message });
      }
    }
    return { pairs, corrected, failed, again };
  }
}
