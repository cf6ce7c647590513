-- Runs in a transaction that makes holds, when its first look at the ledger found that the isolation
-- or the timeline is not as it should be. It fails outside a ledger transaction. It quarantines every
-- pool when the database is another one than before, because behind a pooler a failover brings no new
-- connection (docs/protocol.md#quarantine).
create or replace function hold_guard() returns void language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'hold_guard runs in a ledger transaction only' using errcode = '25001';
  end if;
  perform notice_database_identity();
end $$;
