-- Events are facts of the chain. They never change, and each is stored once, however often a node
-- sends it.
create table chain_events (
  pool_id uuid not null references pools (id),
  id text collate "C" not null check (id ~ '^[0-9]{19}-[0-9]{10}$'),
  ledger bigint not null,
  tx_hash text not null check (length(tx_hash) = 64),
  contract text not null,
  name text not null,
  topics jsonb not null,
  data jsonb not null,
  seen_at timestamptz not null default clock_timestamp(),
  primary key (pool_id, id)
);
create index chain_events_by_ledger on chain_events (pool_id, ledger);
comment on table chain_events is
  'Events of a pool''s contracts, and of its token with the pool as a party.';
comment on column chain_events.id is
  'As the node numbers them; ids compare in the order of the chain';
comment on column chain_events.tx_hash is
  'Of the transaction in the ledger: the outer one of a fee bump';
comment on column chain_events.data is 'Decoded; integers as decimal text';

create table event_cursors (
  pool_id uuid not null references pools (id),
  cursor text collate "C",
  start_ledger bigint not null,
  baseline_ledger bigint not null,
  through_ledger bigint not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (pool_id)
);
comment on column event_cursors.cursor is
  'Where the last page ended, kept also when it was empty. Null: begin at start_ledger';
comment on column event_cursors.baseline_ledger is
  'Ledger of the pool''s first snapshot, from which the bridges begin; of a pool from before this '
  'rule, of the snapshot that its first reconciliation found';
comment on column event_cursors.through_ledger is
  'Every event up to and with this ledger is known, gaps aside';

create table event_gaps (
  pool_id uuid not null references pools (id),
  first_ledger bigint not null,
  last_ledger bigint not null,
  noticed_at timestamptz not null default clock_timestamp(),
  primary key (pool_id, first_ledger),
  check (first_ledger <= last_ledger)
);
comment on table event_gaps is 'Ledgers whose events the node had dropped before we read them.';

-- A funding outlives the row of its event, so there is no foreign key.
create table fundings (
  pool_id uuid not null references pools (id),
  event_id text collate "C" not null,
  ledger bigint not null,
  tx_hash text not null,
  amount numeric(39,0) not null,
  borrower text,
  chain_loan_id numeric(20,0),
  envelope_hash text,
  reservation_id uuid,
  seen_at timestamptz default clock_timestamp(),
  primary key (pool_id, event_id),
  foreign key (pool_id, reservation_id) references reservations (pool_id, id),
  check ((envelope_hash is null) = (reservation_id is null))
);
create index fundings_by_reservation on fundings (pool_id, reservation_id)
  where reservation_id is not null;
create index fundings_by_ledger on fundings (pool_id, ledger);
create index fundings_without_hold on fundings (pool_id, ledger) where reservation_id is null;
comment on table fundings is
  'Each loan the pool funded. Joined to an envelope by transaction hash, for a fee bump by the '
  'inner one; never by amount.';
comment on column fundings.event_id is
  'The event LQFUND, as the node numbers it; a funding is kept longer than the event''s own row';
comment on column fundings.reservation_id is 'Null: funded without a hold';
comment on column fundings.seen_at is
  'When its event was read, database clock. Null: of a reservation, from before this was kept';

create table contract_codes (
  pool_id uuid not null references pools (id),
  contract text not null,
  wasm_hash text,
  ledger bigint not null,
  seen_at timestamptz not null default clock_timestamp(),
  primary key (pool_id, contract)
);
comment on table contract_codes is
  'The code each contract of a pool was seen to run last. Another one pauses the pool.';
