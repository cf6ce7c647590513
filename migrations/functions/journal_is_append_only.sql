create or replace function journal_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'reservation_events is append-only: % was refused', lower(tg_op)
    using errcode = '55000', hint = 'Append a correcting row through the ledger.';
end $$;

create or replace trigger journal_row_guard
  before update or delete on reservation_events
  for each row execute function journal_is_append_only();
create or replace trigger journal_truncate_guard
  before truncate on reservation_events
  for each statement execute function journal_is_append_only();
