import type { Chain, ChainEvent } from '../chain/chain.js';
import type { SeenEvent, SnapshotPair } from '../liquidity/snapshots/observation.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';
import { mapConcurrently } from './map-concurrently.js';
import { leavesOpen } from './reconciliation-breaks.js';

export interface SecondRooms {
  readonly ledger: Pick<ReconciliationLedger, 'ownHashes'>;
  readonly chain: Pick<Chain, 'readEvents' | 'transactionEvents'>;
}

const PAGE = 1000;
/** Limits of one span, so that a span of many ledgers costs a bounded number of calls. */
const PAGES_MAX = 10;
const TRANSACTIONS_MAX = 100;
const CALLS_AT_ONCE = 8;

/**
 * Looks for events that a page left out, before a difference is called unexplained (decision 0033).
 * It reads the same ledgers again, then the events of every transaction known there and of our own
 * envelopes.
 * @param known events of the span as they are stored
 * @returns the missing events, each once
 * @throws HoldfastError CHAIN_UNREACHABLE: without a second read no difference is called
 * unexplained
 */
export async function readAgain(
  rooms: SecondRooms,
  pool: PoolRecord,
  pair: SnapshotPair,
  known: readonly SeenEvent[],
): Promise<ChainEvent[]> {
  const within = (events: readonly ChainEvent[]): ChainEvent[] =>
    events.filter(({ ledger }) => ledger > pair.fromLedger && ledger <= pair.toLedger);
  const again = missing(known, within(await spanOf(rooms.chain, pool, pair)));
  const all = inOrder([...known, ...again]);
  if (!leavesOpen(pool, pair, all)) return again;
  const own = await rooms.ledger.ownHashes(pool.id, {
    after: pair.fromLedger,
    upTo: pair.toLedger,
    limit: TRANSACTIONS_MAX,
  });
  const hashes = [...new Set([...own, ...all.map(({ txHash }) => txHash)])].slice(
    0,
    TRANSACTIONS_MAX,
  );
  const { done, failure } = await mapConcurrently(hashes, CALLS_AT_ONCE, (hash) =>
    rooms.chain.transactionEvents(hash),
  );
  if (failure) throw failure;
  const ownEvents = within(done.flatMap((each) => (each.found ? each.events : []))).filter(
    (event) => isOf(pool, event),
  );
  return [...again, ...missing(all, ownEvents)];
}

const inOrder = <E extends { readonly id: string }>(events: readonly E[]): E[] =>
  events.toSorted((a, b) => (a.id < b.id ? -1 : 1));

async function spanOf(
  chain: SecondRooms['chain'],
  { poolContract, lendingContract, tokenContract }: PoolRecord,
  pair: SnapshotPair,
): Promise<ChainEvent[]> {
  const events: ChainEvent[] = [];
  let from: { readonly cursor: string } | { readonly startLedger: number } = {
    startLedger: pair.fromLedger + 1,
  };
  for (let page = 0; page < PAGES_MAX; page++) {
    const reply = await chain.readEvents({
      poolContract,
      lendingContract,
      tokenContract,
      from,
      limit: PAGE,
    });
    // The node forgot the ledgers in the meantime, so no more events will be found.
    if (reply.kind === 'gap') return events;
    events.push(...reply.events);
    if (!reply.more || reply.throughLedger >= pair.toLedger) return events;
    from = { cursor: reply.cursor };
  }
  return events;
}

/**
 * Applies the filters of `readEvents`: events of pool and lending contract, and the token's events
 * with the pool as a party.
 */
function isOf(
  { poolContract, lendingContract, tokenContract }: PoolRecord,
  { contract, topics }: ChainEvent,
): boolean {
  return (
    contract === poolContract ||
    contract === lendingContract ||
    (contract === tokenContract && (topics[1] === poolContract || topics[2] === poolContract))
  );
}

/**
 * Compares by content, because another node may number its events differently. A transaction may
 * emit the same event twice.
 */
function missing(known: readonly SeenEvent[], found: readonly ChainEvent[]): ChainEvent[] {
  const keyOf = ({ ledger, txHash, contract, topics, data }: SeenEvent): string =>
    JSON.stringify([ledger, txHash, contract, topics, data]);
  const counts = new Map<string, number>();
  for (const event of known) counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + 1);
  return [...new Map(found.map((event) => [event.id, event])).values()].filter((event) => {
    const key = keyOf(event);
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left <= 0;
  });
}
