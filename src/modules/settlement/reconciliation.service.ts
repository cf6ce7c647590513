import { asError, HoldfastError } from '../../common/errors.js';
import type { Chain, ChainEvent } from '../chain/chain.js';
import type {
  Break,
  EventPlace,
  IssuedEnvelope,
  SeenEvent,
  SeenFunding,
  SnapshotPair,
} from '../liquidity/snapshots/observation.js';
import type { PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type {
  ReconciliationLedger,
  RecordedReconciliation,
} from '../liquidity/snapshots/reconciliation-ledger.js';
import { AlarmLog, type AlarmName, type Alarms } from './alarm-log.js';
import { mapConcurrently } from './map-concurrently.js';
import { judgePair, leavesOpen } from './reconciliation-breaks.js';
import { readAgain } from './second-reading.js';

export interface ReconciliationRooms {
  readonly ledger: ReconciliationLedger;
  readonly pools: PoolRegistry;
  readonly chain: Pick<
    Chain,
    'networkPassphrase' | 'readEvents' | 'findInner' | 'contractCodes' | 'transactionEvents'
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
 * `throughLedger`: every event up to it is known (null: no snapshot yet, so nothing is read).
 * `again`: more is left than one round takes.
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

/** Every break but a matter of timing is told. Lost events are told when they are found lost. */
const ALARMS: Readonly<Record<Break['class'], AlarmName | null>> = {
  in_transit: null,
  shortfall: 'shortfall',
  unreserved_funding: 'unreserved_funding',
  external_transfer: 'external_transfer',
  gap: null,
  unexplained: 'reconciliation_unexplained',
  ledger_error: 'ledger_error',
};
const FUNDED = 'LQFUND';
/** Unexplained pairs that are looked at again in a round, while the pool is stopped for them. */
const AGAIN_MAX = 5;
const ADVICE_UNEXPLAINED =
  'The ledgers were read twice. Let a worker read them from another node ' +
  '(STELLAR_RPC_URL), which explains what this one left out; ' +
  'docs/operations.md#unexplained.';
const adviceExplained = (poolId: string): string =>
  'The node has given what explains it. When nothing else keeps the pool paused: ' +
  `holdfast pools set ${poolId} --state active --reason "..."; docs/operations.md#unexplained.`;

/**
 * Reads what the chain did to each pool and explains every snapshot from the one before. Jobs call
 * it. The network is read before anything is written (docs/protocol.md#build-then-hold). While a
 * node is away, snapshots stay unexplained: unknown, never zero.
 */
export class ReconciliationService {
  constructor(
    private readonly rooms: ReconciliationRooms,
    private readonly alarms: Alarms = new AlarmLog(),
    private readonly limits: ReconciliationLimits = LIMITS,
  ) {}

  /**
   * One round over all pools that are observed. A pool's trouble is told and does not stop the
   * others.
   */
  async reconcileAll(): Promise<ReconciliationRound> {
    const pools = (await this.rooms.pools.list()).filter(
      ({ state, network }) => state !== 'closed' && network === this.rooms.chain.networkPassphrase,
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
    await this.lookAtCode(pool);
    const { throughLedger, more } = await this.readEvents(pool, place);
    const recorded = await this.explain(pool);
    if (pool.state !== 'active') await this.explainAgain(pool);
    return {
      throughLedger,
      pairs: recorded.length,
      unexplained: recorded.filter(({ reconciliation }) => reconciliation.outcome === 'unexplained')
        .length,
      again: more || recorded.length === this.limits.pairsPerRound,
    };
  }

  private async lookAtCode(pool: PoolRecord): Promise<void> {
    const reading = await this.rooms.chain.contractCodes([
      pool.poolContract,
      pool.creditlineContract,
      pool.tokenContract,
    ]);
    for (const change of await this.rooms.ledger.seeCodes(pool.id, reading))
      this.alarms.raise('contract_upgraded', { pool: pool.id, ...change });
  }

  private async readEvents(
    pool: PoolRecord,
    begin: EventPlace,
  ): Promise<{ readonly throughLedger: number; readonly more: boolean }> {
    let place: EventPlace | null = begin;
    let throughLedger = begin.throughLedger;
    for (let page = 0; page < this.limits.pagesPerRound && place; page++) {
      ({ throughLedger } = place);
      const reply = await this.rooms.chain.readEvents({
        poolContract: pool.poolContract,
        creditlineContract: pool.creditlineContract,
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
      } else if (reply.cursor !== place.cursor) {
        // the same cursor again: no ledger has closed since
        const stored = await this.rooms.ledger.storePage(pool.id, place, {
          cursor: reply.cursor,
          throughLedger: reply.throughLedger,
          events: reply.events,
          fundings: await this.fundingsOf(pool, reply.events),
        });
        this.tellUpgrades(pool, stored.upgrades);
      }
      if (reply.kind === 'page' && !reply.more)
        return { throughLedger: Math.max(throughLedger, reply.throughLedger), more: false };
      place = await this.rooms.ledger.eventPlace(pool.id);
    }
    return { throughLedger, more: true };
  }

  /**
   * Each funding with the envelope of ours that caused it: by the transaction's hash, or by the
   * hash inside when a fee bump carried it. Never by amount.
   */
  private async fundingsOf(
    pool: PoolRecord,
    events: readonly ChainEvent[],
  ): Promise<SeenFunding[]> {
    const funded = events.filter(
      (event) => event.name === FUNDED && event.contract === pool.poolContract,
    );
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
    return funded.map((event) => this.fundingOf(event, known.get(event.txHash) ?? null));
  }

  private fundingOf(event: ChainEvent, envelope: IssuedEnvelope | null): SeenFunding {
    const amount =
      // a shape we do not know: the bridge will not close
      typeof event.data === 'string' && /^[0-9]{1,39}$/.test(event.data) ? BigInt(event.data) : 0n;
    return { eventId: event.id, ledger: event.ledger, txHash: event.txHash, amount, envelope };
  }

  private async innerHash(txHash: string): Promise<string | null> {
    const lookup = await this.rooms.chain.findInner(txHash);
    // it must be there, its events are: another node answered. Without it a loan of ours could be
    // taken for a stranger's
    if (!lookup.found)
      throw new HoldfastError(
        'CHAIN_UNREACHABLE',
        `Stellar RPC, getTransaction: ${txHash} is not found, although the node gave its events.`,
        { method: 'getTransaction' },
      );
    return lookup.innerHash;
  }

  private async explain(pool: PoolRecord): Promise<RecordedReconciliation[]> {
    const recorded: RecordedReconciliation[] = [];
    for (const pair of await this.rooms.ledger.duePairs(pool.id, this.limits.pairsPerRound)) {
      const events = await this.eventsOf(pool, pair);
      const outcome = await this.rooms.ledger.reconcile(pool.id, pair, (side) =>
        judgePair(pool, pair, events, side),
      );
      if (!outcome) break; // another worker is at it
      recorded.push(outcome);
      this.tell(pool, outcome);
    }
    return recorded;
  }

  /**
   * As stored; when they leave a difference, with what a second reading finds, which is stored by
   * then.
   */
  private async eventsOf(pool: PoolRecord, pair: SnapshotPair): Promise<readonly SeenEvent[]> {
    const span = { after: pair.fromLedger, upTo: pair.toLedger };
    const events = await this.rooms.ledger.eventsBetween(pool.id, span);
    if (!leavesOpen(pool, pair, events)) return events;
    const found = await readAgain(this.rooms, pool, pair, events);
    if (found.length === 0) return events;
    this.tellUpgrades(
      pool,
      await this.rooms.ledger.storeFound(pool.id, {
        events: found,
        fundings: await this.fundingsOf(pool, found),
      }),
    );
    return this.rooms.ledger.eventsBetween(pool.id, span);
  }

  /**
   * What was unexplained since the pool was active last: a node that has the events by now explains
   * it. A person resumes the pool.
   */
  private async explainAgain(pool: PoolRecord): Promise<void> {
    for (const pair of await this.rooms.ledger.unexplainedPairs(pool.id, AGAIN_MAX)) {
      const events = await this.eventsOf(pool, pair);
      if (
        leavesOpen(pool, pair, events) ||
        !(await this.rooms.ledger.explainLater(pool.id, pair, (side) =>
          judgePair(pool, pair, events, side),
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

  private tellUpgrades(pool: PoolRecord, upgrades: readonly SeenEvent[]): void {
    for (const { contract, id, ledger } of upgrades)
      this.alarms.raise('contract_upgraded', { pool: pool.id, contract, event: id, ledger });
  }

  private tell(pool: PoolRecord, { reconciliation, paused }: RecordedReconciliation): void {
    const { fromLedger, toLedger } = reconciliation;
    for (const { class: kind, figure, amount, rows } of reconciliation.breaks) {
      const name = ALARMS[kind];
      if (name === null) continue;
      // a shortfall lasts: without its ledgers it is the same line each round, and told once a
      // minute
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
