import type { BorrowerLoans, Head } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { LiveHold } from '../liquidity/reservation.js';
import type { Alarms } from './alarm-log.js';
import { type EndLog, endOfAbsence, endOfSettlement, logWritten } from './end-log.js';
import type { EnvelopeReport } from './finding.js';
import { endByList, withoutTaken } from './end-by-list.js';
import { isSameEnd } from './forgotten.js';
import type { Resolution } from './list-proof.js';
import { mapConcurrently } from './map-concurrently.js';
import { missingLanding } from './round-alarms.js';
import type { Applied, SettlementRooms } from './settlement-rooms.js';

export class ForgottenHolds {
  constructor(
    private readonly rooms: Pick<SettlementRooms, 'ledger' | 'chain'>,
    private readonly alarms: Alarms,
    private readonly ends: EndLog,
    private readonly callsAtOnce: number,
  ) {}

  /**
   * Ends lapsed holds by the lending contract's own list of loans
   * (docs/protocol.md#contract-state). It is used when the node has forgotten their ledgers, or
   * does not find a landing that the contracts' events show.
   * @throws HoldfastError CHAIN_UNREACHABLE, BUSY_RETRY
   */
  async resolve(pool: PoolRecord, holds: readonly LiveHold[], head: Head): Promise<Applied> {
    const { done, failure } = await mapConcurrently(holds, this.callsAtOnce, async (hold) => ({
      hold,
      outcome: await this.resolutionOf(pool, hold, head),
    }));
    const settlements = done.flatMap(({ outcome }) =>
      outcome.kind === 'settle' ? [outcome.settlement] : [],
    );
    const absences = done.flatMap(({ outcome }) =>
      outcome.kind === 'expire' ? [outcome.absence] : [],
    );
    const settled = logWritten(
      this.ends,
      endOfSettlement,
      settlements,
      await this.rooms.ledger.ends.settle(settlements),
    );
    const expired = logWritten(
      this.ends,
      endOfAbsence,
      absences,
      await this.rooms.ledger.ends.expireAbsent(absences),
    );
    for (const { hold, outcome } of done) {
      if (outcome.kind !== 'keep') continue;
      if (outcome.why === 'lists_disagree')
        this.alarms.raise('outcome_disputed', {
          pool: pool.id,
          reservation: hold.reservationId,
          certificate: 'contract_state',
        });
      if (outcome.why === 'ambiguous')
        this.alarms.raise('loans_ambiguous', { pool: pool.id, reservation: hold.reservationId });
      if (outcome.why === 'landing_not_found')
        this.alarms.raise('landing_not_found', {
          pool: pool.id,
          reservation: hold.reservationId,
          ...missingLanding(hold),
        });
    }
    if (failure) throw failure;
    return { settled, released: 0, expired };
  }

  private async resolutionOf(pool: PoolRecord, hold: LiveHold, head: Head): Promise<Resolution> {
    const list = await this.rooms.chain.borrowerLoans(pool, hold.borrower);
    if (!list) return { kind: 'keep', why: 'no_list' };
    const reports: EnvelopeReport[] = [];
    for (const envelope of hold.envelopes)
      if (envelope.state === 'open')
        reports.push({ envelope, report: await this.rooms.chain.findTransaction(envelope.hash) });
    const { ledger } = this.rooms;
    const judged = async (read: BorrowerLoans): Promise<Resolution> =>
      endByList(ledger, pool, hold, {
        head,
        list: await withoutTaken(ledger, pool, hold, read),
        reports,
      });
    const first = await judged(list);
    if (first.kind === 'keep') return first;
    // it ends the hold, so one wrong reply must not decide
    const again = await this.rooms.chain.borrowerLoans(pool, hold.borrower);
    return again && isSameEnd(first, await judged(again))
      ? first
      : { kind: 'keep', why: 'lists_disagree' };
  }
}
