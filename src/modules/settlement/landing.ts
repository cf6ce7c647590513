import type { TransactionReport } from '../chain/transaction-outcome.js';
import type { LiveEnvelope } from '../liquidity/reservation.js';

export type Timed = Pick<LiveEnvelope, 'issuedAfterLedger' | 'maxTime'>;
type FoundReport = Exclude<TransactionReport, { readonly status: 'not_found' }>;

/**
 * A transaction can have landed only after the ledger known before its issue, not after the reply's
 * latest ledger, and in a ledger that closed by its deadline.
 */
export const canHaveLandedIn = (
  { issuedAfterLedger, maxTime }: Timed,
  { ledger, closeTime, latestLedger }: FoundReport,
): boolean => ledger > issuedAfterLedger && ledger <= latestLedger && closeTime <= maxTime;
