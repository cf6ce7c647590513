create or replace view reporting.live_ageing_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    b.bucket,
    b.bucket_order,
    b.holds,
    reporting.token_units(b.amount, p.decimals) as amount,
    b.amount as amount_base,
    b.oldest as oldest_held_at,
    b.lapsing as lapsing_holds
  from (
    select
        q.pool_id,
        q.bucket_order,
        (
          array['under 1 min', '1-5 min', '5-15 min', '15-60 min', 'over 60 min']
        )[q.bucket_order] as bucket,
        count(*) as holds,
        sum(q.amount) as amount,
        min(q.held_at) as oldest,
        count(*) filter (where q.expires_at <= q.head) as lapsing
      from (
        select
            r.pool_id,
            r.amount,
            r.held_at,
            r.expires_at,
            h.head_close_time as head,
            width_bucket(
              extract(epoch from clock_timestamp() - r.held_at),
              array[60, 300, 900, 3600]::numeric[]
            ) + 1 as bucket_order
          from reservations r
          join pools h on h.id = r.pool_id
          where r.state = 'held'
      ) q
      group by q.pool_id, q.bucket_order
  ) b
  join pools p on p.id = b.pool_id;

comment on view reporting.live_ageing_v1 is
  'Live holds of each pool by their age. A bucket without holds has no row. Not here: settled '
  'holds that the pool reading does not show yet (in flight).';
comment on column reporting.live_ageing_v1.pool_id is 'Id of the pool';
comment on column reporting.live_ageing_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.live_ageing_v1.bucket is
  'Age since held_at by the database clock: under 1 min, 1-5 min, 5-15 min, 15-60 min, over 60 min';
comment on column reporting.live_ageing_v1.bucket_order is 'To order by: 1 is the youngest';
comment on column reporting.live_ageing_v1.holds is 'Live holds; a count';
comment on column reporting.live_ageing_v1.amount is 'Sum of their amounts; token units';
comment on column reporting.live_ageing_v1.amount_base is 'Sum of their amounts; base units';
comment on column reporting.live_ageing_v1.oldest_held_at is
  'When the oldest of them was made, database clock';
comment on column reporting.live_ageing_v1.lapsing_holds is
  'Those whose deadline is over by the chain''s clock and whose proof is not in; a count';
