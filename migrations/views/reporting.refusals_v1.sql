create or replace view reporting.refusals_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    f.id as refusal_id,
    f.tenant_id,
    f.borrower,
    reporting.token_units(f.amount, p.decimals) as amount,
    f.amount as amount_base,
    f.code,
    f.created_at as at,
    reporting.token_units((f.facts ->> 'available')::numeric, p.decimals) as available,
    (f.facts ->> 'available')::numeric as available_base,
    (f.facts ->> 'atLedger')::bigint as judged_at_ledger
  from refusals f
  join pools p on p.id = f.pool_id;

comment on view reporting.refusals_v1 is
  'One row per decided refusal. Give a range of at. Not here, because they are never rows: '
  'BORROWER_BUSY, BORROWER_BACK_OFF, WALLET_SHARE_EXCEEDED, COUNTER_WINDOW_FULL, '
  'CHAIN_LIQUIDITY_SHORT, paused or quarantined pool, SNAPSHOT_STALE, invalid requests, timeouts. '
  'Repeats under one idempotency key are one row.';
comment on column reporting.refusals_v1.pool_id is 'Id of the pool';
comment on column reporting.refusals_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.refusals_v1.refusal_id is 'Id of the refusal';
comment on column reporting.refusals_v1.tenant_id is 'Who asked';
comment on column reporting.refusals_v1.borrower is 'Stellar account for which was asked';
comment on column reporting.refusals_v1.amount is
  'Amount that would have been set aside; token units';
comment on column reporting.refusals_v1.amount_base is
  'Amount that would have been set aside; base units';
comment on column reporting.refusals_v1.code is
  'INSUFFICIENT_LIQUIDITY, OUTFLOW_CAP_REACHED, OUTFLOW_CAP_EXCEEDED, VENDOR_CAP_REACHED, '
  'VENDOR_CAP_EXCEEDED or LOAN_REFUSED_BY_CONTRACT';
comment on column reporting.refusals_v1.at is 'When it was decided, database clock';
comment on column reporting.refusals_v1.available is
  'What was available at that moment; null unless the code is INSUFFICIENT_LIQUIDITY; token units';
comment on column reporting.refusals_v1.available_base is
  'What was available at that moment; null unless the code is INSUFFICIENT_LIQUIDITY; base units';
comment on column reporting.refusals_v1.judged_at_ledger is
  'Ledger number of the reading it was judged on; null when a contract refused';
