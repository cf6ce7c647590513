-- Sets the end of a quarantine, or ends it: docs/protocol.md#quarantine. The end counts from the
-- latest of three clocks, because a lagging node would set it too early (decision 0027). A pool
-- leaves only with a snapshot of that time, so that counters or snapshot contain every landing.
-- Where authorizations are issued, a hold of before may live until its fence, a ledger: p_fastest and
-- p_slowest are the seconds of a ledger from which that ledger was counted, and at most. Time alone
-- does not end it then, because a network that stood still closes no ledgers meanwhile.
create or replace function advance_quarantine(
  p_network text,
  p_close_time bigint,
  p_fastest numeric default null,
  p_slowest numeric default null
)
returns table (o_pool uuid, o_ended boolean) language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  v_longest integer;
  v_start timestamptz;
  v_ledgers bigint;
begin
  select max(p.longest_hold_seconds) into v_longest from pools p where p.network = p_network;
  v_start := date_trunc('second', greatest(
    to_timestamp(p_close_time),
    clock_timestamp() + interval '1 second',
    (
      select max(q.head_close_time) from pools q
      where q.network = p_network and q.state <> 'closed'
    )
  ));
  -- the newest fence that can have been issued, also when the newest known ledger lags
  v_ledgers := ceil(
    (v_longest + greatest(0, extract(epoch from v_start) - p_close_time)) / p_fastest
  );
  v_longest := greatest(v_longest, ceil(ceil(v_longest / p_fastest) * p_slowest));
  perform 1 from pools p
    where p.network = p_network and p.state = 'quarantined' order by p.id for update;
  return query
    update pools p set
        state = coalesce(p.quarantined_from, 'paused'),
        quarantined_from = null, quarantined_until = null, quarantined_until_ledger = null,
        version = p.version + 1
      where p.network = p_network and p.state = 'quarantined'
        and p.quarantined_until <= to_timestamp(p_close_time)
        and p.snapshot_close_time >= p.quarantined_until
        and (p.quarantined_until_ledger is null or p.snapshot_ledger >= p.quarantined_until_ledger)
      returning p.id, true;
  return query
    update pools p set
        quarantined_until = v_start + make_interval(secs => v_longest),
        quarantined_until_ledger = v_ledgers + greatest(
          (select max(t.ledger) from ledger_times t where t.network = p_network and t.believed),
          (
            select max(q.head_ledger) from pools q
            where q.network = p_network and q.state <> 'closed'
          )
        ),
        version = p.version + 1
      where p.network = p_network and p.state = 'quarantined' and p.quarantined_until is null
      returning p.id, false;
end $$;

comment on function advance_quarantine is
  'Sets the end of each new quarantine of a network, and ends those that are over';
