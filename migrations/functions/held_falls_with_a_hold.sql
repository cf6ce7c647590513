-- The server's role may raise pools.held, as the statement that makes holds does. Only the functions
-- that end a hold lower it, and they run with the owner's rights (decision 0050).
create or replace function held_falls_with_a_hold() returns trigger language plpgsql as $$
begin
  if not pg_has_role(
    current_user, (select c.relowner from pg_class c where c.oid = tg_relid), 'usage'
  ) then
    raise exception 'held falls only when a hold ends: % may not lower it', current_user
      using errcode = '42501';
  end if;
  return new;
end $$;

create or replace trigger pools_held_falls
  before update of held on pools
  for each row when (new.held < old.held) execute function held_falls_with_a_hold();
