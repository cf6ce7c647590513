import type { Chain, Head } from '../../src/modules/chain/chain.js';
import type { LiveEnvelope, LiveHold } from '../../src/modules/liquidity/reservation.js';
import type { ReconciliationRooms } from '../../src/modules/settlement/reconciliation.service.js';
import type { SettlementRooms } from '../../src/modules/settlement/settlement-rooms.js';
import { HOLDS_COUNT_HALF } from '../support/half-counted.js';
import { replaced } from '../support/replaced.js';
import { AUTHORIZATION_BREAKAGES } from './authorization-breakages.js';
import { type BrokenService, seeing } from './broken-rooms.js';

const eachEnvelope =
  (change: (envelope: LiveEnvelope) => Partial<LiveEnvelope>) =>
  (hold: LiveHold): LiveHold => ({
    ...hold,
    envelopes: hold.envelopes.map((each) => ({ ...each, ...change(each) })),
  });
/** Marks the steps of the proof by sequence as made, so that the first NOT_FOUND ends the hold. */
const burnt = ({ sequence }: LiveEnvelope): Partial<LiveEnvelope> => ({
  consumedLedger: 1,
  consumedSequence: sequence,
  consumedVoteLedger: 1,
});
const HURRY_SECONDS = 45n;
/** Every reply with a close time is ahead. If only one were, the others would contradict it. */
function early(chain: Chain): Chain {
  const ahead = (head: Head): Head => ({ ...head, closeTime: head.closeTime + HURRY_SECONDS });
  return replaced(chain, {
    head: async () => ahead(await chain.head()),
    observePool: async (pool) => {
      const reading = await chain.observePool(pool);
      return { ...reading, head: ahead(reading.head) };
    },
    findTransaction: async (hash) => {
      const report = await chain.findTransaction(hash);
      return { ...report, latestCloseTime: report.latestCloseTime + HURRY_SECONDS };
    },
  });
}
/**
 * Adds steps that were never proven and votes past any T, and removes what they are compared with.
 */
const credulous = (rooms: SettlementRooms): SettlementRooms => {
  const seen = seeing(
    eachEnvelope(({ maxTime }) => ({ passedLedger: 1, passedCloseTime: maxTime, voteLedger: 1 })),
  )(rooms);
  return {
    ...seen,
    ledger: replaced(seen.ledger, {
      snapshots: replaced(seen.ledger.snapshots, { ledgerTimes: () => Promise.resolve([]) }),
    }),
    chain: replaced(seen.chain, {
      findTransaction: async (hash) => {
        const report = await seen.chain.findTransaction(hash);
        return { ...report, latestCloseTime: report.latestCloseTime + 1_000n };
      },
    }),
  };
};
/**
 * The stored steps and every account reply say that a borrower who cancelled has used the sequence.
 */
const cancelling = (rooms: SettlementRooms): SettlementRooms => {
  const cancelled = new Set<string>();
  const seen = seeing((hold) => {
    if (!hold.cancelRequested) return hold;
    cancelled.add(hold.borrower);
    return eachEnvelope(burnt)(hold);
  })(rooms);
  return {
    ...seen,
    chain: replaced(seen.chain, {
      accountSequences: async (addresses) =>
        new Map(
          [...(await seen.chain.accountSequences(addresses))].map(
            ([address, { ledger, sequence }]) => [
              address,
              {
                ledger,
                sequence:
                  sequence !== null && cancelled.has(address) ? sequence + 1_000n : sequence,
              },
            ],
          ),
        ),
    }),
  };
};
/** The first two look-ups of a landing show none of our events. */
function shortSighted(chain: Chain): Chain {
  const seen = new Map<string, number>();
  return replaced(chain, {
    findTransaction: async (hash) => {
      const report = await chain.findTransaction(hash);
      const times = seen.get(hash) ?? 0;
      if (report.status !== 'success' || times >= 2) return report;
      seen.set(hash, times + 1);
      return { ...report, events: [] };
    },
  });
}
/** A reconciliation that misses repayments and still calls every bridge explained. */
const glossedOver = ({ ledger, chain, ...rooms }: ReconciliationRooms): ReconciliationRooms => ({
  ...rooms,
  chain: replaced(chain, {
    readEvents: async (request) => {
      const reply = await chain.readEvents(request);
      return reply.kind === 'page'
        ? { ...reply, events: reply.events.filter(({ name }) => name !== 'LQREPAY') }
        : reply;
    },
    transactionEvents: () => Promise.resolve({ found: false }),
  }), // reading the ledgers again would find them
  ledger: replaced(ledger, {
    reconcile: (poolId, pair, explain) =>
      ledger.reconcile(poolId, pair, (side) => ({
        ...explain(side),
        outcome: 'explained',
        breaks: [],
      })),
  }),
});

/**
 * Each takes one of the rules away (docs/protocol.md#other-answers); `found` is what the walk must
 * report.
 */
export const BREAKAGES: readonly BrokenService[] = [
  {
    name: 'released by a clock that is ahead of the chain',
    found: /proof before an end: .* may still land/,
    breakage: { rooms: ({ chain, ...rooms }) => ({ ...rooms, chain: early(chain) }) },
  },
  {
    name: 'released at the first NOT_FOUND',
    found: /proof before an end: /,
    breakage: { rooms: credulous },
  },
  {
    name: 'a cancellation frees by itself',
    found: /proof before an end: /,
    breakage: { rooms: cancelling },
  },
  {
    name: 'the first envelope decides for all of its hold',
    found: /proof before an end: /,
    // it shows when a later transaction lands: in an ordinary walk that is rare, and the event is
    // often read before the first transaction is proven dead
    breakage: {
      rebuilds: 0.7,
      rooms: seeing((hold) => ({ ...hold, envelopes: hold.envelopes.slice(0, 1) })),
    },
  },
  {
    name: 'a settlement is dropped before the snapshot has it',
    found: /counters are sums: .*in flight|available: |pools_in_flight_check/,
    breakage: {
      sql: {
        name: 'settle_batch',
        right: 'in_flight = p.in_flight + case',
        wrong: 'in_flight = p.in_flight + 0 * case',
      },
    },
  },
  {
    name: 'a hold counts half',
    found: /counters are sums: held|available: |never short: |rows: |pools_held_check/,
    breakage: { statement: HOLDS_COUNT_HALF },
  },
  {
    name: 'a failover is not noticed',
    found: /available: |never short: /,
    breakage: {
      failovers: 0.05,
      sql: {
        name: 'notice_database_identity',
        right: "where p.state in ('active', 'paused', 'quarantined')",
        wrong: 'where false',
      },
    },
  },
  {
    name: 'a quarantine lasts a tenth of the longest hold',
    found: /available: |never short: /,
    breakage: {
      failovers: 0.05,
      sql: {
        name: 'advance_quarantine',
        right: 'select max(p.longest_hold_seconds)',
        wrong: 'select max(p.longest_hold_seconds) / 10',
      },
    },
  },
  {
    name: 'a landing is not known as ours at first',
    found: /alarm: success_without_our_events/,
    breakage: { rooms: ({ chain, ...rooms }) => ({ ...rooms, chain: shortSighted(chain) }) },
  },
  {
    name: 'transactions leave no room for loans that land first',
    found: /no needless failure: /,
    breakage: { narrow: true },
  },
  {
    name: 'a bridge that does not close is called explained',
    found: /bridge: .*, and the terms sum to/,
    breakage: { bookkeeping: glossedOver },
  },
  ...AUTHORIZATION_BREAKAGES,
];
