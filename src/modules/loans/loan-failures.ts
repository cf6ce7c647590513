import { chainTime, secondsOf } from '../../common/times.js';
import { failureWords, type NamedContracts } from '../chain/failure-words.js';
import type { EnvelopeEntity } from '../liquidity/holds/envelope.entity.js';
import { rebuildsLeft, rebuildsMax } from '../liquidity/reservation.js';
import type { StoredLoan } from '../liquidity/holds/reservation.reader.js';
import type { FailedTransaction } from './loan.schemas.js';

type LoanEnvelopes = Pick<StoredLoan, 'reservation' | 'pool' | 'envelopes'>;

/** Transactions of a loan that landed and failed, oldest first. */
export const failuresOf = ({
  pool,
  envelopes,
}: Pick<LoanEnvelopes, 'pool' | 'envelopes'>): FailedTransaction[] =>
  envelopes.flatMap((envelope) => (envelope.state === 'failed' ? [failureOf(pool, envelope)] : []));

export function failureOf(
  pool: LoanEnvelopes['pool'],
  envelope: EnvelopeEntity,
): FailedTransaction {
  return { hash: envelope.hash, ledger: envelope.foundLedger, ...causeOf(pool, envelope) };
}

/** Why it failed: a transaction of the loan, or one that carries its authorization. */
export function causeOf(
  pool: NamedContracts,
  failed: Pick<
    EnvelopeEntity,
    'resultCode' | 'failedBy' | 'failedReason' | 'failedContract' | 'failedNumber'
  >,
): Omit<FailedTransaction, 'hash' | 'ledger'> {
  const reason = failed.failedReason ?? 'unknown';
  const number = failed.failedNumber;
  return {
    resultCode: failed.resultCode,
    failedBy: failed.failedBy ?? 'unknown',
    reason,
    number,
    ...failureWords(pool, { reason, contract: failed.failedContract, number }),
  };
}

const sides = (envelopes: LoanEnvelopes['envelopes']): EnvelopeEntity['failedBy'][] =>
  envelopes.map(({ failedBy }) => failedBy);
export const rebuildsMaxOf = ({ envelopes }: Pick<LoanEnvelopes, 'envelopes'>): number =>
  rebuildsMax(sides(envelopes));
/** How many new transactions can be requested; 0 once the hold has ended, and where none is needed. */
export const rebuildsLeftOf = ({
  reservation,
  envelopes,
}: Pick<LoanEnvelopes, 'reservation' | 'envelopes'>): number =>
  reservation.state === 'held' && reservation.signing === 'transaction'
    ? rebuildsLeft(sides(envelopes))
    : 0;

/**
 * Until when a new transaction can replace a failed one; null when none can. The ledger decides
 * again at the request.
 */
export function rebuildUntil(stored: LoanEnvelopes): string | null {
  const { reservation, pool, envelopes } = stored;
  if (reservation.cancelRequestedAt || rebuildsLeftOf(stored) === 0) return null;
  const failed = envelopes.findLast(({ state }) => state === 'failed');
  if (!failed || (pool.headCloseTime && secondsOf(pool.headCloseTime) >= secondsOf(failed.maxTime)))
    return null;
  return chainTime(failed.maxTime);
}
