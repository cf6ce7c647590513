-- The stored identity of the database. A different one means a restore or a failover, and every
-- pool is quarantined: docs/protocol.md#quarantine
create table database_identity (
  only_row boolean primary key default true check (only_row),
  cluster text not null,
  timeline text not null,
  database_oid oid not null,
  backup text,
  since timestamptz not null default clock_timestamp()
);
comment on table database_identity is 'Which database this was when it was last looked at.';
comment on column database_identity.backup is
  'Digest of backup_label.old, which a restored base backup leaves behind; none: there is none; '
  'null: this role may not read it';

create table database_changes (
  at timestamptz primary key default clock_timestamp(),
  before jsonb not null,
  after jsonb not null,
  pools_quarantined integer not null
);
comment on table database_changes is
  'Every change of the database''s identity that was noticed, or reported by an operator. '
  'Append-only by trigger.';
