import { Column, Entity, PrimaryColumn } from 'typeorm';
import { amount, loanNumber } from '../column-types.js';

/** Read-only mapping of `landed_loans`: what the contract stored with a loan. Base units. */
@Entity('landed_loans')
export class LandedLoanEntity {
  @PrimaryColumn('uuid', { name: 'pool_id' }) poolId: string;
  @PrimaryColumn('uuid', { name: 'reservation_id' }) reservationId: string;
  @Column(loanNumber('chain_loan_id')) chainLoanId: bigint;
  @Column(amount('total_amount')) totalAmount: bigint;
  @Column(amount('guarantee_amount')) guaranteeAmount: bigint;
  @Column({ name: 'interest_rate_bps', type: 'integer' }) interestRateBps: number;
  @Column(amount('interest_amount')) interestAmount: bigint;
  @Column(amount('service_fee_amount')) serviceFeeAmount: bigint;
}
