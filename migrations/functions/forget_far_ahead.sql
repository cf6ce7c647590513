-- Removes what pools know of ledgers that turned out not to exist (decision 0032). A snapshot goes
-- back in no other way (docs/protocol.md#snapshots-only-move-forward).
create or replace function forget_far_ahead(p_network text, p_lag integer)
returns table (o_pool uuid, o_head bigint, o_snapshot bigint) language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  h record;
  p record;
  s record;
  v_base bigint;
  v_any boolean := false;
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'forget_far_ahead runs in a ledger transaction only' using errcode = '25001';
  end if;
  select t.ledger, t.close_time into h from ledger_times t
    where t.network = p_network and t.believed
    order by t.ledger desc limit 1;
  if not found then
    return;
  end if;
  for p in
    select q.* from pools q
      where q.network = p_network and greatest(q.head_ledger, q.snapshot_ledger) > h.ledger + p_lag
      order by q.id for update
  loop
    -- three later ledgers outweigh a dating of one moment
    if (
      select count(*) from ledger_times t
      where t.network = p_network and t.believed
        and t.seen_at > coalesce(p.snapshot_advanced_at, p.created_at)
    ) < 3 then
      continue;
    end if;
    o_pool := p.id;
    o_head := null;
    o_snapshot := null;
    if p.head_ledger > h.ledger + p_lag then
      o_head := p.head_ledger;
      update pools q set head_ledger = h.ledger, head_close_time = h.close_time where q.id = p.id;
    end if;

    if p.snapshot_ledger > h.ledger + p_lag then
      o_snapshot := p.snapshot_ledger;
      delete from reconciliations r where r.pool_id = p.id and r.to_ledger > h.ledger + p_lag;
      delete from snapshots x where x.pool_id = p.id and x.ledger > h.ledger + p_lag;
      -- no earlier snapshot: the pool is as before its first one
      select x.* into s from snapshots x where x.pool_id = p.id order by x.ledger desc limit 1;
      update pools q set
          version = q.version + 1,
          snapshot_ledger = s.ledger,
          snapshot_total = s.total,
          snapshot_locked = s.locked,
          snapshot_token_balance = s.token_balance,
          snapshot_close_time = s.close_time,
          snapshot_advanced_at = s.observed_at,
          last_loan_id = null,
          contract_paused = null,
          contract_pauses = null,
          outflow_cap_bps = null,
          vendor_cap = null,
          unreadable_limits = array['They are read again with the next snapshot.'],
          utilisation_cap_bps = s.utilisation_cap_bps,
          in_flight = (
            select coalesce(sum(r.amount), 0) from reservations r
            where r.pool_id = p.id and r.state = 'settled'
              and r.settled_ledger > coalesce(s.ledger, 0)
          )
        where q.id = p.id;
    end if;
    update contract_codes c set ledger = h.ledger
      where c.pool_id = p.id and c.ledger > h.ledger + p_lag;

    -- Events are read again from the last explained ledger; known ones are not stored twice.
    select max(r.to_ledger) into v_base from reconciliations r where r.pool_id = p.id;
    v_base := coalesce(v_base, (select min(x.ledger) from snapshots x where x.pool_id = p.id));
    if v_base is null then
      delete from event_cursors c
        where c.pool_id = p.id and greatest(c.start_ledger, c.through_ledger) > h.ledger + p_lag;
    else
      update event_cursors c set
          cursor = null,
          start_ledger = v_base,
          through_ledger = v_base,
          baseline_ledger = least(c.baseline_ledger, v_base),
          updated_at = clock_timestamp()
        where c.pool_id = p.id and greatest(c.start_ledger, c.through_ledger) > h.ledger + p_lag;
    end if;
    v_any := true;
    return next;
  end loop;
  -- a quarantine whose end was counted from such a ledger gets a new end, counted from now
  update pools q set quarantined_until = null, version = q.version + 1
    where q.network = p_network and q.state = 'quarantined'
      and q.quarantined_until is not null and v_any;
end $$;
