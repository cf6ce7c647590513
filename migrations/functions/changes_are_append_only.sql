-- Guards tables whose rows record actions.
create or replace function changes_are_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % was refused', tg_table_name, lower(tg_op)
    using errcode = '55000';
end $$;

create or replace trigger database_changes_guard
  before update or delete or truncate on database_changes
  for each statement execute function changes_are_append_only();
create or replace trigger ledger_repairs_guard
  before update or delete or truncate on ledger_repairs
  for each statement execute function changes_are_append_only();
create or replace trigger operator_actions_guard
  before update or delete or truncate on operator_actions
  for each statement execute function changes_are_append_only();
create or replace trigger pool_rules_history_guard
  before update or delete or truncate on pool_rules_history
  for each statement execute function changes_are_append_only();
