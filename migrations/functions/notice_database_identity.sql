-- Compares this database with its stored identity and quarantines every pool when it differs:
-- docs/protocol.md#quarantine. @returns the number of quarantined pools. Only backup_label.old
-- shows a started base backup; a file system snapshot on the same timeline is not noticed.
create or replace function notice_database_identity() returns integer language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  v_cluster text;
  v_timeline text;
  v_oid oid;
  v_backup text;
  known record;
  v_known boolean;
  v_pools integer;
begin
  begin
    select s.system_identifier::text into v_cluster from pg_control_system() s;
  exception when insufficient_privilege or feature_not_supported or undefined_function then
    v_cluster := 'not told'; -- by a managed server
  end;
  -- the timeline in the control file is that of the last checkpoint and lags a promotion
  begin
    v_timeline := substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8);
  exception when insufficient_privilege or feature_not_supported or undefined_function then
    v_timeline := 'not told';
  end;
  begin
    -- a started base backup recovers on the same cluster and timeline, and leaves this file behind
    v_backup := coalesce(md5(pg_read_file('backup_label.old', true)), 'none');
  exception when insufficient_privilege or feature_not_supported or undefined_function then
    v_backup := null; -- unknown
  end;
  select d.oid into v_oid from pg_database d where d.datname = current_database();
  select * into known from database_identity;
  v_known := found;
  if v_known
    and (known.cluster, known.timeline, known.database_oid) = (v_cluster, v_timeline, v_oid)
    and coalesce(known.backup = v_backup, true)
  then
    if known.backup is null and v_backup is not null then
      update database_identity d set backup = v_backup where d.backup is null;
    end if;
    return 0;
  end if;

  lock table ledger_gate in exclusive mode;
  if not v_known then
    insert into database_identity (cluster, timeline, database_oid, backup)
      values (v_cluster, v_timeline, v_oid, v_backup)
      on conflict do nothing;
    return 0;
  end if;
  update database_identity d set
      cluster = v_cluster, timeline = v_timeline, database_oid = v_oid, backup = v_backup,
      since = clock_timestamp()
    where (d.cluster, d.timeline, d.database_oid) is distinct from (v_cluster, v_timeline, v_oid)
      or d.backup <> v_backup;
  if not found then
    return 0; -- another connection was faster
  end if;
  update pools p set
      state = 'quarantined', version = p.version + 1, quarantined_until = null,
      quarantined_from = case when p.state = 'quarantined' then p.quarantined_from else p.state end
    where p.state in ('active', 'paused', 'quarantined');
  get diagnostics v_pools = row_count;
  insert into database_changes (before, after, pools_quarantined)
    values (
      to_jsonb(known),
      jsonb_build_object(
        'cluster', v_cluster, 'timeline', v_timeline, 'database_oid', v_oid, 'backup', v_backup
      ),
      v_pools
    );
  return v_pools;
end $$;
