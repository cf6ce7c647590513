import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * R12: a quarantine lasts for the longest hold time there ever was in the network, not for the
 * longest there is now: promises made before a rule was lowered may
 * be out. And a person can begin one: a file system snapshot put back on the same timeline looks
 * like the same database (decision 0011).
 */
const UP = `
alter table pools add column longest_hold_seconds integer;
update pools set longest_hold_seconds = hold_seconds;
alter table pools alter column longest_hold_seconds set not null;
comment on column pools.longest_hold_seconds is 'Greatest hold_seconds this pool ever had, kept by trigger: how long a promise of before may live (R12)';
create function longest_hold_only_grows() returns trigger language plpgsql as $$
begin
  new.longest_hold_seconds := greatest(new.hold_seconds, case tg_op when 'UPDATE' then old.longest_hold_seconds end);
  return new;
end $$;
create trigger pool_longest_hold before insert or update of hold_seconds, longest_hold_seconds on pools for each row execute function longest_hold_only_grows();

create or replace function advance_quarantine(p_network text, p_close_time bigint) returns table (o_pool uuid, o_ended boolean) language plpgsql as $$
declare v_longest integer;
begin
  select max(p.longest_hold_seconds) into v_longest from pools p where p.network = p_network;
  perform 1 from pools p where p.network = p_network and p.state = 'quarantined' order by p.id for update;
  return query update pools p set state = coalesce(p.quarantined_from, 'paused'), quarantined_from = null, quarantined_until = null, version = p.version + 1
    where p.network = p_network and p.state = 'quarantined' and p.quarantined_until <= to_timestamp(p_close_time) returning p.id, true;
  return query update pools p set quarantined_until = to_timestamp(p_close_time + v_longest), version = p.version + 1
    where p.network = p_network and p.state = 'quarantined' and p.quarantined_until is null returning p.id, false;
end $$;

create function quarantine_all(p_reason text, p_by text) returns integer language plpgsql as $$
declare v_pools integer; v_identity jsonb;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'quarantine_all runs in a ledger transaction only' using errcode = '25001'; end if;
  perform 1 from pools p order by p.id for update;
  update pools p set state = 'quarantined', version = p.version + 1, quarantined_until = null,
      quarantined_from = case when p.state = 'quarantined' then p.quarantined_from else p.state end
    where p.state in ('active', 'paused', 'quarantined');
  get diagnostics v_pools = row_count;
  select coalesce((select to_jsonb(d) from database_identity d), '{}') into v_identity;
  insert into database_changes (before, after, pools_quarantined) values (v_identity, v_identity || jsonb_build_object('reason', p_reason, 'told_by', p_by), v_pools);
  return v_pools;
end $$;
comment on table database_changes is 'Every change of the database''s identity that was noticed, or told by an operator. Append-only by trigger.';
`;

const DOWN = `
drop function quarantine_all;
comment on table database_changes is 'Every change of the database''s identity that was noticed. Append-only by trigger.';
create or replace function advance_quarantine(p_network text, p_close_time bigint) returns table (o_pool uuid, o_ended boolean) language plpgsql as $$
declare v_longest integer;
begin
  select max(p.hold_seconds) into v_longest from pools p where p.network = p_network;
  perform 1 from pools p where p.network = p_network and p.state = 'quarantined' order by p.id for update;
  return query update pools p set state = coalesce(p.quarantined_from, 'paused'), quarantined_from = null, quarantined_until = null, version = p.version + 1
    where p.network = p_network and p.state = 'quarantined' and p.quarantined_until <= to_timestamp(p_close_time) returning p.id, true;
  return query update pools p set quarantined_until = to_timestamp(p_close_time + v_longest), version = p.version + 1
    where p.network = p_network and p.state = 'quarantined' and p.quarantined_until is null returning p.id, false;
end $$;
drop trigger pool_longest_hold on pools; drop function longest_hold_only_grows;
alter table pools drop column longest_hold_seconds;
`;

export class LongestHold1790000000032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
