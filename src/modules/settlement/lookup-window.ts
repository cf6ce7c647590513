import type { LiveHold } from '../liquidity/reservation.js';

/**
 * One quarter of a round's look-ups goes to holds that were not submitted through us: their owners
 * may submit elsewhere.
 */
const SHARE_OF_OTHERS = 4;
/** One quarter of a round over lapsed holds goes to those behind the first ones. */
const SHARE_OF_TURNS = 4;

/**
 * Chooses the live holds of a pool to look up in a round: submitted ones first, with a window over
 * each kind that moves on every round. It is kept in memory; a restart costs time and never money.
 */
export class LookupWindow {
  readonly #starts = new Map<string, { submitted: number; others: number }>();
  readonly #turns = new Map<string, number>();
  /** Chosen in the last round and not answered in time, by pool. */
  readonly #unanswered = new Map<string, ReadonlySet<string>>();

  constructor(private readonly size: number) {}

  /** Those that were not answered in the last round, and the others. */
  byTurn(
    poolId: string,
    holds: readonly LiveHold[],
  ): { readonly late: readonly LiveHold[]; readonly others: readonly LiveHold[] } {
    const unanswered = this.#unanswered.get(poolId);
    const isLate = ({ reservationId }: LiveHold): boolean =>
      unanswered?.has(reservationId) ?? false;
    return { late: holds.filter(isLate), others: holds.filter((hold) => !isLate(hold)) };
  }

  /** @param answered those of `chosen` that have evidence */
  keepTurns(
    poolId: string,
    chosen: readonly LiveHold[],
    answered: readonly { readonly hold: LiveHold }[],
  ): void {
    const done = new Set(answered.map(({ hold }) => hold.reservationId));
    const late = chosen.filter(
      ({ reservationId, authorization }) => authorization === null && !done.has(reservationId),
    );
    if (late.length === 0) this.#unanswered.delete(poolId);
    else this.#unanswered.set(poolId, new Set(late.map(({ reservationId }) => reservationId)));
  }

  /** @param size number of look-ups, less than the full round when some are already taken */
  next(poolId: string, holds: readonly LiveHold[], size = this.size): readonly LiveHold[] {
    if (holds.length <= size) return holds;
    const submitted = holds.filter((hold) => hold.submittedAt !== null);
    const others = holds.filter((hold) => hold.submittedAt === null);
    const start = this.#starts.get(poolId) ?? { submitted: 0, others: 0 };
    const forOthers = Math.max(
      size - submitted.length,
      Math.min(others.length, Math.floor(size / SHARE_OF_OTHERS)),
    );
    const forSubmitted = size - forOthers;
    this.#starts.set(poolId, {
      submitted: start.submitted + forSubmitted,
      others: start.others + forOthers,
    });
    return [
      ...rotated(submitted, start.submitted, forSubmitted),
      ...rotated(others, start.others, forOthers),
    ];
  }

  /**
   * Lapsed holds in order, since each needs a few rounds in a row. The last quarter goes to the
   * holds behind in turns: otherwise unprovable holds, which stay in front until an operator acts,
   * would block all others.
   */
  lapsed(poolId: string, holds: readonly LiveHold[]): readonly LiveHold[] {
    if (holds.length <= this.size) return holds;
    const forTurns = Math.max(1, Math.floor(this.size / SHARE_OF_TURNS));
    const start = this.#turns.get(poolId) ?? 0;
    this.#turns.set(poolId, start + forTurns);
    const first = this.size - forTurns;
    // The turns come first, because a round ends early when look-ups fail.
    return [...rotated(holds.slice(first), start, forTurns), ...holds.slice(0, first)];
  }
}

/** `count` members from `start` on, continuing at the front. */
function rotated<T>(list: readonly T[], start: number, count: number): T[] {
  if (list.length <= count) return [...list];
  const from = start % list.length;
  return [...list.slice(from), ...list.slice(0, from)].slice(0, count);
}
