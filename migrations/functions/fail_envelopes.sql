-- Marks transactions as failed when the failure was not the borrower's. The hold stays, so that it
-- can be rebuilt until its deadline: docs/protocol.md#failures-that-are-not-the-borrowers
create or replace function fail_envelopes(
  p_pool uuid[],
  p_id uuid[],
  p_version integer[],
  p_hash text[],
  p_ledger bigint[],
  p_close_time bigint[],
  p_result text[],
  p_evidence text[]
) returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  m record;
  v_sequence bigint;
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'fail_envelopes runs in a ledger transaction only' using errcode = '25001';
  end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in
    select u.*
      from unnest(p_pool, p_id, p_version, p_hash, p_ledger, p_close_time, p_result, p_evidence)
        with ordinality
        as u(pool, id, version, hash, ledger, close_time, result, evidence, ord)
      order by u.pool, u.id
  loop
    o_ord := m.ord;
    update envelopes e set
        state = 'failed', kept_failure = true, found_ledger = m.ledger, result_code = m.result,
        failed_by = coalesce(m.evidence::jsonb ->> 'failedBy', 'ours'),
        failed_reason = coalesce(m.evidence::jsonb ->> 'failReason', 'outside_footprint'),
        failed_contract = m.evidence::jsonb ->> 'failedContract',
        failed_number = (m.evidence::jsonb ->> 'failedNumber')::bigint
      where e.pool_id = m.pool and e.reservation_id = m.id and e.hash = m.hash and e.state = 'open'
        -- a funding event proves that it landed, so it cannot have failed
        and not exists (
          select from fundings f
          where f.pool_id = e.pool_id and f.reservation_id = e.reservation_id
        )
        and exists (
          select from reservations t
          where t.pool_id = m.pool and t.id = m.id
            and t.state = 'held' and t.envelope_version = m.version
        )
      returning e.sequence into v_sequence;
    o_written := found;
    if found then
      -- it consumed its sequence, so transactions with the same or a lower one can never land
      update envelopes e set state = 'dead'
        where e.pool_id = m.pool and e.reservation_id = m.id
          and e.state = 'open' and e.sequence <= v_sequence;
      update reservations t set expires_at = (
          select max(e.max_time) from envelopes e
          where e.pool_id = t.pool_id and e.reservation_id = t.id and e.state <> 'dead'
        )
        where t.pool_id = m.pool and t.id = m.id;
      insert into account_sequences (network, account, consumed, ledger)
        select p.network, t.borrower, v_sequence, m.ledger
          from reservations t
          join pools p on p.id = t.pool_id
          where t.pool_id = m.pool and t.id = m.id
        on conflict (network, account) do update set
          consumed = greatest(account_sequences.consumed, excluded.consumed),
          ledger = excluded.ledger;
      update pools p set version = p.version + 1 where p.id = m.pool;
      perform note_event(
        m.pool, m.id, 'envelope_failed', m.hash, m.ledger,
        coalesce(m.evidence::jsonb ->> 'failReason', 'outside_footprint'),
        m.evidence::jsonb, m.close_time
      );
    end if;
    o_state := coalesce(
      (select t.state from reservations t where t.pool_id = m.pool and t.id = m.id), 'unknown'
    );
    return next;
  end loop;
end $$;
