import { Address, nativeToScVal } from '@stellar/stellar-sdk';
import { unreachable } from '../../chain-trouble.js';
import type { BorrowerLoan, BorrowerLoans } from '../../chain.js';
import { callReader } from '../../simulation.js';
import type { ChainAccess, FamilyContracts } from '../contract-family.js';
import type { Traits } from './generations.js';

/** Loans of one get_user_loans call: each row carries a schedule of up to 60 rows. */
const PAGE = 20;

/**
 * Every loan the creditline knows of a borrower. Its list only grows, so pages of different ledgers
 * are together at least as new as the oldest of them.
 */
export async function readLoans(
  traits: Traits,
  { rpc, networkPassphrase }: ChainAccess,
  { lendingContract: creditline, borrower }: { readonly borrower: string } & FamilyContracts,
): Promise<BorrowerLoans> {
  const party = new Address(borrower).toScVal();
  const call = (fn: string, ...more: Parameters<typeof nativeToScVal>[]) =>
    callReader(rpc, {
      contract: creditline,
      fn,
      args: [party, ...more.map((each) => nativeToScVal(...each))],
      networkPassphrase,
    });
  const counted = await call('get_user_loan_count');
  if (typeof counted.value !== 'bigint')
    throw unreachable(
      'simulateTransaction',
      `get_user_loan_count() of ${creditline} is not a number.`,
    );
  const loans: BorrowerLoan[] = [];
  let { ledger } = counted;
  for (let start = 0n; start < counted.value; start += BigInt(PAGE)) {
    const page = await call('get_user_loans', [start, { type: 'u64' }], [PAGE, { type: 'u32' }]);
    if (!Array.isArray(page.value))
      throw unreachable('simulateTransaction', `get_user_loans() of ${creditline} is not a list.`);
    loans.push(...page.value.map((row: unknown) => loanOf(row, creditline, traits.partyField)));
    ledger = Math.min(ledger, page.ledger);
  }
  if (BigInt(loans.length) < counted.value)
    throw unreachable(
      'simulateTransaction',
      `get_user_loans() of ${creditline} gave ${loans.length} of ${counted.value} loans.`,
    );
  return { ledger, loans };
}

function loanOf(row: unknown, creditline: string, partyField: string): BorrowerLoan {
  const fields = new Map(typeof row === 'object' && row !== null ? Object.entries(row) : []);
  const integer = (name: string): bigint => {
    const value: unknown = fields.get(name);
    if (typeof value !== 'bigint')
      throw unreachable('simulateTransaction', `a loan of ${creditline} has no ${name}.`);
    return value;
  };
  const vendor: unknown = fields.get(partyField);
  if (typeof vendor !== 'string')
    throw unreachable('simulateTransaction', `a loan of ${creditline} has no ${partyField}.`);
  return {
    loanId: integer('loan_id'),
    vendor,
    totalAmount: integer('total_amount'),
    guaranteeAmount: integer('guarantee_amount'),
    createdAt: integer('created_at'),
  };
}
