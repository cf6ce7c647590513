import { Injectable, Logger } from '@nestjs/common';
import { asError } from '../../common/errors.js';
import { withLogIds } from '../../telemetry/log-scope.js';
import { LogThrottle } from '../../telemetry/log-throttle.js';
import * as metrics from '../../telemetry/metrics.js';
import type { ContractRefusal } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';

const ALARM = 'contracts_broken';
const ADVICE =
  'The pool takes no holds. Have the link repaired, then resume the pool; ' +
  'docs/operations.md#contracts-broken.';

/** Stops a pool whose contracts do not work together, and raises the alarm. */
@Injectable()
export class BrokenContracts {
  private readonly log = new Logger(BrokenContracts.name);
  private readonly throttle = new LogThrottle();

  constructor(private readonly ledger: ReservationLedger) {}

  /** Never rejects: the caller's answer does not depend on it, and the next request tries again. */
  async stop({ id: pool }: PoolRecord, refusal: ContractRefusal): Promise<void> {
    const { contract, contractId, number, name, sentence } = refusal;
    metrics.count('holdfast_alarms_total', { name: ALARM });
    const line = `${ALARM} ${JSON.stringify({ pool, contract, contractId, number, name, sentence, advice: ADVICE })}`;
    if (this.throttle.isDue(line))
      withLogIds({ alarm: ALARM, poolId: pool }, () => {
        this.log.warn(line);
      });
    try {
      await this.ledger.guards.stopBrokenPool(pool, { contract, contractId, number, name });
    } catch (thrown) {
      this.log.error({ poolId: pool, err: asError(thrown) }, 'a broken pool could not be stopped');
    }
  }
}
