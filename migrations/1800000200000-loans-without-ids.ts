import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Not every contract has loan ids, vendors or guarantees: docs/families.md. What a pool's contracts
 * do not have is null, or a guarantee of 0.
 */
export class LoansWithoutIds1800000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table envelopes alter column loan_id_first drop not null;
      alter table envelopes alter column loan_id_last drop not null;
      alter table envelopes add constraint envelopes_loan_ids_check
        check ((loan_id_first is null) = (loan_id_last is null));
      comment on column envelopes.loan_id_first is
        'First loan id on which it can land. Null: loans of the pool have no ids';
      alter table loans alter column vendor drop not null;
      alter table loans drop constraint loans_guarantee_amount_check;
      alter table loans add constraint loans_guarantee_amount_check
        check (guarantee_amount >= 0);
      comment on column loans.vendor is 'Who is paid. Null: the contracts pay the borrower';
      comment on column loans.guarantee_amount is
        'What the borrower pays first. 0: the contracts take none';
      comment on column reservations.amount is
        'total_amount - guarantee_amount of the loan, base units: what the pool will fund';
      comment on column fundings.event_id is
        'The event of the funding, as the node numbers it; a funding is kept longer than the '
        'event''s own row'`);
  }

  /** Stops where a loan without ids or vendor is stored: the version before cannot read it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      comment on column fundings.event_id is
        'The event LQFUND, as the node numbers it; a funding is kept longer than the event''s own row';
      comment on column reservations.amount is
        'total_amount - guarantee_amount of the loan, base units: what fund_loan will lock';
      comment on column loans.guarantee_amount is null;
      comment on column loans.vendor is null;
      alter table loans drop constraint loans_guarantee_amount_check;
      alter table loans add constraint loans_guarantee_amount_check
        check (guarantee_amount > 0);
      alter table loans alter column vendor set not null;
      comment on column envelopes.loan_id_first is null;
      alter table envelopes drop constraint envelopes_loan_ids_check;
      alter table envelopes alter column loan_id_last set not null;
      alter table envelopes alter column loan_id_first set not null;`);
  }
}
