import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * R12. The database remembers which one it is: cluster, timeline and its own oid. Another answer
 * means a restore or a failover, and promises may be out that
 * this copy no longer knows: every pool that takes holds is quarantined in the same moment. The end
 * is set by chain time (`advance_quarantine`).
 * Not noticed: a file system snapshot put back on the same timeline, and a cluster's own crash
 * recovery, which loses nothing.
 */
const UP = `
create table database_identity (
  only_row boolean primary key default true check (only_row),
  cluster text not null,
  timeline text not null,
  database_oid oid not null,
  since timestamptz not null default clock_timestamp()
);
comment on table database_identity is 'Which database this was when it was last looked at (R12).';
create table database_changes (
  at timestamptz primary key default clock_timestamp(),
  before jsonb not null,
  after jsonb not null,
  pools_quarantined integer not null
);
comment on table database_changes is 'Every change of the database''s identity that was noticed. Append-only by trigger.';
create function changes_are_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % was refused', tg_table_name, lower(tg_op) using errcode = '55000';
end $$;
create trigger database_changes_guard before update or delete or truncate on database_changes for each statement execute function changes_are_append_only();

alter table pools add column quarantined_from text check (quarantined_from in ('active', 'paused')), add column quarantined_until timestamptz;
comment on column pools.quarantined_until is 'Chain time after which nothing promised before the change can land; null until a ledger was seen after it';

create function notice_database_identity() returns integer language plpgsql as $$
declare v_cluster text; v_timeline text; v_oid oid; known record; v_known boolean; v_pools integer;
begin
  begin
    select s.system_identifier::text into v_cluster from pg_control_system() s;
  exception when insufficient_privilege then v_cluster := 'not told';
  end;
  v_timeline := substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8); -- the control file's is the last checkpoint's and lags a promotion
  select d.oid into v_oid from pg_database d where d.datname = current_database();
  select * into known from database_identity;
  v_known := found;
  if v_known and (known.cluster, known.timeline, known.database_oid) = (v_cluster, v_timeline, v_oid) then return 0; end if;
  lock table ledger_gate in exclusive mode;
  if not v_known then
    insert into database_identity (cluster, timeline, database_oid) values (v_cluster, v_timeline, v_oid) on conflict do nothing;
    return 0;
  end if;
  update database_identity d set cluster = v_cluster, timeline = v_timeline, database_oid = v_oid, since = clock_timestamp()
    where (d.cluster, d.timeline, d.database_oid) is distinct from (v_cluster, v_timeline, v_oid);
  if not found then return 0; end if; -- another connection was first
  update pools p set state = 'quarantined', version = p.version + 1, quarantined_until = null,
      quarantined_from = case when p.state = 'quarantined' then p.quarantined_from else p.state end
    where p.state in ('active', 'paused', 'quarantined');
  get diagnostics v_pools = row_count;
  insert into database_changes (before, after, pools_quarantined)
    values (to_jsonb(known), jsonb_build_object('cluster', v_cluster, 'timeline', v_timeline, 'database_oid', v_oid), v_pools);
  return v_pools;
end $$;

create function advance_quarantine(p_network text, p_close_time bigint) returns table (o_pool uuid, o_ended boolean) language plpgsql as $$
declare v_longest integer;
begin
  select max(p.hold_seconds) into v_longest from pools p where p.network = p_network;
  perform 1 from pools p where p.network = p_network and p.state = 'quarantined' order by p.id for update;
  return query update pools p set state = coalesce(p.quarantined_from, 'paused'), quarantined_from = null, quarantined_until = null, version = p.version + 1
    where p.network = p_network and p.state = 'quarantined' and p.quarantined_until <= to_timestamp(p_close_time) returning p.id, true;
  return query update pools p set quarantined_until = to_timestamp(p_close_time + v_longest), version = p.version + 1
    where p.network = p_network and p.state = 'quarantined' and p.quarantined_until is null returning p.id, false;
end $$;
`;

const DOWN = `
drop function advance_quarantine; drop function notice_database_identity;
alter table pools drop column quarantined_from, drop column quarantined_until;
drop table database_changes; drop table database_identity; drop function changes_are_append_only();
`;

export class DatabaseIdentity1790000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
