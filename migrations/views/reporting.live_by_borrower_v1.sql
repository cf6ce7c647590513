create or replace view reporting.live_by_borrower_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    b.borrower,
    b.holds,
    reporting.token_units(b.amount, p.decimals) as amount,
    b.amount as amount_base,
    b.oldest as oldest_held_at,
    round(extract(epoch from clock_timestamp() - b.oldest)) as age_seconds,
    b.deadline as last_deadline,
    b.lapsing as lapsing_holds,
    b.cancel as cancel_requested
  from (
    select
        r.pool_id,
        r.borrower,
        count(*) as holds,
        sum(r.amount) as amount,
        min(r.held_at) as oldest,
        max(r.expires_at) as deadline,
        count(*) filter (where r.expires_at <= h.head_close_time) as lapsing,
        bool_or(r.cancel_requested_at is not null) as cancel
      from reservations r
      join pools h on h.id = r.pool_id
      where r.state = 'held'
      group by r.pool_id, r.borrower
  ) b
  join pools p on p.id = b.pool_id;

comment on view reporting.live_by_borrower_v1 is
  'Live holds by pool and borrower. A borrower has one live hold at most, across the pools of a '
  'network, so a count above 1 is a fault of the ledger.';
comment on column reporting.live_by_borrower_v1.pool_id is 'Id of the pool';
comment on column reporting.live_by_borrower_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.live_by_borrower_v1.borrower is 'Stellar account';
comment on column reporting.live_by_borrower_v1.holds is 'Live holds; a count, 1';
comment on column reporting.live_by_borrower_v1.amount is 'Sum of their amounts; token units';
comment on column reporting.live_by_borrower_v1.amount_base is 'Sum of their amounts; base units';
comment on column reporting.live_by_borrower_v1.oldest_held_at is
  'When the oldest was made, database clock';
comment on column reporting.live_by_borrower_v1.age_seconds is
  'Age of the oldest by the database clock; seconds';
comment on column reporting.live_by_borrower_v1.last_deadline is
  'Latest deadline of them, chain clock';
comment on column reporting.live_by_borrower_v1.lapsing_holds is
  'Those whose deadline is over by the chain''s clock and whose proof is not in; a count';
comment on column reporting.live_by_borrower_v1.cancel_requested is
  'true: the borrower wished to give up at least one; it still counts';
