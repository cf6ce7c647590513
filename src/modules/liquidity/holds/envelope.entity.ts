import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FailedBy } from '../reservation.js';
import { bigInteger, ledger, loanNumber, moment, packedXdr } from '../column-types.js';

/** Read-only mapping of `envelopes`; every write goes through the ledger's own statements. */
@Entity('envelopes')
export class EnvelopeEntity {
  @PrimaryColumn({ name: 'pool_id', type: 'uuid' }) poolId: string;
  @PrimaryColumn({ name: 'reservation_id', type: 'uuid' }) reservationId: string;
  @PrimaryColumn('integer') number: number;
  @Column('text') hash: string;
  /** Unpacked base64, as it was issued. */
  @Column(packedXdr('xdr_deflated')) xdr: string;
  @Column(bigInteger('sequence')) sequence: bigint;
  @Column(moment('max_time')) maxTime: Date;
  @Column(ledger('issued_after_ledger')) issuedAfterLedger: number;
  @Column(bigInteger('fee')) fee: bigint;
  @Column(loanNumber('loan_id_first', true)) loanIdFirst: bigint | null;
  @Column(loanNumber('loan_id_last', true)) loanIdLast: bigint | null;
  @Column({ name: 'window_bytes', type: 'integer', nullable: true }) windowBytes: number | null;
  @Column(bigInteger('window_fee', true)) windowFee: bigint | null;
  @Column(bigInteger('inclusion_fee', true)) inclusionFee: bigint | null;
  @Column(bigInteger('going_rate', true)) goingRate: bigint | null;
  @Column(ledger('outbid_ledger', true)) outbidLedger: number | null;
  @Column('text') state: 'open' | 'landed' | 'failed' | 'dead';
  @Column(moment('submitted_at', true)) submittedAt: Date | null;
  @Column({ name: 'submission_status', type: 'text', nullable: true }) submissionStatus:
    string | null;
  @Column(ledger('passed_ledger', true)) passedLedger: number | null;
  @Column(moment('passed_close_time', true)) passedCloseTime: Date | null;
  @Column(ledger('vote_ledger', true)) voteLedger: number | null;
  @Column(ledger('found_ledger', true)) foundLedger: number | null;
  @Column({ name: 'result_code', type: 'text', nullable: true }) resultCode: string | null;
  @Column({ name: 'failed_by', type: 'text', nullable: true }) failedBy: FailedBy | null;
  @Column({ name: 'failed_reason', type: 'text', nullable: true }) failedReason: string | null;
  @Column({ name: 'failed_contract', type: 'text', nullable: true }) failedContract: string | null;
  @Column(ledger('failed_number', true)) failedNumber: number | null;
  @Column(loanNumber('chain_loan_id', true)) chainLoanId: bigint | null;
}
