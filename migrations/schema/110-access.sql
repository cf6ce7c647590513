create table api_keys (
  id uuid primary key,
  prefix text not null unique check (prefix ~ '^[0-9a-f]{12}$'),
  tenant_id text not null check (tenant_id ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  name text not null check (length(btrim(name)) between 1 and 100),
  scopes text[] not null check (
    cardinality(scopes) >= 1
    and scopes <@ array['loans:write', 'loans:read', 'pools:read', 'operate']
  ),
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
comment on table api_keys is
  'Who may ask besides wallets. A key is hf_<prefix>_<secret>; of the secret only its sha-256 is '
  'kept.';
comment on column api_keys.tenant_id is
  'Whose loans and idempotency keys it works on. A wallet''s own are under wallet:<account>, '
  'which no key can have';
comment on column api_keys.last_used_at is 'Written at most once a minute';

create table used_challenges (
  hash text primary key check (length(hash) = 64),
  account text not null,
  used_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index used_challenges_by_expiry on used_challenges (expires_at);
comment on table used_challenges is
  'SEP-10 challenges that were turned into a token: each works once. Rows go an hour after they '
  'could not be used any more.';

-- Unlogged, so that a count costs no WAL and no fsync. After a crash of the server, or on a
-- promoted standby, the table is empty and a caller gets one more window. Pages keep room, because
-- rows are updated in place.
create unlogged table rate_windows (
  subject text primary key,
  taken integer not null,
  ends_at timestamptz not null
) with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 1000
);
create index rate_windows_by_end on rate_windows (ends_at);
comment on table rate_windows is
  'Requests counted in the present window of each caller. Lost when the server crashes, on purpose';
comment on column rate_windows.subject is
  'Kind of request and caller: an API key''s id, a wallet''s account, or the address of a caller '
  'who is neither';

-- A change and its row share one transaction. A read (observe, reconcile, self-check) is recorded
-- after it ends.
create table operator_actions (
  id uuid primary key default uuidv7(),
  at timestamptz not null default clock_timestamp(),
  actor_kind text not null check (actor_kind in ('key', 'command', 'start')),
  actor_id text not null,
  actor_name text not null,
  action text not null check (action ~ '^[a-z-]+[.][a-z-]+$'),
  subject text not null,
  reason text check (length(btrim(reason)) between 3 and 1000),
  facts jsonb not null default '{}'
);
create index operator_actions_by_subject on operator_actions (subject, id);
comment on table operator_actions is
  'Who changed pools and keys, and why. Append-only by trigger.';
comment on column operator_actions.actor_kind is
  'key: through the API, actor_id is the key; command: on the command line, by the user of the '
  'system; start: by the service itself';
comment on column operator_actions.subject is 'Id of the pool or key, or all';
