create or replace view ledger_sums as
  select
    p.id as pool_id,
    p.version,
    p.held,
    p.in_flight,
    (
      select coalesce(sum(r.amount), 0) from reservations r
      where r.pool_id = p.id and r.state = 'held'
    ) as held_sum,
    (
      select coalesce(sum(r.amount), 0) from reservations r
      where r.pool_id = p.id and r.state = 'settled'
        and r.settled_ledger > coalesce(p.snapshot_ledger, 0)
    ) as in_flight_sum,
    (
      select count(*) from reservations r where r.pool_id = p.id and r.state = 'held'
    ) as live_holds,
    (select count(*) from live_borrowers b where b.pool_id = p.id) as live_borrowers
  from pools p;

comment on view ledger_sums is
  'The counters of each pool beside the sums they must equal, from one snapshot.';
