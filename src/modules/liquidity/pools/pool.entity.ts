import { Column, Entity, PrimaryColumn } from 'typeorm';
import { amount, bigInteger, ledger, loanNumber, moment } from '../column-types.js';
import type { PoolState } from '../reservation.js';

/** Read-only mapping of `pools`; every write goes through the ledger's own statements. */
@Entity('pools')
export class PoolEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') network: string;
  @Column('text') generation: string;
  @Column({ name: 'pool_contract', type: 'text' }) poolContract: string;
  @Column({ name: 'lending_contract', type: 'text' }) lendingContract: string;
  @Column({ name: 'token_contract', type: 'text' }) tokenContract: string;
  @Column({ name: 'pool_wasm_hash', type: 'text' }) poolWasmHash: string;
  @Column('smallint') decimals: number;
  @Column({ name: 'hold_seconds', type: 'integer' }) holdSeconds: number;
  @Column({ name: 'min_signing_seconds', type: 'integer' }) minSigningSeconds: number;
  @Column({ name: 'max_snapshot_age_seconds', type: 'integer' }) maxSnapshotAgeSeconds: number;
  @Column({ name: 'fee_percentile', type: 'text' }) feePercentile: string;
  @Column({ name: 'max_inclusion_fee', type: 'integer' }) maxInclusionFee: number;
  @Column(amount('buffer')) buffer: bigint;
  @Column('text') state: PoolState;
  @Column(bigInteger('version')) version: bigint;
  @Column(amount('held')) held: bigint;
  @Column(amount('in_flight')) inFlight: bigint;
  @Column(ledger('snapshot_ledger', true)) snapshotLedger: number | null;
  @Column(amount('snapshot_total', true)) snapshotTotal: bigint | null;
  @Column(amount('snapshot_locked', true)) snapshotLocked: bigint | null;
  @Column(amount('snapshot_token_balance', true)) snapshotTokenBalance: bigint | null;
  @Column(loanNumber('last_loan_id', true)) lastLoanId: bigint | null;
  @Column({ name: 'contract_paused', type: 'boolean', nullable: true }) contractPaused:
    boolean | null;
  @Column(bigInteger('going_rate', true)) goingRate: bigint | null;
  @Column(ledger('going_rate_ledger', true)) goingRateLedger: number | null;
  @Column(moment('snapshot_close_time', true)) snapshotCloseTime: Date | null;
  @Column(moment('snapshot_advanced_at', true)) snapshotAdvancedAt: Date | null;
  @Column(ledger('head_ledger', true)) headLedger: number | null;
  @Column(moment('head_close_time', true)) headCloseTime: Date | null;
  @Column(moment('created_at')) createdAt: Date;
}
