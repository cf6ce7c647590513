create or replace view reporting.breaks_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    c.from_ledger,
    c.to_ledger,
    b.number,
    c.at,
    b.item ->> 'class' as class,
    b.item ->> 'class' <> 'in_transit' as is_alarm,
    b.item ->> 'figure' as figure,
    reporting.token_units((b.item ->> 'amount')::numeric, p.decimals) as amount,
    (b.item ->> 'amount')::numeric as amount_base,
    jsonb_array_length(b.item -> 'rows') as row_count,
    b.item -> 'rows' as rows
  from reconciliations c
  join pools p on p.id = c.pool_id
  cross join lateral jsonb_array_elements(c.breaks) with ordinality as b(item, number)
  where c.breaks <> '[]'::jsonb;

comment on view reporting.breaks_v1 is
  'One row per difference between ledger and chain. Joins reconciliations_v1 by pool_id and '
  'to_ledger. A break that lasts is found again with every reading: count rows by class only over '
  'a range of at. Breaks that are alarms stay; in_transit goes with its reconciliation after '
  'RECONCILIATION_DAYS (90 unless set) when it was all there was.';
comment on column reporting.breaks_v1.pool_id is 'Id of the pool';
comment on column reporting.breaks_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.breaks_v1.from_ledger is 'Ledger number of the first reading';
comment on column reporting.breaks_v1.to_ledger is 'Ledger number of the second reading';
comment on column reporting.breaks_v1.number is 'Place among the breaks of this pair, from 1';
comment on column reporting.breaks_v1.at is 'When it was found, database clock';
comment on column reporting.breaks_v1.class is
  'in_transit (timing, no alarm), shortfall, unreserved_funding, external_transfer, gap, '
  'unexplained or ledger_error';
comment on column reporting.breaks_v1.is_alarm is 'false: timing only, gone with the next reading';
comment on column reporting.breaks_v1.figure is
  'total, locked or tokenBalance; null when it is about no single figure';
comment on column reporting.breaks_v1.amount is 'How much; null: not known; token units';
comment on column reporting.breaks_v1.amount_base is 'How much; null: not known; base units';
comment on column reporting.breaks_v1.row_count is
  'Rows named; a count, 100 at most, while amount is of all of them';
comment on column reporting.breaks_v1.rows is
  'What it is made of: eventId, txHash, reservationId, ledger, amount (base units as text), note';
