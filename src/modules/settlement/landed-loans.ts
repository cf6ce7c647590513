import type { Chain } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';

interface LandedLoanRooms {
  readonly ledger: Pick<ReconciliationLedger, 'unreadLoans' | 'storeLandedLoans'>;
  readonly chain: Pick<Chain, 'landedLoans'>;
}

/** Loans of a round whose entries are read, in one reply. */
const LOANS_MAX = 100;

/**
 * Stores the terms that the contract stored with loans of ours. They are shown as landed, not as
 * asked: score and base interest may have changed since the simulation. A reply of a ledger before
 * the loan was funded contradicts itself; it is not stored, and the next round asks again.
 * @throws HoldfastError CHAIN_UNREACHABLE, BUSY_RETRY
 */
export async function readLandedLoans(
  { ledger, chain }: LandedLoanRooms,
  pool: PoolRecord,
): Promise<void> {
  const unread = await ledger.unreadLoans(pool.id, LOANS_MAX);
  if (unread.length === 0) return;
  const landed = await chain.landedLoans(
    pool,
    unread.map(({ loanId }) => loanId),
  );
  const read = landed.flatMap((terms) => {
    const loan = unread.find(({ loanId }) => loanId === terms.loanId);
    return loan && terms.ledger >= loan.ledger
      ? [{ ...terms, reservationId: loan.reservationId }]
      : [];
  });
  if (read.length > 0) await ledger.storeLandedLoans(pool.id, read);
}
