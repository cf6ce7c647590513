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
  -- the window of loan ids: docs/protocol.md#counter-window
  loan_id_first numeric(20,0) not null,
  loan_id_last numeric(20,0) not null,
  window_bytes integer,
  window_fee bigint,
  state text not null default 'open' check (state in ('open', 'landed', 'failed', 'dead')),
  -- submission
  signed_xdr_deflated bytea,
  submitted_at timestamptz,
  submission_status text,
  submission_ledger bigint,
  -- the steps of its proofs: docs/protocol.md#certificates
  passed_ledger bigint,
  passed_close_time timestamptz,
  vote_ledger bigint,
  consumed_ledger bigint,
  consumed_sequence bigint,
  consumed_vote_ledger bigint,
  failure_seen jsonb,
  -- its end
  found_ledger bigint,
  result_code text,
  chain_loan_id numeric(20,0),
  kept_failure boolean not null default false,
  failed_by text check (failed_by in ('contract', 'ours', 'unknown')),
  failed_reason text,
  failed_contract text,
  failed_number bigint,
  primary key (pool_id, reservation_id, number),
  foreign key (pool_id, reservation_id) references reservations (pool_id, id)
);
-- the values are already compressed
alter table envelopes alter column xdr_deflated set storage external;
alter table envelopes alter column signed_xdr_deflated set storage external;

comment on table envelopes is
  'Issued funding transactions. The XDR leaves the process only after its row is committed.';
comment on column envelopes.xdr_deflated is
  'The unsigned XDR, raw deflate; packed by the service, so that the server does not spend the '
  'gate''s time on it';
comment on column envelopes.max_time is 'T: the last close time at which it can land, inclusive';
comment on column envelopes.issued_after_ledger is
  'S: a ledger known before it was issued; a look-up proves absence only while the node still has '
  'S+1';
comment on column envelopes.window_bytes is
  'Bytes that the entries of loans which land before it, on ids of its own, may have together. '
  'Null: no bound known';
comment on column envelopes.window_fee is
  'Stroops of its fee that its window costs. Null: from before this was kept';
comment on column envelopes.signed_xdr_deflated is
  'As the borrower signed it, raw deflate: submitted again until it is found or proven dead. Never '
  'logged';
comment on column envelopes.submission_ledger is
  'Latest ledger of the node that took the last submission';
comment on column envelopes.passed_ledger is
  'Expired by time, step 1: a ledger seen to close at or after T';
comment on column envelopes.vote_ledger is
  'Expired by time, step 2: latest ledger of the first NOT_FOUND reply that counts';
comment on column envelopes.consumed_ledger is
  'Sequence consumed, step 1: ledger at which the account was seen with consumed_sequence, which '
  'is at or above the envelope''s';
comment on column envelopes.consumed_vote_ledger is
  'Sequence consumed, step 2: latest ledger of the first NOT_FOUND reply that counts';
comment on column envelopes.failure_seen is
  'Failed, step 1: what the first reply that said FAILED said, and its latest ledger; a second '
  'reply of a later ledger must agree';
comment on column envelopes.kept_failure is
  'The contract did not decide its failure: the hold is kept for a rebuild until max_time';
comment on column envelopes.failed_by is
  'Who decided that it failed: the contracts, our figures or the state of the chain (ours), or the '
  'node did not say (unknown); null unless failed';
comment on column envelopes.failed_reason is
  'Why it failed, such as contract_error, resource_limit or outside_footprint; null unless failed';
comment on column envelopes.failed_contract is
  'C address of the contract that decided; null unless one did';
comment on column envelopes.failed_number is
  'Error number of that contract; null when it gave none';

-- Each transaction is issued only once across all pools and reservations.
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
comment on table account_sequences is
  'Highest sequence known to be consumed by a landed or failed envelope: a new envelope at or '
  'below it was born dead.';
