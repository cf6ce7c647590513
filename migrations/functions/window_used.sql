-- What is used up of a window (docs/protocol.md#counter-window): the ids that the loan counter has
-- passed since the transaction was built, and landings of this service that the newest counter does
-- not contain. Loans of this service have known sizes; any other takes p_stranger_bytes.
create or replace function window_used(
  p_network text,
  p_lending_contract text,
  p_stranger_bytes integer,
  p_first numeric[],
  p_issued_after bigint[]
) returns table (o_ord bigint, o_next numeric, o_loans numeric, o_bytes numeric)
-- hash joins are on again, because the hold path turns them off: 5 ms instead of 15 with 100 holds
language sql stable set enable_hashjoin to on as $$
  with asked as materialized (
      select distinct a.first, a.issued_after
        from unnest(p_first, p_issued_after) as a(first, issued_after)
        where a.first is not null
    ),
    counter as materialized (
      select coalesce(p.last_loan_id, 0) as last, coalesce(p.snapshot_ledger, 0) as ledger
        from (values (1)) as one
        left join lateral (
          select q.last_loan_id, q.snapshot_ledger from pools q
          where q.network = p_network and q.lending_contract = p_lending_contract
            and q.last_loan_id is not null
          order by q.snapshot_ledger desc limit 1
        ) p on true
    ),
    landed as materialized (
      select
          r.settled_ledger as ledger,
          coalesce(r.entry_bytes, p_stranger_bytes) as bytes,
          coalesce(
            (
              select e.chain_loan_id from envelopes e
              -- a subquery with a limit: a join might begin with every transaction of the pool
              where e.pool_id = r.pool_id and e.reservation_id = r.id and e.state = 'landed'
              limit 1
            ),
            (
              select a.chain_loan_id from authorizations a
              where a.pool_id = r.pool_id and a.reservation_id = r.id
            )
          ) as loan
        from pools p
        -- the newest 2,000 landings: an older id counts as a stranger's, so larger, never smaller
        cross join lateral (
          select t.pool_id, t.id, t.settled_ledger, t.entry_bytes from reservations t
          where t.pool_id = p.id and t.state = 'settled'
            and t.settled_ledger > (select min(a.issued_after) from asked a)
          order by t.settled_ledger desc limit 2000
        ) r
        where p.network = p_network and p.lending_contract = p_lending_contract
    ),
    -- transactions that were built at the same time have used up the same
    used as materialized (
      select
          a.first,
          a.issued_after,
          c.last + 1 as next,
          passed.ids + l.in_flight as loans,
          l.own_bytes + (passed.ids - l.own) * p_stranger_bytes + l.in_flight_bytes as bytes
        from asked a
        cross join counter c
        cross join lateral (select greatest(c.last + 1 - a.first, 0) as ids) passed
        cross join lateral (
          select
              count(*) filter (where l.passed) as own,
              coalesce(sum(l.bytes) filter (where l.passed), 0) as own_bytes,
              count(*) filter (where l.in_flight) as in_flight,
              coalesce(sum(l.bytes) filter (where l.in_flight), 0) as in_flight_bytes
            from (
              select
                  l.bytes,
                  l.loan between a.first and c.last as passed,
                  l.ledger > c.ledger and (
                    l.loan >= greatest(a.first, c.last + 1)
                    or l.loan is null and l.ledger > a.issued_after
                  ) as in_flight
                from landed l
            ) l
        ) l
    )
  select a.ord, u.next, u.loans, u.bytes
    from unnest(p_first, p_issued_after) with ordinality as a(first, issued_after, ord)
    left join used u on u.first = a.first and u.issued_after = a.issued_after
$$;

comment on function window_used is
  'Loans that landed on the ids of each transaction since it was built, and the bytes of their '
  'entries';
