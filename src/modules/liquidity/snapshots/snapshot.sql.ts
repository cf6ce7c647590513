import type { Transaction } from '../../../database/transaction.js';
import type { Snapshot } from '../reservation.js';

const OBSERVE =
  'select observe_pool($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) as advanced';

/** Returns true when the snapshot moved forward (docs/protocol.md#snapshots-only-move-forward). */
export async function observeSnapshot(tx: Transaction, s: Snapshot): Promise<boolean> {
  const answer = await tx.client.query<{ advanced: boolean }>(OBSERVE, [
    s.poolId,
    s.ledger,
    s.total,
    s.locked,
    s.tokenBalance,
    s.closeTime,
    s.headLedger,
    s.headCloseTime,
    s.lastLoanId,
    s.contractPaused,
    s.goingRate?.rate ?? null,
    s.goingRate?.ledger ?? null,
    s.limits.outflowCapBps,
    s.limits.vendorCap,
    s.limits.utilisationCapBps,
    s.contractPauses ?? null,
    s.limits.unreadable ?? null,
  ]);
  return answer.rows[0]?.advanced === true;
}
