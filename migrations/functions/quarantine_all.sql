-- Quarantines every pool on an operator's request, because a restored file system snapshot on the
-- same timeline looks like the same database (decision 0011).
create or replace function quarantine_all(p_reason text, p_by text)
returns integer language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  v_pools integer;
  v_identity jsonb;
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'quarantine_all runs in a ledger transaction only' using errcode = '25001';
  end if;
  perform 1 from pools p order by p.id for update;
  update pools p set
      state = 'quarantined', version = p.version + 1, quarantined_until = null,
      quarantined_from = case when p.state = 'quarantined' then p.quarantined_from else p.state end
    where p.state in ('active', 'paused', 'quarantined');
  get diagnostics v_pools = row_count;
  select coalesce((select to_jsonb(d) from database_identity d), '{}') into v_identity;
  insert into database_changes (before, after, pools_quarantined)
    values (
      v_identity,
      v_identity || jsonb_build_object('reason', p_reason, 'told_by', p_by),
      v_pools
    );
  return v_pools;
end $$;
