import {
  Account,
  Address,
  Contract,
  nativeToScVal,
  TransactionBuilder,
  xdr,
  type Transaction,
} from '@stellar/stellar-sdk';
import type { Instalment, LoanTerms, Profile } from './chain.js';
import { PROFILES } from './profiles.js';

const LOAN_TYPES = { standard: 'Standard', learner_installment: 'LearnerInstallment' } as const;

/**
 * create_loan's arguments in the order and types of the profile's contract
 * (docs/stellar.md#creditline-functions, docs/stellar.md#trustup). The schedule's rows start
 * unpaid.
 */
export function createLoanArguments(terms: LoanTerms, profile: Profile): xdr.ScVal[] {
  const { takesLoanType, instalmentsTrackPayment } = PROFILES[profile];
  if (!takesLoanType && terms.loanType !== 'standard')
    throw new Error(`the contracts of profile ${profile} know no loan type ${terms.loanType}`);
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

export interface LoanEnvelope {
  readonly terms: LoanTerms;
  readonly profile: Profile;
  readonly creditline: string;
  /** The account's sequence now; the envelope uses the next one. */
  readonly accountSequence: bigint;
  /** T, unix seconds of the chain. */
  readonly maxTime: bigint;
  /** Stroops. */
  readonly inclusionFee: bigint;
  readonly networkPassphrase: string;
}

/**
 * The plain transaction, before simulation. Its source is the borrower, so that the envelope's
 * signature is the only authorisation and T ends it (docs/protocol.md#fence-first,
 * docs/stellar.md#authorisation).
 */
export function createLoanTransaction(envelope: LoanEnvelope): Transaction {
  return new TransactionBuilder(
    new Account(envelope.terms.borrower, envelope.accountSequence.toString()),
    {
      fee: String(envelope.inclusionFee),
      networkPassphrase: envelope.networkPassphrase,
      timebounds: { minTime: 0, maxTime: envelope.maxTime.toString() },
    },
  )
    .addOperation(
      new Contract(envelope.creditline).call(
        'create_loan',
        ...createLoanArguments(envelope.terms, envelope.profile),
      ),
    )
    .build();
}
