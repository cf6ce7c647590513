import { Inject, Injectable, Logger } from '@nestjs/common';
import { asError } from '../../common/errors.js';
import { AlarmLines } from '../../telemetry/alarm-lines.js';
import { CHAIN, type Chain, type PoolParts } from '../chain/chain.js';
import type { BidRule } from '../chain/inclusion-fee.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { headDisputes } from '../liquidity/snapshots/head-disputes.js';
import { snapshotOf } from '../liquidity/reservation.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';

type Observable = Pick<PoolRecord, 'id' | 'network'> & PoolParts & BidRule;

/**
 * Observes a pool out of turn when the chain has less than the snapshot shows. The worker makes the
 * regular observations. A head that is not believed stores nothing and raises the worker's alarm.
 */
@Injectable()
export class PoolObservation {
  private readonly log = new Logger(PoolObservation.name);
  private readonly alarms = new AlarmLines(this.log);
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    @Inject(CHAIN) private readonly chain: Chain,
    private readonly ledger: ReservationLedger,
  ) {}

  /**
   * Starts an observation unless one runs for this pool. It resolves when the observation has
   * ended, also after a failure: the worker's next one follows anyway.
   */
  request(pool: Observable): Promise<void> {
    const running = this.running.get(pool.id);
    if (running) return running;
    const started = this.observe(pool)
      .catch((thrown: unknown) => {
        this.log.warn(
          { poolId: pool.id, err: asError(thrown) },
          'an observation out of turn failed',
        );
      })
      .finally(() => {
        this.running.delete(pool.id);
      });
    this.running.set(pool.id, started);
    return started;
  }

  private async observe(pool: Observable): Promise<void> {
    const [figures, { going: goingRate }] = await Promise.all([
      this.chain.observePool(pool),
      this.chain.inclusionFee(pool),
    ]);
    const { head } = figures;
    const seen = await this.ledger.snapshots.seeHead(pool.network, head);
    for (const { name, facts } of headDisputes(head, seen)) this.alarms.raise(name, facts);
    if (seen.dating.kind !== 'waiting')
      await this.ledger.snapshots.observe(snapshotOf(pool.id, { ...figures, goingRate }));
  }
}
