-- What a pool would have answered at a past moment. The counters come from the newest of the last
-- journal row, the last repair and the snapshot. For a newest snapshot without counters, in flight
-- is the journal's minus what later snapshots contained, as observing does.
create or replace function reporting.position_at(p_pool uuid, p_at timestamptz)
returns table (
  pool_id uuid,
  at timestamptz,
  answer text,
  available numeric,
  available_base numeric,
  shortfall_base numeric,
  observed_available_base numeric,
  total_base numeric,
  locked_base numeric,
  token_balance_base numeric,
  held_base numeric,
  in_flight_base numeric,
  buffer_base numeric,
  snapshot_ledger bigint,
  snapshot_stored_at timestamptz,
  snapshot_age_seconds numeric,
  max_snapshot_age_seconds integer,
  pool_state text,
  rules_number integer,
  counters_from text,
  journal_at timestamptz,
  journal_reservation_id uuid,
  journal_number integer,
  journal_pool_version bigint,
  not_known text
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  pool record;
  s record;
  j record;
  c record;
  r record;
  v_window interval;
  v_before bigint;
  v_caught numeric;
  v_lendable numeric;
  v_room numeric;
  v_from text;
  v_held numeric;
  v_flight numeric;
  v_kept timestamptz;
begin
  select p.id, p.decimals, p.created_at into pool from pools p where p.id = p_pool;
  if not found or p_at is null or p_at < pool.created_at or p_at > clock_timestamp() then
    return;
  end if;

  -- snapshot, journal, repair and rules at that time
  select x.ledger, x.total, x.locked, x.token_balance, x.observed_at, x.held, x.in_flight,
      x.utilisation_cap_bps into s
    from snapshots x
    where x.pool_id = p_pool and x.observed_at <= p_at
    order by x.observed_at desc limit 1;
  if s.ledger is null and exists (
    select from pruned_readings g where g.pool_id = p_pool and g.first_at <= p_at
  ) then
    select min(x.observed_at) into v_kept from snapshots x where x.pool_id = p_pool;
  end if;
  -- Growing windows, because a BRIN index cannot return the last row before a moment. When the
  -- snapshot has its counters, no row older than a week matters.
  foreach v_window in array array['10 minutes', '6 hours', '7 days', '100 years']::interval[] loop
    exit when v_window = '100 years' and s.held is not null;
    select e.at, e.reservation_id, e.number, e.pool_version, e.held_after, e.in_flight_after into j
      from reservation_events e
      where e.pool_id = p_pool and e.at <= p_at and e.at > p_at - v_window
      order by e.pool_version desc, e.held_after + e.in_flight_after desc limit 1;
    exit when found;
  end loop;
  select x.at, x.held_after, x.in_flight_after into c from ledger_repairs x
    where x.pool_id = p_pool and x.at <= p_at
    order by x.number desc limit 1;
  select h.* into r from pool_rules_history h
    where h.pool_id = p_pool and h.at <= p_at
    order by h.number desc limit 1;

  -- the counters at that time
  if c.at is not null and c.at >= coalesce(j.at, c.at) then
    v_from := 'repair';
    v_held := c.held_after;
    v_flight := c.in_flight_after;
    j.at := c.at;
  else
    v_from := case when j.at is null then 'no row: nothing had been held' else 'journal' end;
    v_held := coalesce(j.held_after, 0);
    v_flight := coalesce(j.in_flight_after, 0);
  end if;
  if s.observed_at >= coalesce(j.at, s.observed_at) then
    if s.held is not null then
      v_from := 'reading';
      v_held := s.held;
      v_flight := s.in_flight;
    elsif j.at is not null then
      select coalesce(max(x.ledger), 0) into v_before from snapshots x
        where x.pool_id = p_pool and x.observed_at <= j.at;
      select coalesce(sum(t.amount), 0) into v_caught from reservations t
        where t.pool_id = p_pool and t.state = 'settled'
          and t.settled_ledger > v_before and t.settled_ledger <= s.ledger and t.ended_at <= j.at;
      v_flight := v_flight - v_caught;
      v_from := v_from || ', less what the reading had caught up with';
    end if;
  end if;
  v_lendable := public.lendable(s.total, s.locked, s.utilisation_cap_bps);
  v_room := public.available(v_lendable, s.locked, s.token_balance, v_held, v_flight, r.buffer);

  pool_id := p_pool;
  at := p_at;
  held_base := v_held;
  in_flight_base := v_flight;
  buffer_base := r.buffer;
  counters_from := v_from;
  snapshot_ledger := s.ledger;
  snapshot_stored_at := s.observed_at;
  snapshot_age_seconds := round(extract(epoch from p_at - s.observed_at), 1);
  max_snapshot_age_seconds := r.max_snapshot_age_seconds;
  total_base := s.total;
  locked_base := s.locked;
  token_balance_base := s.token_balance;
  observed_available_base := public.available(v_lendable, s.locked, s.token_balance, 0, 0, 0);
  available_base := case when v_room is not null then greatest(v_room, 0) end;
  shortfall_base := case when v_room is not null then greatest(-v_room, 0) end;
  available := reporting.token_units(available_base, pool.decimals);
  pool_state := r.state;
  rules_number := r.number;
  journal_reservation_id := j.reservation_id;
  journal_number := j.number;
  journal_pool_version := j.pool_version;
  journal_at := case when j.reservation_id is not null then j.at end;
  answer := case
    when r.number is null then 'not known: the rules of then were not kept'
    when r.state = 'quarantined' then 'POOL_QUARANTINED'
    when r.state <> 'active' then 'POOL_PAUSED' -- also for a closed pool
    when v_kept is not null then 'not known: the readings of then are not kept any more'
    when s.ledger is null or p_at - s.observed_at > make_interval(secs => r.max_snapshot_age_seconds)
      then 'SNAPSHOT_STALE'
    else 'up to ' || available::text
  end;
  not_known := concat_ws('; ',
    case
      when r.number is null
      then 'buffer, state and allowed age of then: kept only since '
        || (select min(h.at) from pool_rules_history h where h.pool_id = p_pool)::text
    end,
    case
      when v_kept is not null
      then 'what had been read of the pool: readings are kept since ' || v_kept::text || ' only'
      when s.ledger is null then 'no reading had been stored'
    end,
    'whether the chain''s clock lagged or the pool''s contract was paused on the chain, '
    'and who was refused for other reasons than liquidity'
  );
  return next;
end $$;

revoke all on function reporting.position_at(uuid, timestamptz) from public;
comment on function reporting.position_at(uuid, timestamptz) is
  'What the pool (first argument) would have answered at a past moment (second argument), and from '
  'which rows: reading, journal row, rules. No row: no such pool, before it was registered, or the '
  'future. Amounts ending in _base are base units, available is token units. answer: up to AMOUNT, '
  'SNAPSHOT_STALE, POOL_PAUSED and the like, or not known. not_known says what no row tells.';
