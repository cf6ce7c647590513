-- The room of a lending contract: with one more hold, one more loan may land before each of the
-- others (docs/protocol.md#counter-window). No transaction can carry more than 500 keys, so more
-- live holds than that are not read one by one.
create or replace function window_state(
  p_network text,
  p_lending_contract text,
  p_stranger_bytes integer,
  p_except uuid
) returns table (
  o_live integer,
  o_bytes numeric,
  o_room_loans numeric,
  o_room_bytes numeric,
  o_next_deadline bigint
) language sql stable set enable_hashjoin to on as $$
  with live as materialized (
      select
          r.expires_at,
          coalesce(r.entry_bytes, p_stranger_bytes) as bytes,
          e.loan_id_first as first,
          e.loan_id_last as last,
          e.window_bytes,
          e.issued_after_ledger as issued_after,
          -- T is inclusive: it may land in a ledger that closes at T, and in no later one
          p.strict and e.state = 'open'
            and (p.head_close_time is null or e.max_time >= p.head_close_time) as guarded
        from pools p
        cross join lateral (
          select t.* from reservations t
          where t.pool_id = p.id and t.state = 'held' and t.id is distinct from p_except
          limit 501
        ) r
        -- an authorization has no window, so it limits nobody and only counts as landing before; nor
        -- do transactions limit each other where the pool does not say so
        left join lateral (
          select t.* from envelopes t
          where p.strict and t.pool_id = r.pool_id and t.reservation_id = r.id
            and t.number = r.envelope_version
          limit 1
        ) e on true
        where p.network = p_network and p.lending_contract = p_lending_contract
        limit 501
    ),
    sums as materialized (
      select
          count(*)::int as live,
          coalesce(sum(l.bytes), 0) as bytes,
          extract(epoch from min(l.expires_at))::bigint as next_deadline
        from live l
    ),
    guarded as materialized (
      select l.*, row_number() over () as ord from live l where l.guarded
    ),
    room as (
      select
          min(l.last - l.first - u.o_loans - (s.live - 1)) as loans,
          min(l.window_bytes - u.o_bytes - (s.bytes - l.bytes)) as bytes
        from guarded l
        join window_used(
          p_network,
          p_lending_contract,
          p_stranger_bytes,
          (select array_agg(l.first order by l.ord) from guarded l),
          (select array_agg(l.issued_after order by l.ord) from guarded l)
        ) u on u.o_ord = l.ord
        cross join sums s
        -- a refusal would not help a transaction that can no longer land
        where u.o_next <= l.last
          and (l.window_bytes is null or u.o_bytes <= l.window_bytes)
    )
  select s.live, s.bytes, r.loans, r.bytes, s.next_deadline from sums s cross join room r
$$;

comment on function window_state is
  'The live holds of a lending contract, and how many more (and how many bytes of loan entries more) '
  'leave each of them able to land in any order. Null room: nothing is bound';
