import { GroupRead } from '../../../database/group-read.js';
import { hasTwin, holdOfLoan } from './listed-loans.sql.js';
import type { LedgerTransactions } from '../ledger-transactions.js';
import type { KeyLookup, LiveHold, Position } from '../reservation.js';
import { findKeys, type KeyQuestion } from './keys.sql.js';
import {
  findLiveLoan,
  liveHolds,
  livePage,
  type LivePageWanted,
  nextDeadline,
  positions,
  type ReservationPlace,
  whereIs,
} from './position.sql.js';

/** Reads the ledger without a ledger transaction. Each answer is one statement, and may be old. */
export class LedgerReader {
  private readonly keys = new GroupRead((questions: readonly KeyQuestion[]) =>
    findKeys(this.transactions.read, questions),
  );

  constructor(private readonly transactions: LedgerTransactions) {}

  async position(poolId: string): Promise<Position | null> {
    return (await positions(this.transactions.read, poolId))[0] ?? null;
  }
  positions(): Promise<Position[]> {
    return positions(this.transactions.read, null);
  }
  /**
   * T of the live hold of a pool that can lapse first, unix seconds; null when no hold is live. It
   * reads one index entry, where `position` counts every live hold.
   */
  nextDeadline(poolId: string): Promise<bigint | null> {
    return nextDeadline(this.transactions.read, poolId);
  }
  findKey(tenantId: string, key: string, fingerprint: string): Promise<KeyLookup> {
    return this.keys.ask({ tenantId, key, fingerprint });
  }
  findLiveLoan(
    network: string,
    borrower: string,
  ): Promise<{ loanId: string; reservationId: string } | null> {
    return findLiveLoan(this.transactions.read, network, borrower);
  }
  liveHolds(poolId: string, limit: number, lapsedBy: bigint | null = null): Promise<LiveHold[]> {
    return liveHolds(this.transactions.read, poolId, { limit, lapsedBy });
  }
  livePage(poolId: string, wanted: LivePageWanted): Promise<LiveHold[]> {
    return livePage(this.transactions.read, poolId, wanted);
  }
  /** Lists the holds whose funding the contracts' events have already shown. They settle next. */
  fundedHolds(poolId: string, limit: number): Promise<LiveHold[]> {
    return liveHolds(this.transactions.read, poolId, { limit, funded: true });
  }
  async liveHold(poolId: string, reservationId: string): Promise<LiveHold | null> {
    return (
      (await liveHolds(this.transactions.read, poolId, { limit: 1, reservationId }))[0] ?? null
    );
  }
  /** @param id of a reservation or of its loan */
  whereIs(id: string): Promise<ReservationPlace | null> {
    return whereIs(this.transactions.read, id);
  }
  /** Finds the settled hold that a loan of a lending contract belongs to. */
  holdOfLoan(
    pool: { readonly network: string; readonly lendingContract: string },
    loan: { readonly borrower: string; readonly loanId: bigint },
  ): Promise<string | null> {
    return holdOfLoan(this.transactions.read, pool, loan);
  }
  /** Whether a loan in the contract's list may as well belong to another live hold. */
  hasTwin(
    pool: { readonly network: string; readonly lendingContract: string },
    hold: LiveHold,
  ): Promise<boolean> {
    return hasTwin(this.transactions.read, pool, hold);
  }
}
