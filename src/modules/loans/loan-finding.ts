import type { Whose } from '../../common/caller.js';
import { noteLogIds } from '../../telemetry/log-scope.js';
import { loanNotFound } from '../../http/not-found.js';
import { isUuid } from '../../common/uuid.js';
import type { ReservationReader, StoredLoan } from '../liquidity/holds/reservation.reader.js';

/**
 * Finds a loan of the caller by any text given as its id. Later log lines name it.
 * @throws HoldfastError LOAN_NOT_FOUND, also for a loan of another caller
 */
export async function foundLoan(
  reader: Pick<ReservationReader, 'findLoan'>,
  whose: Whose,
  loanId: string,
): Promise<StoredLoan> {
  const stored = isUuid(loanId) ? await reader.findLoan(whose, loanId) : null;
  if (!stored) throw loanNotFound(loanId);
  noteLogIds({ loanId, poolId: stored.pool.id, reservationId: stored.reservation.id });
  return stored;
}
