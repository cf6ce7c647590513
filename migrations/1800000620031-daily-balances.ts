import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
alter table reconciliations add column snapshot_at timestamptz;
comment on column reconciliations.snapshot_at is
  'When the second snapshot was: close time of its ledger, or the database clock where the chain did '
  'not say. Null: stored before this was kept';

create table daily_balances (
  -- no foreign key: its check would lock the pool's row, and a hold would wait
  pool_id uuid not null,
  day timestamptz not null
    check (day = date_bin('1 day', day, '2000-01-01 00:00:00+00'::timestamptz)),
  figure text collate "C" not null check (figure in ('total', 'locked', 'token_balance')),
  opening numeric(39,0),
  settled_by_us numeric(39,0),
  unreserved_fundings numeric(39,0),
  repayments numeric(39,0),
  deposits numeric(39,0),
  withdrawals numeric(39,0),
  interest numeric(39,0),
  guarantees numeric(39,0),
  losses numeric(39,0),
  external_transfers numeric(39,0),
  unexplained numeric(39,0),
  not_known numeric(39,0),
  closing numeric(39,0),
  first_ledger bigint,
  last_ledger bigint,
  closed_at timestamptz,
  pairs integer not null check (pairs >= 0),
  primary key (pool_id, day, figure),
  check (
    num_nonnulls(
      opening, settled_by_us, unreserved_fundings, repayments, deposits, withdrawals, interest,
      guarantees, losses, external_transfers, unexplained, not_known, closing, first_ledger,
      last_ledger, closed_at
    ) = case when pairs = 0 then 0 else 16 end
  ),
  check (first_ledger < last_ledger),
  constraint daily_balances_add_up check (
    opening + settled_by_us + unreserved_fundings + repayments + deposits + withdrawals + interest
      + guarantees + losses + external_transfers + unexplained + not_known = closing
  )
);
create index daily_balances_by_day on daily_balances (day);
create index daily_balances_unexplained on daily_balances (pool_id, day) where unexplained <> 0;
comment on table daily_balances is
  'How each figure of a pool went from the last snapshot before a day (UTC) to the last of that day, '
  'summed up from its reconciliations; kept forever. A day without a snapshot has rows without '
  'figures.';
comment on column daily_balances.opening is 'Closing of the last day before that is known, base units';
comment on column daily_balances.unexplained is 'What no event explains, base units';
comment on column daily_balances.not_known is
  'What moved in ledgers whose events are lost, beyond the events that were found; base units';
comment on column daily_balances.first_ledger is 'Ledger of the snapshot that opening is from';
comment on column daily_balances.last_ledger is 'Ledger of the snapshot that closing is from';
comment on column daily_balances.closed_at is 'When that snapshot was, as reconciliations.snapshot_at';
comment on column daily_balances.pairs is
  'Reconciliations that are summed up here. 0: no snapshot of that day, nothing is known';
`;

const DOWN = `
drop view if exists reporting.daily_balances_v1;
delete from repeatable_objects where name = 'views/reporting.daily_balances_v1.sql';
update repeatable_objects set hash = '' where name like 'roles/%';
drop table daily_balances;
alter table reconciliations drop column snapshot_at;
`;

/** What is left of reconciliations, which are deleted by age, to close a month by. */
export class DailyBalances1800000620031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
