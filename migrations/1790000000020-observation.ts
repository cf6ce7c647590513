import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the chain did to a pool, by its events, and how each snapshot follows from the one before
 * (`protocol.md`, "Three bridges"). Per pool: `pool_id` first
 * in every key. Written under gate and pool row like everything of a pool. Events are facts of the
 * chain: never changed, kept once however often a node sends them.
 */
const UP = `
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
comment on table chain_events is 'Events of a pool''s contracts, and of its token with the pool as a party.';
comment on column chain_events.id is 'As the node numbers them; ids compare in the order of the chain';
comment on column chain_events.tx_hash is 'Of the transaction in the ledger: the outer one of a fee bump';
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
comment on column event_cursors.cursor is 'Where the last page ended, kept also when it was empty. Null: begin at start_ledger';
comment on column event_cursors.baseline_ledger is 'Ledger of the snapshot from which the bridges begin';
comment on column event_cursors.through_ledger is 'Every event up to and with this ledger is known, gaps aside';

create table event_gaps (
  pool_id uuid not null references pools (id),
  first_ledger bigint not null,
  last_ledger bigint not null,
  noticed_at timestamptz not null default clock_timestamp(),
  primary key (pool_id, first_ledger),
  check (first_ledger <= last_ledger)
);
comment on table event_gaps is 'Ledgers whose events the node had dropped before we read them.';

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
  primary key (pool_id, event_id),
  foreign key (pool_id, event_id) references chain_events (pool_id, id),
  foreign key (pool_id, reservation_id) references reservations (pool_id, id),
  check ((envelope_hash is null) = (reservation_id is null))
);
create index fundings_by_reservation on fundings (pool_id, reservation_id) where reservation_id is not null;
create index fundings_by_ledger on fundings (pool_id, ledger);
comment on table fundings is 'Each loan the pool funded. Joined to an envelope by transaction hash, for a fee bump by the inner one; never by amount.';
comment on column fundings.reservation_id is 'Null: funded without a hold';

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
  check (num_nonnulls(total_difference, locked_difference, token_difference) = case outcome when 'unknown' then 0 else 3 end)
);
comment on table reconciliations is 'How one snapshot follows from the one before: the three bridges with each term, and every break.';
comment on column reconciliations.total_difference is 'What the snapshot shows less what the events explain, base units. Null: not known, events are lost';

create table contract_codes (
  pool_id uuid not null references pools (id),
  contract text not null,
  wasm_hash text,
  ledger bigint not null,
  seen_at timestamptz not null default clock_timestamp(),
  primary key (pool_id, contract)
);
comment on table contract_codes is 'The code each contract of a pool was seen to run last. Another one pauses the pool.';

create table pool_pauses (
  pool_id uuid not null references pools (id),
  id uuid not null default uuidv7(),
  reason text not null check (reason in ('unexplained', 'contract_upgraded')),
  facts jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (pool_id, id)
);
comment on table pool_pauses is 'Why a pool was paused by the service itself. An operator resumes it.';
`;

const DOWN =
  'drop table pool_pauses, contract_codes, reconciliations, fundings, event_gaps, event_cursors, chain_events;';

export class Observation1790000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
