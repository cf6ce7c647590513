import { contradict, LAG_LEDGERS_MAX, type LedgerTime } from '../../../common/ledger-time.js';

/**
 * How many closings are compared: the newest believed and the newest waiting ones. Upkeep deletes
 * the rest.
 */
export const LEDGER_TIMES_KEPT = 500;

/** At least this many ledgers must agree with each other to outweigh a believed dating. */
const CONFIRMATIONS_MIN = 3;

/**
 * While fewer ledgers than CONFIRMATIONS_MIN are known, the false dating may be the believed one.
 * This many must outweigh it, since a network that began again looks the same.
 */
const UNANCHORED_MIN = LAG_LEDGERS_MAX + 1;

export interface StoredTime extends LedgerTime {
  /** False: it contradicts a believed dating and waits for confirmation. */
  readonly believed: boolean;
}

/** The result of dating a head beside the stored ledgers. */
export type Dating =
  /** It agrees with all believed ones. `disproved`: waiting ones that contradict it. */
  | {
      readonly kind: 'believed';
      readonly isNew: boolean;
      readonly disproved: readonly LedgerTime[];
    }
  /**
   * It contradicts a believed one, or is far behind it. Neither is used until more ledgers show
   * which one is right.
   */
  | {
      readonly kind: 'waiting';
      readonly isNew: boolean;
      readonly against: LedgerTime;
      readonly farBehind: boolean;
    }
  /**
   * More ledgers agree with it than with those it contradicts, so the contradicted ones are
   * deleted.
   */
  | {
      readonly kind: 'confirmed';
      readonly disproved: readonly LedgerTime[];
      readonly run: readonly LedgerTime[];
    };

/**
 * Compares a head that two replies agree on with the stored datings. Believed ones are outweighed
 * once CONFIRMATIONS_MIN ledgers, and as many as the head contradicts, agree with it, and a believed
 * ledger below all of them does too. A network that began again has no such ledger.
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
