create or replace view reporting.pool_position_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    p.network,
    p.pool_contract,
    p.token_contract,
    p.decimals,
    p.state,
    p.version,
    p.snapshot_ledger,
    p.snapshot_close_time,
    round(extract(epoch from clock_timestamp() - p.snapshot_advanced_at), 1) as snapshot_age_seconds,
    coalesce(
      clock_timestamp() - p.snapshot_advanced_at > make_interval(secs => p.max_snapshot_age_seconds),
      true
    ) as stale,
    reporting.token_units(p.snapshot_total, p.decimals) as total,
    p.snapshot_total as total_base,
    reporting.token_units(p.snapshot_locked, p.decimals) as locked,
    p.snapshot_locked as locked_base,
    reporting.token_units(p.snapshot_token_balance, p.decimals) as token_balance,
    p.snapshot_token_balance as token_balance_base,
    reporting.token_units(room.observed, p.decimals) as observed_available,
    room.observed as observed_available_base,
    reporting.token_units(p.held, p.decimals) as held,
    p.held as held_base,
    reporting.token_units(p.in_flight, p.decimals) as in_flight,
    p.in_flight as in_flight_base,
    reporting.token_units(p.buffer, p.decimals) as buffer,
    p.buffer as buffer_base,
    reporting.token_units(greatest(room.available, 0), p.decimals) as available,
    greatest(room.available, 0) as available_base,
    reporting.token_units(greatest(-room.available, 0), p.decimals) as shortfall,
    greatest(-room.available, 0) as shortfall_base,
    live.holds as live_holds,
    live.next as next_deadline,
    p.head_ledger,
    p.head_close_time,
    p.contract_paused,
    p.outflow_cap_bps,
    reporting.token_units(p.vendor_cap, p.decimals) as vendor_cap,
    p.vendor_cap as vendor_cap_base,
    p.utilisation_cap_bps
  from pools p
  cross join lateral (
    select lendable(p.snapshot_total, p.snapshot_locked, p.utilisation_cap_bps) as amount
  ) lendable
  cross join lateral (
    select
      available(lendable.amount, p.snapshot_locked, p.snapshot_token_balance, 0, 0, 0) as observed,
      available(
        lendable.amount, p.snapshot_locked, p.snapshot_token_balance, p.held, p.in_flight, p.buffer
      ) as available
  ) room
  cross join lateral (
    select count(*) as holds, min(r.expires_at) as next
      from reservations r
      where r.pool_id = p.id and r.state = 'held'
  ) live;

comment on view reporting.pool_position_v1 is
  'One row per pool: what it would answer now, with every term. available = min(total - locked, '
  'token balance) - held - in flight - buffer, never below zero and within utilisation_cap_bps; all '
  'terms are of one moment. Not here: the past (utilisation_v1, position_at).';
comment on column reporting.pool_position_v1.pool_id is 'Id of the pool';
comment on column reporting.pool_position_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.pool_position_v1.network is 'Passphrase of the Stellar network';
comment on column reporting.pool_position_v1.pool_contract is 'Address of the pool''s contract';
comment on column reporting.pool_position_v1.token_contract is
  'Address of the token''s contract: what "token units" are units of';
comment on column reporting.pool_position_v1.decimals is
  'Fraction digits of the token: 1 token unit is 10^decimals base units';
comment on column reporting.pool_position_v1.state is
  'active, paused, quarantined or closed; only active pools promise';
comment on column reporting.pool_position_v1.version is 'Count of the pool''s ledger transactions';
comment on column reporting.pool_position_v1.snapshot_ledger is
  'Ledger number of the pool reading all terms rest on; null: never read';
comment on column reporting.pool_position_v1.snapshot_close_time is
  'Close time of that ledger, chain clock; null when not told';
comment on column reporting.pool_position_v1.snapshot_age_seconds is
  'Since the reading last advanced, database clock; seconds';
comment on column reporting.pool_position_v1.stale is
  'true: the reading is older than the pool allows, new requests are answered SNAPSHOT_STALE';
comment on column reporting.pool_position_v1.total is
  'The chain''s word for the pool''s liquidity, lent out or not; token units';
comment on column reporting.pool_position_v1.total_base is
  'The chain''s word for the pool''s liquidity, lent out or not; base units';
comment on column reporting.pool_position_v1.locked is
  'The chain''s word for funded, unrepaid principal; may be negative; token units';
comment on column reporting.pool_position_v1.locked_base is
  'The chain''s word for funded, unrepaid principal; may be negative; base units';
comment on column reporting.pool_position_v1.token_balance is
  'Tokens the pool''s contract really has; token units';
comment on column reporting.pool_position_v1.token_balance_base is
  'Tokens the pool''s contract really has; base units';
comment on column reporting.pool_position_v1.observed_available is
  'min(total - locked, token balance): what the chain would let out; token units';
comment on column reporting.pool_position_v1.observed_available_base is
  'min(total - locked, token balance): what the chain would let out; base units';
comment on column reporting.pool_position_v1.held is
  'Promised, transaction not yet decided; token units';
comment on column reporting.pool_position_v1.held_base is
  'Promised, transaction not yet decided; base units';
comment on column reporting.pool_position_v1.in_flight is
  'Funded on the chain after the reading; token units';
comment on column reporting.pool_position_v1.in_flight_base is
  'Funded on the chain after the reading; base units';
comment on column reporting.pool_position_v1.buffer is
  'Kept back from every promise by rule; token units';
comment on column reporting.pool_position_v1.buffer_base is
  'Kept back from every promise by rule; base units';
comment on column reporting.pool_position_v1.available is 'What can be promised now; token units';
comment on column reporting.pool_position_v1.available_base is
  'What can be promised now; base units';
comment on column reporting.pool_position_v1.shortfall is
  'Promised beyond what the chain would let out; above 0 means liquidity left behind our back; '
  'token units';
comment on column reporting.pool_position_v1.shortfall_base is
  'Promised beyond what the chain would let out; above 0 means liquidity left behind our back; '
  'base units';
comment on column reporting.pool_position_v1.live_holds is 'Holds that count in held; a count';
comment on column reporting.pool_position_v1.next_deadline is
  'Earliest deadline of them, chain clock: a hold can lapse then, not before';
comment on column reporting.pool_position_v1.head_ledger is 'Newest ledger number seen';
comment on column reporting.pool_position_v1.head_close_time is
  'Its close time: the chain''s clock as this database knows it';
comment on column reporting.pool_position_v1.contract_paused is
  'true: one of the pool''s contracts was paused on the chain at snapshot_ledger, by its own '
  'administrator, so that no loan lands whatever state says; false also where no contract knows a '
  'pause; null: not known';
comment on column reporting.pool_position_v1.outflow_cap_bps is
  'What the contract lets out in one ledger at most; a count of hundredths of a percent of what is '
  'available; null: no such limit, or not known';
comment on column reporting.pool_position_v1.vendor_cap is
  'What the contract funds to one vendor at most, ever; null: no such limit, or not known; token units';
comment on column reporting.pool_position_v1.vendor_cap_base is
  'What the contract funds to one vendor at most, ever; null: no such limit, or not known; base units';
comment on column reporting.pool_position_v1.utilisation_cap_bps is
  'What the contract lends of total at most; a count of hundredths of a percent; null: no such limit, '
  'or not known';
