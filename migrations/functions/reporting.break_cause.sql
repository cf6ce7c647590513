-- What caused an episode of breaks, by the terms of the bridges (docs/protocol.md#break-causes). A
-- shortfall is taken apart between the last snapshot that had room and the one that lacks most:
-- room before + terms of the figure that binds + what the ledger itself set aside = - shortfall.
-- What the terms do not give is one row `unexplained`, never spread over the others.
create or replace function reporting.break_cause(
  p_pool uuid,
  p_class text,
  p_first_ledger bigint,
  p_last_ledger bigint
)
returns table (
  place integer,
  figure text,
  term text,
  amount numeric,
  amount_base numeric,
  transactions jsonb,
  not_listed numeric,
  note text
)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_decimals smallint := (select p.decimals from pools p where p.id = p_pool);
  v_start bigint;
  v_before record;
  v_after record;
begin
  if p_class <> 'shortfall' then
    return query
      with items as (
        select c.to_ledger, b.number, b.item
        from reconciliations c
        cross join lateral jsonb_array_elements(c.breaks) with ordinality as b(item, number)
        where c.pool_id = p_pool and c.to_ledger between p_first_ledger and p_last_ledger
          and c.breaks <> '[]'::jsonb and b.item ->> 'class' = p_class
          -- the same holds are found with each reading
          and (p_class <> 'in_transit' or c.to_ledger = (
            select x.to_ledger
            from reconciliations x
            cross join lateral jsonb_array_elements(x.breaks) y
            where x.pool_id = p_pool and x.to_ledger between p_first_ledger and p_last_ledger
              and x.breaks <> '[]'::jsonb and y ->> 'class' = p_class
            order by (y ->> 'amount')::numeric desc, x.to_ledger limit 1
          ))
      ),
      figures as (
        select
          i.item ->> 'figure' as figure,
          sum((i.item ->> 'amount')::numeric) as amount,
          case
            when i.item ->> 'figure' = 'locked' or p_class = 'in_transit' then -1 else 1
          end as sign
        from items i
        group by i.item ->> 'figure'
      )
      select
        row_number() over (order by f.amount * f.sign, f.figure)::int,
        f.figure,
        case p_class
          when 'unreserved_funding' then 'unreservedFundings'
          when 'external_transfer' then 'externalTransfers'
          when 'in_transit' then 'settledByUs'
          when 'gap' then 'lostEvents'
          when 'ledger_error' then 'contradiction'
          else 'unexplained'
        end,
        reporting.token_units(f.amount * f.sign, v_decimals),
        f.amount * f.sign,
        coalesce(listed.rows, '[]'),
        case
          when p_class in ('unreserved_funding', 'external_transfer', 'in_transit')
          then f.sign * reporting.token_units(
            nullif(f.amount - coalesce(listed.amount, 0), 0), v_decimals
          )
        end,
        case p_class
          when 'gap' then 'The node no longer had the events of these ledgers.'
          when 'unexplained' then 'No event explains it, also after a second reading.'
          when 'ledger_error' then 'The rules make this impossible.'
          when 'in_transit' then 'Landed, and the hold still counted.'
        end
      from figures f
      cross join lateral (
        select
          jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
              'transaction', r.item ->> 'txHash',
              'ledger', (r.item ->> 'ledger')::bigint,
              'lastLedger', (r.item ->> 'lastLedger')::bigint,
              'amount',
              reporting.token_units((r.item ->> 'amount')::numeric * f.sign, v_decimals)::text,
              'reservation', r.item ->> 'reservationId',
              'note', r.item ->> 'note'
            ))
            order by i.to_ledger, i.number, r.number
          ) as rows,
          sum((r.item ->> 'amount')::numeric) as amount
        from items i
        cross join lateral jsonb_array_elements(i.item -> 'rows') with ordinality as r(item, number)
        -- the events between two snapshots that do not add up are not its cause
        where p_class <> 'unexplained' and i.item ->> 'figure' is not distinct from f.figure
      ) listed;
    return;
  end if;

  select x.* into v_after from (
    select s.ledger, s.held, s.in_flight, s.buffer, s.token_balance, l.amount - s.locked as lendable,
        l.amount - s.total as limit_effect,
        available(l.amount, s.locked, s.token_balance, s.held, s.in_flight, s.buffer) as room
      from snapshots s
      cross join lateral (select lendable(s.total, s.locked, s.utilisation_cap_bps) as amount) l
      where s.pool_id = p_pool and s.ledger between p_first_ledger and p_last_ledger
  ) x where x.room < 0 order by x.room, x.ledger limit 1;
  select x.* into v_before from (
    select s.ledger, s.held, s.in_flight, s.buffer, s.token_balance, l.amount - s.locked as lendable,
        l.amount - s.total as limit_effect,
        available(l.amount, s.locked, s.token_balance, s.held, s.in_flight, s.buffer) as room
      from snapshots s
      cross join lateral (select lendable(s.total, s.locked, s.utilisation_cap_bps) as amount) l
      where s.pool_id = p_pool and s.ledger < v_after.ledger
  ) x where x.room >= 0 order by x.ledger desc limit 1;
  -- without both snapshots the terms of the first pair are all that is known
  v_start := coalesce(v_before.ledger, (
    select c.from_ledger from reconciliations c
      where c.pool_id = p_pool and c.to_ledger = p_first_ledger
  ));

  return query
    with pairs as (
      select c.bridges from reconciliations c
        where c.pool_id = p_pool and c.to_ledger > v_start
          and c.to_ledger <= case
            when v_before.ledger is null then p_first_ledger else v_after.ledger
          end
    ),
    -- the figure that binds: total - locked, or the token balance
    binding as (
      select coalesce(
        v_after.lendable <= v_after.token_balance,
        (select (b.bridges #>> '{total,after}')::numeric - (b.bridges #>> '{locked,after}')::numeric
          <= (b.bridges #>> '{tokenBalance,after}')::numeric from pairs b limit 1),
        true
      ) as by_total
    ),
    signs as (
      select f.figure, f.sign from binding b
      join (values ('total', 1, true), ('locked', -1, true), ('tokenBalance', 1, false))
        as f(figure, sign, by_total) on f.by_total = b.by_total
    ),
    terms as (
      select
        t.key as term,
        string_agg(distinct s.figure, ', ' order by s.figure) as figure,
        sum(s.sign * t.value::numeric) as amount
      from pairs c
      cross join signs s
      cross join lateral jsonb_each_text(c.bridges -> s.figure -> 'terms') t
      group by t.key
    ),
    moves as (
      select
        m.item ->> 'term' as term,
        m.item ->> 'txHash' as tx_hash,
        min((m.item ->> 'ledger')::bigint) as ledger,
        sum(s.sign * (m.item ->> s.figure)::numeric) as amount
      from pairs c
      cross join signs s
      cross join lateral jsonb_array_elements(coalesce(c.bridges -> 'moves', '[]')) as m(item)
      where m.item ? s.figure
      group by 1, 2
    ),
    parts as (
      select t.figure, t.term, t.amount, null::text as note, 1 as kind
        from terms t where t.term <> 'settledByUs'
      union all
      select null, 'ownHolds',
          v_before.held + v_before.in_flight - v_after.held - v_after.in_flight
            + coalesce((select t.amount from terms t where t.term = 'settledByUs'), 0),
          'Holds of this service, less those that ended without a loan.', 3
      union all
      select null, 'buffer', v_before.buffer - v_after.buffer, 'The buffer was changed.', 2
      union all
      select 'total', 'utilisationLimit', v_after.limit_effect - v_before.limit_effect,
          'The contract lends a share of its total only.', 2
        from binding b where b.by_total
      union all
      select null, 'roomBefore',
          case when b.by_total then v_before.lendable else v_before.token_balance end
            - v_before.held - v_before.in_flight - v_before.buffer,
          'Free at ledger ' || v_before.ledger || ', the last one without a shortfall.', 4
        from binding b
    ),
    complete as (
      select * from parts p where p.amount <> 0
      union all
      select null, 'unexplained', rest.amount,
          case
            when v_after.ledger is null or v_before.ledger is null
            then 'The snapshots from before it are not kept any more, or there was none.'
            else 'No event of these ledgers explains it.'
          end, 2
        from (select case
          when v_after.ledger is not null and v_before.ledger is not null
          then v_after.room - (select sum(p.amount) from parts p)
        end as amount) rest
        where rest.amount is distinct from 0
    )
    select
      row_number() over (order by p.kind, p.amount nulls last, p.term)::int,
      p.figure,
      p.term,
      reporting.token_units(p.amount, v_decimals),
      p.amount,
      coalesce(listed.rows, '[]'),
      case
        when p.kind = 1
        then reporting.token_units(
          nullif(p.amount - coalesce(listed.amount, 0), 0), v_decimals
        )
      end,
      p.note
    from complete p
    left join lateral (
      select
        jsonb_agg(
          jsonb_build_object(
            'transaction', m.tx_hash, 'ledger', m.ledger,
            'amount', reporting.token_units(m.amount, v_decimals)::text
          )
          order by m.amount, m.ledger, m.tx_hash
        ) as rows,
        sum(m.amount) as amount
      from moves m
      where p.kind = 1 and m.term = p.term and m.amount <> 0
    ) listed on true;
end $$;

revoke all on function reporting.break_cause(uuid, text, bigint, bigint) from public;
comment on function reporting.break_cause(uuid, text, bigint, bigint) is
  'What caused an episode of breaks (pool, class, first_ledger, last_ledger of break_episodes_v1), '
  'as in break_causes_v1. Amounts are what it changed available by: below zero it took money. '
  'amount and not_listed are token units, amount_base is base units.';
