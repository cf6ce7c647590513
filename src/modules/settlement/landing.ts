import type { ContractEvent, TransactionReport } from '../chain/transaction-outcome.js';
import type { LiveEnvelope, LiveHold } from '../liquidity/reservation.js';

/** The hold, and the contracts whose events count for it. */
export interface Expected {
  readonly hold: Pick<LiveHold, 'amount' | 'borrower'>;
  readonly poolContract: string;
  readonly creditlineContract: string;
}

/**
 * A landing (docs/protocol.md#landed): one transaction creates the borrower's loan in our
 * creditline and moves exactly the held amount out of our pool.
 */
export function ourLoan(
  expected: Expected,
  events: readonly ContractEvent[],
): ContractEvent | undefined {
  const funded = events.some(
    (event) =>
      event.name === 'LQFUND' &&
      event.contract === expected.poolContract &&
      event.amount === expected.hold.amount,
  );
  if (!funded) return undefined;
  return events.find(
    (event) =>
      event.name === 'LOANCRTD' &&
      event.contract === expected.creditlineContract &&
      event.topics[1] === expected.hold.borrower,
  );
}

type FoundReport = Exclude<TransactionReport, { readonly status: 'not_found' }>;

/**
 * A transaction can have landed only after the ledger known before its issue, not after the reply's
 * latest ledger, and in a ledger that closed by its deadline.
 */
export const canHaveLandedIn = (
  { issuedAfterLedger, maxTime }: LiveEnvelope,
  { ledger, closeTime, latestLedger }: FoundReport,
): boolean => ledger > issuedAfterLedger && ledger <= latestLedger && closeTime <= maxTime;
