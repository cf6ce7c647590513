-- The triggers of functions/journal_is_append_only.sql keep it append-only.
create table reservation_events (
  pool_id uuid not null,
  reservation_id uuid not null,
  number integer not null check (number >= 1),
  kind text not null check (
    kind in (
      'held', 'submitted', 'settled', 'released', 'expired', 'rebuilt', 'envelope_failed',
      'cancel_requested'
    )
  ),
  at timestamptz not null default clock_timestamp(),
  state_before text,
  state_after text not null,
  amount numeric(39,0) not null,
  pool_version bigint not null,
  held_before numeric(39,0) not null,
  held_after numeric(39,0) not null,
  in_flight_before numeric(39,0) not null,
  in_flight_after numeric(39,0) not null,
  envelope_hash text,
  ledger bigint,
  close_time timestamptz,
  reason text,
  evidence jsonb,
  primary key (pool_id, reservation_id, number)
);
create index reservation_events_by_time on reservation_events using brin (at)
  with (pages_per_range = 32, autosummarize = on);
create index reservation_events_by_version on reservation_events (pool_id, pool_version);
comment on table reservation_events is
  'The journal: one row for each change of a reservation, with its evidence and the pool counters '
  'before and after. Append-only by trigger.';
