create or replace view reporting.break_episodes_v1 as
  with found as (
    select
      c.pool_id,
      c.from_ledger,
      c.to_ledger,
      c.at,
      b.class,
      b.largest,
      b.summed
    from reconciliations c
    cross join lateral (
      select
        item ->> 'class' as class,
        max(abs((item ->> 'amount')::numeric)) as largest,
        sum((item ->> 'amount')::numeric) as summed
      from jsonb_array_elements(c.breaks) item
      group by 1
    ) b
    where c.breaks <> '[]'::jsonb
  ),
  -- A pair that was judged late says nothing of a shortfall, so a minute without one ends nothing.
  begun as (
    select
      f.*,
      coalesce(
        f.from_ledger <> lag(f.to_ledger) over pairs
          and f.at - lag(f.at) over pairs > interval '60 seconds',
        true
      ) as begins
    from found f
    window pairs as (partition by f.pool_id, f.class order by f.to_ledger)
  ),
  numbered as (
    select
      b.*,
      count(*) filter (where b.begins) over (
        partition by b.pool_id, b.class order by b.to_ledger
      ) as number
    from begun b
  ),
  episodes as (
    select
      n.pool_id,
      n.class,
      min(n.at) as since,
      max(n.at) as last_at,
      min(n.from_ledger) as from_ledger,
      min(n.to_ledger) as first_ledger,
      max(n.to_ledger) as last_ledger,
      max(n.largest) as largest,
      sum(n.summed) as summed,
      count(*)::int as found,
      n.number = max(n.number) over (partition by n.pool_id, n.class) as is_newest
    from numbered n
    group by n.pool_id, n.class, n.number
  )
  select
    p.id as pool_id,
    p.name as pool_name,
    e.class,
    e.class <> 'in_transit' as is_alarm,
    e.since,
    case when not now_open.lasts then e.last_at end as until,
    e.from_ledger,
    e.first_ledger,
    e.last_ledger,
    e.found,
    reporting.token_units(e.largest, p.decimals) as largest_amount,
    e.largest as largest_amount_base,
    reporting.token_units(single.amount, p.decimals) as total_amount,
    single.amount as total_amount_base
  from episodes e
  join pools p on p.id = e.pool_id
  cross join lateral (
    select case when e.class not in ('shortfall', 'in_transit', 'gap') then e.summed end as amount
  ) single
  cross join lateral (
    select e.is_newest and p.state <> 'closed' and case e.class
      when 'shortfall' then coalesce(
        available(
          lendable(p.snapshot_total, p.snapshot_locked, p.utilisation_cap_bps), p.snapshot_locked,
          p.snapshot_token_balance, p.held, p.in_flight, p.buffer
        ) < 0,
        false
      )
      when 'in_transit' then e.last_ledger
        = (select max(r.to_ledger) from reconciliations r where r.pool_id = p.id)
      else false
    end as lasts
  ) now_open;

comment on view reporting.break_episodes_v1 is
  'One row per trouble: breaks of one class of a pool that follow each other without a minute '
  'between them. pool_id, class and first_ledger name it. break_causes_v1 says what caused it. '
  'Reaches back as far as breaks_v1 does (RECONCILIATION_DAYS).';
comment on column reporting.break_episodes_v1.pool_id is 'Id of the pool';
comment on column reporting.break_episodes_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.break_episodes_v1.class is
  'in_transit (timing, no alarm), shortfall, unreserved_funding, external_transfer, gap, '
  'unexplained or ledger_error';
comment on column reporting.break_episodes_v1.is_alarm is 'false: timing only';
comment on column reporting.break_episodes_v1.since is 'When it was found first, database clock';
comment on column reporting.break_episodes_v1.until is
  'When it was found last, database clock; null: it lasts. What happens in one ledger does not last';
comment on column reporting.break_episodes_v1.from_ledger is
  'Ledger number of the last reading before it';
comment on column reporting.break_episodes_v1.first_ledger is
  'Ledger number of the first reading that shows it';
comment on column reporting.break_episodes_v1.last_ledger is
  'Ledger number of the last reading that shows it';
comment on column reporting.break_episodes_v1.found is 'Readings that show it; a count';
comment on column reporting.break_episodes_v1.largest_amount is
  'The most in one reading; null: not known; token units';
comment on column reporting.break_episodes_v1.largest_amount_base is
  'The most in one reading; null: not known; base units';
comment on column reporting.break_episodes_v1.total_amount is
  'All of it, where each reading found other money; null: each found the same; token units';
comment on column reporting.break_episodes_v1.total_amount_base is
  'All of it, where each reading found other money; null: each found the same; base units';
