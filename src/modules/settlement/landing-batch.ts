import { type CounterWindow, INSTALMENTS_MAX } from '../chain/chain.js';
import { familyOf } from '../chain/families/families.js';
import type { LandingCandidate, OpenLanding } from '../liquidity/landings/landing.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';

/** A signed authorization, the channel that shall carry it, and room for what may land first. */
export interface Attempt {
  readonly candidate: LandingCandidate;
  readonly pool: PoolRecord;
  readonly channel: FreeChannel;
  readonly window: CounterWindow;
}
export interface FreeChannel {
  readonly account: string;
  readonly sequence: bigint;
}
export interface BatchGround {
  readonly channels: readonly FreeChannel[];
  readonly pools: ReadonlyMap<string, PoolRecord>;
  readonly open: readonly OpenLanding[];
  /** Loans of strangers to expect on a lending contract. */
  readonly strangersOf: (lendingContract: string) => number;
  /** Bytes that the transactions of one ledger may write. */
  readonly ledgerWriteBytes: number;
  /** The newest ledger. */
  readonly ledger: number;
}

/**
 * Landings of one borrower in flight. A footprint has the key of the borrower's next loan and the one
 * after it, so a third that lands in the same ledger would fail and cost its fee.
 */
const OF_BORROWER_MAX = 2;
/** What a landing declares beside the entries of loans; on the real host 3,836 with its own of 1,092. */
const LANDING_WRITE_BYTES = 2_744;
/** A landing normally lands in one of so many ledgers. */
const LANDS_WITHIN = 3;

/**
 * One channel for each, oldest signature first. Loans of one lending contract may land in one ledger
 * in any order, so each has room for the others that are sent with it or in flight, and for
 * strangers. All of that room counts for a ledger's limit, so no more are in flight than one ledger
 * takes. Those in flight have no room for later ones, so the next batch waits for them to land.
 */
export function attemptsOf(due: readonly LandingCandidate[], ground: BatchGround): Attempt[] {
  const { channels, pools, open, strangersOf, ledgerWriteBytes, ledger } = ground;
  const lines = new Map<string, Line>();
  const lineOf = (pool: PoolRecord): Line => {
    const { lendingContract } = pool;
    const largest = largestEntry(pool);
    const known = lines.get(lendingContract);
    if (known) return known;
    const strangers = strangersOf(lendingContract);
    const inFlight = open.filter(
      ({ poolId }) => pools.get(poolId)?.lendingContract === lendingContract,
    );
    const line: Line = {
      largest,
      strangers,
      inFlight: inFlight.map(({ entryBytes }) => entryBytes ?? largest),
      waits: inFlight.some(
        ({ loanIdLast, issuedAfterLedger }) =>
          loanIdLast !== null && ledger <= issuedAfterLedger + LANDS_WITHIN,
      ),
      sent: [],
    };
    lines.set(lendingContract, line);
    return line;
  };
  const sent: Omit<Attempt, 'window'>[] = [];
  const borrowers = open.map(({ borrower }) => borrower);
  for (const candidate of due) {
    const [pool, channel] = [pools.get(candidate.poolId), channels[sent.length]];
    if (!channel) break;
    if (!pool) continue;
    const line = lineOf(pool);
    const bytes = candidate.entryBytes ?? line.largest;
    const { borrower } = candidate.terms;
    if (borrowers.filter((each) => each === borrower).length >= OF_BORROWER_MAX) continue;
    if (line.waits || !hasRoom(line, bytes, ledgerWriteBytes)) continue;
    borrowers.push(borrower);
    line.sent.push(bytes);
    sent.push({ candidate, pool, channel });
  }
  return sent.map((each) => {
    const line = lineOf(each.pool);
    const others = [...line.inFlight, ...line.sent];
    return {
      ...each,
      window: {
        loans: others.length - 1 + line.strangers,
        bytes:
          sum(others) - (each.candidate.entryBytes ?? line.largest) + line.strangers * line.largest,
      },
    };
  });
}

/** What lands on one lending contract. Each figure is the XDR bytes of a loan's entry. */
interface Line {
  readonly largest: number;
  readonly strangers: number;
  readonly inFlight: readonly number[];
  /** One that lands soon is in flight, and its loan has an id. */
  readonly waits: boolean;
  readonly sent: number[];
}

/** The first one always has room. */
function hasRoom(
  { inFlight, sent, strangers, largest }: Line,
  bytes: number,
  ledgerWriteBytes: number,
): boolean {
  const all = [...inFlight, ...sent, bytes];
  const declared = LANDING_WRITE_BYTES + sum(all) + strangers * largest;
  return all.length === 1 || all.length * declared <= ledgerWriteBytes;
}

const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0);

/** A stranger's loan may have the longest schedule. */
function largestEntry({ generation }: PoolRecord): number {
  const { loanEntryBytes, loanTypes } = familyOf(generation).lending;
  return Math.max(
    ...loanTypes.map((loanType) => loanEntryBytes({ instalments: INSTALMENTS_MAX, loanType })),
  );
}
