-- observe_pool writes the pool first, under its lock, so this reads the row as the snapshot leaves
-- it.
create or replace function note_snapshot_counters() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  select
      coalesce(new.held, p.held),
      coalesce(new.in_flight, p.in_flight),
      coalesce(new.buffer, p.buffer)
    into new.held, new.in_flight, new.buffer
    from pools p where p.id = new.pool_id;
  return new;
end $$;

create or replace trigger snapshots_note_counters
  before insert on snapshots
  for each row execute function note_snapshot_counters();
