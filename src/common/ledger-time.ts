/** When a ledger closed, as one reply or several of a node said. Unix seconds of the chain. */
export interface LedgerTime {
  readonly ledger: number;
  readonly closeTime: bigint;
}

/**
 * Nodes behind one address may lag so many ledgers; one that is further behind may serve a network
 * that began
 * again.
 */
export const LAG_LEDGERS_MAX = 24;
/**
 * Close times strictly increase, so that a ledger takes at least a second
 * (docs/stellar.md#inclusion). No upper bound: a chain may halt for hours.
 */
const SECONDS_PER_LEDGER_MIN = 1n;

/**
 * Whether both cannot be true of one chain: one ledger with two times, or two ledgers closer in
 * time than the
 * chain can close them.
 */
export function contradict(a: LedgerTime, b: LedgerTime): boolean {
  if (a.ledger === b.ledger) return a.closeTime !== b.closeTime;
  const [first, last] = a.ledger < b.ledger ? [a, b] : [b, a];
  return (
    last.closeTime - first.closeTime < BigInt(last.ledger - first.ledger) * SECONDS_PER_LEDGER_MIN
  );
}

/** @returns the first of `known` that cannot be true beside `seen` */
export const contradicted = (
  seen: LedgerTime,
  known: readonly LedgerTime[],
): LedgerTime | undefined => known.find((each) => contradict(seen, each));
