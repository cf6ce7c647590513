-- The first statement of a transaction that makes holds. It fails outside a ledger transaction. It
-- quarantines every pool when the database is another one than before, because behind a pooler a
-- failover brings no new connection (docs/protocol.md#quarantine).
create or replace function hold_guard() returns void language plpgsql as $$
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'hold_guard runs in a ledger transaction only' using errcode = '25001';
  end if;
  if exists (
    select from database_identity d
    where d.timeline <> (select substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))
  ) then
    perform notice_database_identity();
  end if;
end $$;
