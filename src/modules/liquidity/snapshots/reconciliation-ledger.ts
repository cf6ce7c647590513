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
  listLifetimes,
  listProposals,
  type ProposedUpgrade,
  rateProposal,
  type SeenLifetime,
  type StoredLifetime,
  storeLifetimes,
} from './contract-watch.sql.js';
import {
  type LandedTerms,
  storeLandedLoans,
  type UnreadLoan,
  unreadLoans,
} from './landed-loans.sql.js';
import { completeFundings, type ReadFunding } from './fundings.sql.js';
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
  unreadFundings,
} from './chain-events.sql.js';
import { LEDGER_BEGIN } from '../ledger-transactions.js';
import { claimFundings, nonceOwners, unclaimedFundings } from '../landings/foreign-landings.sql.js';
import type { FundingClaim, NonceOwner, UnclaimedFunding } from '../landings/landing.js';

/** The stored reconciliation, and whether the pool took holds until then. */
export interface RecordedReconciliation {
  readonly reconciliation: Reconciliation;
  readonly paused: boolean;
}

/**
 * The ledger's part of reconciliation: events with their cursor in one transaction, reconciliations
 * in order, pauses with their reason. Every method that writes takes gate and pool row first and
 * may throw HoldfastError BUSY_RETRY.
 */
export class ReconciliationLedger {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly deadlineMs: number,
  ) {}

  /** Where to read on. It starts at the first snapshot; null while there is none. */
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
  /**
   * Fundings without a hold that an open authorization of their borrower may have made, in a
   * transaction of a stranger. The caller reads the transaction and claims those that did.
   */
  unclaimedFundings(poolId: string, limit: number): Promise<UnclaimedFunding[]> {
    return unclaimedFundings(this.connections.read, poolId, limit);
  }
  /** Finds the holds to which nonces belong; unknown nonces are left out. */
  nonceOwners(
    network: string,
    nonces: readonly { readonly address: string; readonly nonce: bigint }[],
  ): Promise<NonceOwner[]> {
    return nonceOwners(this.connections.read, network, nonces);
  }
  /**
   * Joins fundings to holds. A funding that has a hold, and a hold that has a funding, stay as they
   * are.
   * @returns how many were joined
   */
  async claimFundings(list: readonly FundingClaim[]): Promise<number> {
    if (list.length === 0) return 0;
    return this.write((tx) => claimFundings(tx, list));
  }
  storePage(poolId: string, from: EventPlace, page: EventPage): Promise<PageStored> {
    return this.write((tx) => storePage(tx, poolId, from, page));
  }
  skipToOldest(poolId: string, from: EventPlace, oldestLedger: number): Promise<boolean> {
    return this.write((tx) => skipToOldest(tx, poolId, from, oldestLedger));
  }

  /**
   * Stores which code the contracts run. A change pauses the pool; an operator who resumes it
   * accepts the new code.
   */
  async seeCodes(
    poolId: string,
    seenCode: { readonly ledger: number; readonly hashes: ReadonlyMap<string, string | null> },
  ): Promise<CodeChange[]> {
    // the code is nearly always the same, and then the gate is not needed
    const known = await storedCodes(this.connections.read, poolId);
    if ([...seenCode.hashes].every(([contract, hash]) => known.get(contract) === hash)) return [];
    return this.write((tx) => storeCodes(tx, poolId, seenCode));
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

  /** @returns upgrades among the new events; the pool is paused by then */
  storeFound(poolId: string, found: SeenEvents): Promise<readonly SeenEvent[]> {
    return this.write((tx) => storeFound(tx, poolId, found));
  }
  /** Loans of ours whose terms on the chain are not known yet. */
  unreadLoans(poolId: string, limit: number): Promise<UnreadLoan[]> {
    return unreadLoans(this.connections.read, poolId, limit);
  }
  storeLandedLoans(
    poolId: string,
    read: readonly (LandedTerms & { readonly reservationId: string })[],
  ): Promise<void> {
    return this.write(async (tx) => storeLandedLoans(tx.client, poolId, read));
  }
  unreadFundings(poolId: string): Promise<SeenEvent[]> {
    return unreadFundings(this.connections.read, poolId);
  }
  completeFundings(poolId: string, read: readonly ReadFunding[]): Promise<number> {
    return this.write(async (tx) => {
      await lockPool(tx, poolId);
      return completeFundings(tx, poolId, read);
    });
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
   * Explains an unexplained pair again. It writes only an explanation, and resumes nothing.
   * @returns whether the pair is explained
   */
  explainLater(
    poolId: string,
    pair: SnapshotPair,
    explain: (side: LedgerSide) => Explanation,
  ): Promise<boolean> {
    return this.write(async (tx) => {
      await lockPool(tx, poolId);
      const explanation = explain(await ledgerSide(tx, poolId, pair));
      return (
        explanation.outcome === 'explained' &&
        explainLater(tx, poolId, {
          fromLedger: pair.fromLedger,
          toLedger: pair.toLedger,
          ...explanation,
        })
      );
    });
  }

  /**
   * Explains a pair by what the ledger says at that moment and stores the result. A bridge that
   * does not close pauses the pool with it.
   * @param explain pure: it may run again when the transaction is retried
   * @returns null when another worker was faster
   */
  async reconcile(
    poolId: string,
    pair: SnapshotPair,
    explain: (side: LedgerSide) => Explanation,
  ): Promise<RecordedReconciliation | null> {
    const recorded = await this.write((tx) => this.reconcileIn(tx, poolId, { pair, explain }));
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

  storeLifetimes(
    poolId: string,
    seen: { readonly ledger: number; readonly contracts: readonly SeenLifetime[] },
  ): Promise<void> {
    return this.write(async (tx) => {
      await lockPool(tx, poolId);
      await storeLifetimes(tx, poolId, seen);
    });
  }
  /** In the order in which they lapse. */
  lifetimes(poolId: string): Promise<StoredLifetime[]> {
    return listLifetimes(this.connections.read, poolId);
  }
  /** Upgrades that are proposed and not executed. */
  proposals(poolId: string): Promise<ProposedUpgrade[]> {
    return listProposals(this.connections.read, poolId);
  }
  rateProposal(
    poolId: string,
    rated: Pick<ProposedUpgrade, 'contract' | 'wasmHash' | 'generation'>,
  ): Promise<void> {
    return this.write(async (tx) => {
      await lockPool(tx, poolId);
      await rateProposal(tx, poolId, rated);
    });
  }

  private async reconcileIn(
    tx: Transaction,
    poolId: string,
    {
      pair,
      explain,
    }: { readonly pair: SnapshotPair; readonly explain: (side: LedgerSide) => Explanation },
  ): Promise<RecordedReconciliation | null> {
    await lockPool(tx, poolId);
    const reconciliation: Reconciliation = {
      fromLedger: pair.fromLedger,
      toLedger: pair.toLedger,
      ...explain(await ledgerSide(tx, poolId, pair)),
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
