-- Fails a statement whose rows no longer match what was decided under the gate. The whole
-- transaction is tried again, as after a serialization failure.
create or replace function ledger_changed(what text) returns void language plpgsql as $$
begin
  raise exception '%', what using errcode = '40001';
end $$;
