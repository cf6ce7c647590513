import * as metrics from '../../../telemetry/metrics.js';
import { inTransaction, type Transaction } from '../../../database/transaction.js';
import type { LedgerConnections } from '../guards/ledger-connections.js';
import type {
  CodeChange,
  EventPage,
  EventPlace,
  IssuedEnvelope,
  Explanation,
  LedgerSide,
  PageStored,
  PoolPause,
  ReconciliationStanding,
  Reconciliation,
  SeenEvent,
  SeenEvents,
  SnapshotPair,
  StoredReconciliation,
} from './observation.js';
import {
  beginAtSnapshot,
  ledgerSide,
  lockPool,
  pausePool,
  skipToOldest,
  storeCodes,
  storeFound,
  storePage,
} from './observation.sql.js';
import {
  duePairs,
  explainLater,
  storeReconciliation,
  unexplainedPairs,
} from './reconciliation.sql.js';
import {
  listPauses,
  listReconciliations,
  reconciliationStanding,
} from './reconciliation-reads.sql.js';
import {
  eventPlace,
  eventsBetween,
  issuedEnvelopes,
  ownHashes,
  storedCodes,
} from './chain-events.sql.js';
import { LEDGER_BEGIN } from '../ledger-transactions.js';

/** What was judged, and whether the pool took holds until that moment. */
export interface Recorded {
  readonly reconciliation: Reconciliation;
  readonly paused: boolean;
}

/**
 * The ledger's side of observation: events with their cursor in one transaction, reconciliations in
 * order, pauses with their reason. Every method that
 * writes takes gate and pool row first and may throw HoldfastError BUSY_RETRY.
 */
export class ReconciliationLedger {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly deadlineMs: number,
  ) {}

  /** Where to read on; begun at the first snapshot. Null while there is none. */
  async eventPlace(poolId: string): Promise<EventPlace | null> {
    const known = await eventPlace(this.connections.read, poolId);
    if (known) return known;
    return this.write(async (tx) => {
      await beginAtSnapshot(tx, poolId);
      return eventPlace(tx.client, poolId);
    });
  }

  issuedEnvelopes(hashes: readonly string[]): Promise<Map<string, IssuedEnvelope>> {
    return issuedEnvelopes(this.connections.read, hashes);
  }
  storePage(poolId: string, from: EventPlace, page: EventPage): Promise<PageStored> {
    return this.write((tx) => storePage(tx, poolId, from, page));
  }
  skipToOldest(poolId: string, from: EventPlace, oldestLedger: number): Promise<boolean> {
    return this.write((tx) => skipToOldest(tx, poolId, from, oldestLedger));
  }

  /**
   * Remembers which code the contracts run. Another one than before pauses the pool; resuming it
   * accepts the new one.
   */
  async seeCodes(
    poolId: string,
    reading: { readonly ledger: number; readonly hashes: ReadonlyMap<string, string | null> },
  ): Promise<CodeChange[]> {
    // nearly always the same: then the gate is left alone
    const known = await storedCodes(this.connections.read, poolId);
    if ([...reading.hashes].every(([contract, hash]) => known.get(contract) === hash)) return [];
    return this.write((tx) => storeCodes(tx, poolId, reading));
  }

  duePairs(poolId: string, limit: number): Promise<SnapshotPair[]> {
    return duePairs(this.connections.read, poolId, limit);
  }
  eventsBetween(
    poolId: string,
    span: { readonly after: number; readonly upTo: number },
  ): Promise<SeenEvent[]> {
    return eventsBetween(this.connections.read, poolId, span);
  }

  /** @returns upgrades among what was not known; the pool is paused by then */
  storeFound(poolId: string, found: SeenEvents): Promise<readonly SeenEvent[]> {
    return this.write((tx) => storeFound(tx, poolId, found));
  }
  ownHashes(
    poolId: string,
    span: { readonly after: number; readonly upTo: number; readonly limit: number },
  ): Promise<string[]> {
    return ownHashes(this.connections.read, poolId, span);
  }
  unexplainedPairs(poolId: string, limit: number): Promise<SnapshotPair[]> {
    return unexplainedPairs(this.connections.read, poolId, limit);
  }

  /**
   * Judges an unexplained pair again. Only an explanation is written; it resumes nothing. @returns
   * whether it was
   */
  explainLater(
    poolId: string,
    pair: SnapshotPair,
    judge: (side: LedgerSide) => Explanation,
  ): Promise<boolean> {
    return this.write(async (tx) => {
      await lockPool(tx, poolId);
      const judged = judge(await ledgerSide(tx, poolId, pair));
      return (
        judged.outcome === 'explained' &&
        explainLater(tx, poolId, {
          fromLedger: pair.fromLedger,
          toLedger: pair.toLedger,
          ...judged,
        })
      );
    });
  }

  /**
   * Judges a pair against what the ledger says at that moment and stores the result; a bridge that
   * does not close pauses the pool with it.
   * @param judge pure: it may run again when the transaction is retried
   * @returns null when another worker was faster
   */
  async reconcile(
    poolId: string,
    pair: SnapshotPair,
    judge: (side: LedgerSide) => Explanation,
  ): Promise<Recorded | null> {
    const recorded = await this.write((tx) => this.reconcileIn(tx, poolId, { pair, judge }));
    for (const each of recorded?.reconciliation.breaks ?? [])
      metrics.count('holdfast_breaks_total', { pool: poolId, class: each.class });
    return recorded;
  }

  list(poolId: string, limit: number): Promise<StoredReconciliation[]> {
    return listReconciliations(this.connections.read, poolId, limit);
  }
  pauses(poolId: string, limit: number): Promise<PoolPause[]> {
    return listPauses(this.connections.read, poolId, limit);
  }
  standing(poolId: string): Promise<ReconciliationStanding | null> {
    return reconciliationStanding(this.connections.read, poolId);
  }

  private async reconcileIn(
    tx: Transaction,
    poolId: string,
    {
      pair,
      judge,
    }: { readonly pair: SnapshotPair; readonly judge: (side: LedgerSide) => Explanation },
  ): Promise<Recorded | null> {
    await lockPool(tx, poolId);
    const reconciliation: Reconciliation = {
      fromLedger: pair.fromLedger,
      toLedger: pair.toLedger,
      ...judge(await ledgerSide(tx, poolId, pair)),
    };
    if (!(await storeReconciliation(tx, poolId, reconciliation))) return null;
    if (reconciliation.outcome !== 'unexplained') return { reconciliation, paused: false };
    const { total, locked, tokenBalance } = reconciliation.bridges;
    const facts = {
      fromLedger: pair.fromLedger,
      toLedger: pair.toLedger,
      total: total.difference,
      locked: locked.difference,
      tokenBalance: tokenBalance.difference,
    };
    return { reconciliation, paused: await pausePool(tx, poolId, 'unexplained', facts) };
  }

  private write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(
      this.connections.write,
      { name: 'reconcile', begin: LEDGER_BEGIN, deadlineMs: this.deadlineMs },
      work,
    );
  }
}
