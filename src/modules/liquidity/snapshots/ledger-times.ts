import { contradict, LAG_LEDGERS_MAX, type LedgerTime } from '../../../common/ledger-time.js';

/**
 * Closings that are compared: the newest believed ones and the newest waiting ones. Upkeep deletes
 * the rest.
 */
export const LEDGER_TIMES_KEPT = 500;

/** So many ledgers must agree with each other before they outweigh a dating that was believed. */
const CONFIRMATIONS_MIN = 3;

/**
 * While fewer ledgers than that are known, none of them may be the true one; so many must outweigh
 * them, since
 * a network that began again looks the same.
 */
const UNANCHORED_MIN = LAG_LEDGERS_MAX + 1;

export interface StoredTime extends LedgerTime {
  /**
   * False: it contradicts what is believed and waits to be confirmed.
   */
  readonly believed: boolean;
}

/** What became of the dating of a head beside those that are stored. */
export type Dating =
  /** It agrees with all of them. `disproved`: what waited and contradicts it. */
  | {
      readonly kind: 'believed';
      readonly isNew: boolean;
      readonly disproved: readonly LedgerTime[];
    }
  /**
   * It contradicts one that is believed, or is far behind it. Neither is used until more ledgers
   * tell which is
   * right.
   */
  | {
      readonly kind: 'waiting';
      readonly isNew: boolean;
      readonly against: LedgerTime;
      readonly farBehind: boolean;
    }
  /** More ledgers agree with it than with those it contradicts: they are forgotten. */
  | {
      readonly kind: 'confirmed';
      readonly disproved: readonly LedgerTime[];
      readonly run: readonly LedgerTime[];
    };

/**
 * Judges the dating of a head, on which two replies agreed, against the datings of the network that
 * are
 * stored. A dating that contradicts believed ones outweighs them once at least `CONFIRMATIONS_MIN`
 * ledgers,
 * and as many as it contradicts, agree with it, and a believed ledger below all of them does too. A
 * network
 * that began again has no such ledger: its heads wait until a person has looked. While fewer than
 * `CONFIRMATIONS_MIN` are known, the first dating may be the false one: then `UNANCHORED_MIN`
 * ledgers outweigh
 * it without such a one. Once as many wait as are kept, the first of them may be gone, which a
 * believed ledger
 * would have to be below: then none is confirmed.
 */
export function dating(seen: LedgerTime, stored: readonly StoredTime[]): Dating {
  const believed = stored.filter((each) => each.believed);
  const waiting = stored.filter((each) => !each.believed);
  const same = (each: LedgerTime): boolean =>
    each.ledger === seen.ledger && each.closeTime === seen.closeTime;
  const against = believed.filter(
    (each) => contradict(seen, each) || each.ledger > seen.ledger + LAG_LEDGERS_MAX,
  );
  const [first] = against;
  if (!first) return { kind: 'believed', isNew: !believed.some(same), disproved: waiting };
  const run = [...waiting.filter((each) => !same(each) && !contradict(seen, each)), seen].toSorted(
    (a, b) => a.ledger - b.ledger,
  );
  const lowest = run[0] ?? seen;
  const anchored =
    waiting.length < LEDGER_TIMES_KEPT &&
    believed.some(
      (each) => each.ledger < lowest.ledger && !run.some((member) => contradict(each, member)),
    );
  const needed = anchored
    ? Math.max(CONFIRMATIONS_MIN, against.length)
    : believed.length < CONFIRMATIONS_MIN
      ? UNANCHORED_MIN
      : Infinity;
  if (isConsistent(run) && run.length >= needed)
    return { kind: 'confirmed', disproved: against, run };
  const newest = against.reduce((so, each) => (each.ledger > so.ledger ? each : so), first);
  return {
    kind: 'waiting',
    isNew: !waiting.some(same),
    against: newest,
    farBehind: newest.ledger > seen.ledger + LAG_LEDGERS_MAX,
  };
}

const isConsistent = (run: readonly LedgerTime[]): boolean =>
  run.every((each, index) => index === 0 || !contradict(each, run[index - 1] ?? each));
