import { Injectable } from '@nestjs/common';
import type { HoldfastError } from '../../common/errors.js';
import { poolNotFound } from '../../http/not-found.js';
import { type PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { ReservationReader } from '../liquidity/holds/reservation.reader.js';
import type { KeyRecord, RefusalFacts, ReservationState } from '../liquidity/reservation.js';
import { offerOfRows, renderOffer } from './loan-answer.js';
import { keyReused, recordedRefusal } from './loan-refusals.js';
import type { LoanAnswer } from './loan.schemas.js';
import { RetryTimes } from './retry-times.js';

/** `replayed`: whether the key already had its answer. `stateNow`: the state of the hold now. */
export type LoanDecision =
  | {
      readonly kind: 'offer';
      readonly body: LoanAnswer;
      readonly replayed: boolean;
      readonly stateNow: ReservationState;
    }
  | { readonly kind: 'refusal'; readonly error: HoldfastError; readonly replayed: boolean };

/** Repeats earlier answers word for word (docs/protocol.md#a-refusal-is-a-decision). */
@Injectable()
export class KeyReplay {
  constructor(
    private readonly ledger: ReservationLedger,
    private readonly reader: ReservationReader,
    private readonly registry: PoolRegistry,
    private readonly times: RetryTimes,
  ) {}

  /**
   * @returns null for a new key
   * @throws HoldfastError IDEMPOTENCY_KEY_REUSED
   */
  async find(tenantId: string, key: string, fingerprint: string): Promise<LoanDecision | null> {
    const found = await this.ledger.reader.findKey(tenantId, key, fingerprint);
    if (found.kind === 'reused') throw keyReused();
    return found.kind === 'known' ? this.answer(found.record) : null;
  }

  /**
   * Returns a recorded refusal in its stored words, with the time from now after which a retry
   * makes sense.
   * @param waitSeconds where the decision was made just now and read it
   */
  refusal(
    recorded: { readonly code: string; readonly facts: RefusalFacts },
    pool: Pick<PoolRecord, 'id' | 'decimals'>,
    waitSeconds?: number | null,
  ): Promise<HoldfastError> {
    return this.times.ofRefusal(
      recordedRefusal(recorded.code, recorded.facts, pool.decimals),
      pool.id,
      waitSeconds,
    );
  }

  async answer(record: KeyRecord): Promise<LoanDecision> {
    if (record.kind === 'refused') {
      const pool = await this.registry.find(record.poolId);
      if (!pool) throw poolNotFound(record.poolId);
      return { kind: 'refusal', error: await this.refusal(record, pool), replayed: true };
    }
    const stored = await this.reader.findLoanOfReservation(record.poolId, record.reservationId);
    if (!stored) throw new Error(`the key of reservation ${record.reservationId} outlived it`);
    return {
      kind: 'offer',
      body: renderOffer(offerOfRows(stored)),
      replayed: true,
      stateNow: stored.reservation.state,
    };
  }
}
