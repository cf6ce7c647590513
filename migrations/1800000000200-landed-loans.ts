import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the contract stored with a loan of ours. Score or base interest may change between
 * simulation and landing, so it is read after the landing and never computed here.
 */
export class LandedLoans1800000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table landed_loans (
        pool_id uuid not null,
        reservation_id uuid not null,
        chain_loan_id numeric(20,0) not null,
        total_amount numeric(39,0) not null,
        guarantee_amount numeric(39,0) not null,
        interest_rate_bps integer not null,
        interest_amount numeric(39,0) not null,
        service_fee_amount numeric(39,0) not null,
        read_ledger bigint not null,
        read_at timestamptz not null default clock_timestamp(),
        primary key (pool_id, reservation_id)
      );
      comment on table landed_loans is
        'Terms that the contract stored with a loan of a hold, base units; read once, after it landed.';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table landed_loans');
  }
}
