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
-- rows come in the order of their expiry, so this index grows at its end
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);
comment on column idempotency_keys.request_id is
  'The reservation when it was held, the refusal when it was refused';

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
create index refusals_by_time on refusals using brin (
  created_at,
  date_bin('1 hour'::interval, created_at, '2000-01-01 00:00:00+00'::timestamptz),
  date_bin('1 day'::interval, created_at, '2000-01-01 00:00:00+00'::timestamptz)
) with (pages_per_range = 32, autosummarize = on);
comment on table refusals is
  'Decided refusals, with or without a key: a timeout, a serialization failure or a chain error is '
  'never one.';
