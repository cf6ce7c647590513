import type { Chain } from '../chain/chain.js';
import type { TransactionReport } from '../chain/transaction-outcome.js';

/**
 * A landed transaction is looked up twice, because its ledger decides from which snapshot on it
 * stops counting.
 * @returns null when the two replies differ and so prove nothing
 */
export async function lookUp(chain: Chain, hash: string): Promise<TransactionReport | null> {
  const report = await chain.findTransaction(hash);
  if (report.status !== 'success') return report;
  const again = await chain.findTransaction(hash);
  return again.status === 'success' &&
    again.ledger === report.ledger &&
    again.closeTime === report.closeTime
    ? again
    : null;
}
