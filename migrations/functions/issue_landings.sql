-- Stores transactions of channels that carry signed authorizations, before they are submitted:
-- docs/protocol.md#signing-by-authorization. Whether an authorization may still be landed is decided
-- in the statement that stores it. The state of the pool does not matter: its funds are held.
-- @returns issued, or why not.
create or replace function issue_landings(
  p_pool uuid[],
  p_id uuid[],
  p_channel text[],
  p_hash text[],
  p_xdr bytea[],
  p_sequence bigint[],
  p_max_time bigint[],
  p_issued_after bigint[],
  p_fee bigint[],
  p_inclusion_fee bigint[],
  p_going_rate bigint[],
  p_first numeric[],
  p_last numeric[]
) returns table (o_ord bigint, o_outcome text) language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  m record;
  v_number integer;
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'issue_landings runs in a ledger transaction only' using errcode = '25001';
  end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in
    select u.*
      from unnest(
          p_pool, p_id, p_channel, p_hash, p_xdr, p_sequence, p_max_time, p_issued_after, p_fee,
          p_inclusion_fee, p_going_rate, p_first, p_last
        ) with ordinality
        as u(
          pool, id, channel, hash, xdr, sequence, max_time, issued_after, fee,
          inclusion_fee, going_rate, first, last, ord
        )
      order by u.ord
  loop
    o_ord := m.ord;
    insert into landings (
        pool_id, reservation_id, number, network, channel, hash, xdr_deflated, sequence, max_time,
        issued_after_ledger, fee, inclusion_fee, going_rate, loan_id_first, loan_id_last
      )
      select
          a.pool_id, a.reservation_id,
          (
            select coalesce(max(n.number), 0) + 1 from landings n
            where n.pool_id = a.pool_id and n.reservation_id = a.reservation_id
          ),
          a.network, m.channel, m.hash, m.xdr, m.sequence, to_timestamp(m.max_time),
          m.issued_after, m.fee, m.inclusion_fee, m.going_rate, m.first, m.last
        from authorizations a
        join reservations t on t.pool_id = a.pool_id and t.id = a.reservation_id
        join pools p on p.id = a.pool_id
        join channels c on c.network = a.network and c.account = m.channel
        where a.pool_id = m.pool and a.reservation_id = m.id
          and t.state = 'held' and t.cancel_requested_at is null
          and a.state = 'open' and a.spent_ledger is null and a.signed_at is not null
          and coalesce(p.head_ledger, 0) < a.expiration_ledger
          and c.state = 'active'
          and not exists (
            select from fundings f
            where f.pool_id = a.pool_id and f.reservation_id = a.reservation_id
          )
      -- landings_in_flight_of_channel, landings_in_flight_of_hold, or a hash that is known
      on conflict do nothing
      returning number into v_number;
    if found then
      insert into envelope_hashes (hash, pool_id, reservation_id, number)
        values (m.hash, m.pool, m.id, v_number);
      update pools p set version = p.version + 1 where p.id = m.pool;
      perform note_event(
        m.pool, m.id, 'landing_issued', m.hash, m.issued_after, null,
        jsonb_build_object(
          'number', v_number,
          'channel', m.channel,
          'sequence', m.sequence::text,
          'maxTime', m.max_time::text,
          'fee', m.fee::text,
          'inclusionFee', m.inclusion_fee::text
        )
      );
      o_outcome := 'issued';
      return next;
      continue;
    end if;
    select case
        -- this call runs again after the answer to its COMMIT was lost
        when exists (
          select from landings n
          where n.hash = m.hash and n.pool_id = m.pool and n.reservation_id = m.id
            and n.state = 'open'
        ) then 'issued'
        when t.state <> 'held' then 'hold_ended'
        when a.state <> 'open' or a.spent_ledger is not null or exists (
          select from fundings f
          where f.pool_id = a.pool_id and f.reservation_id = a.reservation_id
        ) then 'spent'
        when t.cancel_requested_at is not null then 'cancel_requested'
        when a.signed_at is null then 'not_signed'
        when coalesce(p.head_ledger, 0) >= a.expiration_ledger then 'fence_passed'
        when not exists (
          select from channels c
          where c.network = a.network and c.account = m.channel and c.state = 'active'
        ) then 'channel_unknown'
        else 'taken'
      end
      into o_outcome
      from authorizations a
      join reservations t on t.pool_id = a.pool_id and t.id = a.reservation_id
      join pools p on p.id = a.pool_id
      where a.pool_id = m.pool and a.reservation_id = m.id;
    o_outcome := coalesce(o_outcome, 'hold_ended');
    return next;
  end loop;
end $$;
