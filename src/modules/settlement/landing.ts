import type { LedgerTime } from '../../common/ledger-time.js';
import type { TransactionReport } from '../chain/transaction-outcome.js';
import type { LiveEnvelope } from '../liquidity/reservation.js';
import { type Dispute, disputed, seenBy } from './absence.js';

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

/** @returns the contradiction between where a reply found the transaction and a known ledger */
export const disputedPlace = (
  report: FoundReport,
  times: readonly LedgerTime[] = [],
): Dispute | null =>
  disputed(
    { ledger: report.ledger, closeTime: report.closeTime },
    { head: null, times: [...times, seenBy(report)] },
  );
