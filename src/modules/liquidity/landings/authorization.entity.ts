import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigInteger, ledger, loanNumber, moment, packedXdr } from '../column-types.js';

/** Read-only mapping of `authorizations`; every write goes through the ledger's own statements. */
@Entity('authorizations')
export class AuthorizationEntity {
  @PrimaryColumn({ name: 'pool_id', type: 'uuid' }) poolId: string;
  @PrimaryColumn({ name: 'reservation_id', type: 'uuid' }) reservationId: string;
  @Column('text') network: string;
  @Column('text') address: string;
  @Column(bigInteger('nonce')) nonce: bigint;
  @Column('text') hash: string;
  @Column(ledger('expiration_ledger')) expirationLedger: number;
  @Column(ledger('issued_after_ledger')) issuedAfterLedger: number;
  /** Unpacked base64, as it was issued, unsigned. */
  @Column(packedXdr('entry_deflated')) entryXdr: string;
  @Column(moment('signed_at', true)) signedAt: Date | null;
  @Column('text') state: 'open' | 'spent' | 'dead';
  @Column(ledger('unspent_ledger', true)) unspentLedger: number | null;
  @Column(ledger('vote_ledger', true)) voteLedger: number | null;
  @Column(ledger('spent_ledger', true)) spentLedger: number | null;
  @Column(ledger('spent_seen_ledger', true)) spentSeenLedger: number | null;
  @Column({ name: 'landing_tx_hash', type: 'text', nullable: true }) landingTxHash: string | null;
  @Column(loanNumber('chain_loan_id', true)) chainLoanId: bigint | null;
}
