import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../common/config.js';
import type { HoldfastError } from '../../common/errors.js';
import { count } from '../../telemetry/metrics.js';
import { poolNotFound } from '../../http/not-found.js';
import { validationFailed } from '../../http/validation.js';
import { pauseRefusal, PROFILES, profileOf } from '../chain/profiles.js';
import { type PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { type PoolLook, ReservationReader } from '../liquidity/holds/reservation.reader.js';
import { backOff, borrowerBusy, contractPaused, poolClosed, staleness } from './loan-refusals.js';
import { type LoanRequest, poolIdOf, readLoanRequest } from './loan-request.js';
import { RetryTimes } from './retry-times.js';

/**
 * Refused here, before the ledger is asked, and by design no row of `refusals`: the same series as
 * when the ledger's lock decides it, so that demand a rule turned away is counted somewhere.
 */
export const countWalletRefusal = (
  { id: pool }: PoolRecord,
  outcome: 'back_off' | 'share_exceeded',
): void => {
  count('holdfast_hold_decisions_total', { pool, outcome, code: '' });
};

/**
 * Refusals that need no look at the chain, in their order (docs/protocol.md#order-of-answers). The
 * ledger decides all of it again under its lock.
 */
@Injectable()
export class LoanAdmission {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly registry: PoolRegistry,
    private readonly reader: ReservationReader,
    private readonly times: RetryTimes,
  ) {}

  /** @throws HoldfastError VALIDATION_FAILED, NOTHING_TO_FUND, POOL_NOT_FOUND */
  async read(body: unknown): Promise<{ pool: PoolRecord; request: LoanRequest }> {
    const poolId = poolIdOf(body);
    const pool = poolId === null ? null : await this.registry.find(poolId);
    const request = readLoanRequest(body, pool?.decimals ?? null);
    // a pool of another network is in the table when the service was pointed elsewhere: nothing can
    // be built for it here
    if (!pool || pool.network !== this.config.STELLAR_NETWORK_PASSPHRASE)
      throw poolNotFound(request.poolId);
    if (request.loanType !== 'standard' && !PROFILES[profileOf(pool.profile)].takesLoanType) {
      throw validationFailed([
        {
          field: 'loanType',
          message: 'must be "standard": the contracts of this pool know no other',
        },
      ]);
    }
    return { pool, request };
  }

  /**
   * @throws HoldfastError POOL_PAUSED, POOL_QUARANTINED, BORROWER_BUSY, BORROWER_BACK_OFF,
   * SNAPSHOT_STALE
   */
  async admit(pool: PoolRecord, borrower: string): Promise<PoolLook> {
    const look = await this.look(pool, borrower);
    const refusal = this.refusalOf(pool, look);
    if (refusal?.code === 'BORROWER_BACK_OFF') countWalletRefusal(pool, 'back_off');
    if (refusal) throw refusal;
    return look;
  }

  async look(pool: PoolRecord, borrower: string): Promise<PoolLook> {
    const look = await this.reader.look(pool.id, borrower);
    if (!look) throw poolNotFound(pool.id);
    return look;
  }

  /**
   * A pause of the contract itself goes with the pool's state. Of all of these it alone is not
   * decided again under the lock: the chain decides it, when the transaction is simulated and when
   * it lands.
   */
  refusalOf({ profile }: PoolRecord, look: PoolLook): HoldfastError | null {
    if (look.state !== 'active') return poolClosed(look.state);
    const paused = look.contractPaused ? pauseRefusal(profile) : null;
    if (paused) return contractPaused(paused, look.atLedger ?? undefined);
    if (look.live) return borrowerBusy(look.live);
    return look.backOff
      ? backOff(look.backOff)
      : staleness(look, this.config.CHAIN_LAG_SECONDS_MAX);
  }

  /**
   * What refused a request, by this room or under the lock, with the time at which it can be over.
   */
  toldWhen(thrown: unknown, pool: PoolRecord, borrower: string): Promise<unknown> {
    return this.times.ofTrouble(thrown, {
      poolOrLoan: pool.id,
      borrower: { network: pool.network, account: borrower },
    });
  }
}
