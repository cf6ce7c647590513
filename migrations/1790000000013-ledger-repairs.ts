import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * I1 in one statement per pool, and the one way to mend it: by a person, with a reason, told for
 * ever.
 */
const UP = `
create table ledger_repairs (
  pool_id uuid not null references pools (id),
  number integer not null check (number >= 1),
  at timestamptz not null default clock_timestamp(),
  reason text not null check (length(btrim(reason)) between 10 and 1000),
  done_by text not null,
  pool_version bigint not null,
  held_before numeric(39,0) not null,
  held_after numeric(39,0) not null,
  in_flight_before numeric(39,0) not null,
  in_flight_after numeric(39,0) not null,
  primary key (pool_id, number)
);
comment on table ledger_repairs is 'Counters of a pool that were set to the sums of its reservations by an operator. Append-only by trigger.';
create trigger ledger_repairs_guard before update or delete or truncate on ledger_repairs for each statement execute function changes_are_append_only();

create view ledger_sums as
  select p.id as pool_id, p.version, p.held, p.in_flight,
    (select coalesce(sum(r.amount), 0) from reservations r where r.pool_id = p.id and r.state = 'held') as held_sum,
    (select coalesce(sum(r.amount), 0) from reservations r where r.pool_id = p.id and r.state = 'settled' and r.settled_ledger > coalesce(p.snapshot_ledger, 0)) as in_flight_sum,
    (select count(*) from reservations r where r.pool_id = p.id and r.state = 'held') as live_holds,
    (select count(*) from live_borrowers b where b.pool_id = p.id) as live_borrowers
  from pools p;
comment on view ledger_sums is 'I1: the counters of each pool beside the sums they must equal, from one snapshot.';

create function repair_ledger(p_pool uuid, p_reason text, p_by text) returns setof ledger_repairs language plpgsql as $$
declare s record;
begin
  perform 1 from pools p where p.id = p_pool for update;
  select * into s from ledger_sums v where v.pool_id = p_pool;
  if not found or (s.held = s.held_sum and s.in_flight = s.in_flight_sum) then return; end if;
  update pools p set held = s.held_sum, in_flight = s.in_flight_sum, version = p.version + 1 where p.id = p_pool;
  return query insert into ledger_repairs (pool_id, number, reason, done_by, pool_version, held_before, held_after, in_flight_before, in_flight_after)
    values (p_pool, coalesce((select max(l.number) from ledger_repairs l where l.pool_id = p_pool), 0) + 1, p_reason, p_by, s.version + 1, s.held, s.held_sum, s.in_flight, s.in_flight_sum)
    returning *;
end $$;
`;

const DOWN = 'drop function repair_ledger; drop view ledger_sums; drop table ledger_repairs;';

export class LedgerRepairs1790000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
