import * as metrics from '../../telemetry/metrics.js';
import type { FailureEvidence } from '../liquidity/ends/end-evidence.js';
import type { LiveHold } from '../liquidity/reservation.js';
import type { Dispute } from './absence.js';
import { type Alarms, FAILURE_ALARMS } from './alarm-log.js';

/** Alarms of a round that are the same whatever the borrower signs. */
export function raiseDisputes(
  alarms: Alarms,
  reservation: string,
  disputes: readonly Dispute[],
): void {
  for (const { seen, known } of disputes)
    alarms.raise('ledger_dated_twice', {
      reservation,
      ledger: seen.ledger,
      closeTime: seen.closeTime.toString(),
      known: { ledger: known.ledger, closeTime: known.closeTime.toString() },
    });
}

/** Counts and raises a transaction found failed. */
export function raiseFailure(
  alarms: Alarms,
  {
    poolId,
    reservationId,
    failedLedger,
    resultCode,
    cause: { by, reason, contract, number },
  }: Pick<FailureEvidence, 'poolId' | 'reservationId' | 'failedLedger' | 'resultCode' | 'cause'>,
): void {
  metrics.count('holdfast_transactions_failed_total', { cause: by, reason });
  alarms.raise(FAILURE_ALARMS[by], {
    pool: poolId,
    reservation: reservationId,
    ledger: failedLedger,
    resultCode,
    reason,
    ...(contract !== null && { contract, number }),
  });
}

/** What `landing_not_found` says of the transaction that nobody finds. */
export const missingLanding = ({ funding, authorization }: LiveHold) => ({
  transaction: funding?.txHash ?? null,
  ledger: funding?.ledger ?? authorization?.spent?.ledger ?? null,
});
