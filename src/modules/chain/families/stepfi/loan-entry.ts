import { scValToNative, type xdr } from '@stellar/stellar-sdk';
import type { LandedLoan } from '../../chain.js';

/**
 * The terms in the creditline's entry of a loan. What it owes changes with repayments; these do
 * not. @throws Error when the entry has another shape
 */
export function landedLoanIn(entry: xdr.LedgerEntryData): Omit<LandedLoan, 'ledger'> {
  if (entry.type !== 'contractData') throw new Error('not contract data');
  const value: unknown = scValToNative(entry.value.val);
  const fields = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const amount = (name: string): bigint => {
    const found: unknown = fields.get(name);
    if (typeof found !== 'bigint' || found < 0n) throw new Error(`a loan without ${name}`);
    return found;
  };
  const rate: unknown = fields.get('interest_rate_bps');
  if (typeof rate !== 'number') throw new Error('a loan without interest_rate_bps');
  return {
    loanId: amount('loan_id'),
    totalAmount: amount('total_amount'),
    guaranteeAmount: amount('guarantee_amount'),
    interestRateBps: rate,
    interestAmount: amount('interest_amount'),
    serviceFeeAmount: amount('service_fee_amount'),
  };
}
