-- Writes one journal row about a reservation that keeps its state and its amount.
create or replace function note_event(
  p_pool uuid,
  p_id uuid,
  p_kind text,
  p_hash text,
  p_ledger bigint,
  p_reason text,
  p_evidence jsonb,
  p_close_time bigint default null
) returns void language sql
security definer set search_path = public, pg_temp as $$
  insert into reservation_events (
    pool_id, reservation_id, number,
    kind, state_before, state_after, amount, pool_version,
    held_before, held_after, in_flight_before, in_flight_after,
    envelope_hash, ledger, close_time, reason, evidence
  )
  select
    t.pool_id, t.id,
    (
      select max(e.number) + 1 from reservation_events e
      where e.pool_id = t.pool_id and e.reservation_id = t.id
    ),
    p_kind, t.state, t.state, t.amount, p.version,
    p.held, p.held, p.in_flight, p.in_flight,
    p_hash, p_ledger, to_timestamp(p_close_time), p_reason, p_evidence
  from reservations t
  join pools p on p.id = t.pool_id
  where t.pool_id = p_pool and t.id = p_id;
$$;
