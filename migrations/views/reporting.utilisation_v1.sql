create or replace view reporting.utilisation_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    s.observed_at as at,
    s.ledger,
    s.close_time,
    reporting.token_units(s.total, p.decimals) as total,
    s.total as total_base,
    reporting.token_units(s.locked, p.decimals) as locked,
    s.locked as locked_base,
    reporting.token_units(s.token_balance, p.decimals) as token_balance,
    s.token_balance as token_balance_base,
    reporting.token_units(room.observed, p.decimals) as observed_available,
    room.observed as observed_available_base,
    reporting.token_units(s.held, p.decimals) as held,
    s.held as held_base,
    reporting.token_units(s.in_flight, p.decimals) as in_flight,
    s.in_flight as in_flight_base,
    reporting.token_units(s.buffer, p.decimals) as buffer,
    s.buffer as buffer_base,
    reporting.token_units(room.available, p.decimals) as available,
    room.available as available_base,
    reporting.token_units(room.shortfall, p.decimals) as shortfall,
    room.shortfall as shortfall_base,
    round(s.locked / nullif(s.total, 0), 4) as lent_share,
    round((s.locked + s.held + s.in_flight) / nullif(s.total, 0), 4) as used_share
  from snapshots s
  join pools p on p.id = s.pool_id
  cross join lateral (
    select lendable(s.total, s.locked, s.utilisation_cap_bps) as amount
  ) lendable
  cross join lateral (
    select
      available(lendable.amount, s.locked, s.token_balance, 0, 0, 0) as observed,
      available(
        lendable.amount, s.locked, s.token_balance, s.held, s.in_flight, s.buffer
      ) as left_over
  ) terms
  cross join lateral (
    select
      terms.observed,
      case when terms.left_over is not null then greatest(terms.left_over, 0) end as available,
      case when terms.left_over is not null then greatest(-terms.left_over, 0) end as shortfall
  ) room;

comment on view reporting.utilisation_v1 is
  'One row per reading of a pool that advanced: how its liquidity was used at that moment. Give a '
  'pool_id and a range of at. Between two readings the counters move with the journal '
  '(journal_v1); position_at gives any moment. Readings older than SNAPSHOT_DAYS (7 unless set) '
  'are deleted.';
comment on column reporting.utilisation_v1.pool_id is 'Id of the pool';
comment on column reporting.utilisation_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.utilisation_v1.at is 'When the reading was stored, database clock';
comment on column reporting.utilisation_v1.ledger is 'Ledger number it shows';
comment on column reporting.utilisation_v1.close_time is
  'Close time of that ledger, chain clock; null when not told';
comment on column reporting.utilisation_v1.total is 'Liquidity, lent out or not; token units';
comment on column reporting.utilisation_v1.total_base is 'Liquidity, lent out or not; base units';
comment on column reporting.utilisation_v1.locked is
  'Funded, unrepaid principal; may be negative; token units';
comment on column reporting.utilisation_v1.locked_base is
  'Funded, unrepaid principal; may be negative; base units';
comment on column reporting.utilisation_v1.token_balance is 'Tokens the contract had; token units';
comment on column reporting.utilisation_v1.token_balance_base is
  'Tokens the contract had; base units';
comment on column reporting.utilisation_v1.observed_available is
  'min(total - locked, token balance), within the contract''s utilisation limit; token units';
comment on column reporting.utilisation_v1.observed_available_base is
  'min(total - locked, token balance), within the contract''s utilisation limit; base units';
comment on column reporting.utilisation_v1.held is
  'Promised when it was stored; null: stored before this was kept; token units';
comment on column reporting.utilisation_v1.held_base is
  'Promised when it was stored; null: stored before this was kept; base units';
comment on column reporting.utilisation_v1.in_flight is
  'Settled after its ledger; null: stored before this was kept; token units';
comment on column reporting.utilisation_v1.in_flight_base is
  'Settled after its ledger; null: stored before this was kept; base units';
comment on column reporting.utilisation_v1.buffer is
  'Buffer when it was stored; null: stored before this was kept; token units';
comment on column reporting.utilisation_v1.buffer_base is
  'Buffer when it was stored; null: stored before this was kept; base units';
comment on column reporting.utilisation_v1.available is
  'What could be promised then; null: counters not kept; token units';
comment on column reporting.utilisation_v1.available_base is
  'What could be promised then; null: counters not kept; base units';
comment on column reporting.utilisation_v1.shortfall is
  'Promised beyond the observed; null: counters not kept; token units';
comment on column reporting.utilisation_v1.shortfall_base is
  'Promised beyond the observed; null: counters not kept; base units';
comment on column reporting.utilisation_v1.lent_share is
  'locked / total, 0 to 1 unless locked is negative; null for an empty pool';
comment on column reporting.utilisation_v1.used_share is
  '(locked + held + in flight) / total, 0 to 1 and above in a shortfall; null for an empty pool or '
  'when counters were not kept';
