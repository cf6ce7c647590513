import { Column, Entity, PrimaryColumn } from 'typeorm';
import { amount, bigInteger, ledger, moment } from '../column-types.js';

/**
 * Read-only mapping of the journal `reservation_events`. A trigger of the database keeps it
 * append-only.
 */
@Entity('reservation_events')
export class ReservationEventEntity {
  @PrimaryColumn({ name: 'pool_id', type: 'uuid' }) poolId: string;
  @PrimaryColumn({ name: 'reservation_id', type: 'uuid' }) reservationId: string;
  @PrimaryColumn('integer') number: number;
  @Column('text') kind: string;
  @Column(moment('at')) at: Date;
  @Column({ name: 'state_before', type: 'text', nullable: true }) stateBefore: string | null;
  @Column({ name: 'state_after', type: 'text' }) stateAfter: string;
  @Column(amount('amount')) amount: bigint;
  @Column(bigInteger('pool_version')) poolVersion: bigint;
  @Column(amount('held_before')) heldBefore: bigint;
  @Column(amount('held_after')) heldAfter: bigint;
  @Column(amount('in_flight_before')) inFlightBefore: bigint;
  @Column(amount('in_flight_after')) inFlightAfter: bigint;
  @Column({ name: 'envelope_hash', type: 'text', nullable: true }) envelopeHash: string | null;
  @Column(ledger('ledger', true)) ledger: number | null;
  @Column(moment('close_time', true)) closeTime: Date | null;
  @Column({ type: 'text', nullable: true }) reason: string | null;
  @Column({ type: 'jsonb', nullable: true }) evidence: Record<string, unknown> | null;
}
