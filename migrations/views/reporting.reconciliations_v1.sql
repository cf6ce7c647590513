create or replace view reporting.reconciliations_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    c.from_ledger,
    c.to_ledger,
    c.at,
    c.outcome,
    jsonb_array_length(c.breaks) as breaks,
    reporting.token_units((c.bridges -> 'total' ->> 'before')::numeric, p.decimals) as total_before,
    (c.bridges -> 'total' ->> 'before')::numeric as total_before_base,
    reporting.token_units((c.bridges -> 'total' ->> 'after')::numeric, p.decimals) as total_after,
    (c.bridges -> 'total' ->> 'after')::numeric as total_after_base,
    reporting.token_units(c.total_difference, p.decimals) as total_difference,
    c.total_difference as total_difference_base,
    c.bridges -> 'total' -> 'terms' as total_terms,
    reporting.token_units((c.bridges -> 'locked' ->> 'before')::numeric, p.decimals) as locked_before,
    (c.bridges -> 'locked' ->> 'before')::numeric as locked_before_base,
    reporting.token_units((c.bridges -> 'locked' ->> 'after')::numeric, p.decimals) as locked_after,
    (c.bridges -> 'locked' ->> 'after')::numeric as locked_after_base,
    reporting.token_units(c.locked_difference, p.decimals) as locked_difference,
    c.locked_difference as locked_difference_base,
    c.bridges -> 'locked' -> 'terms' as locked_terms,
    reporting.token_units(
      (c.bridges -> 'tokenBalance' ->> 'before')::numeric, p.decimals
    ) as token_balance_before,
    (c.bridges -> 'tokenBalance' ->> 'before')::numeric as token_balance_before_base,
    reporting.token_units(
      (c.bridges -> 'tokenBalance' ->> 'after')::numeric, p.decimals
    ) as token_balance_after,
    (c.bridges -> 'tokenBalance' ->> 'after')::numeric as token_balance_after_base,
    reporting.token_units(c.token_difference, p.decimals) as token_balance_difference,
    c.token_difference as token_balance_difference_base,
    c.bridges -> 'tokenBalance' -> 'terms' as token_balance_terms
  from reconciliations c
  join pools p on p.id = c.pool_id;

comment on view reporting.reconciliations_v1 is
  'One row per pair of readings that follow each other: how the second comes from the first, for '
  'total, locked and token balance. Give a pool_id and a range of at. Not here: pairs whose events '
  'are not read yet. Those that explain everything and found no alarm are deleted after '
  'RECONCILIATION_DAYS (90 unless set); all others stay.';
comment on column reporting.reconciliations_v1.pool_id is 'Id of the pool';
comment on column reporting.reconciliations_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.reconciliations_v1.from_ledger is 'Ledger number of the first reading';
comment on column reporting.reconciliations_v1.to_ledger is
  'Ledger number of the second reading; with pool_id it names the row';
comment on column reporting.reconciliations_v1.at is 'When it was judged, database clock';
comment on column reporting.reconciliations_v1.outcome is
  'explained, unexplained (the pool is paused) or unknown (events are lost)';
comment on column reporting.reconciliations_v1.breaks is
  'Breaks found; a count; breaks_v1 has them';
comment on column reporting.reconciliations_v1.total_before is
  'Liquidity, lent out or not in the first reading; token units';
comment on column reporting.reconciliations_v1.total_before_base is
  'Liquidity, lent out or not in the first reading; base units';
comment on column reporting.reconciliations_v1.total_after is
  'Liquidity, lent out or not in the second reading; token units';
comment on column reporting.reconciliations_v1.total_after_base is
  'Liquidity, lent out or not in the second reading; base units';
comment on column reporting.reconciliations_v1.total_difference is
  'Second reading less what events explain; 0 is explained; null: events are lost; token units';
comment on column reporting.reconciliations_v1.total_difference_base is
  'Second reading less what events explain; 0 is explained; null: events are lost; base units';
comment on column reporting.reconciliations_v1.total_terms is
  'What moved it, by name; base units as text; a term that is absent was zero';
comment on column reporting.reconciliations_v1.locked_before is
  'Funded, unrepaid principal in the first reading; token units';
comment on column reporting.reconciliations_v1.locked_before_base is
  'Funded, unrepaid principal in the first reading; base units';
comment on column reporting.reconciliations_v1.locked_after is
  'Funded, unrepaid principal in the second reading; token units';
comment on column reporting.reconciliations_v1.locked_after_base is
  'Funded, unrepaid principal in the second reading; base units';
comment on column reporting.reconciliations_v1.locked_difference is
  'Second reading less what events explain; 0 is explained; null: events are lost; token units';
comment on column reporting.reconciliations_v1.locked_difference_base is
  'Second reading less what events explain; 0 is explained; null: events are lost; base units';
comment on column reporting.reconciliations_v1.locked_terms is
  'What moved it, by name; base units as text; a term that is absent was zero';
comment on column reporting.reconciliations_v1.token_balance_before is
  'Tokens of the contract in the first reading; token units';
comment on column reporting.reconciliations_v1.token_balance_before_base is
  'Tokens of the contract in the first reading; base units';
comment on column reporting.reconciliations_v1.token_balance_after is
  'Tokens of the contract in the second reading; token units';
comment on column reporting.reconciliations_v1.token_balance_after_base is
  'Tokens of the contract in the second reading; base units';
comment on column reporting.reconciliations_v1.token_balance_difference is
  'Second reading less what events explain; 0 is explained; null: events are lost; token units';
comment on column reporting.reconciliations_v1.token_balance_difference_base is
  'Second reading less what events explain; 0 is explained; null: events are lost; base units';
comment on column reporting.reconciliations_v1.token_balance_terms is
  'What moved it, by name; base units as text; a term that is absent was zero';
