-- A foreign key joins a reservation to its pool. Each check costs a look-up per row inside the gate,
-- so the journal and the look-up tables have none, and a later migration drops those of loans and
-- envelopes (decision 0041): only the ledger writes them.
create table reservations (
  pool_id uuid not null references pools (id),
  id uuid not null,
  tenant_id text not null,
  loan_id uuid not null,
  borrower text not null,
  amount numeric(39,0) not null check (amount > 0),
  entry_bytes integer,
  at_ledger bigint not null,
  held_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  envelope_version integer not null default 1 check (envelope_version >= 1),
  submitted_at timestamptz,
  cancel_requested_at timestamptz,
  state text not null default 'held' check (state in ('held', 'settled', 'released', 'expired')),
  settled_ledger bigint,
  release_reason text check (release_reason in ('tx_failed', 'not_rebuilt', 'sequence_consumed')),
  ended_at timestamptz,
  primary key (pool_id, id),
  check ((state = 'settled') = (settled_ledger is not null)),
  check ((state = 'released') = (release_reason is not null)),
  check ((state = 'held') = (ended_at is null))
) with (
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.05
);

comment on table reservations is
  'A hold: amount set aside in one pool for one funding. It ends once, in one terminal state.';
comment on column reservations.amount is
  'total_amount - guarantee_amount of the loan, base units: what fund_loan will lock';
comment on column reservations.entry_bytes is
  'XDR bytes of the entry that its loan takes in the creditline. Null: from before this was kept, '
  'not known';
comment on column reservations.at_ledger is 'Ledger of the snapshot it was judged on';
comment on column reservations.expires_at is
  'Greatest maxTime of its envelopes but for those that died of a trap, chain time. Passing it '
  'frees nothing by itself';
comment on column reservations.cancel_requested_at is
  'When the borrower requested cancellation; it frees nothing by itself';

create index reservations_live on reservations (pool_id, expires_at) include (amount)
  where state = 'held';
create index reservations_settled on reservations (pool_id, settled_ledger) include (amount)
  where state = 'settled';

-- Lists are merged from streams, one per pool and tenant; all wallets of a pool are one stream
-- (decision 0025). The stream comes first: with the pool first, the planner took the end of the key
-- (…, id) for the primary key, and a hold read the whole pool.
create index reservations_listed
  on reservations ((split_part(tenant_id, ':', 1)), pool_id, held_at, id);
create index reservations_of_borrower on reservations (borrower, held_at, id);

-- A b-tree on a timestamp costs each hold an index page and WAL, a BRIN only a look at a summary.
-- Hours and days are separate columns, because the views' conditions use these expressions.
-- autosummarize: every query reads the ranges without a summary.
create index reservations_by_time on reservations using brin (
  held_at,
  date_bin('1 hour'::interval, held_at, '2000-01-01 00:00:00+00'::timestamptz),
  date_bin('1 day'::interval, held_at, '2000-01-01 00:00:00+00'::timestamptz)
) with (pages_per_range = 32, autosummarize = on);

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
comment on table loans is
  'Terms only. What became of a loan is read from its reservation: one fact, one place.';
comment on column loans.schedule is
  'Instalments in order: [{"amount": base units as text, "dueAt": unix seconds as text}]';

create table live_borrowers (
  network text not null,
  account text not null,
  pool_id uuid not null,
  reservation_id uuid not null,
  loan_id uuid not null,
  primary key (network, account)
);
comment on table live_borrowers is 'One live hold per borrower account, across pools.';

create table wallet_lapses (
  network text not null,
  account text not null,
  lapses integer not null check (lapses > 0),
  last_lapsed_at timestamptz not null,
  primary key (network, account)
);
create index wallet_lapses_by_time on wallet_lapses (last_lapsed_at);
comment on table wallet_lapses is
  'Wallets whose last holds lapsed without a submission, in whichever pool. A settled hold deletes '
  'the row; 48 hours after the last lapse nothing is left of it';
comment on column wallet_lapses.last_lapsed_at is
  'Database clock, whole seconds: when the proof of the last lapse was written';
