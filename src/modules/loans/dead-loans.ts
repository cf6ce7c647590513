import { HoldfastError } from '../../common/errors.js';
import type { StoredLoan } from '../liquidity/holds/reservation.reader.js';
import { failureOf, failuresOf, rebuildUntil } from './loan-failures.js';

/**
 * A hold that has ended takes no submission, rebuild or cancellation. If a transaction failed, the
 * answer says why.
 */
export function loanEnded({
  reservation: { id, state, releaseReason },
  pool,
  envelopes,
}: StoredLoan): HoldfastError {
  const failed =
    releaseReason === 'tx_failed' || releaseReason === 'not_rebuilt'
      ? failuresOf({ pool, envelopes }).at(-1)
      : undefined;
  return new HoldfastError(
    'ENVELOPE_OUTDATED',
    'The hold has ended: it is ' +
      `${state}${releaseReason ? ` (${releaseReason})` : ''}.${failed ? ` ${failed.sentence}` : ''}`,
    {
      reason: 'hold_ended',
      reservation: { id, state },
      ...(failed && { failure: failed, rebuildOffered: false }),
    },
  );
}

/** A transaction that is proven dead cannot land, wherever it is submitted. */
export function transactionDead(
  stored: StoredLoan,
  envelope: StoredLoan['envelopes'][number],
): HoldfastError {
  const until = rebuildUntil(stored);
  const current = stored.envelopes.findLast(({ state }) => state === 'open')?.hash ?? null;
  const remedy =
    current !== null
      ? `It was replaced by ${current}, the one that took its place: GET /loans/:id has it to sign.`
      : until
        ? `POST /loans/:id/transaction issues a new one for the same hold, until ${until}.`
        : 'No new one is made for it, and the hold ends by itself.';
  const failed = envelope.state === 'failed' ? failureOf(stored.pool, envelope) : null;
  const why = failed
    ? `This transaction failed in ledger ${failed.ledger}: ${failed.sentence}`
    : `This transaction, number ${envelope.number} of the loan, is proven dead.`;
  return new HoldfastError('ENVELOPE_OUTDATED', `${why} It can no longer land. ${remedy}`, {
    reason: 'envelope_dead',
    submittedHash: envelope.hash,
    currentHash: current,
    ...(failed && { failure: failed }),
    rebuildOffered: current === null && until !== null,
  });
}

/** A cancelled loan takes no signature. */
export const loanCancelled = ({ reservation: { id, state } }: StoredLoan): HoldfastError =>
  new HoldfastError(
    'ENVELOPE_OUTDATED',
    'The loan was cancelled, so this service does not land it. The funds stay held until the last ' +
      'ledger of the authorization has passed.',
    { reason: 'cancel_requested', reservation: { id, state } },
  );

/** The hold is live, and its authorization can land no more. */
export const authorizationOver = (
  why: 'spent' | 'fence_passed',
  { reservation: { id, state }, authorization }: StoredLoan,
): HoldfastError =>
  why === 'spent'
    ? new HoldfastError(
        'ENVELOPE_OUTDATED',
        'The authorization was used already: the chain shows that its nonce is spent. The hold ' +
          'settles when the loan is found.',
        { reason: 'nonce_spent', reservation: { id, state } },
      )
    : new HoldfastError(
        'ENVELOPE_OUTDATED',
        `The authorization was valid up to ledger ${authorization?.expirationLedger}, which has ` +
          'passed. The hold ends when the chain proves that it did not land. Ask for a new loan then.',
        {
          reason: 'fence_passed',
          reservation: { id, state },
          expirationLedger: authorization?.expirationLedger,
        },
      );
