import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tables of `protocol.md`, "Tables". Amounts are numeric(39,0) base units (i128); ledgers are
 * bigint; times of the chain and of the database are
 * timestamptz. Per pool: `pool_id` first in every key. Not per pool: the look-up tables
 * idempotency_keys, live_borrowers, envelope_hashes, account_sequences.
 * Foreign keys stand where a row would mean nothing without the other: reservation to pool, loan
 * and envelope to reservation. Each check costs a look-up per row
 * inside the gate (nine of them were three quarters of a hold); the journal and the look-up tables
 * are written by the ledger's functions alone.
 * No CHECK of held against capacity: after a withdrawal by liquidity providers held may exceed it,
 * and that is a fact to report, not an error.
 */
const UP = `
create table ledger_gate (only_row boolean primary key default true check (only_row));
comment on table ledger_gate is 'Never holds a row. Its EXCLUSIVE lock, taken before the snapshot, lets one ledger transaction run at a time.';

create table pools (
  id uuid primary key default uuidv7(),
  name text not null,
  network text not null,
  profile text not null,
  pool_contract text not null,
  creditline_contract text not null,
  token_contract text not null,
  pool_wasm_hash text not null,
  decimals smallint not null,
  hold_seconds integer not null,
  min_signing_seconds integer not null,
  max_snapshot_age_seconds integer not null,
  buffer numeric(39,0) not null default 0,
  state text not null default 'active',
  version bigint not null default 0,
  held numeric(39,0) not null default 0 check (held >= 0),
  in_flight numeric(39,0) not null default 0 check (in_flight >= 0),
  snapshot_ledger bigint,
  snapshot_total numeric(39,0),
  snapshot_locked numeric(39,0),
  snapshot_token_balance numeric(39,0),
  snapshot_close_time timestamptz,
  snapshot_advanced_at timestamptz,
  head_ledger bigint,
  head_close_time timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  unique (network, pool_contract),
  check (num_nonnulls(snapshot_ledger, snapshot_total, snapshot_locked, snapshot_token_balance, snapshot_advanced_at) in (0, 5))
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_cost_delay = 0);

-- What an operator sets is checked when it is set. As CHECKs it was parsed and judged again by every batch of holds, which moves the counters of this row: 0.9 ms a batch.
create function pool_rules_are_sound() returns trigger language plpgsql as $$
declare fault text := case
  when length(new.name) not between 1 and 100 then 'name must have 1 to 100 characters'
  when length(new.network) not between 1 and 200 then 'network must have 1 to 200 characters'
  when new.profile not in ('stepfi', 'scaled') then 'profile must be stepfi or scaled'
  when new.pool_contract !~ '^C[A-Z2-7]{55}$' or new.creditline_contract !~ '^C[A-Z2-7]{55}$' or new.token_contract !~ '^C[A-Z2-7]{55}$' then 'contracts must be C addresses'
  when new.decimals not between 0 and 18 then 'decimals must be between 0 and 18'
  when new.hold_seconds not between 60 and 86400 then 'hold_seconds must be between 60 and 86400'
  when new.min_signing_seconds not between 5 and 3600 or new.min_signing_seconds >= new.hold_seconds then 'min_signing_seconds must be between 5 and 3600 and less than hold_seconds'
  when new.max_snapshot_age_seconds not between 1 and 3600 then 'max_snapshot_age_seconds must be between 1 and 3600'
  when new.buffer < 0 then 'buffer must not be negative'
  when new.state not in ('active', 'paused', 'quarantined', 'closed') then 'state must be active, paused, quarantined or closed'
end;
begin
  if fault is not null then raise exception 'pool rules: %', fault using errcode = '23514'; end if;
  return new;
end $$;
create trigger pool_rules before insert or update of name, network, profile, pool_contract, creditline_contract, token_contract, decimals, hold_seconds,
  min_signing_seconds, max_snapshot_age_seconds, buffer, state on pools for each row execute function pool_rules_are_sound();
comment on table pools is 'One lending pool: its contracts, its rules, its newest snapshot and the counters of what is promised. Written only under gate and row lock.';
comment on column pools.network is 'Passphrase of the Stellar network';
comment on column pools.buffer is 'Base units kept back from every promise';
comment on column pools.held is 'I1: sum of amount over held reservations, base units';
comment on column pools.in_flight is 'I1: sum of amount over settled reservations with settled_ledger > snapshot_ledger, base units';
comment on column pools.snapshot_locked is 'The chain''s word for funded, unrepaid principal; may be negative';
comment on column pools.snapshot_advanced_at is 'Database clock when snapshot_ledger last advanced (R6); a repeated ledger refreshes nothing';
comment on column pools.version is 'Raised by every ledger transaction that touched the pool, refusals included';

create table reservations (
  pool_id uuid not null references pools (id),
  id uuid not null,
  tenant_id text not null,
  loan_id uuid not null,
  borrower text not null,
  amount numeric(39,0) not null check (amount > 0),
  state text not null default 'held' check (state in ('held', 'settled', 'released', 'expired')),
  release_reason text check (release_reason in ('tx_failed', 'sequence_consumed')),
  envelope_version integer not null default 1 check (envelope_version >= 1),
  expires_at timestamptz not null,
  at_ledger bigint not null,
  settled_ledger bigint,
  held_at timestamptz not null default clock_timestamp(),
  submitted_at timestamptz,
  ended_at timestamptz,
  primary key (pool_id, id),
  check ((state = 'settled') = (settled_ledger is not null)),
  check ((state = 'released') = (release_reason is not null)),
  check ((state = 'held') = (ended_at is null))
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
create index reservations_live on reservations (pool_id, expires_at) include (amount) where state = 'held';
create index reservations_settled on reservations (pool_id, settled_ledger) include (amount) where state = 'settled';
comment on table reservations is 'A hold: amount set aside in one pool for one funding. Exactly one terminal state, ever (I4).';
comment on column reservations.amount is 'total_amount - guarantee_amount of the loan, base units: what fund_loan will lock';
comment on column reservations.expires_at is 'Greatest maxTime of its envelopes, chain time. Passing it frees nothing by itself';
comment on column reservations.at_ledger is 'Ledger of the snapshot it was judged on';

create table loans (
  pool_id uuid not null,
  id uuid not null,
  reservation_id uuid not null,
  tenant_id text not null,
  borrower text not null,
  vendor text not null,
  total_amount numeric(39,0) not null check (total_amount > 0),
  guarantee_amount numeric(39,0) not null check (guarantee_amount > 0),
  schedule jsonb not null,
  loan_type text not null check (loan_type in ('standard', 'learner_installment')),
  created_at timestamptz not null default clock_timestamp(),
  primary key (pool_id, id),
  foreign key (pool_id, reservation_id) references reservations (pool_id, id),
  check (guarantee_amount < total_amount)
);
comment on table loans is 'Terms only. What became of a loan is read from its reservation: one fact, one place.';
comment on column loans.schedule is 'Instalments in order: [{"amount": base units as text, "dueAt": unix seconds as text}]';

create table envelopes (
  pool_id uuid not null,
  reservation_id uuid not null,
  number integer not null check (number >= 1),
  hash text not null check (length(hash) = 64),
  xdr_deflated bytea not null,
  sequence bigint not null,
  max_time timestamptz not null,
  issued_after_ledger bigint not null,
  fee bigint not null check (fee > 0),
  loan_id_first numeric(20,0) not null,
  loan_id_last numeric(20,0) not null,
  state text not null default 'open' check (state in ('open', 'landed', 'failed', 'dead')),
  submitted_at timestamptz,
  submission_status text,
  passed_ledger bigint,
  passed_close_time timestamptz,
  vote_ledger bigint,
  found_ledger bigint,
  result_code text,
  chain_loan_id numeric(20,0),
  primary key (pool_id, reservation_id, number),
  foreign key (pool_id, reservation_id) references reservations (pool_id, id)
);
comment on table envelopes is 'Issued funding transactions. The XDR leaves the process only after its row is committed (R2).';
alter table envelopes alter column xdr_deflated set storage external;
comment on column envelopes.xdr_deflated is 'The unsigned XDR, raw deflate; packed by the service, so that the server does not spend the gate''s time on it';
comment on column envelopes.max_time is 'T: the last close time at which it can land, inclusive';
comment on column envelopes.issued_after_ledger is 'S: a ledger known before it was issued; a look-up proves absence only while the node still has S+1';
comment on column envelopes.passed_ledger is 'D1 step 1: a ledger seen to close at or after T';
comment on column envelopes.vote_ledger is 'D1 step 2: latest ledger of the first NOT_FOUND reply that counts';

create table reservation_events (
  pool_id uuid not null,
  reservation_id uuid not null,
  number integer not null check (number >= 1),
  kind text not null check (kind in ('held', 'submitted', 'settled', 'released', 'expired')),
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
comment on table reservation_events is 'The journal: one row for each change of a reservation, with its evidence and the pool counters before and after. Append-only by trigger.';

create function journal_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'reservation_events is append-only: % was refused', lower(tg_op) using errcode = '55000', hint = 'Append a correcting row through the ledger.';
end $$;
create trigger journal_row_guard before update or delete on reservation_events for each row execute function journal_is_append_only();
create trigger journal_truncate_guard before truncate on reservation_events for each statement execute function journal_is_append_only();

create table refusals (
  pool_id uuid not null references pools (id),
  id uuid not null,
  tenant_id text not null,
  borrower text not null,
  amount numeric(39,0) not null,
  code text not null,
  facts jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (pool_id, id)
);
comment on table refusals is 'Decided refusals, with or without a key (R10): a timeout, a serialization failure or a chain error is never one.';

create table snapshots (
  pool_id uuid not null references pools (id),
  ledger bigint not null,
  total numeric(39,0) not null,
  locked numeric(39,0) not null,
  token_balance numeric(39,0) not null,
  close_time timestamptz,
  observed_at timestamptz not null default clock_timestamp(),
  primary key (pool_id, ledger)
);
comment on table snapshots is 'What one reply said of the pool at one ledger (R5).';

create table idempotency_keys (
  tenant_id text not null,
  key text not null,
  fingerprint text not null,
  pool_id uuid not null,
  request_id uuid not null,
  outcome text not null check (outcome in ('held', 'refused')),
  code text,
  facts jsonb,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  primary key (tenant_id, key),
  check ((outcome = 'refused') = (code is not null and facts is not null))
);
comment on column idempotency_keys.request_id is 'The reservation when it was held, the refusal when it was refused';

create table live_borrowers (
  network text not null,
  account text not null,
  pool_id uuid not null,
  reservation_id uuid not null,
  loan_id uuid not null,
  primary key (network, account)
);
comment on table live_borrowers is 'R8: one live hold per borrower account, across pools.';

create table envelope_hashes (
  hash text primary key,
  pool_id uuid not null,
  reservation_id uuid not null,
  number integer not null
);

create table account_sequences (
  network text not null,
  account text not null,
  consumed bigint not null,
  ledger bigint not null,
  primary key (network, account)
);
comment on table account_sequences is 'Highest sequence known to be consumed by a landed or failed envelope: a new envelope at or below it was born dead.';
`;

const DOWN = `
drop table account_sequences, envelope_hashes, live_borrowers, idempotency_keys, snapshots, refusals, reservation_events, envelopes, loans, reservations, pools, ledger_gate;
drop function journal_is_append_only();
drop function pool_rules_are_sound();
`;

export class LedgerTables1790000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
