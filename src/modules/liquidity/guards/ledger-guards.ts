import { ownsJournal } from '../../../database/owner.js';
import { retrySafe } from '../../../database/retry-safe.js';
import type { LedgerTransactions } from '../ledger-transactions.js';
import {
  advanceQuarantine,
  anyQuarantined,
  type LedgerPace,
  noticeDatabase,
  quarantineAll,
  type QuarantineStep,
  recentChange,
  unseenIdentity,
} from './quarantine.sql.js';
import { orderChange, type OrderChange } from './text-order.sql.js';
import { writeRefusal } from './writable.sql.js';
import type { PauseReason } from '../snapshots/observation.js';
import { stopPool } from '../snapshots/observation.sql.js';
import {
  ledgerDifferences,
  type LedgerDifference,
  repairLedger,
  type LedgerRepair,
} from './self-check.sql.js';

/** Quarantines pools after a change of database, and checks counters against their sums. */
export class LedgerGuards {
  /** @param pace null where no authorizations are issued */
  constructor(
    private readonly transactions: LedgerTransactions,
    private readonly pace: LedgerPace | null = null,
  ) {}

  /**
   * Notices another database (docs/protocol.md#quarantine) on connections that outlive a failover
   * behind a pooler; new connections check by themselves.
   * @returns how many pools this call quarantined
   */
  noticeDatabase(): Promise<number> {
    return noticeDatabase(this.transactions.write);
  }
  /** @returns a sentence when the server does not tell which one it is; null when it does */
  unseenIdentity(): Promise<string | null> {
    return unseenIdentity(this.transactions.read);
  }
  /**
   * @returns how many pools were quarantined by a change that was noticed in the last two minutes;
   * null when there was none
   */
  recentDatabaseChange(): Promise<number | null> {
    return recentChange(this.transactions.read);
  }
  /** Whether this process serves as the owner of the tables (docs/database.md#roles). */
  ownsTables(): Promise<boolean> {
    return ownsJournal(this.transactions.read);
  }
  /** @returns null when the library that orders the database's text is the recorded one */
  orderChange(): Promise<OrderChange | null> {
    return orderChange(this.transactions.read);
  }
  /** @returns the SQLSTATE under which the server does not write now; null when it does */
  writeRefusal(): Promise<string | null> {
    return writeRefusal(this.transactions.read, this.transactions.write);
  }
  /**
   * Begins a quarantine of every pool that is not closed, and begins it again where one runs.
   * @returns how many pools
   */
  quarantineAll(why: { readonly reason: string; readonly by: string }): Promise<number> {
    return this.transactions.run(
      'quarantine_all',
      retrySafe((tx) => quarantineAll(tx, why)),
    );
  }
  /** @param closeTime of a ledger read after the last `noticeDatabase` */
  async advanceQuarantine(network: string, closeTime: bigint): Promise<QuarantineStep[]> {
    if (!(await anyQuarantined(this.transactions.read, network))) return [];
    return this.transactions.run('quarantine', (tx) =>
      advanceQuarantine(tx, network, closeTime, this.pace),
    );
  }

  /**
   * Pauses an active pool whose contracts do not work together, or cannot be read.
   * @returns whether it took holds until now
   */
  stopPool(
    poolId: string,
    reason: Extract<PauseReason, 'contracts_broken' | 'unreadable_entry'>,
    facts: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    return this.transactions.run('pool', (tx) => stopPool(tx, poolId, reason, facts));
  }

  /**
   * Compares counters with their sums (docs/protocol.md#counters-are-sums), and live holds with the
   * borrowers that are marked as having one. It corrects nothing.
   * @param poolId null: every pool
   */
  differences(poolId: string | null = null): Promise<LedgerDifference[]> {
    return ledgerDifferences(this.transactions.read, poolId);
  }
  /**
   * Sets a pool's counters to the sums of its reservations and stores the reason in an append-only
   * table.
   * @returns null when nothing was wrong
   */
  repair(
    poolId: string,
    why: { readonly reason: string; readonly by: string },
  ): Promise<LedgerRepair | null> {
    return this.transactions.run(
      'repair',
      retrySafe((tx) => repairLedger(tx, poolId, why)),
    );
  }
}
