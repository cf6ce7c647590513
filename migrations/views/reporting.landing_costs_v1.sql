-- Counts landings of that day by their end so far. The tenant is that of the hold.
create or replace view reporting.landing_costs_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    c.tenant_id,
    c.day,
    c.landings,
    c.landed,
    c.failed,
    c.dead,
    c.open,
    c.landed_fee as landed_fee_stroops,
    c.failed_fee as failed_fee_stroops,
    c.landed_fee + c.failed_fee as fee_stroops,
    c.fee_unknown
  from (
    select
        n.pool_id,
        r.tenant_id,
        date_bin('1 day'::interval, n.created_at, '2000-01-01 00:00:00+00'::timestamptz) as day,
        count(*) as landings,
        count(*) filter (where n.state = 'landed') as landed,
        count(*) filter (where n.state = 'failed') as failed,
        count(*) filter (where n.state = 'dead') as dead,
        count(*) filter (where n.state = 'open') as open,
        coalesce(sum(n.fee_charged) filter (where n.state = 'landed'), 0) as landed_fee,
        coalesce(sum(n.fee_charged) filter (where n.state = 'failed'), 0) as failed_fee,
        count(*) filter (where n.state in ('landed', 'failed') and n.fee_charged is null)
          as fee_unknown
      from landings n
      join reservations r on r.pool_id = n.pool_id and r.id = n.reservation_id
      group by n.pool_id, r.tenant_id, 3
  ) c
  join pools p on p.id = c.pool_id;

comment on view reporting.landing_costs_v1 is
  'What the channels of this service paid to land loans that were signed by authorization, one row '
  'per day (UTC), pool and tenant. A day without landings has no row. Not here: loans that were '
  'signed as transactions, whose borrowers pay the fee themselves.';
comment on column reporting.landing_costs_v1.pool_id is 'Id of the pool';
comment on column reporting.landing_costs_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.landing_costs_v1.tenant_id is 'Whose holds were landed';
comment on column reporting.landing_costs_v1.day is
  'Day in which the landings were issued, UTC, database clock; filter by it';
comment on column reporting.landing_costs_v1.landings is 'Transactions issued; a count';
comment on column reporting.landing_costs_v1.landed is 'Of landings: funded their loan; a count';
comment on column reporting.landing_costs_v1.failed is
  'Of landings: applied without effect, and paid for; a count';
comment on column reporting.landing_costs_v1.dead is
  'Of landings: never applied, or overtaken by another transaction with the same authorization; a '
  'count';
comment on column reporting.landing_costs_v1.open is 'Of landings: still in flight; a count';
comment on column reporting.landing_costs_v1.landed_fee_stroops is
  'Fee of those that landed; stroops of XLM';
comment on column reporting.landing_costs_v1.failed_fee_stroops is
  'Fee of those that failed; stroops of XLM';
comment on column reporting.landing_costs_v1.fee_stroops is
  'Fee of both together; stroops of XLM';
comment on column reporting.landing_costs_v1.fee_unknown is
  'Of landed and failed: the node did not report the fee; a count';
