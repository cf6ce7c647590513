-- An outbox over the journal. Every ledger transaction on a pool raises its version and commits
-- with the journal rows of that version, so a reader that sees version V sees every row up to V.
-- The cursor of a pool is one number, and the hold writes nothing for it.
create table webhooks (
  id uuid primary key default uuidv7(),
  tenant_id text not null,
  url text not null check (length(url) between 8 and 2000),
  events text[] not null,
  active boolean not null default true,
  created_at timestamptz not null default clock_timestamp()
);
create index webhooks_of_tenant on webhooks (tenant_id) where active;
comment on table webhooks is
  'Where changes are sent. The secret is not here: it is derived from WEBHOOK_KEY and the id.';
comment on column webhooks.events is 'Kinds of journal rows that are sent; empty: all';

create table webhook_cursors (
  pool_id uuid primary key references pools (id),
  version bigint not null
);
comment on table webhook_cursors is
  'Journal rows of a pool up to this version have become deliveries.';

create table webhook_deliveries (
  id uuid primary key default uuidv7(),
  webhook_id uuid not null references webhooks (id),
  pool_id uuid not null,
  reservation_id uuid not null,
  number integer not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
  attempts integer not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  last_status integer,
  last_error text,
  delivered_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  unique (webhook_id, pool_id, reservation_id, number),
  foreign key (pool_id, reservation_id, number)
    references reservation_events (pool_id, reservation_id, number)
);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at)
  where state = 'pending';
create index webhook_deliveries_listed on webhook_deliveries (webhook_id, id);
-- due_at is written at the end of a delivery, so it is the time of that end
create index webhook_deliveries_ended on webhook_deliveries (due_at) where state <> 'pending';
comment on table webhook_deliveries is
  'One row for each journal row and webhook that wants it. The body is rendered from the journal, '
  'so it is the same at every attempt.';
comment on column webhook_deliveries.due_at is
  'Next attempt not before; while one runs, when it counts as lost; of one that ended, up to 75 '
  'minutes after its end';
