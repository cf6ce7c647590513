import type { LedgerDifference } from '../liquidity/self-check.sql.js';
import type { ReservationLedger } from '../liquidity/reservation.ledger.js';
import { AlarmLog, type Alarms } from './alarm.log.js';

/** I1 in production: scheduled and on demand. A difference is told to the unit and never mended silently: `npm run ledger:repair` is the way, with a reason. */
export class SelfCheck {
  constructor(private readonly ledger: Pick<ReservationLedger, 'differences'>, private readonly alarms: Alarms = new AlarmLog()) {}

  /** @returns the pools whose ledger is wrong; empty when all is well */
  async run(poolId: string | null = null): Promise<readonly LedgerDifference[]> {
    const found = await this.ledger.differences(poolId);
    for (const each of found) {
      this.alarms.raise('ledger_error', {
        pool: each.poolId, held: each.held.toString(), heldSum: each.heldSum.toString(), inFlight: each.inFlight.toString(), inFlightSum: each.inFlightSum.toString(),
        liveHolds: each.liveHolds, liveBorrowers: each.liveBorrowers,
      });
    }
    return found;
  }
}
