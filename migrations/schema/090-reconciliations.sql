-- How each snapshot follows from the previous one: docs/protocol.md#breaks
create table reconciliations (
  pool_id uuid not null references pools (id),
  to_ledger bigint not null,
  from_ledger bigint not null,
  outcome text not null check (outcome in ('explained', 'unexplained', 'unknown')),
  total_difference numeric(39,0),
  locked_difference numeric(39,0),
  token_difference numeric(39,0),
  bridges jsonb not null,
  breaks jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (pool_id, to_ledger),
  check (from_ledger < to_ledger),
  check (
    num_nonnulls(total_difference, locked_difference, token_difference)
      = case outcome when 'unknown' then 0 else 3 end
  )
);
create index reconciliations_by_time on reconciliations (pool_id, at);
create index reconciliations_with_breaks on reconciliations (pool_id, at)
  where breaks <> '[]'::jsonb;
-- the rows that the upkeep job may delete
create index reconciliations_unremarkable on reconciliations (pool_id, to_ledger)
  where outcome = 'explained' and not (breaks @? '$[*] ? (@.class != "in_transit")');
comment on table reconciliations is
  'How one snapshot follows from the one before: the three bridges with each term, and every '
  'break.';
comment on column reconciliations.total_difference is
  'What the snapshot shows less what the events explain, base units. Null: not known, events are '
  'lost';

create table ledger_repairs (
  pool_id uuid not null references pools (id),
  number integer not null check (number >= 1),
  at timestamptz not null default clock_timestamp(),
  reason text not null check (length(btrim(reason)) between 10 and 1000),
  done_by text not null,
  pool_version bigint not null,
  held_before numeric(39,0) not null,
  held_after numeric(39,0) not null,
  in_flight_before numeric(39,0) not null,
  in_flight_after numeric(39,0) not null,
  primary key (pool_id, number)
);
comment on table ledger_repairs is
  'Counters of a pool that were set to the sums of its reservations by an operator. Append-only by '
  'trigger.';
