import { Address, nativeToScVal, xdr } from '@stellar/stellar-sdk';
import type { Instalment, LoanTerms } from '../../chain.js';
import type { FamilyContracts, FundingCall, FundingTerms } from '../contract-family.js';
import type { Traits } from './generations.js';

const LOAN_TYPES = { standard: 'Standard', learner_installment: 'LearnerInstallment' } as const;

/** The other fork's call has no loan type; the last name is then not used. */
export const CREATE_LOAN_TERMS: FundingTerms = {
  function: 'create_loan',
  arguments: ['borrower', 'vendor', 'totalAmount', 'guaranteeAmount', 'schedule', 'loanType'],
};

/**
 * create_loan's arguments in the order and types of the generation's contract
 * (docs/stellar.md#creditline-functions, docs/stellar.md#trustup). The schedule's rows start
 * unpaid.
 */
export function createLoanArguments(
  terms: LoanTerms,
  { title, takesLoanType, instalmentsTrackPayment }: Traits,
): xdr.ScVal[] {
  if (!takesLoanType && terms.loanType !== 'standard')
    throw new Error(`${title} know no loan type ${terms.loanType}`);
  if (terms.vendor === null) throw new Error(`a loan of ${title} has a vendor`);
  return [
    new Address(terms.borrower).toScVal(),
    new Address(terms.vendor).toScVal(),
    nativeToScVal(terms.totalAmount, { type: 'i128' }),
    nativeToScVal(terms.guaranteeAmount, { type: 'i128' }),
    xdr.ScVal.scvVec(
      terms.schedule.map(instalmentsTrackPayment ? trackedInstalment : plainInstalment),
    ),
    ...(takesLoanType ? [xdr.ScVal.scvVec([xdr.ScVal.scvSymbol(LOAN_TYPES[terms.loanType])])] : []),
  ];
}

const plainInstalment = ({ amount, dueAt }: Instalment): xdr.ScVal =>
  nativeToScVal(
    { amount, due_date: dueAt },
    { type: { amount: ['symbol', 'i128'], due_date: ['symbol', 'u64'] } },
  );
const trackedInstalment = ({ amount, dueAt }: Instalment): xdr.ScVal =>
  nativeToScVal(
    { amount, due_date: dueAt, paid: false, paid_at: 0n },
    {
      type: {
        amount: ['symbol', 'i128'],
        due_date: ['symbol', 'u64'],
        paid: ['symbol'],
        paid_at: ['symbol', 'u64'],
      },
    },
  );

/** The creditline takes the guarantee from the borrower (docs/stellar.md#create-loan-checks). */
export const guaranteeTransfer = (
  { borrower, guaranteeAmount }: LoanTerms,
  { tokenContract, lendingContract }: FamilyContracts,
): readonly FundingCall[] => [
  {
    contract: tokenContract,
    function: 'transfer',
    args: [
      new Address(borrower).toScVal(),
      new Address(lendingContract).toScVal(),
      nativeToScVal(guaranteeAmount, { type: 'i128' }),
    ],
  },
];
