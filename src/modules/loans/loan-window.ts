import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../common/config.js';
import { count } from '../../telemetry/metrics.js';
import type { CounterWindow, FundingRequest, LoanTerms } from '../chain/chain.js';
import { INSTALMENTS_MAX, loanEntryBytes, PROFILES, profileOf } from '../chain/profiles.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { type WindowRoom } from '../liquidity/holds/hold-facts.js';
import { windowFullOf } from '../liquidity/holds/hold-decision.js';
import type { WindowFull } from '../liquidity/reservation.js';
import { type WindowLook, WindowReader } from '../liquidity/holds/window.reader.js';
import { counterWindowFull } from './loan-refusals.js';

/** XDR bytes of loan entries: of the loan asked for, and of one that nothing is known of. */
export interface EntrySizes {
  readonly entryBytes: number;
  readonly strangerBytes: number;
}
/** What a transaction is to be built with, and what that was decided on. */
export interface WindowPlan extends EntrySizes {
  readonly request: FundingRequest['window'];
  readonly look: WindowLook;
}

export function entrySizesOf(
  pool: Pick<PoolRecord, 'profile'>,
  { schedule, loanType }: Pick<LoanTerms, 'schedule' | 'loanType'>,
): EntrySizes {
  const profile = profileOf(pool.profile);
  return {
    entryBytes: loanEntryBytes(profile, { instalments: schedule.length, loanType }),
    strangerBytes: loanEntryBytes(profile, {
      instalments: INSTALMENTS_MAX,
      loanType: PROFILES[profile].takesLoanType ? 'learner_installment' : 'standard',
    }),
  };
}

/**
 * What is known beside the live holds. `floor`: COUNTER_WINDOW. `asking`: other requests for this
 * pool that this process is answering now. `fundable`: loans of this size that the pool can still
 * fund after it; null: not known.
 */
export interface WindowHints {
  readonly floor: number;
  readonly asking: number;
  readonly fundable: number | null;
}

/**
 * What the pool has left bounds how many more can come: as many times the loans of this size, for
 * others may be smaller, and a few. Each further loan of a window
 * takes room from the ledger in which the transaction lands, so that the last loans of a pool do
 * not pay for loans that cannot follow.
 */
const SMALLER_LOANS = 4;
const FEW_LOANS = 8;

/**
 * Least: the live holds, because the new one must land in whatever order they do. Wanted: those,
 * the holds that are likely to come while it lives, as large as this
 * one or as the live ones are on average, and strangers' loans at the pace of the last hold time,
 * each with the largest schedule. Without the rule: COUNTER_WINDOW.
 */
export function windowOf(
  pool: Pick<PoolRecord, 'strict'>,
  look: WindowLook,
  { entryBytes, strangerBytes }: EntrySizes,
  { floor, asking, fundable }: WindowHints,
): FundingRequest['window'] {
  const mean = look.liveHolds === 0 ? 0 : Math.ceil(look.liveBytes / look.liveHolds);
  const typical = Math.max(entryBytes, mean);
  const sized = (loans: number): CounterWindow => ({ loans, bytes: loans * typical });
  if (!pool.strict) return { least: { loans: 0, bytes: 0 }, wanted: sized(floor), plenty: floor };
  const likely = Math.max(floor, look.heldLately, Math.min(asking, fundable ?? 0));
  const coming = sized(
    Math.min(likely, fundable === null ? likely : SMALLER_LOANS * fundable + FEW_LOANS),
  );
  const { liveHolds, liveBytes, strangersLately } = look;
  return {
    least: { loans: liveHolds, bytes: liveBytes },
    wanted: {
      loans: liveHolds + coming.loans + strangersLately,
      bytes: liveBytes + coming.bytes + strangersLately * strangerBytes,
    },
    plenty: floor,
  };
}

/** Whether the pool's rule refuses one more hold. Decided again under the ledger's lock. */
export const fullnessOf = (
  pool: Pick<PoolRecord, 'strict'>,
  room: WindowRoom,
  entryBytes: number,
): WindowFull | null => (pool.strict ? windowFullOf(room, entryBytes) : null);

/** Chooses K: how many loans of others a transaction leaves room for, and how large they may be. */
@Injectable()
export class LoanWindow {
  /** Requests being answered, by pool. */
  readonly #asking = new Map<string, number>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reader: WindowReader,
  ) {}

  /**
   * Requests that come together are likely to be held together: each is given room for the others.
   */
  async asking<T>(poolId: string, work: () => Promise<T>): Promise<T> {
    this.#asking.set(poolId, (this.#asking.get(poolId) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.#asking.get(poolId) ?? 1) - 1;
      if (left > 0) this.#asking.set(poolId, left);
      else this.#asking.delete(poolId);
    }
  }

  /**
   * Of a new hold.
   * @param available what the pool can still promise, base units
   * @throws HoldfastError COUNTER_WINDOW_FULL
   */
  async forHold(pool: PoolRecord, terms: LoanTerms, available: bigint): Promise<WindowPlan> {
    const { plan, full } = await this.preview(pool, terms, available);
    if (full === null) return plan;
    count('holdfast_hold_decisions_total', {
      pool: pool.id,
      outcome: 'counter_window_full',
      code: '',
    });
    throw counterWindowFull(full);
  }

  /** As `forHold`, for who only wants to know. */
  async preview(
    pool: PoolRecord,
    terms: LoanTerms,
    available: bigint,
  ): Promise<{ readonly plan: WindowPlan; readonly full: WindowFull | null }> {
    const funded = terms.totalAmount - terms.guaranteeAmount;
    const plan = await this.#plan(pool, terms, {
      except: null,
      fundable: Number(available > funded ? (available - funded) / funded : 0n),
    });
    return { plan, full: fullnessOf(pool, plan.look, plan.entryBytes) };
  }

  /** Of a new transaction for a live hold, which needs room for the others only. */
  forRebuild(pool: PoolRecord, terms: LoanTerms, reservationId: string): Promise<WindowPlan> {
    return this.#plan(pool, terms, { except: reservationId, fundable: null });
  }

  async #plan(
    pool: PoolRecord,
    terms: LoanTerms,
    { except, fundable }: { readonly except: string | null; readonly fundable: number | null },
  ): Promise<WindowPlan> {
    const sizes = entrySizesOf(pool, terms);
    const look = await this.reader.look(pool.id, sizes.strangerBytes, except);
    const hints = {
      floor: this.config.COUNTER_WINDOW,
      asking: (this.#asking.get(pool.id) ?? 1) - 1,
      fundable,
    };
    return { ...sizes, look, request: windowOf(pool, look, sizes, hints) };
  }
}
