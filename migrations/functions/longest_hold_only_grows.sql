-- A quarantine lasts as long as the longest hold that was ever allowed, not the longest that is
-- allowed now: docs/protocol.md#quarantine
create or replace function longest_hold_only_grows() returns trigger language plpgsql as $$
begin
  new.longest_hold_seconds := greatest(
    new.hold_seconds,
    case tg_op when 'UPDATE' then old.longest_hold_seconds end
  );
  return new;
end $$;

create or replace trigger pool_longest_hold
  before insert or update of hold_seconds, longest_hold_seconds on pools
  for each row execute function longest_hold_only_grows();
