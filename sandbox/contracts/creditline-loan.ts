import type { xdr } from '@stellar/stellar-sdk';
import {
  address,
  bool,
  type Codec,
  i128,
  mapGet,
  struct,
  symbol,
  u32,
  u64,
  variant,
  vecOf,
} from './scval.js';

/** `paid_at` is 0 while unpaid; times are unix seconds. */
export interface RepaymentInstallment {
  readonly amount: bigint;
  readonly due_date: bigint;
  readonly paid: boolean;
  readonly paid_at: bigint;
}
const repaymentInstallment = struct<RepaymentInstallment>({
  amount: i128,
  due_date: u64,
  paid: bool,
  paid_at: u64,
});
export const repaymentSchedule = vecOf(repaymentInstallment);
const plainInstallment = struct<Pick<RepaymentInstallment, 'amount' | 'due_date'>>({
  amount: i128,
  due_date: u64,
});
/**
 * The fork's instalments do not state the paid amount (docs/stellar.md#trustup): here they are
 * never paid.
 */
export const plainSchedule: Codec<readonly RepaymentInstallment[]> = {
  encode: (schedule) => vecOf(plainInstallment).encode(schedule),
  decode: (value) =>
    vecOf(plainInstallment)
      .decode(value)
      .map((row) => ({ ...row, paid: false, paid_at: 0n })),
};

export type LoanTypeName = 'Standard' | 'LearnerInstallment';
export const loanType = variant<LoanTypeName>('Standard', 'LearnerInstallment');

type LoanStatusName = 'Pending' | 'Active' | 'Paid' | 'Defaulted' | 'Cancelled';
const loanStatus = variant<LoanStatusName>('Pending', 'Active', 'Paid', 'Defaulted', 'Cancelled');

/**
 * Exactly the fields of the published contract (docs/stellar.md#creditline-functions); amounts are
 * base units of the token.
 */
export interface Loan {
  readonly loan_id: bigint;
  readonly borrower: string;
  readonly vendor: string;
  readonly total_amount: bigint;
  readonly guarantee_amount: bigint;
  readonly interest_rate_bps: number;
  readonly interest_amount: bigint;
  readonly service_fee_amount: bigint;
  readonly principal_outstanding: bigint;
  readonly interest_outstanding: bigint;
  readonly service_fee_outstanding: bigint;
  readonly remaining_balance: bigint;
  readonly repayment_schedule: readonly RepaymentInstallment[];
  readonly status: LoanStatusName;
  /** Null in the fork, which has no types: such a loan is written in its layout. */
  readonly loan_type: LoanTypeName | null;
  readonly created_at: bigint;
  readonly funded_at: bigint;
  readonly late_fees_outstanding: bigint;
  readonly late_fee_accrual_timestamp: bigint;
}

const common = {
  loan_id: u64,
  borrower: address,
  total_amount: i128,
  guarantee_amount: i128,
  interest_rate_bps: u32,
  interest_amount: i128,
  service_fee_amount: i128,
  principal_outstanding: i128,
  interest_outstanding: i128,
  service_fee_outstanding: i128,
  remaining_balance: i128,
  created_at: u64,
  funded_at: u64,
  late_fees_outstanding: i128,
  late_fee_accrual_timestamp: u64,
};
type TypedLoan = Loan & { readonly loan_type: LoanTypeName };
const vendorLoan = struct<TypedLoan>({
  ...common,
  vendor: address,
  repayment_schedule: repaymentSchedule,
  status: loanStatus,
  loan_type: loanType,
});

type MerchantStatusName = Exclude<LoanStatusName, 'Paid'> | 'Repaid';
type MerchantLoan = Omit<Loan, 'vendor' | 'loan_type' | 'status'> & {
  readonly merchant: string;
  readonly status: MerchantStatusName;
};
const merchantLoan = struct<MerchantLoan>({
  ...common,
  merchant: address,
  repayment_schedule: plainSchedule,
  status: variant<MerchantStatusName>('Pending', 'Active', 'Repaid', 'Defaulted', 'Cancelled'),
});

/** A loan in either layout: the name of the payee shows which one it is. */
export const loanRecord: Codec<Loan> = {
  encode: ({ vendor, loan_type: type, status, ...loan }) =>
    type === null
      ? merchantLoan.encode({
          ...loan,
          merchant: vendor,
          status: status === 'Paid' ? 'Repaid' : status,
        })
      : vendorLoan.encode({ ...loan, vendor, status, loan_type: type }),
  decode: (value) => {
    if (!paysAMerchant(value)) return vendorLoan.decode(value);
    const { merchant, status, ...loan } = merchantLoan.decode(value);
    return {
      ...loan,
      vendor: merchant,
      loan_type: null,
      status: status === 'Repaid' ? 'Paid' : status,
    };
  },
};

const paysAMerchant = (value: xdr.ScVal): boolean =>
  value.type === 'scvMap' && mapGet(value, symbol('merchant')) !== undefined;
