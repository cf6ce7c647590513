import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../common/config.js';
import { type Caller, visibleTo } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import * as metrics from '../../telemetry/metrics.js';
import { poolNotFound } from '../../http/not-found.js';
import { validationFailed } from '../../http/validation.js';
import { familyOf, pauseOf } from '../chain/families/families.js';
import { type PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { type PoolLook, ReservationReader } from '../liquidity/holds/reservation.reader.js';
import type { VendorFunded } from '../liquidity/reservation.js';
import {
  type HoldConditions,
  type HoldRefusal,
  refusalOf,
} from '../liquidity/holds/hold-decision.js';
import {
  borrowerBusyElsewhere,
  contractPaused,
  plainRefusal,
  recordedRefusal,
} from './loan-refusals.js';
import { type LoanRequest, poolIdOf, readLoanRequest } from './loan-request.js';
import { RetryTimes } from './retry-times.js';

/**
 * Counts a refusal that came before the ledger's decision, which has no row in `refusals`. It uses
 * the series of refusals under the lock, so that this demand is counted too.
 */
export const countWalletRefusal = (
  { id: pool }: PoolRecord,
  outcome: HoldRefusal['kind'],
): void => {
  metrics.count('holdfast_hold_decisions_total', { pool, outcome, code: '' });
};

/**
 * Refusals that need no read of the chain, in their order (docs/protocol.md#order-of-answers). The
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

  /** The pool that a body names, which may be wrong in any way. */
  async poolOf(body: unknown): Promise<PoolRecord | null> {
    const poolId = poolIdOf(body);
    return poolId === null ? null : this.registry.find(poolId);
  }

  /**
   * @param found of `poolOf`
   * @throws HoldfastError VALIDATION_FAILED, NOTHING_TO_FUND, POOL_NOT_FOUND
   */
  async read(
    body: unknown,
    found: Promise<PoolRecord | null> = this.poolOf(body),
  ): Promise<{ pool: PoolRecord; request: LoanRequest }> {
    const pool = await found;
    const lending = pool ? familyOf(pool.generation).lending : undefined;
    const request = readLoanRequest(
      body,
      pool?.decimals ?? null,
      pool && lending ? { ...lending, signing: pool.signing } : lending,
    );
    // the table has pools of another network when the service was pointed elsewhere before; nothing
    // can be built for them here
    if (!pool || pool.network !== this.config.STELLAR_NETWORK_PASSPHRASE)
      throw poolNotFound(request.poolId);
    if (!lending?.loanTypes.includes(request.loanType)) {
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
  async admit(
    pool: PoolRecord,
    request: Pick<LoanRequest, 'borrower' | 'signing'>,
  ): Promise<PoolLook> {
    const look = await this.look(pool, request);
    const refusal = this.refusalOf(pool, look, null);
    if (refusal?.code === 'BORROWER_BACK_OFF') countWalletRefusal(pool, 'back_off');
    if (refusal) throw refusal;
    return look;
  }

  async look(
    pool: PoolRecord,
    { borrower, signing }: Pick<LoanRequest, 'borrower' | 'signing'>,
  ): Promise<PoolLook> {
    const look = await this.reader.look(pool.id, borrower, signing);
    if (!look) throw poolNotFound(pool.id);
    return look;
  }

  /**
   * Returns the current reason to refuse a hold: a rule of the ledger, or a pause of one of the
   * contracts. Only the pause is not decided again under the lock: the chain decides it when the
   * transaction is simulated and when it lands.
   * @param amount base units; null while the terms are not known
   */
  refusalOf(
    pool: PoolRecord,
    look: PoolLook,
    amount: bigint | null,
    nextDeadline: bigint | null = null,
  ): HoldfastError | null {
    const refusal = this.ruleAgainst(look, amount);
    if (refusal?.kind !== 'pool_closed_for_holds' && look.contractPaused) {
      const paused = pauseOf(pool.generation, look.contractPauses ?? { pool: true });
      if (paused) return contractPaused(paused, look.atLedger ?? undefined);
    }
    if (refusal?.kind !== 'refused') return refusal && plainRefusal(refusal, pool);
    const facts = { ...refusal.facts, nextDeadline: nextDeadline?.toString() ?? null };
    return recordedRefusal(refusal.code, facts, pool.decimals);
  }

  /** What the contract's cap of the request's vendor leaves. */
  vendorConditions(
    { limits }: PoolLook,
    { poolId, vendor }: LoanRequest,
    funded: VendorFunded | null,
  ): Promise<HoldConditions['vendor']> {
    return this.reader.vendorConditions(poolId, vendor, { limits, funded });
  }

  ruleAgainst(look: PoolLook, amount: bigint | null): HoldRefusal | null {
    return refusalOf(look, amount, this.config.CHAIN_LAG_SECONDS_MAX);
  }

  /**
   * A live hold counts over all tenants, but only its owner learns its ids: what others read says
   * that there is one, and when it can lapse.
   */
  async withoutForeignIds(thrown: unknown, caller: Caller): Promise<unknown> {
    if (!(thrown instanceof HoldfastError) || thrown.code !== 'BORROWER_BUSY') return thrown;
    const { loanId, reservationId, ...facts } = thrown.facts;
    const isOwn =
      typeof loanId === 'string' &&
      typeof reservationId === 'string' &&
      (await this.reader.findLoan(visibleTo(caller), loanId)) !== null;
    return isOwn ? thrown : borrowerBusyElsewhere(facts);
  }

  /** Adds to a refusal, of this room or under the lock, the time at which its cause can end. */
  withRetryTime(thrown: unknown, pool: PoolRecord, borrower: string): Promise<unknown> {
    return this.times.ofTrouble(thrown, {
      poolOrLoan: pool.id,
      borrower: { network: pool.network, account: borrower },
    });
  }
}
