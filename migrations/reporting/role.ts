/**
 * The reader's role. Roles belong to the whole cluster: several databases, and several migrations
 * at once, meet in it. So it is made when it is missing, its settings
 * are set when they differ, and what another session did meanwhile (duplicate, or "tuple
 * concurrently updated") is looked at again. Without the right to make roles
 * the migration says so and goes on: `docs/reporting.md` has the statements.
 * @param role a plain identifier
 */
export const createRole = (role: string): string => `
do $$
begin
  for attempt in 1..20 loop
    begin
      if not exists (select from pg_roles where rolname = '${role}') then
        execute 'create role ${role} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls connection limit 20';
      end if;
      if not exists (select from pg_db_role_setting s join pg_roles r on r.oid = s.setrole
          where r.rolname = '${role}' and s.setdatabase = 0 and s.setconfig @> array['statement_timeout=30s', 'default_transaction_read_only=on', 'idle_in_transaction_session_timeout=60s', 'lock_timeout=2s', 'search_path=reporting', 'TimeZone=UTC']) then
        execute 'alter role ${role} set statement_timeout = ''30s''';
        execute 'alter role ${role} set default_transaction_read_only = on';
        execute 'alter role ${role} set idle_in_transaction_session_timeout = ''60s''';
        execute 'alter role ${role} set lock_timeout = ''2s''';
        execute 'alter role ${role} set search_path = reporting';
        execute 'alter role ${role} set timezone = ''UTC''';
      end if;
      exit;
    exception
      when insufficient_privilege then
        raise notice 'The role ${role} was not made or set: % is not permitted to. docs/reporting.md has the statements for somebody who is.', current_user;
        exit;
      when duplicate_object or unique_violation or internal_error then -- another database's migration was at it
        if attempt = 20 then raise; end if;
        perform pg_sleep(0.05 * random());
    end;
  end loop;
  for attempt in 1..20 loop
    begin
      if exists (select from pg_roles where rolname = '${role}') then
        execute 'grant usage on schema reporting to ${role}';
        execute 'grant select on all tables in schema reporting to ${role}';
        execute 'grant execute on all functions in schema reporting to ${role}';
      end if;
      exit;
    exception when internal_error then
      if attempt = 20 then raise; end if;
      perform pg_sleep(0.05 * random());
    end;
  end loop;
end $$;
`;
