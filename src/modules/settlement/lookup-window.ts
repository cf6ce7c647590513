import type { LiveHold } from '../liquidity/reservation.js';

/**
 * Of a round's look-ups, this part is kept for holds that were not submitted through us: their
 * owners may submit anywhere.
 */
const SHARE_OF_OTHERS = 4;
/** Of a round over lapsed holds, this part is kept for those behind the first ones. */
const SHARE_OF_TURNS = 4;

/**
 * Which live holds of a pool are looked up in a round: submitted ones first, and a window over each
 * kind that moves on from round to round, so that none
 * waits forever behind others. Kept in memory only: after a restart it begins again, which costs
 * time and never money.
 */
export class LookupWindow {
  readonly #starts = new Map<string, { submitted: number; others: number }>();
  readonly #turns = new Map<string, number>();

  constructor(private readonly size: number) {}

  /** @param size of this round, when others have their part of it already */
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
      ...turned(submitted, start.submitted, forSubmitted),
      ...turned(others, start.others, forOthers),
    ];
  }

  /**
   * Lapsed holds in their order, since each needs a few rounds in a row; but the last part of a
   * round goes to those behind in turns. Holds whose end nothing proves stay
   * in front until a person has findings: with the first ones alone, as many of them as a round
   * carries kept every other hold of the pool from being judged forever.
   */
  lapsed(poolId: string, holds: readonly LiveHold[]): readonly LiveHold[] {
    if (holds.length <= this.size) return holds;
    const forTurns = Math.max(1, Math.floor(this.size / SHARE_OF_TURNS));
    const start = this.#turns.get(poolId) ?? 0;
    this.#turns.set(poolId, start + forTurns);
    const first = this.size - forTurns;
    // turns come first: a round ends early when look-ups fail
    return [...turned(holds.slice(first), start, forTurns), ...holds.slice(0, first)];
  }
}

/** `count` members from `start` on, going on at the front. */
function turned<T>(list: readonly T[], start: number, count: number): T[] {
  if (list.length <= count) return [...list];
  const from = start % list.length;
  return [...list.slice(from), ...list.slice(0, from)].slice(0, count);
}
