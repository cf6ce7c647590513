-- Stores a snapshot of a pool and takes out of in_flight what it contains. A process of the
-- previous release may omit the arguments that have defaults. @returns whether the snapshot advanced.
create or replace function observe_pool(
  p_pool uuid,
  p_ledger bigint,
  p_total numeric,
  p_locked numeric,
  p_token_balance numeric,
  p_close_time bigint,
  p_head_ledger bigint,
  p_head_close_time bigint,
  p_last_loan numeric default null,
  p_contract_paused boolean default null,
  p_going_rate bigint default null,
  p_going_rate_ledger bigint default null,
  p_outflow_cap_bps bigint default null,
  p_vendor_cap numeric default null,
  p_utilisation_cap_bps bigint default null,
  p_contract_pauses jsonb default null,
  p_unreadable_limits text[] default null
) returns boolean language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  b record;
  v_landed numeric;
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'observe_pool runs in a ledger transaction only' using errcode = '25001';
  end if;
  select p.snapshot_ledger, p.snapshot_close_time into b from pools p where p.id = p_pool for update;
  if not found then
    return false;
  end if;
  update pools p
    set head_ledger = p_head_ledger, head_close_time = to_timestamp(p_head_close_time)
    where p.id = p_pool and coalesce(p.head_ledger, 0) < p_head_ledger;

  -- Snapshots only move forward: docs/protocol.md#snapshots-only-move-forward. A repeated ledger
  -- may only add a missing close time.
  if p_ledger <= b.snapshot_ledger then
    if p_ledger = b.snapshot_ledger and b.snapshot_close_time is null and p_close_time is not null then
      update pools p set snapshot_close_time = to_timestamp(p_close_time)
        where p.id = p_pool and p.snapshot_close_time is null;
      update snapshots s set close_time = to_timestamp(p_close_time)
        where s.pool_id = p_pool and s.ledger = p_ledger and s.close_time is null;
    end if;
    return false;
  end if;

  select coalesce(sum(r.amount), 0) into v_landed from reservations r
    where r.pool_id = p_pool and r.state = 'settled'
      and r.settled_ledger > coalesce(b.snapshot_ledger, 0) and r.settled_ledger <= p_ledger;
  update pools p set
      version = p.version + 1,
      in_flight = p.in_flight - v_landed,
      snapshot_ledger = p_ledger,
      snapshot_total = p_total,
      snapshot_locked = p_locked,
      snapshot_token_balance = p_token_balance,
      snapshot_close_time = to_timestamp(p_close_time),
      snapshot_advanced_at = clock_timestamp(),
      last_loan_id = p_last_loan,
      contract_paused = p_contract_paused,
      contract_pauses = p_contract_pauses,
      going_rate = p_going_rate,
      going_rate_ledger = p_going_rate_ledger,
      outflow_cap_bps = p_outflow_cap_bps,
      vendor_cap = p_vendor_cap,
      utilisation_cap_bps = p_utilisation_cap_bps,
      unreadable_limits = p_unreadable_limits
    where p.id = p_pool;
  insert into snapshots (
      pool_id, ledger, total, locked, token_balance, close_time, last_loan_id, utilisation_cap_bps
    )
    values (
      p_pool,
      p_ledger,
      p_total,
      p_locked,
      p_token_balance,
      to_timestamp(p_close_time),
      p_last_loan,
      p_utilisation_cap_bps
    );
  return true;
end $$;
