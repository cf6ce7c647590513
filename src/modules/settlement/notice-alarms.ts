import { asError } from '../../common/errors.js';
import type { Chain } from '../chain/chain.js';
import { familyOf } from '../chain/families/families.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { CodeChange, SeenEvent, SeenEvents } from '../liquidity/snapshots/observation.js';
import type { Alarms } from './alarm-log.js';

const ADVICE_UNREADABLE =
  'The event is kept as it came, and the pool takes no holds. A version of this service that can ' +
  'read it completes what it says; docs/operations.md#unreadable.';
const ADVICE_UNKNOWN =
  'The pool stays paused until this service knows the code, or an operator names the generation ' +
  'that it behaves like; docs/operations.md#contract-upgraded.';
const adviceKnown = (poolId: string): string =>
  `Resume it with its generation: holdfast pools set ${poolId} --state active --reason "..."; ` +
  'docs/operations.md#contract-upgraded.';

/** Alarms of what the events say about the contracts themselves. */
export class NoticeAlarms {
  constructor(
    private readonly chain: Pick<Chain, 'describePool'>,
    private readonly alarms: Alarms,
  ) {}

  /** @param upgrades those that are new; the pool is paused by then */
  async raise(
    pool: PoolRecord,
    { events, unreadable }: SeenEvents,
    upgrades: readonly SeenEvent[],
  ): Promise<void> {
    for (const { id, contract, name, ledger } of events.filter((each) =>
      unreadable.includes(each.id),
    ))
      this.alarms.raise('unreadable_event', {
        pool: pool.id,
        contract,
        event: id,
        name,
        ledger,
        advice: ADVICE_UNREADABLE,
      });
    await this.upgraded(
      pool,
      upgrades.map(({ contract, id, ledger }) => ({ contract, event: id, ledger })),
    );
  }

  /** Says which published contracts the new code is, or that it is not known. */
  async upgraded(
    pool: PoolRecord,
    upgrades: readonly (CodeChange | { readonly event: string })[],
  ): Promise<void> {
    if (upgrades.length === 0) return;
    const words = await this.words(pool);
    for (const upgrade of upgrades)
      this.alarms.raise('contract_upgraded', { pool: pool.id, ...upgrade, ...words });
  }

  private async words({ id, poolContract }: PoolRecord): Promise<Record<string, unknown>> {
    try {
      const { code } = await this.chain.describePool(poolContract);
      return code.generation === null
        ? { generation: null, found: code.found, advice: ADVICE_UNKNOWN }
        : {
            generation: code.generation,
            title: familyOf(code.generation).title,
            advice: adviceKnown(id),
          };
    } catch (thrown) {
      return { generation: null, found: [asError(thrown).message], advice: ADVICE_UNKNOWN };
    }
  }
}
