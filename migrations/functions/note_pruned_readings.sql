-- A trigger, so that no process can delete snapshots without this note.
create or replace function note_pruned_readings() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
  insert into pruned_readings (pool_id, first_at)
    select g.pool_id, min(g.observed_at) from gone g group by g.pool_id order by g.pool_id
    on conflict do nothing;
  return null;
end $$;

create or replace trigger snapshots_note_pruned
  after delete on snapshots referencing old table as gone
  for each statement execute function note_pruned_readings();
