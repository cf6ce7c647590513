import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigInteger, ledger, loanNumber, moment } from '../column-types.js';
import type { FailedBy } from '../reservation.js';

/** Read-only mapping of `landings`, without their XDR. */
@Entity('landings')
export class LandingEntity {
  @PrimaryColumn({ name: 'pool_id', type: 'uuid' }) poolId: string;
  @PrimaryColumn({ name: 'reservation_id', type: 'uuid' }) reservationId: string;
  @PrimaryColumn('integer') number: number;
  @Column('text') channel: string;
  @Column('text') hash: string;
  @Column(bigInteger('sequence')) sequence: bigint;
  @Column(moment('max_time')) maxTime: Date;
  @Column(ledger('issued_after_ledger')) issuedAfterLedger: number;
  @Column(bigInteger('fee')) fee: bigint;
  @Column(bigInteger('inclusion_fee', true)) inclusionFee: bigint | null;
  @Column(bigInteger('going_rate', true)) goingRate: bigint | null;
  @Column(loanNumber('loan_id_first', true)) loanIdFirst: bigint | null;
  @Column(loanNumber('loan_id_last', true)) loanIdLast: bigint | null;
  @Column('text') state: 'open' | 'landed' | 'failed' | 'dead';
  @Column(moment('created_at')) createdAt: Date;
  @Column(moment('submitted_at', true)) submittedAt: Date | null;
  @Column({ name: 'submission_status', type: 'text', nullable: true }) submissionStatus:
    string | null;
  @Column(ledger('found_ledger', true)) foundLedger: number | null;
  @Column({ name: 'result_code', type: 'text', nullable: true }) resultCode: string | null;
  @Column(bigInteger('fee_charged', true)) feeCharged: bigint | null;
  @Column({ name: 'failed_by', type: 'text', nullable: true }) failedBy: FailedBy | null;
  @Column({ name: 'failed_reason', type: 'text', nullable: true }) failedReason: string | null;
  @Column({ name: 'failed_contract', type: 'text', nullable: true }) failedContract: string | null;
  @Column(ledger('failed_number', true)) failedNumber: number | null;
}
