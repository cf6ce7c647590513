import type { Transaction } from '../../../database/transaction.js';
import {
  type EnvelopeRow,
  type RebuildRefusal,
  REBUILDS_MAX,
  type ReservationState,
} from '../reservation.js';

/** A new envelope under a live hold (docs/protocol.md#rebuild). */
export interface Rebuild {
  readonly poolId: string;
  readonly reservationId: string;
  /** The version that the caller looked at. Issuing raises it. */
  readonly seenVersion: number;
  readonly envelope: EnvelopeRow;
  /** What `rebuildsMax` returns for the envelopes at that version. */
  readonly rebuildsMax?: number;
  /** The same as in a request to hold. */
  readonly strangerBytes: number;
}
export type RebuildOutcome = 'issued' | RebuildRefusal;

/**
 * Decides under the pool's lock and writes envelope, hash, deadline, version and journal. Two runs
 * issue one envelope.
 */
export async function issueEnvelope(
  tx: Transaction,
  rebuild: Rebuild,
  packed: { readonly xdr: Buffer; readonly chainLagSeconds: number },
): Promise<RebuildOutcome> {
  const { envelope } = rebuild;
  const answer = await tx.client.query<{ outcome: RebuildOutcome }>(
    'select issue_envelope($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) as outcome',
    [
      rebuild.poolId,
      rebuild.reservationId,
      rebuild.seenVersion,
      envelope.hash,
      packed.xdr,
      envelope.sequence,
      envelope.maxTime,
      envelope.issuedAfterLedger,
      envelope.fee,
      envelope.loanIdFirst,
      envelope.loanIdLast,
      rebuild.rebuildsMax ?? REBUILDS_MAX,
      packed.chainLagSeconds,
      rebuild.strangerBytes,
      envelope.windowBytes,
      envelope.windowFee,
      envelope.inclusionFee,
      envelope.goingRate,
    ],
  );
  const outcome = answer.rows[0]?.outcome;
  if (outcome === undefined) throw new Error('issue_envelope gave no outcome');
  return outcome;
}

/**
 * Records the request to cancel once. The hold still counts.
 * @returns the state of the reservation
 */
export async function requestCancellation(
  tx: Transaction,
  poolId: string,
  reservationId: string,
): Promise<ReservationState | 'unknown'> {
  const answer = await tx.client.query<{ state: ReservationState | 'unknown' }>(
    'select request_cancellation($1, $2) as state',
    [poolId, reservationId],
  );
  return answer.rows[0]?.state ?? 'unknown';
}
