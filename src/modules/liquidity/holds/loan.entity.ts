import { Column, Entity, PrimaryColumn } from 'typeorm';
import { amount, moment } from '../column-types.js';

/**
 * Read-only mapping of `loans`. It has the terms only; the reservation says what became of the
 * loan.
 */
@Entity('loans')
export class LoanEntity {
  @PrimaryColumn({ name: 'pool_id', type: 'uuid' }) poolId: string;
  @PrimaryColumn('uuid') id: string;
  @Column({ name: 'reservation_id', type: 'uuid' }) reservationId: string;
  @Column({ name: 'tenant_id', type: 'text' }) tenantId: string;
  @Column('text') borrower: string;
  @Column({ type: 'text', nullable: true }) vendor: string | null;
  @Column(amount('total_amount')) totalAmount: bigint;
  @Column(amount('guarantee_amount')) guaranteeAmount: bigint;
  /** Base units and unix seconds as text. */
  @Column('jsonb') schedule: { amount: string; dueAt: string }[];
  @Column({ name: 'loan_type', type: 'text' }) loanType: string;
  @Column(moment('created_at')) createdAt: Date;
}
