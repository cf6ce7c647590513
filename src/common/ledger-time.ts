/** When a ledger closed, as one or several replies of a node said. Unix seconds of the chain. */
export interface LedgerTime {
  readonly ledger: number;
  readonly closeTime: bigint;
}

/**
 * How many ledgers the nodes behind one address may lag. A node further behind may serve a network
 * that was started again.
 */
export const LAG_LEDGERS_MAX = 24;
/**
 * Close times strictly increase, so a ledger takes at least one second (docs/stellar.md#inclusion).
 * There is no upper bound: a chain may halt for hours.
 */
const SECONDS_PER_LEDGER_MIN = 1n;

/**
 * Whether the two contradict each other: one ledger with two times, or two ledgers closer in time
 * than the chain can close them.
 */
export function contradict(a: LedgerTime, b: LedgerTime): boolean {
  if (a.ledger === b.ledger) return a.closeTime !== b.closeTime;
  const [first, last] = a.ledger < b.ledger ? [a, b] : [b, a];
  return (
    last.closeTime - first.closeTime < BigInt(last.ledger - first.ledger) * SECONDS_PER_LEDGER_MIN
  );
}

/** @returns the first of `known` that contradicts `seen` */
export const contradicted = (
  seen: LedgerTime,
  known: readonly LedgerTime[],
): LedgerTime | undefined => known.find((each) => contradict(seen, each));

/** About how long a ledger of the public network takes. For estimates only: it proves nothing. */
export const LEDGER_SECONDS = 5;
