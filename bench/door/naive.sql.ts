/** What a first version keeps: one row a hold, added up for each request. */
export const HOLDS_TABLE = `
  create table if not exists naive_holds (id uuid primary key, pool_id uuid not null,
    borrower text not null, amount numeric(39, 0) not null, key text unique, xdr text not null,
    expires_at timestamptz not null);
  create index if not exists naive_holds_pool on naive_holds (pool_id) include (amount)`;

export const NAIVE_DECISION = `
  select least(p.snapshot_total - p.snapshot_locked, p.snapshot_token_balance)
    - (select coalesce(sum(amount), 0) from naive_holds where pool_id = p.id) >= $2 as fits,
    p.snapshot_ledger as ledger
  from pools p where p.id = $1`;
