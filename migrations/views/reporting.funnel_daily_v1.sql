-- All figures of a row count requests of that day, whenever they ended, so that each conversion is
-- a share. The planner pushes the condition on the day through GROUP BY and UNION ALL to the
-- indexed expression, so a recent window reads only its rows.
create or replace view reporting.funnel_daily_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    f.day,
    f.held + f.refused as asked,
    reporting.token_units(f.held_amount + f.refused_amount, p.decimals) as asked_amount,
    f.held_amount + f.refused_amount as asked_amount_base,
    f.held,
    reporting.token_units(f.held_amount, p.decimals) as held_amount,
    f.held_amount as held_amount_base,
    f.refused,
    reporting.token_units(f.refused_amount, p.decimals) as refused_amount,
    f.refused_amount as refused_amount_base,
    f.refused_insufficient,
    f.refused_by_contract,
    f.refused - f.refused_insufficient - f.refused_by_contract as refused_otherwise,
    f.settled,
    reporting.token_units(f.settled_amount, p.decimals) as settled_amount,
    f.settled_amount as settled_amount_base,
    f.expired,
    reporting.token_units(f.expired_amount, p.decimals) as expired_amount,
    f.expired_amount as expired_amount_base,
    f.released,
    reporting.token_units(f.released_amount, p.decimals) as released_amount,
    f.released_amount as released_amount_base,
    f.held - f.settled - f.expired - f.released as live,
    round(f.held::numeric / nullif(f.held + f.refused, 0), 4) as hold_rate,
    round(f.settled::numeric / nullif(f.settled + f.expired + f.released, 0), 4) as conversion,
    f.median as median_seconds_to_settle,
    f.p95 as p95_seconds_to_settle
  from (
    select
        q.pool_id,
        q.day,
        count(*) filter (where q.code is null) as held,
        count(*) filter (where q.code is not null) as refused,
        count(*) filter (where q.code = 'INSUFFICIENT_LIQUIDITY') as refused_insufficient,
        count(*) filter (where q.code = 'LOAN_REFUSED_BY_CONTRACT') as refused_by_contract,
        count(*) filter (where q.state = 'settled') as settled,
        count(*) filter (where q.state = 'expired') as expired,
        count(*) filter (where q.state = 'released') as released,
        coalesce(sum(q.amount) filter (where q.code is null), 0) as held_amount,
        coalesce(sum(q.amount) filter (where q.code is not null), 0) as refused_amount,
        coalesce(sum(q.amount) filter (where q.state = 'settled'), 0) as settled_amount,
        coalesce(sum(q.amount) filter (where q.state = 'expired'), 0) as expired_amount,
        coalesce(sum(q.amount) filter (where q.state = 'released'), 0) as released_amount,
        round(
          extract(
            epoch from percentile_disc(0.5) within group (order by q.took)
              filter (where q.state = 'settled')
          ),
          3
        ) as median,
        round(
          extract(
            epoch from percentile_disc(0.95) within group (order by q.took)
              filter (where q.state = 'settled')
          ),
          3
        ) as p95
      from (
        select
            r.pool_id,
            date_bin('1 day'::interval, r.held_at, '2000-01-01 00:00:00+00'::timestamptz) as day,
            r.amount,
            r.state,
            r.ended_at - r.held_at as took,
            null::text as code
          from reservations r
        union all
        select
            f.pool_id,
            date_bin('1 day'::interval, f.created_at, '2000-01-01 00:00:00+00'::timestamptz) as day,
            f.amount,
            null::text as state,
            null::interval as took,
            f.code
          from refusals f
      ) q
      group by q.pool_id, q.day
  ) f
  join pools p on p.id = f.pool_id;

comment on view reporting.funnel_daily_v1 is
  'What became of the requests asked in each day (UTC) and pool. Younger rows still change: holds '
  'of the last minutes are live. A day without requests has no row. asked is held plus recorded '
  'refusals; not recorded, and so not asked here: BORROWER_BUSY, BORROWER_BACK_OFF, '
  'WALLET_SHARE_EXCEEDED, COUNTER_WINDOW_FULL, CHAIN_LIQUIDITY_SHORT, paused pools, stale '
  'readings, invalid requests, timeouts.';
comment on column reporting.funnel_daily_v1.pool_id is 'Id of the pool';
comment on column reporting.funnel_daily_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.funnel_daily_v1.day is
  'Begin of the day, UTC; database clock; filter by it';
comment on column reporting.funnel_daily_v1.asked is 'Requests decided: held and refused; a count';
comment on column reporting.funnel_daily_v1.asked_amount is 'Sum asked for; token units';
comment on column reporting.funnel_daily_v1.asked_amount_base is 'Sum asked for; base units';
comment on column reporting.funnel_daily_v1.held is 'Requests that got a promise; a count';
comment on column reporting.funnel_daily_v1.held_amount is 'Sum promised; token units';
comment on column reporting.funnel_daily_v1.held_amount_base is 'Sum promised; base units';
comment on column reporting.funnel_daily_v1.refused is 'Requests refused and recorded; a count';
comment on column reporting.funnel_daily_v1.refused_amount is 'Sum refused; token units';
comment on column reporting.funnel_daily_v1.refused_amount_base is 'Sum refused; base units';
comment on column reporting.funnel_daily_v1.refused_insufficient is
  'Of refused: INSUFFICIENT_LIQUIDITY, decided by this ledger; a count';
comment on column reporting.funnel_daily_v1.refused_by_contract is
  'Of refused: LOAN_REFUSED_BY_CONTRACT, the chain''s rules; a count';
comment on column reporting.funnel_daily_v1.refused_otherwise is
  'Of refused: any other code; a count';
comment on column reporting.funnel_daily_v1.settled is
  'Of held: funded on the chain by now; a count';
comment on column reporting.funnel_daily_v1.settled_amount is 'Sum funded; token units';
comment on column reporting.funnel_daily_v1.settled_amount_base is 'Sum funded; base units';
comment on column reporting.funnel_daily_v1.expired is
  'Of held: deadline passed and proven dead; a count';
comment on column reporting.funnel_daily_v1.expired_amount is 'Sum that expired; token units';
comment on column reporting.funnel_daily_v1.expired_amount_base is 'Sum that expired; base units';
comment on column reporting.funnel_daily_v1.released is
  'Of held: ended by a failed transaction or a used sequence; a count';
comment on column reporting.funnel_daily_v1.released_amount is 'Sum released; token units';
comment on column reporting.funnel_daily_v1.released_amount_base is 'Sum released; base units';
comment on column reporting.funnel_daily_v1.live is 'Of held: not ended yet; a count';
comment on column reporting.funnel_daily_v1.hold_rate is 'held / asked; 0 to 1';
comment on column reporting.funnel_daily_v1.conversion is
  'settled / ended (settled, expired, released); 0 to 1; null while nothing has ended';
comment on column reporting.funnel_daily_v1.median_seconds_to_settle is
  'Half of the settled took at most so long from promise to recorded settlement; seconds; null '
  'when none settled';
comment on column reporting.funnel_daily_v1.p95_seconds_to_settle is
  '95 of 100 settled took at most so long; seconds; null when none settled';
