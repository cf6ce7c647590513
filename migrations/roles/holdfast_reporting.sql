-- The role that reads the reports (docs/reporting.md). Roles belong to the cluster, so starts of
-- several databases meet here: each step is tried again after a concurrent change. Without the
-- right to make roles a notice says so, and the start goes on.
do $$
begin
  for attempt in 1..20 loop
    begin
      if not exists (select from pg_roles where rolname = 'holdfast_reporting') then
        create role holdfast_reporting login nosuperuser nocreatedb nocreaterole
          noreplication nobypassrls connection limit 20;
      end if;
      if not exists (
        select from pg_db_role_setting s
        join pg_roles r on r.oid = s.setrole
        where r.rolname = 'holdfast_reporting' and s.setdatabase = 0
          and s.setconfig @> array[
            'statement_timeout=30s',
            'default_transaction_read_only=on',
            'idle_in_transaction_session_timeout=60s',
            'lock_timeout=2s',
            'search_path=reporting',
            'TimeZone=UTC'
          ]
      ) then
        alter role holdfast_reporting set statement_timeout = '30s';
        alter role holdfast_reporting set default_transaction_read_only = on;
        alter role holdfast_reporting set idle_in_transaction_session_timeout = '60s';
        alter role holdfast_reporting set lock_timeout = '2s';
        alter role holdfast_reporting set search_path = reporting;
        alter role holdfast_reporting set timezone = 'UTC';
      end if;
      exit;
    exception
      when insufficient_privilege then
        raise notice 'The role holdfast_reporting was not made or set: % is not permitted to. '
          'docs/reporting.md has the statements for somebody who is.', current_user;
        exit;
      -- the start of another database changed it meanwhile
      when duplicate_object or unique_violation or internal_error then
        if attempt = 20 then raise; end if;
        perform pg_sleep(0.05 * random());
    end;
  end loop;

  -- The role may read these views and nothing else. A new view is added here.
  for attempt in 1..20 loop
    begin
      if exists (select from pg_roles where rolname = 'holdfast_reporting') then
        grant usage on schema reporting to holdfast_reporting;
        grant select on
          reporting.break_causes_v1,
          reporting.break_episodes_v1,
          reporting.breaks_v1,
          reporting.daily_balances_v1,
          reporting.fundings_without_hold_v1,
          reporting.funnel_daily_v1,
          reporting.funnel_hourly_v1,
          reporting.journal_v1,
          reporting.landing_costs_v1,
          reporting.live_ageing_v1,
          reporting.live_by_borrower_v1,
          reporting.pool_position_v1,
          reporting.pool_rules_v1,
          reporting.pools_v1,
          reporting.reconciliations_v1,
          reporting.refusals_v1,
          reporting.reservations_v1,
          reporting.utilisation_v1
          to holdfast_reporting;
        grant execute on function
          reporting.break_cause(uuid, text, bigint, bigint),
          reporting.position_at(uuid, timestamptz),
          reporting.token_units(numeric, smallint)
          to holdfast_reporting;
      end if;
      exit;
    exception when internal_error then
      if attempt = 20 then raise; end if;
      perform pg_sleep(0.05 * random());
    end;
  end loop;
end $$;
