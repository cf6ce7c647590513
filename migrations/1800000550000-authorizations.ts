import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Holds whose borrower signs an authorization instead of a transaction, and the transactions of
 * ours, from channel accounts, that carry it (docs/protocol.md#signing-by-authorization).
 */
const UP = `
alter table reservations
  add column signing text not null default 'transaction'
    check (signing in ('transaction', 'authorization'));
comment on column reservations.signing is
  'What the borrower signs. A hold with an authorization has no row in envelopes';
comment on column reservations.expires_at is
  'Greatest maxTime of its envelopes but for those that died of a trap, chain time; with an '
  'authorization an estimate of its fence. Passing it frees nothing by itself';

alter table pools
  add column signing text not null default 'transaction',
  add column holds_per_wallet integer not null default 1,
  add column quarantined_until_ledger bigint;
comment on column pools.quarantined_until_ledger is
  'A quarantine also lasts until a snapshot of this ledger: no authorization of before lands later. '
  'Null: none is issued';
comment on column pools.signing is
  'What the borrower signs when the request does not say: transaction or authorization';
comment on column pools.holds_per_wallet is
  'Live holds that a wallet may have when the newest is signed by authorization';
alter table pool_rules_history
  add column signing text,
  add column holds_per_wallet integer;
comment on column pool_rules_history.signing is 'Null: from before this was kept, not known';
comment on column pool_rules_history.holds_per_wallet is
  'Null: from before this was kept, not known';
insert into pool_rules_history (
    pool_id, number, from_start, name, state, buffer, hold_seconds, min_signing_seconds,
    max_snapshot_age_seconds, max_extension_seconds, strict, max_wallet_share_bps, lapses_max,
    fee_percentile, max_inclusion_fee, signing, holds_per_wallet
  )
  select p.id, coalesce(max(h.number), 0) + 1, max(h.number) is not null, p.name, p.state, p.buffer,
      p.hold_seconds, p.min_signing_seconds, p.max_snapshot_age_seconds, p.max_extension_seconds,
      p.strict, p.max_wallet_share_bps, p.lapses_max, p.fee_percentile, p.max_inclusion_fee,
      p.signing, p.holds_per_wallet
    from pools p
    left join pool_rules_history h on h.pool_id = p.id
    group by p.id;

alter table live_borrowers
  add column slot integer not null default 0 check (slot >= 0);
alter table live_borrowers drop constraint live_borrowers_pkey;
alter table live_borrowers add primary key (network, account, slot);
comment on table live_borrowers is
  'The live holds of each borrower account, across pools. A hold with a transaction is alone and '
  'has slot 0; one with an authorization has the lowest free slot.';

create table authorizations (
  pool_id uuid not null,
  reservation_id uuid not null,
  network text not null,
  address text not null,
  nonce bigint not null,
  hash text not null unique check (length(hash) = 64),
  expiration_ledger bigint not null,
  issued_after_ledger bigint not null,
  entry_deflated bytea not null,
  signed_entry_deflated bytea,
  signed_at timestamptz,
  state text not null default 'open' check (state in ('open', 'spent', 'dead')),
  -- the steps of its proofs: docs/protocol.md#expired-by-ledger
  unspent_ledger bigint,
  vote_ledger bigint,
  spent_ledger bigint,
  spent_seen_ledger bigint,
  -- its end
  landing_tx_hash text,
  chain_loan_id numeric(20,0),
  primary key (pool_id, reservation_id),
  unique (network, address, nonce),
  foreign key (pool_id, reservation_id) references reservations (pool_id, id),
  check (issued_after_ledger < expiration_ledger),
  check (unspent_ledger <= expiration_ledger),
  check (vote_ledger > expiration_ledger),
  check ((spent_ledger is null) = (spent_seen_ledger is null)),
  check ((signed_entry_deflated is null) = (signed_at is null))
);
-- the values are already compressed
alter table authorizations alter column entry_deflated set storage external;
alter table authorizations alter column signed_entry_deflated set storage external;
-- what the lander looks through
create index authorizations_to_land on authorizations (network, signed_at)
  where state = 'open' and signed_at is not null;

comment on table authorizations is
  'What borrowers sign instead of a transaction, one for each such hold. The entry leaves the '
  'process only after its row is committed.';
comment on column authorizations.address is 'The borrower, an account (G) or a contract (C)';
comment on column authorizations.nonce is
  'Spent by the landing. The chain then keeps an entry of it at least until expiration_ledger';
comment on column authorizations.hash is
  'SHA-256 of the preimage that is signed, hexadecimal. It is no hash of a transaction';
comment on column authorizations.expiration_ledger is
  'E, the fence: the last ledger in which the chain accepts it';
comment on column authorizations.issued_after_ledger is
  'S: a ledger known before it was issued, so its nonce was not spent by then';
comment on column authorizations.entry_deflated is 'The unsigned entry, raw deflate';
comment on column authorizations.signed_entry_deflated is
  'As its borrower signed it, raw deflate. Never logged';
comment on column authorizations.state is
  'spent: its loan landed, by whatever transaction. dead: it can never land';
comment on column authorizations.unspent_ledger is
  'U: the last ledger, E at most, at which two replies agreed that the nonce was not spent';
comment on column authorizations.vote_ledger is
  'Expired by ledger, step 1: a ledger after E at which a reply showed no entry of the nonce';
comment on column authorizations.spent_ledger is
  'The ledger in which the nonce was spent, as the first reply that showed its entry says';
comment on column authorizations.spent_seen_ledger is
  'Ledger of that reply; a second one, of a later ledger, must agree';
comment on column authorizations.landing_tx_hash is
  'Transaction that landed it, the inner one of a fee bump. Null: none, or not known';
comment on column authorizations.chain_loan_id is
  'Loan id of the contract. Null unless spent, and where loans have no ids';

create table landings (
  pool_id uuid not null,
  reservation_id uuid not null,
  number integer not null check (number >= 1),
  network text not null,
  channel text not null,
  hash text not null unique check (length(hash) = 64),
  xdr_deflated bytea not null,
  sequence bigint not null,
  max_time timestamptz not null,
  issued_after_ledger bigint not null,
  fee bigint not null check (fee > 0),
  inclusion_fee bigint check (inclusion_fee > 0),
  going_rate bigint,
  loan_id_first numeric(20,0),
  loan_id_last numeric(20,0),
  state text not null default 'open' check (state in ('open', 'landed', 'failed', 'dead')),
  created_at timestamptz not null default clock_timestamp(),
  -- submission
  submitted_at timestamptz,
  submission_status text,
  submission_ledger bigint,
  -- the steps of its proofs
  passed_ledger bigint,
  passed_close_time timestamptz,
  vote_ledger bigint,
  failure_seen jsonb,
  -- its end
  found_ledger bigint,
  result_code text,
  fee_charged bigint,
  failed_by text check (failed_by in ('contract', 'ours', 'unknown')),
  failed_reason text,
  failed_contract text,
  failed_number bigint,
  primary key (pool_id, reservation_id, number),
  foreign key (pool_id, reservation_id) references authorizations (pool_id, reservation_id),
  check ((loan_id_first is null) = (loan_id_last is null))
);
alter table landings alter column xdr_deflated set storage external;
-- over all processes, because the database has one row for each
create unique index landings_in_flight_of_channel on landings (network, channel)
  where state = 'open';
create unique index landings_in_flight_of_hold on landings (pool_id, reservation_id)
  where state = 'open';
create index landings_by_time on landings using brin (created_at)
  with (pages_per_range = 32, autosummarize = on);

comment on table landings is
  'Transactions of the service that carry a signed authorization. Each is stored before it is '
  'submitted; one is in flight for each channel and for each hold.';
comment on column landings.channel is 'The account that pays the fee and gives the sequence';
comment on column landings.xdr_deflated is
  'Signed by the channel, raw deflate: submitted again until it is found or proven dead. Never '
  'logged';
comment on column landings.max_time is 'The last close time at which it can land, inclusive';
comment on column landings.issued_after_ledger is
  'A ledger known before it was built; it can only land in a later one';
comment on column landings.fee is 'The most it may cost, stroops';
comment on column landings.inclusion_fee is 'Its bid for inclusion, a part of fee, stroops';
comment on column landings.going_rate is
  'What its pool''s percentile paid when it was built, stroops. Null: not known';
comment on column landings.state is
  'landed: it spent the authorization. failed: applied without effect. dead: it can never land, or '
  'another transaction landed the authorization first';
comment on column landings.failure_seen is
  'What the first reply that said FAILED said, and its latest ledger; a second reply of a later '
  'ledger must agree';
comment on column landings.fee_charged is
  'What the channel paid for it, stroops. Null: it was not applied, or not known';

create table channels (
  network text not null,
  account text not null,
  name text not null,
  state text not null default 'active' check (state in ('active', 'removed')),
  added_at timestamptz not null default clock_timestamp(),
  removed_at timestamptz,
  balance bigint,
  balance_ledger bigint,
  primary key (network, account),
  check ((state = 'removed') = (removed_at is not null)),
  check ((balance is null) = (balance_ledger is null))
);
comment on table channels is
  'Accounts of the service that carry landings. Their secrets are never in the database.';
comment on column channels.balance is 'Stroops at balance_ledger. Null: not read yet';

alter table reservation_events drop constraint reservation_events_kind_check;
alter table reservation_events add constraint reservation_events_kind_check check (
  kind in (
    'held', 'submitted', 'settled', 'released', 'expired', 'rebuilt', 'envelope_failed',
    'cancel_requested', 'landing_issued', 'landing_failed'
  )
);
`;

/**
 * Stops while a hold with an authorization is stored: the release before would take it for a hold
 * whose transaction is missing. That release puts its own triggers and views back when it starts.
 */
const DOWN = `
do $$
begin
  if exists (select from reservations where signing = 'authorization') then
    raise exception 'holds that are signed by authorization are stored; this release must read them'
      using errcode = '55000';
  end if;
end $$;
alter table reservation_events drop constraint reservation_events_kind_check;
alter table reservation_events add constraint reservation_events_kind_check check (
  kind in (
    'held', 'submitted', 'settled', 'released', 'expired', 'rebuilt', 'envelope_failed',
    'cancel_requested'
  )
);
drop view if exists reporting.landing_costs_v1;
drop trigger if exists pool_rules_history_note on pools;
drop trigger if exists pool_rules on pools;
drop view if exists reporting.pool_rules_v1;
drop view if exists reporting.reservations_v1;
drop function if exists advance_quarantine(text, bigint, numeric, numeric);
delete from repeatable_objects where name in (
  'views/reporting.landing_costs_v1.sql', 'views/reporting.pool_rules_v1.sql',
  'views/reporting.reservations_v1.sql'
);
update repeatable_objects set hash = '' where name in (
  'functions/note_pool_rules.sql', 'functions/pool_rules_are_sound.sql',
  'functions/advance_quarantine.sql', 'roles/holdfast_reporting.sql'
);
drop table channels;
drop table landings;
drop table authorizations;
alter table live_borrowers drop constraint live_borrowers_pkey;
alter table live_borrowers drop column slot;
alter table live_borrowers add primary key (network, account);
comment on table live_borrowers is 'One live hold per borrower account, across pools.';
alter table pool_rules_history drop column signing, drop column holds_per_wallet;
alter table pools drop column signing, drop column holds_per_wallet,
  drop column quarantined_until_ledger;
comment on column reservations.expires_at is
  'Greatest maxTime of its envelopes but for those that died of a trap, chain time. Passing it '
  'frees nothing by itself';
alter table reservations drop column signing;
`;

export class Authorizations1800000550000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
