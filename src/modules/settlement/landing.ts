import type { ContractEvent, TransactionReport } from '../chain/transaction-outcome.js';
import type { LiveEnvelope, LiveHold } from '../liquidity/reservation.js';

/** Whose events count. */
export interface Expected {
  readonly hold: Pick<LiveHold, 'amount' | 'borrower'>;
  readonly poolContract: string;
  readonly creditlineContract: string;
}

/**
 * A landing (docs/protocol.md#landed): the borrower's loan of our creditline, and exactly the held
 * amount out of our pool, in the same transaction.
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
 * A reply that finds an envelope names a ledger after the one that was known before it was issued,
 * not after its own latest one, and closed by the envelope's own deadline.
 */
export const canHaveLandedIn = (
  { issuedAfterLedger, maxTime }: LiveEnvelope,
  { ledger, closeTime, latestLedger }: FoundReport,
): boolean => ledger > issuedAfterLedger && ledger <= latestLedger && closeTime <= maxTime;
