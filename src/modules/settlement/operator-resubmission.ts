import type { ReservationPlace } from '../liquidity/pools/position.sql.js';
import type { ReservationState } from '../liquidity/reservation.js';
import type { OperatorRooms } from './operator-resolution.js';
import { mayStillLand, type Resubmitted, submitStored } from './resubmission.js';

/** `withheld`: nothing was submitted, and the sentence says why. */
export interface ResubmissionOutcome {
  readonly kind: 'submitted' | 'withheld';
  readonly reservationId: string;
  readonly state: ReservationState;
  readonly transactions: readonly Resubmitted[];
  readonly sentence: string;
}

const WAITS = {
  contract_paused: 'A contract of the pool is paused: the transaction would fail and cost its fee.',
  outdated:
    "Strangers' loans took the loan ids that it may land on, so it would fail and cost its fee. " +
    'The borrower needs a new transaction: POST /loans/{id}/transaction.',
} as const;

/**
 * Submits what the borrower of a live hold signed once more, without waiting for the round that
 * would. The chain is looked at first, and what it proves is written.
 * @returns null when there is no such reservation on this network
 * @throws HoldfastError CHAIN_UNREACHABLE, BUSY_RETRY
 */
export async function resubmit(
  { ledger, pools, chain, settlement }: OperatorRooms,
  id: string,
): Promise<ResubmissionOutcome | null> {
  const place = await ledger.reader.whereIs(id);
  const pool = place && (await pools.find(place.poolId));
  if (!pool || pool.network !== chain.networkPassphrase) return null;
  const hold = await ledger.reader.liveHold(pool.id, place.reservationId);
  if (!hold) return withheld(place, `The reservation is ${place.state} already.`);
  if (hold.authorization)
    return withheld(
      place,
      'Its borrower signs an authorization, which the service lands by itself until it is spent.',
    );
  if (hold.cancelRequested)
    return withheld(place, 'Its cancellation was requested, which another submission would block.');
  const { evidence, verdict } = await settlement.verdictOn(pool, hold);
  if (verdict.kind !== 'keep') {
    const now = (await ledger.reader.whereIs(place.reservationId)) ?? place;
    return withheld(now, `The evidence proves its end: the reservation is ${now.state}.`);
  }
  const signed = evidence.reports.filter(({ envelope }) => envelope.submission !== null);
  if (signed.length === 0)
    return withheld(place, 'No signed transaction is stored: its borrower has submitted none.');
  const waiting = signed.filter(mayStillLand);
  if (waiting.length === 0)
    return withheld(place, `No signed transaction can still land (${verdict.why}).`);
  const { submitted, waits } = await submitStored({ chain, ledger }, pool, waiting);
  if (waits) return withheld(place, WAITS[waits]);
  return {
    ...ids(place),
    kind: 'submitted',
    transactions: submitted,
    sentence: "Submitted as its borrower signed it. The node's answer proves nothing.",
  };
}

const ids = ({ reservationId, state }: ReservationPlace) => ({ reservationId, state });
const withheld = (place: ReservationPlace, sentence: string): ResubmissionOutcome => ({
  ...ids(place),
  kind: 'withheld',
  transactions: [],
  sentence,
});
