import type { PoolState } from '../chain/chain.js';
import { unreadableIn } from '../chain/chain-trouble.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { Alarms } from './alarm-log.js';
import type { SettlementRooms } from './settlement-rooms.js';

const ADVICE =
  'The entry is not known, so no hold is made. Compare the generation of the pool with its code; ' +
  'docs/operations.md#unreadable.';

/**
 * Reads pools. An entry that cannot be read raises an alarm, and a second reply that says the same
 * stops the pool: one wrong reply must not.
 */
export class UnreadableEntries {
  constructor(
    private readonly rooms: Pick<SettlementRooms, 'chain' | 'ledger'>,
    private readonly alarms: Alarms,
  ) {}

  /**
   * @returns null when the figures cannot be read. Limits that cannot are said in the figures, and
   * the ledger makes no hold by them.
   * @throws HoldfastError CHAIN_UNREACHABLE, BUSY_RETRY
   */
  async observe(pool: PoolRecord): Promise<PoolState | null> {
    const seen = await this.read(pool);
    if (seen.entries.length === 0) return seen.state;
    const facts = { entries: seen.entries };
    this.alarms.raise('unreadable_entry', { pool: pool.id, ...facts, advice: ADVICE });
    const again = await this.read(pool);
    if (again.entries.some((each) => seen.entries.includes(each)))
      await this.rooms.ledger.guards.stopPool(pool.id, 'unreadable_entry', facts);
    return seen.state;
  }

  private async read(
    pool: PoolRecord,
  ): Promise<{ readonly state: PoolState | null; readonly entries: readonly string[] }> {
    try {
      const state = await this.rooms.chain.observePool(pool);
      return { state, entries: state.limits.unreadable ?? [] };
    } catch (thrown) {
      const entry = unreadableIn(thrown);
      if (entry === null) throw thrown;
      return { state: null, entries: [entry] };
    }
  }
}
