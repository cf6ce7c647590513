import { Injectable, Logger } from '@nestjs/common';
import { asError } from '../../common/errors.js';
import { AlarmLines } from '../../telemetry/alarm-lines.js';
import type { ContractRefusal } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';

const ADVICE =
  'The pool takes no holds. Have the link repaired, then resume the pool; ' +
  'docs/operations.md#contracts-broken.';

/** Stops a pool whose contracts do not work together, and raises the alarm. */
@Injectable()
export class BrokenContracts {
  private readonly log = new Logger(BrokenContracts.name);
  private readonly alarms = new AlarmLines(this.log);

  constructor(private readonly ledger: ReservationLedger) {}

  /** Never rejects: the caller's answer does not depend on it, and the next request tries again. */
  async stop({ id: pool }: PoolRecord, refusal: ContractRefusal): Promise<void> {
    const { contract, contractId, number, name, sentence } = refusal;
    const facts = { pool, contract, contractId, number, name, sentence, advice: ADVICE };
    this.alarms.raise('contracts_broken', facts);
    try {
      await this.ledger.guards.stopPool(pool, 'contracts_broken', {
        contract,
        contractId,
        number,
        name,
      });
    } catch (thrown) {
      this.log.error({ poolId: pool, err: asError(thrown) }, 'a broken pool could not be stopped');
    }
  }
}
