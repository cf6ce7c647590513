create or replace view reporting.pools_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    p.state,
    p.network,
    p.pool_contract,
    p.lending_contract,
    p.token_contract,
    p.asset_code,
    p.decimals,
    p.created_at as registered_at
  from pools p;

comment on view reporting.pools_v1 is
  'One row per pool, closed ones too: which contracts it is, and which token its amounts are in.';
comment on column reporting.pools_v1.pool_id is 'Id of the pool';
comment on column reporting.pools_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.pools_v1.state is 'active, paused, quarantined or closed, as it is now';
comment on column reporting.pools_v1.network is 'Passphrase of the Stellar network';
comment on column reporting.pools_v1.pool_contract is 'Address of the pool''s contract';
comment on column reporting.pools_v1.lending_contract is 'Address of the contract that borrowers call';
comment on column reporting.pools_v1.token_contract is 'Address of the token''s contract';
comment on column reporting.pools_v1.asset_code is
  'What the token calls itself; any contract may claim any. Null: not known';
comment on column reporting.pools_v1.decimals is
  'Fraction digits of the token: 1 token unit is 10^decimals base units';
comment on column reporting.pools_v1.registered_at is 'When it was registered, database clock';
