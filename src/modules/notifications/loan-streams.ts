import { Injectable } from '@nestjs/common';
import type { Whose } from '../../common/caller.js';
import { loanNotFound } from '../../http/not-found.js';
import { isUuid } from '../../common/uuid.js';
import { ReservationReader } from '../liquidity/holds/reservation.reader.js';
import { renderReservation } from '../operations/operations-answer.js';
import type { EventStream } from './event-stream.js';
import { renderJournalEvent } from './journal-answer.js';
import { placeIn } from './last-event-id.js';
import { type LoanFollower, StreamHub } from './stream-hub.js';

@Injectable()
export class LoanStreams {
  constructor(
    private readonly reader: ReservationReader,
    private readonly hub: StreamHub,
  ) {}

  /**
   * Every refusal comes before the stream is opened.
   * @returns what to do with the open stream; `over` when nothing can follow the last event that
   * was read
   * @throws HoldfastError VALIDATION_FAILED, LOAN_NOT_FOUND, BUSY_RETRY
   */
  async begin(
    whose: Whose,
    loanId: string,
    lastEventId: string | undefined,
  ): Promise<((stream: EventStream) => void) | 'over'> {
    const known = placeIn(lastEventId);
    const loan = isUuid(loanId) ? await this.reader.findLoan(whose, loanId) : null;
    const history = loan ? await this.reader.findReservation(whose, loan.reservation.id) : null;
    if (!history) throw loanNotFound(loanId);
    const newest = history.events.at(-1)?.number ?? 0;
    if (known !== null && known >= BigInt(newest) && history.reservation.state !== 'held')
      return 'over';
    this.hub.admit();
    return (stream) => {
      if (known === null)
        stream.send({
          id: String(newest),
          event: 'state',
          data: {
            loanId: history.reservation.loanId,
            reservation: renderReservation(history),
            journal: null,
          },
        });
      // a place ahead of the journal belongs to another loan, so the stream starts at the newest
      // event
      const seen = known === null || known > BigInt(newest) ? newest : Number(known);
      const follower: LoanFollower = {
        kind: 'loan',
        poolId: history.reservation.poolId,
        reservationId: history.reservation.id,
        seen,
        send: (event) => {
          stream.send({
            id: String(event.number),
            event: event.kind,
            data: { loanId: event.loanId, reservation: null, journal: renderJournalEvent(event) },
          });
        },
      };
      this.hub.follow(stream, follower);
    };
  }
}
