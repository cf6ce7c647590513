-- Sets the counters of a pool to the sums of its reservations, for an operator with a reason. It
-- returns no row when there was nothing to repair.
create or replace function repair_ledger(p_pool uuid, p_reason text, p_by text)
returns setof ledger_repairs language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  s record;
begin
  perform 1 from pools p where p.id = p_pool for update;
  select * into s from ledger_sums v where v.pool_id = p_pool;
  if not found or (s.held = s.held_sum and s.in_flight = s.in_flight_sum) then
    return;
  end if;
  update pools p
    set held = s.held_sum, in_flight = s.in_flight_sum, version = p.version + 1
    where p.id = p_pool;
  return query
    insert into ledger_repairs (
      pool_id, number, reason, done_by, pool_version,
      held_before, held_after, in_flight_before, in_flight_after
    )
    values (
      p_pool,
      coalesce((select max(l.number) from ledger_repairs l where l.pool_id = p_pool), 0) + 1,
      p_reason, p_by, s.version + 1,
      s.held, s.held_sum, s.in_flight, s.in_flight_sum
    )
    returning *;
end $$;
