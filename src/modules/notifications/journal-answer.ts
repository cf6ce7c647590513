import { formatAmount } from '../../common/money.js';
import type { JournalEvent } from '../liquidity/journal/journal.reader.js';
import type { JournalAnswer } from './notifications.schemas.js';

export function renderJournalEvent(event: JournalEvent): JournalAnswer {
  return {
    reservationId: event.reservationId,
    poolId: event.poolId,
    number: event.number,
    kind: event.kind,
    at: event.at.toISOString(),
    stateBefore: event.stateBefore,
    stateAfter: event.stateAfter,
    amount: formatAmount(event.amount, event.decimals),
    envelopeHash: event.envelopeHash,
    ledger: event.ledger,
    reason: event.reason,
  };
}
