-- Records that the borrower requested cancellation. It releases nothing:
-- docs/protocol.md#cancellation
create or replace function request_cancellation(p_pool uuid, p_id uuid)
returns text language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'request_cancellation runs in a ledger transaction only' using errcode = '25001';
  end if;
  perform 1 from pools p where p.id = p_pool for update;
  update reservations t set cancel_requested_at = clock_timestamp()
    where t.pool_id = p_pool and t.id = p_id
      and t.state = 'held' and t.cancel_requested_at is null;
  if found then
    update pools p set version = p.version + 1 where p.id = p_pool;
    perform note_event(p_pool, p_id, 'cancel_requested', null, null, null, null);
  end if;
  return coalesce(
    (select t.state from reservations t where t.pool_id = p_pool and t.id = p_id), 'unknown'
  );
end $$;
