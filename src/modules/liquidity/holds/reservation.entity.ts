import { Column, Entity, PrimaryColumn } from 'typeorm';
import { amount, ledger, moment } from '../column-types.js';
import type { ReleaseReason, ReservationState, Signing } from '../reservation.js';

/** Read-only mapping of `reservations`; every write goes through the ledger's own statements. */
@Entity('reservations')
export class ReservationEntity {
  @PrimaryColumn({ name: 'pool_id', type: 'uuid' }) poolId: string;
  @PrimaryColumn('uuid') id: string;
  @Column({ name: 'tenant_id', type: 'text' }) tenantId: string;
  @Column({ name: 'loan_id', type: 'uuid' }) loanId: string;
  @Column('text') borrower: string;
  @Column(amount('amount')) amount: bigint;
  @Column('text') signing: Signing;
  @Column('text') state: ReservationState;
  @Column({ name: 'release_reason', type: 'text', nullable: true })
  releaseReason: ReleaseReason | null;
  @Column({ name: 'envelope_version', type: 'integer' }) envelopeVersion: number;
  @Column(moment('expires_at')) expiresAt: Date;
  @Column(ledger('at_ledger')) atLedger: number;
  @Column(ledger('settled_ledger', true)) settledLedger: number | null;
  @Column(moment('held_at')) heldAt: Date;
  @Column(moment('submitted_at', true)) submittedAt: Date | null;
  @Column(moment('signed_at', true)) signedAt: Date | null;
  @Column(moment('cancel_requested_at', true)) cancelRequestedAt: Date | null;
  @Column(moment('ended_at', true)) endedAt: Date | null;
}
