-- Amounts are base units, numeric(39,0) for the chain's i128; ledgers are bigint. Tables of one
-- pool have pool_id first in every key. No check compares held with the pool's funds: a withdrawal
-- after a hold is a shortfall, not an error (docs/protocol.md#shortfall).
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
  created_at timestamptz not null default clock_timestamp(),
  -- rules
  hold_seconds integer not null,
  min_signing_seconds integer not null,
  max_snapshot_age_seconds integer not null,
  max_extension_seconds integer not null default 900
    check (max_extension_seconds between 0 and 86400),
  buffer numeric(39,0) not null default 0,
  strict boolean not null default false,
  max_wallet_share_bps integer not null default 10000
    check (max_wallet_share_bps between 1 and 10000),
  lapses_max integer not null default 3 check (lapses_max between 0 and 100),
  -- state
  state text not null default 'active',
  quarantined_from text check (quarantined_from in ('active', 'paused')),
  quarantined_until timestamptz,
  longest_hold_seconds integer not null,
  -- counters
  version bigint not null default 0,
  held numeric(39,0) not null default 0 check (held >= 0),
  in_flight numeric(39,0) not null default 0 check (in_flight >= 0),
  -- the newest snapshot
  snapshot_ledger bigint,
  snapshot_total numeric(39,0),
  snapshot_locked numeric(39,0),
  snapshot_token_balance numeric(39,0),
  snapshot_close_time timestamptz,
  snapshot_advanced_at timestamptz,
  last_loan_id numeric(20,0),
  contract_paused boolean,
  -- the newest ledger that was seen
  head_ledger bigint,
  head_close_time timestamptz,
  unique (network, pool_contract),
  check (
    num_nonnulls(
      snapshot_ledger,
      snapshot_total,
      snapshot_locked,
      snapshot_token_balance,
      snapshot_advanced_at
    ) in (0, 5)
  )
) with (
  -- the counters change with every batch, so a page keeps room for the new row version
  fillfactor = 10,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 200,
  autovacuum_vacuum_cost_delay = 0
);
create index pools_by_creditline on pools (network, creditline_contract);

comment on table pools is
  'One lending pool: its contracts, its rules, its newest snapshot and the counters of its holds. '
  'Written only under gate and row lock.';
comment on column pools.network is 'Passphrase of the Stellar network';
comment on column pools.max_extension_seconds is
  'A rebuild may move the deadline at most so far beyond that of the first transaction';
comment on column pools.buffer is 'Base units that no hold may use';
comment on column pools.strict is
  'No new hold when the live holds of the creditline could not land in any order, by loan ids and '
  'by bytes';
comment on column pools.max_wallet_share_bps is
  'One hold may be so much of the observed total at most, hundredths of a percent; 10000: no bound';
comment on column pools.lapses_max is
  'Lapses of a wallet without a settlement between them before it has to wait; 0: it never has to';
comment on column pools.quarantined_until is
  'Chain time after which nothing that was held before the change can land; null until a ledger '
  'was seen after it';
comment on column pools.longest_hold_seconds is
  'Greatest hold_seconds this pool ever had, kept by trigger: how long a hold that an earlier '
  'copy of the database made may live';
comment on column pools.version is
  'Raised by every ledger transaction that touched the pool, refusals included';
comment on column pools.held is 'Sum of amount over held reservations, base units';
comment on column pools.in_flight is
  'Sum of amount over settled reservations with settled_ledger > snapshot_ledger, base units';
comment on column pools.snapshot_locked is
  'The chain''s word for funded, unrepaid principal; may be negative';
comment on column pools.snapshot_advanced_at is
  'Database clock when snapshot_ledger last advanced; a repeated ledger refreshes nothing';
comment on column pools.last_loan_id is
  'Id of the creditline''s last loan at snapshot_ledger, of the same reply. Null: not known';
comment on column pools.contract_paused is
  'Whether the pool''s contract was paused at snapshot_ledger, of the same reply. Null: not known';

-- Written by the trigger pool_rules_history_note (functions/note_pool_rules.sql).
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
  max_wallet_share_bps integer,
  lapses_max integer,
  primary key (pool_id, number)
);
comment on table pool_rules_history is
  'The rules and the state of each pool as they were from a moment on. Written by trigger, '
  'append-only by trigger.';
comment on column pool_rules_history.from_start is
  'false: the pool is older than this table; what its rules were before this row is not known';
comment on column pool_rules_history.max_wallet_share_bps is
  'Hundredths of a percent. Null: from before this was kept, not known';
comment on column pool_rules_history.lapses_max is 'Null: from before this was kept, not known';

create table pool_pauses (
  pool_id uuid not null references pools (id),
  id uuid not null default uuidv7(),
  reason text not null check (reason in ('unexplained', 'contract_upgraded')),
  facts jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (pool_id, id)
);
comment on table pool_pauses is
  'Why a pool was paused by the service itself. An operator resumes it.';
