import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../common/config.js';
import * as metrics from '../../telemetry/metrics.js';
import {
  type CounterWindow,
  INSTALMENTS_MAX,
  type LoanTerms,
  type WantedWindow,
} from '../chain/chain.js';
import { familyOf } from '../chain/families/families.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { type WindowRoom } from '../liquidity/holds/hold-facts.js';
import { windowFullOf } from '../liquidity/holds/taken-in-batch.js';
import type { WindowFull } from '../liquidity/reservation.js';
import { type WindowLook, WindowReader } from '../liquidity/holds/window.reader.js';
import { counterWindowFull } from './loan-refusals.js';

type WindowPool = Pick<PoolRecord, 'id' | 'generation' | 'strict'>;

/** XDR bytes of loan entries: that of the requested loan, and that of a stranger's loan. */
export interface EntrySizes {
  readonly entryBytes: number;
  readonly strangerBytes: number;
}
/** The window for a transaction to build, and the read that it was planned on. */
export interface WindowPlan extends EntrySizes {
  readonly request: WantedWindow;
  readonly look: WindowLook;
}

export const entrySizesOf = (
  { generation }: Pick<PoolRecord, 'generation'>,
  { schedule, loanType }: Pick<LoanTerms, 'schedule' | 'loanType'>,
): EntrySizes => ({
  entryBytes: familyOf(generation).lending.loanEntryBytes({
    instalments: schedule.length,
    loanType,
  }),
  strangerBytes: strangerBytesOf(generation),
});

function strangerBytesOf(generation: string): number {
  const { loanEntryBytes, loanTypes } = familyOf(generation).lending;
  const sizes = loanTypes.map((each) =>
    loanEntryBytes({ instalments: INSTALMENTS_MAX, loanType: each }),
  );
  return Math.max(...sizes);
}

/**
 * Planning inputs beside the live holds. `floor`: COUNTER_WINDOW. `concurrent`: other requests for
 * this pool that this process is answering now. `fundable`: how many loans of this size the pool
 * can fund after this one; null when not known.
 */
export interface WindowHints {
  readonly floor: number;
  readonly concurrent: number;
  readonly fundable: number | null;
}

/**
 * The pool's funds limit how many holds can follow: 4 for each fundable loan of this size, since
 * others may be smaller, and 8 more. Each further loan in a window takes room from the ledger of
 * the landing, so a pool's last loans need not pay for it.
 */
const SMALLER_LOANS = 4;
const FEW_LOANS = 8;

/**
 * Least: the live holds, since the new one must land in any order with them. Wanted: also the holds
 * likely to follow, as large as the larger of this one and the live average, and strangers' loans
 * at the recent pace with the largest schedule. Without the rule: COUNTER_WINDOW.
 */
export function windowOf(
  pool: Pick<PoolRecord, 'strict'>,
  look: WindowLook,
  { entryBytes, strangerBytes }: EntrySizes,
  { floor, concurrent, fundable }: WindowHints,
): WantedWindow {
  const mean = look.liveHolds === 0 ? 0 : Math.ceil(look.liveBytes / look.liveHolds);
  const typical = Math.max(entryBytes, mean);
  const sized = (loans: number): CounterWindow => ({ loans, bytes: loans * typical });
  if (!pool.strict) return { least: { loans: 0, bytes: 0 }, wanted: sized(floor), plenty: floor };
  const likely = Math.max(floor, look.heldLately, Math.min(concurrent, fundable ?? 0));
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

/** Whether the pool's rule refuses one more hold. The ledger decides again under its lock. */
export const fullnessOf = (
  pool: Pick<PoolRecord, 'strict'>,
  room: WindowRoom,
  entryBytes: number,
): WindowFull | null => (pool.strict ? windowFullOf(room, entryBytes) : null);

/** Plans how many loans of others a transaction leaves room for, and how large they may be. */
@Injectable()
export class LoanWindow {
  /** Requests that are being answered, by pool. */
  readonly #answering = new Map<string, number>();
  /** Pools whose last window for a hold was full. */
  readonly #full = new Set<string>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reader: WindowReader,
  ) {}

  /**
   * Requests that come together are likely to be held together, so each plans room for the others.
   */
  async whileAnswering<T>(poolId: string, work: () => Promise<T>): Promise<T> {
    this.#answering.set(poolId, (this.#answering.get(poolId) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.#answering.get(poolId) ?? 1) - 1;
      if (left > 0) this.#answering.set(poolId, left);
      else this.#answering.delete(poolId);
    }
  }

  /**
   * Whether the node may be asked before the window is known. Not in a crowd, where most windows are
   * full: this process builds nothing else for the pool, and its window before had room.
   */
  canAskAhead(poolId: string): boolean {
    return (this.#answering.get(poolId) ?? 0) <= 1 && !this.#full.has(poolId);
  }

  /** What `forHold` plans on, for a caller that reads something else meanwhile. */
  look({ id, generation }: WindowPool): Promise<WindowLook> {
    return this.reader.look(id, strangerBytesOf(generation), null);
  }

  /**
   * Plans the window of a new hold.
   * @param available base units that the pool can still hold
   * @param look of `look`
   * @throws HoldfastError COUNTER_WINDOW_FULL
   */
  async forHold(
    pool: WindowPool,
    terms: LoanTerms,
    available: bigint,
    look?: Promise<WindowLook>,
  ): Promise<WindowPlan> {
    const { plan, full } = await this.preview(pool, terms, available, look);
    if (full === null) {
      this.#full.delete(pool.id);
      return plan;
    }
    this.#full.add(pool.id);
    metrics.count('holdfast_hold_decisions_total', {
      pool: pool.id,
      outcome: 'counter_window_full',
      code: '',
    });
    throw counterWindowFull(full);
  }

  /** Plans as `forHold` does, for a caller that makes no hold. */
  async preview(
    pool: WindowPool,
    terms: LoanTerms,
    available: bigint,
    look = this.look(pool),
  ): Promise<{ readonly plan: WindowPlan; readonly full: WindowFull | null }> {
    const funded = terms.totalAmount - terms.guaranteeAmount;
    const plan = await this.#plan(pool, terms, {
      look,
      fundable: Number(available > funded ? (available - funded) / funded : 0n),
    });
    return { plan, full: fullnessOf(pool, plan.look, plan.entryBytes) };
  }

  /**
   * Plans the window of a new transaction for a live hold. It needs room for the other holds only.
   */
  forRebuild(pool: WindowPool, terms: LoanTerms, reservationId: string): Promise<WindowPlan> {
    const look = this.reader.look(pool.id, strangerBytesOf(pool.generation), reservationId);
    return this.#plan(pool, terms, { look, fundable: null });
  }

  async #plan(
    pool: WindowPool,
    terms: LoanTerms,
    given: { readonly look: Promise<WindowLook>; readonly fundable: number | null },
  ): Promise<WindowPlan> {
    const sizes = entrySizesOf(pool, terms);
    const look = await given.look;
    const hints = {
      floor: this.config.COUNTER_WINDOW,
      concurrent: (this.#answering.get(pool.id) ?? 1) - 1,
      fundable: given.fundable,
    };
    return { ...sizes, look, request: windowOf(pool, look, sizes, hints) };
  }
}
