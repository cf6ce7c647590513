import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the views of `reporting` need to know of the past, kept from now on, and the indexes of
 * their time windows.
 *
 * Time indexes are BRIN: a hold writes one row each into reservations and reservation_events, and a
 * b-tree on a timestamp costs it an index page and WAL, a BRIN
 * a look at the range's summary. Hours and days are index columns of their own, because a view's
 * `hour >= …` is a condition on the expression, not on the time.
 * autosummarize: ranges without a summary are read by every query, and a table of 20 million rows
 * is vacuumed for its inserts every 4 million only.
 * The planner of hold_batch never takes them: it runs with enable_bitmapscan off.
 */
const UP = `
create table pool_rules_history (
  pool_id uuid not null references pools (id),
  number integer not null check (number >= 1),
  at timestamptz not null default clock_timestamp(),
  from_start boolean not null,
  name text not null,
  state text not null,
  buffer numeric(39,0) not null,
  hold_seconds integer not null,
  min_signing_seconds integer not null,
  max_snapshot_age_seconds integer not null,
  max_extension_seconds integer not null,
  strict boolean not null,
  primary key (pool_id, number)
);
comment on table pool_rules_history is 'The rules and the state of each pool as they were from a moment on. Written by trigger, append-only by trigger.';
comment on column pool_rules_history.from_start is 'false: the pool is older than this table; what its rules were before this row is not known';
create trigger pool_rules_history_guard before update or delete or truncate on pool_rules_history for each statement execute function changes_are_append_only();

-- "strict" in quotes: PL/pgSQL takes new.strict for its own word
create function note_pool_rules() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.name, new.state, new.buffer, new.hold_seconds, new.min_signing_seconds, new.max_snapshot_age_seconds, new.max_extension_seconds, new."strict")
      is not distinct from (old.name, old.state, old.buffer, old.hold_seconds, old.min_signing_seconds, old.max_snapshot_age_seconds, old.max_extension_seconds, old."strict") then return null; end if;
  insert into pool_rules_history (pool_id, number, from_start, name, state, buffer, hold_seconds, min_signing_seconds, max_snapshot_age_seconds, max_extension_seconds, strict)
    values (new.id, coalesce((select max(h.number) from pool_rules_history h where h.pool_id = new.id), 0) + 1, true,
      new.name, new.state, new.buffer, new.hold_seconds, new.min_signing_seconds, new.max_snapshot_age_seconds, new.max_extension_seconds, new."strict");
  return null;
end $$;
-- of these columns only: the counters change with every batch
create trigger pool_rules_history_note after insert or update of name, state, buffer, hold_seconds, min_signing_seconds, max_snapshot_age_seconds, max_extension_seconds, strict
  on pools for each row execute function note_pool_rules();
insert into pool_rules_history (pool_id, number, from_start, name, state, buffer, hold_seconds, min_signing_seconds, max_snapshot_age_seconds, max_extension_seconds, strict)
  select p.id, 1, false, p.name, p.state, p.buffer, p.hold_seconds, p.min_signing_seconds, p.max_snapshot_age_seconds, p.max_extension_seconds, p.strict from pools p;

alter table snapshots add column held numeric(39,0), add column in_flight numeric(39,0), add column buffer numeric(39,0);
comment on column snapshots.held is 'The pool''s counter when this snapshot was stored, base units. Null: stored before this was kept';
comment on column snapshots.in_flight is 'The pool''s counter once this snapshot counted, base units. Null: stored before this was kept';
comment on column snapshots.buffer is 'The pool''s buffer when this snapshot was stored, base units. Null: stored before this was kept';
-- observe_pool writes the pool first, under its lock, so the row read here is the one the snapshot leaves behind
create function note_snapshot_counters() returns trigger language plpgsql as $$
begin
  select coalesce(new.held, p.held), coalesce(new.in_flight, p.in_flight), coalesce(new.buffer, p.buffer) into new.held, new.in_flight, new.buffer from pools p where p.id = new.pool_id;
  return new;
end $$;
create trigger snapshots_note_counters before insert on snapshots for each row execute function note_snapshot_counters();

create index snapshots_by_time on snapshots (pool_id, observed_at);
create index reconciliations_by_time on reconciliations (pool_id, at);
create index reconciliations_with_breaks on reconciliations (pool_id, at) where breaks <> '[]'::jsonb;
create index fundings_without_hold on fundings (pool_id, ledger) where reservation_id is null;
create index reservations_by_time on reservations using brin
  (held_at, date_bin('1 hour'::interval, held_at, '2000-01-01 00:00:00+00'::timestamptz), date_bin('1 day'::interval, held_at, '2000-01-01 00:00:00+00'::timestamptz)) with (pages_per_range = 32, autosummarize = on);
create index refusals_by_time on refusals using brin
  (created_at, date_bin('1 hour'::interval, created_at, '2000-01-01 00:00:00+00'::timestamptz), date_bin('1 day'::interval, created_at, '2000-01-01 00:00:00+00'::timestamptz)) with (pages_per_range = 32, autosummarize = on);
create index reservation_events_by_time on reservation_events using brin (at) with (pages_per_range = 32, autosummarize = on);
`;

const DOWN = `
drop index reservation_events_by_time, refusals_by_time, reservations_by_time, fundings_without_hold, reconciliations_with_breaks, reconciliations_by_time, snapshots_by_time;
drop trigger snapshots_note_counters on snapshots; drop function note_snapshot_counters();
alter table snapshots drop column held, drop column in_flight, drop column buffer;
drop trigger pool_rules_history_note on pools; drop function note_pool_rules(); drop table pool_rules_history;
`;

export class ReportingHistory1790000000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
