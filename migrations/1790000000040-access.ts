import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who may ask: keys of backends and operators, and the wallets' challenges that were spent. Never
 * in a ledger transaction, so the gate is not taken.
 */
const UP = `
create table api_keys (
  id uuid primary key,
  prefix text not null unique check (prefix ~ '^[0-9a-f]{12}$'),
  tenant_id text not null check (tenant_id ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  name text not null check (length(btrim(name)) between 1 and 100),
  scopes text[] not null check (cardinality(scopes) >= 1 and scopes <@ array['loans:write', 'loans:read', 'pools:read', 'operate']),
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
comment on table api_keys is 'Who may ask besides wallets. A key is hf_<prefix>_<secret>; of the secret only its sha-256 is kept.';
comment on column api_keys.tenant_id is 'Whose loans and idempotency keys it works on. A wallet''s own are under wallet:<account>, which no key can have';
comment on column api_keys.last_used_at is 'Written at most once a minute';

create table used_challenges (
  hash text primary key check (length(hash) = 64),
  account text not null,
  used_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index used_challenges_by_expiry on used_challenges (expires_at);
comment on table used_challenges is 'SEP-10 challenges that were turned into a token: each works once. Rows go an hour after they could not be used any more.';
`;

const DOWN = 'drop table used_challenges, api_keys;';

export class Access1790000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
