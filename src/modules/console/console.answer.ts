import { formatAmount } from '../../common/money.js';
import { timeOf } from '../../common/times.js';
import type { PoolRecord } from '../liquidity/pool.registry.js';
import type { ReservationHistory } from '../liquidity/reservation.reader.js';
import type { LiveHold, Position } from '../liquidity/reservation.js';
import { renderHistory } from '../operations/operations.answer.js';
import type { ReservationPage } from '../operations/operations.schemas.js';
import { type ChainView, type Waiting, waitsFor } from '../settlement/waiting.js';

/** A live hold as the console shows it. Amounts are token units as text, times RFC 3339 in UTC. */
export interface HoldAnswer {
  readonly reservationId: string; readonly borrower: string; readonly amount: string; readonly expiresAt: string; readonly submittedAt: string | null; readonly cancelRequested: boolean;
  readonly transactions: number; readonly waitsFor: Waiting;
}
export interface TimelineAnswer extends ReservationPage { readonly pool: { readonly id: string; readonly name: string }; /** Null once it has ended. */ readonly waitsFor: Waiting | null }

export function chainView({ headCloseTime, ageSeconds, maxSnapshotAgeSeconds }: Position): ChainView {
  return { closeTime: headCloseTime, unreadSeconds: ageSeconds !== null && ageSeconds > maxSnapshotAgeSeconds ? ageSeconds : null };
}

export const renderHold = (hold: LiveHold, pool: Pick<PoolRecord, 'decimals'>, chain: ChainView): HoldAnswer => ({
  reservationId: hold.reservationId, borrower: hold.borrower, amount: formatAmount(hold.amount, pool.decimals), expiresAt: timeOf(hold.expiresAt),
  submittedAt: hold.submittedAt?.toISOString() ?? null, cancelRequested: hold.cancelRequested, transactions: hold.envelopes.length, waitsFor: waitsFor(hold, chain),
});

export function renderTimeline(history: ReservationHistory, live: LiveHold | null, position: Position | null): TimelineAnswer {
  return { ...renderHistory(history), pool: { id: history.pool.id, name: history.pool.name }, waitsFor: live && position ? waitsFor(live, chainView(position)) : null };
}
