import type { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type { LedgerDifference } from '../liquidity/guards/self-check.sql.js';
import type { LedgerGuards } from '../liquidity/guards/ledger-guards.js';
import { AlarmLog, type Alarms } from './alarm-log.js';

export interface SelfCheckRooms {
  readonly ledger: { readonly guards: Pick<LedgerGuards, 'differences' | 'orderChange'> };
  readonly pools: Pick<PoolRegistry, 'list'>;
}

/**
 * A figure of a pool that differs from its rows: base units for `held` and `in_flight`, a count for
 * `live_borrowers`. `difference` = stored - summed.
 */
export interface CounterFault {
  readonly pool: string;
  readonly counter: 'held' | 'in_flight' | 'live_borrowers';
  readonly stored: bigint;
  readonly summed: bigint;
  readonly difference: bigint;
}

/**
 * Checks in production that counters are sums (docs/protocol.md#counters-are-sums) and that each
 * borrower has one live hold. It reports a difference to the unit and never corrects it: `holdfast
 * repair` does that, with a reason.
 */
export class SelfCheck {
  constructor(
    private readonly rooms: SelfCheckRooms,
    private readonly alarms: Alarms = new AlarmLog(),
  ) {}

  /**
   * Runs one statement per pool, so that the figures of a pool belong to one moment and a large
   * pool does not use up the time limit of the others.
   * A run over all pools also raises `text_order_changed`, but not when no version was recorded:
   * on some services no one can record it, and the start and readiness say it.
   * @param onPool is told how many pools have been checked, and of how many
   * @returns every wrong figure, each raised as alarm `ledger_error`; empty when all are right
   */
  async run(
    poolId: string | null = null,
    onPool: (done: number, all: number) => void = () => undefined,
  ): Promise<readonly CounterFault[]> {
    const ids = poolId === null ? (await this.rooms.pools.list()).map(({ id }) => id) : [poolId];
    const order = poolId === null ? await this.rooms.ledger.guards.orderChange() : null;
    if (order && order.recorded !== null) this.alarms.raise('text_order_changed', { ...order });
    const faults: CounterFault[] = [];
    for (const [index, id] of ids.entries()) {
      faults.push(...(await this.rooms.ledger.guards.differences(id)).flatMap(faultsOf));
      onPool(index + 1, ids.length);
    }
    for (const { pool, counter, stored, summed, difference } of faults) {
      this.alarms.raise('ledger_error', {
        pool,
        counter,
        stored: stored.toString(),
        summed: summed.toString(),
        difference: difference.toString(),
      });
    }
    return faults;
  }
}

function faultsOf(found: LedgerDifference): CounterFault[] {
  const figures = [
    ['held', found.held, found.heldSum],
    ['in_flight', found.inFlight, found.inFlightSum],
    ['live_borrowers', BigInt(found.liveBorrowers), BigInt(found.liveHolds)],
  ] as const;
  return figures
    .filter(([, stored, summed]) => stored !== summed)
    .map(([counter, stored, summed]) => ({
      pool: found.poolId,
      counter,
      stored,
      summed,
      difference: stored - summed,
    }));
}
