import { asError, HoldfastError } from '../../common/errors.js';
import type { Chain, ChainEvent, EventsReply, EventsRequest } from '../chain/chain.js';
import type { FundingFact } from '../chain/families/contract-family.js';
import { familyOf } from '../chain/families/families.js';
import type {
  Break,
  EventPlace,
  SeenEvent,
  SeenEvents,
  SeenFunding,
  SnapshotPair,
} from '../liquidity/snapshots/observation.js';
import type { PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type {
  ReconciliationLedger,
  RecordedReconciliation,
} from '../liquidity/snapshots/reconciliation-ledger.js';
import { AlarmLog, type AlarmName, type Alarms } from './alarm-log.js';
import { claimForeignLandings, missingTransaction } from './foreign-landings.js';
import { readLandedLoans } from './landed-loans.js';
import { mapConcurrently } from './map-concurrently.js';
import { NoticeAlarms } from './notice-alarms.js';
import { explainPair, leavesOpen } from './reconciliation-breaks.js';
import { readAgain } from './read-again.js';

export interface ReconciliationRooms {
  readonly ledger: ReconciliationLedger;
  readonly pools: PoolRegistry;
  readonly chain: Pick<
    Chain,
    | 'networkPassphrase'
    | 'readEvents'
    | 'findInner'
    | 'findAuthorizations'
    | 'nonces'
    | 'contractCodes'
    | 'describePool'
    | 'transactionEvents'
    | 'landedLoans'
  >;
}
export interface ReconciliationLimits {
  readonly eventsPerPage: number;
  readonly pagesPerRound: number;
  readonly pairsPerRound: number;
  readonly poolsAtOnce: number;
}
const LIMITS: ReconciliationLimits = {
  eventsPerPage: 1000,
  pagesPerRound: 20,
  pairsPerRound: 100,
  poolsAtOnce: 4,
};

/**
 * `throughLedger`: every event up to it is known; null before the first snapshot, when no event is
 * read. `again`: more is left than one round takes.
 */
export interface Reconciled {
  readonly throughLedger: number | null;
  readonly pairs: number;
  readonly unexplained: number;
  readonly again: boolean;
}
export interface ReconciliationRound {
  readonly pools: number;
  readonly failed: number;
  readonly again: boolean;
}

/** Timing differences raise no alarm. `events_lost` is raised when the loss is found. */
const ALARMS: Readonly<Record<Break['class'], AlarmName | null>> = {
  in_transit: null,
  shortfall: 'shortfall',
  unreserved_funding: 'unreserved_funding',
  external_transfer: 'external_transfer',
  gap: null,
  unexplained: 'reconciliation_unexplained',
  ledger_error: 'ledger_error',
};
/** Unexplained pairs that are looked at again in a round, while the pool is stopped for them. */
const AGAIN_MAX = 5;
const ADVICE_UNEXPLAINED =
  'The ledgers were read twice. Let a worker read them from another node ' +
  '(STELLAR_RPC_URL), which explains what this one left out; ' +
  'docs/operations.md#unexplained.';
const adviceExplained = (poolId: string): string =>
  'The node has now returned the events that explain it. If nothing else keeps the pool paused: ' +
  `holdfast pools set ${poolId} --state active --reason "..."; docs/operations.md#unexplained.`;

/**
 * Reads what the chain did to each pool and explains every snapshot from the previous one. The
 * network is read before anything is written (docs/protocol.md#build-then-hold). While the node is
 * unreachable, snapshots stay unexplained: unknown, never zero.
 */
export class ReconciliationService {
  private readonly notices: NoticeAlarms;

  constructor(
    private readonly rooms: ReconciliationRooms,
    private readonly alarms: Alarms = new AlarmLog(),
    private readonly limits: ReconciliationLimits = LIMITS,
  ) {
    this.notices = new NoticeAlarms(rooms.chain, alarms);
  }

  /**
   * One round over all observed pools, and closed ones whose last snapshot is not explained. A pool
   * that fails raises an alarm and does not stop the others.
   */
  async reconcileAll(): Promise<ReconciliationRound> {
    const last = await this.rooms.pools.lastLooks();
    const pools = (await this.rooms.pools.list()).filter(
      ({ id, state, network }) =>
        network === this.rooms.chain.networkPassphrase &&
        (state !== 'closed' || last.get(id)?.reconcile),
    );
    const { done } = await mapConcurrently(pools, this.limits.poolsAtOnce, async (pool) => {
      try {
        return { failed: false, again: (await this.reconcilePool(pool)).again };
      } catch (thrown) {
        this.alarms.raise('pool_round_failed', { pool: pool.id, error: asError(thrown).message });
        return { failed: true, again: true };
      }
    });
    return {
      pools: done.length,
      failed: done.filter(({ failed }) => failed).length,
      again: done.some(({ again }) => again),
    };
  }

  /** @throws HoldfastError CHAIN_UNREACHABLE (what was read is stored), BUSY_RETRY */
  async reconcilePool(pool: PoolRecord): Promise<Reconciled> {
    const place = await this.rooms.ledger.eventPlace(pool.id);
    if (!place) return { throughLedger: null, pairs: 0, unexplained: 0, again: false };
    await this.checkCode(pool);
    await this.completeFundings(pool);
    const { throughLedger, more } = await this.readEvents(pool, place);
    await claimForeignLandings(this.rooms, pool);
    const recorded = await this.explain(pool);
    await readLandedLoans(this.rooms, pool);
    if (pool.state !== 'active') await this.explainAgain(pool);
    return {
      throughLedger,
      pairs: recorded.length,
      unexplained: recorded.filter(({ reconciliation }) => reconciliation.outcome === 'unexplained')
        .length,
      again: more || recorded.length === this.limits.pairsPerRound,
    };
  }

  private async checkCode(pool: PoolRecord): Promise<void> {
    const codes = await this.rooms.chain.contractCodes([
      pool.poolContract,
      pool.lendingContract,
      pool.tokenContract,
    ]);
    await this.notices.upgraded(pool, await this.rooms.ledger.seeCodes(pool.id, codes));
  }

  private async readEvents(
    pool: PoolRecord,
    begin: EventPlace,
  ): Promise<{ readonly throughLedger: number; readonly more: boolean }> {
    let place: EventPlace | null = begin;
    let throughLedger = begin.throughLedger;
    for (let page = 0; page < this.limits.pagesPerRound && place; page++) {
      ({ throughLedger } = place);
      const reply = await this.pageOfEvents(pool, {
        poolContract: pool.poolContract,
        lendingContract: pool.lendingContract,
        tokenContract: pool.tokenContract,
        limit: this.limits.eventsPerPage,
        from: place.cursor === null ? { startLedger: place.startLedger } : { cursor: place.cursor },
      });
      if (reply.kind === 'gap') {
        const lost = await this.rooms.ledger.skipToOldest(pool.id, place, reply.oldestLedger);
        if (lost)
          this.alarms.raise('events_lost', {
            pool: pool.id,
            firstLedger: throughLedger + 1,
            lastLedger: reply.oldestLedger - 1,
          });
      } else if (reply.cursor === place.cursor) {
        // no ledger has closed since, or the node does not get on; asking at once would not help
        if (reply.more) this.alarms.raise('events_stuck', { pool: pool.id, cursor: reply.cursor });
        return { throughLedger: Math.max(throughLedger, reply.throughLedger), more: false };
      } else {
        const seen = await this.seenOf(pool, reply.events);
        const stored = await this.rooms.ledger.storePage(pool.id, place, {
          cursor: reply.cursor,
          throughLedger: reply.throughLedger,
          ...seen,
        });
        await this.notices.raise(pool, seen, stored.upgrades);
      }
      if (reply.kind === 'page' && !reply.more)
        return { throughLedger: Math.max(throughLedger, reply.throughLedger), more: false };
      place = await this.rooms.ledger.eventPlace(pool.id);
    }
    return { throughLedger, more: true };
  }

  /** A refusal that is neither a gap nor a lag stops the pool's events until the node gives them. */
  private async pageOfEvents(pool: PoolRecord, request: EventsRequest): Promise<EventsReply> {
    try {
      return await this.rooms.chain.readEvents(request);
    } catch (thrown) {
      if (thrown instanceof HoldfastError && thrown.facts['rpcCode'] !== undefined)
        this.alarms.raise('events_stuck', { pool: pool.id, error: thrown.message });
      throw thrown;
    }
  }

  /** What the events say in the words of the pool's family, and whose envelope each funding was. */
  private async seenOf(pool: PoolRecord, events: readonly ChainEvent[]): Promise<SeenEvents> {
    const facts = familyOf(pool.generation).facts(events, pool);
    return {
      events,
      fundings: await this.fundingsOf(facts.fundings),
      loans: facts.loans,
      upgrades: facts.notices.flatMap((each) => (each.kind === 'upgraded' ? [each.event] : [])),
      proposals: facts.notices.flatMap((each) => (each.kind === 'upgrade_proposed' ? [each] : [])),
      unreadable: facts.unreadable,
    };
  }

  /**
   * Each funding with our envelope that caused it, found by the transaction's hash, or by the inner
   * hash of a fee bump. The amount is never used.
   */
  private async fundingsOf(funded: readonly FundingFact[]): Promise<SeenFunding[]> {
    if (funded.length === 0) return [];
    const hashes = [...new Set(funded.map(({ txHash }) => txHash))];
    const known = new Map(await this.rooms.ledger.issuedEnvelopes(hashes));
    const inner = new Map<string, string>();
    for (const hash of hashes) {
      const innerHash = known.has(hash) ? null : await this.innerHash(hash);
      if (innerHash !== null) inner.set(innerHash, hash);
    }
    for (const [innerHash, envelope] of await this.rooms.ledger.issuedEnvelopes([...inner.keys()]))
      known.set(inner.get(innerHash) ?? innerHash, envelope);
    return funded.map((fact) => ({ ...fact, envelope: known.get(fact.txHash) ?? null }));
  }

  private async innerHash(txHash: string): Promise<string | null> {
    const lookup = await this.rooms.chain.findInner(txHash);
    if (!lookup.found) throw missingTransaction(txHash);
    return lookup.innerHash;
  }

  private async explain(pool: PoolRecord): Promise<RecordedReconciliation[]> {
    const recorded: RecordedReconciliation[] = [];
    for (const pair of await this.rooms.ledger.duePairs(pool.id, this.limits.pairsPerRound)) {
      const events = await this.eventsOf(pool, pair);
      // another worker may have stored these events since this round's own look for them
      await claimForeignLandings(this.rooms, pool);
      const outcome = await this.rooms.ledger.reconcile(pool.id, pair, (side) =>
        explainPair(pool, pair, events, side),
      );
      if (!outcome) break; // another worker reconciles this pair
      recorded.push(outcome);
      this.raiseBreaks(pool, outcome);
    }
    return recorded;
  }

  /**
   * The stored events. If they leave a difference, the ledgers are read a second time and the
   * events found are stored first.
   */
  private async eventsOf(pool: PoolRecord, pair: SnapshotPair): Promise<readonly SeenEvent[]> {
    const span = { after: pair.fromLedger, upTo: pair.toLedger };
    const events = await this.rooms.ledger.eventsBetween(pool.id, span);
    if (!leavesOpen(pool, pair, events)) return events;
    const found = await readAgain(this.rooms, pool, pair, events);
    if (found.length === 0) return events;
    const seen = await this.seenOf(pool, found);
    await this.notices.raise(pool, seen, await this.rooms.ledger.storeFound(pool.id, seen));
    return this.rooms.ledger.eventsBetween(pool.id, span);
  }

  /**
   * Explains pairs that stayed unexplained since the pool was last active, once the node has their
   * events. An operator resumes the pool.
   */
  private async explainAgain(pool: PoolRecord): Promise<void> {
    for (const pair of await this.rooms.ledger.unexplainedPairs(pool.id, AGAIN_MAX)) {
      const events = await this.eventsOf(pool, pair);
      if (
        leavesOpen(pool, pair, events) ||
        !(await this.rooms.ledger.explainLater(pool.id, pair, (side) =>
          explainPair(pool, pair, events, side),
        ))
      )
        continue;
      this.alarms.raise('reconciliation_explained', {
        pool: pool.id,
        fromLedger: pair.fromLedger,
        toLedger: pair.toLedger,
        advice: adviceExplained(pool.id),
      });
    }
  }

  /**
   * Fundings whose events could not be read when they were stored, and can be now: after an upgrade
   * of this service, or once an operator named another generation.
   */
  private async completeFundings(pool: PoolRecord): Promise<void> {
    const unread = await this.rooms.ledger.unreadFundings(pool.id);
    if (unread.length === 0) return;
    const read = familyOf(pool.generation)
      .facts(unread, pool)
      .fundings.flatMap(({ eventId, amount, vendor }) =>
        amount === null ? [] : [{ eventId, amount, vendor }],
      );
    if (read.length > 0) await this.rooms.ledger.completeFundings(pool.id, read);
  }

  private raiseBreaks(pool: PoolRecord, { reconciliation, paused }: RecordedReconciliation): void {
    const { fromLedger, toLedger } = reconciliation;
    for (const { class: kind, figure, amount, rows } of reconciliation.breaks) {
      const name = ALARMS[kind];
      if (name === null) continue;
      // A shortfall lasts. Without its ledgers its line is the same each round, so it is logged
      // once a minute.
      const facts = { pool: pool.id, amount: amount?.toString() ?? null };
      this.alarms.raise(
        name,
        kind === 'shortfall'
          ? facts
          : {
              ...facts,
              fromLedger,
              toLedger,
              figure,
              rows: rows.length,
              ...(kind === 'unexplained' && { paused, readings: 2, advice: ADVICE_UNEXPLAINED }),
            },
      );
    }
  }
}
