-- The trigger snapshots_note_counters (functions/note_snapshot_counters.sql) fills held, in_flight
-- and buffer.
create table snapshots (
  pool_id uuid not null references pools (id),
  ledger bigint not null,
  total numeric(39,0) not null,
  locked numeric(39,0) not null,
  token_balance numeric(39,0) not null,
  last_loan_id numeric(20,0),
  close_time timestamptz,
  observed_at timestamptz not null default clock_timestamp(),
  held numeric(39,0),
  in_flight numeric(39,0),
  buffer numeric(39,0),
  primary key (pool_id, ledger)
);
create index snapshots_by_time on snapshots (pool_id, observed_at);
comment on table snapshots is 'What one reply said of the pool at one ledger.';
comment on column snapshots.last_loan_id is
  'Id of the creditline''s last loan at this ledger, of the same reply. Null: not known';
comment on column snapshots.held is
  'The pool''s counter when this snapshot was stored, base units. Null: stored before this was '
  'kept';
comment on column snapshots.in_flight is
  'The pool''s counter once this snapshot counted, base units. Null: stored before this was kept';
comment on column snapshots.buffer is
  'The pool''s buffer when this snapshot was stored, base units. Null: stored before this was kept';

-- Written by the trigger snapshots_note_pruned (functions/note_pruned_readings.sql).
create table pruned_readings (
  -- no foreign key: its check would lock the pool's row, and a hold would wait
  pool_id uuid primary key,
  first_at timestamptz not null
);
comment on table pruned_readings is
  'Pools of which readings were deleted by age. Without a row every reading there ever was is '
  'there';
comment on column pruned_readings.first_at is
  'When the first of them was stored: before it the pool really had none. Of those deleted before '
  'this was kept: when the pool was registered';

create table ledger_times (
  id bigint generated always as identity,
  network text not null,
  ledger bigint not null,
  close_time timestamptz not null,
  believed boolean not null,
  seen_at timestamptz not null default clock_timestamp(),
  primary key (network, ledger, close_time)
);
create index ledger_times_by_age on ledger_times (network, id);
comment on table ledger_times is
  'When ledgers of a network closed, as the heads of the rounds said: bounded, the newest '
  'believed and the newest waiting ones are kept. Every reply that is evidence of time is checked '
  'against it';
comment on column ledger_times.believed is
  'false: it contradicts what is believed, and waits for more ledgers to tell which is right';
