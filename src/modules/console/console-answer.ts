import { formatAmount } from '../../common/money.js';
import { timeOf } from '../../common/times.js';
import { isOutdated, nextLoanId } from '../liquidity/holds/counter-window.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { ReservationHistory } from '../liquidity/holds/reservation.reader.js';
import type { LiveHold, Position, Signing } from '../liquidity/reservation.js';
import { renderHistory } from '../operations/operations-answer.js';
import type { ReservationPage } from '../operations/operations.schemas.js';
import { type ChainView, type Waiting, waitsFor } from '../settlement/waiting.js';

/** A live hold as the console shows it. Amounts are token units as text, times RFC 3339 in UTC. */
export interface HoldAnswer {
  readonly reservationId: string;
  readonly borrower: string;
  readonly amount: string;
  readonly expiresAt: string;
  readonly submittedAt: string | null;
  readonly cancelRequested: boolean;
  readonly transactions: number;
  readonly signing: Signing;
  /** Transactions of the service that carry its authorization. */
  readonly landings: number;
  /** Its newest transaction is open, and the loan counter is outside of its window. */
  readonly outdated: boolean;
  readonly waitsFor: Waiting;
}
export interface TimelineAnswer extends ReservationPage {
  readonly pool: { readonly id: string; readonly name: string };
  /** Null once it has ended. */
  readonly waitsFor: Waiting | null;
  /**
   * The lending contract's next loan id, which decides whether open transactions can still land;
   * null when the hold has ended or the id is not known.
   */
  readonly nextLoanId: string | null;
}

export function chainView({
  headCloseTime,
  ageSeconds,
  maxSnapshotAgeSeconds,
  lastLoanId,
}: Position): ChainView {
  return {
    closeTime: headCloseTime,
    lastLoanId,
    unreadSeconds: ageSeconds !== null && ageSeconds > maxSnapshotAgeSeconds ? ageSeconds : null,
  };
}

const newestIsOutdated = ({ envelopes }: LiveHold, { lastLoanId }: ChainView): boolean =>
  envelopes.slice(-1).some((newest) => newest.state === 'open' && isOutdated(newest, lastLoanId));

export const renderHold = (
  hold: LiveHold,
  pool: Pick<PoolRecord, 'decimals'>,
  chain: ChainView,
): HoldAnswer => ({
  reservationId: hold.reservationId,
  borrower: hold.borrower,
  amount: formatAmount(hold.amount, pool.decimals),
  expiresAt: timeOf(hold.expiresAt),
  submittedAt: hold.submittedAt?.toISOString() ?? null,
  cancelRequested: hold.cancelRequested,
  transactions: hold.envelopes.length,
  signing: hold.authorization ? 'authorization' : 'transaction',
  landings: hold.landings.length,
  outdated: newestIsOutdated(hold, chain),
  waitsFor: waitsFor(hold, chain),
});

export function renderTimeline(
  history: ReservationHistory,
  live: LiveHold | null,
  position: Position | null,
): TimelineAnswer {
  const now =
    live && position
      ? {
          waitsFor: waitsFor(live, chainView(position)),
          nextLoanId: nextLoanId(position.lastLoanId),
        }
      : { waitsFor: null, nextLoanId: null };
  return {
    ...renderHistory(history),
    pool: { id: history.pool.id, name: history.pool.name },
    ...now,
  };
}
