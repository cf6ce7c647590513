import { address, bool, i128, struct, u32, u64, variant, vecOf } from './scval.js';

/** `paid_at` is 0 while unpaid; times are unix seconds. */
export interface RepaymentInstallment {
  readonly amount: bigint;
  readonly due_date: bigint;
  readonly paid: boolean;
  readonly paid_at: bigint;
}
export const repaymentInstallment = struct<RepaymentInstallment>({ amount: i128, due_date: u64, paid: bool, paid_at: u64 });
export const repaymentSchedule = vecOf(repaymentInstallment);

export type LoanTypeName = 'Standard' | 'LearnerInstallment';
export const loanType = variant<LoanTypeName>('Standard', 'LearnerInstallment');

export type LoanStatusName = 'Pending' | 'Active' | 'Paid' | 'Defaulted' | 'Cancelled';
export const loanStatus = variant<LoanStatusName>('Pending', 'Active', 'Paid', 'Defaulted', 'Cancelled');

/** Exactly the fields of the published contract (`stellar.md` A.1); amounts are base units of the token. */
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
  readonly loan_type: LoanTypeName;
  readonly created_at: bigint;
  readonly funded_at: bigint;
  readonly late_fees_outstanding: bigint;
  readonly late_fee_accrual_timestamp: bigint;
}

export const loanRecord = struct<Loan>({
  loan_id: u64,
  borrower: address,
  vendor: address,
  total_amount: i128,
  guarantee_amount: i128,
  interest_rate_bps: u32,
  interest_amount: i128,
  service_fee_amount: i128,
  principal_outstanding: i128,
  interest_outstanding: i128,
  service_fee_outstanding: i128,
  remaining_balance: i128,
  repayment_schedule: repaymentSchedule,
  status: loanStatus,
  loan_type: loanType,
  created_at: u64,
  funded_at: u64,
  late_fees_outstanding: i128,
  late_fee_accrual_timestamp: u64,
});
