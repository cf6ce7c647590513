-- Marks landings that were applied without effect: open -> failed. The hold stays, and its
-- authorization may be landed again, because the chain did not spend its nonce.
create or replace function fail_landings(
  p_pool uuid[],
  p_id uuid[],
  p_number integer[],
  p_ledger bigint[],
  p_close_time bigint[],
  p_fee_charged bigint[],
  p_result text[],
  p_evidence text[]
) returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  m record;
  v_hash text;
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'fail_landings runs in a ledger transaction only' using errcode = '25001';
  end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in
    select u.*
      from unnest(
          p_pool, p_id, p_number, p_ledger, p_close_time, p_fee_charged, p_result, p_evidence
        ) with ordinality
        as u(pool, id, number, ledger, close_time, fee_charged, result, evidence, ord)
      order by u.pool, u.id, u.number
  loop
    o_ord := m.ord;
    update landings n set
        state = 'failed', found_ledger = m.ledger, result_code = m.result,
        fee_charged = m.fee_charged,
        failed_by = m.evidence::jsonb ->> 'failedBy',
        failed_reason = m.evidence::jsonb ->> 'failReason',
        failed_contract = m.evidence::jsonb ->> 'failedContract',
        failed_number = (m.evidence::jsonb ->> 'failedNumber')::bigint
      where n.pool_id = m.pool and n.reservation_id = m.id and n.number = m.number
        and n.state = 'open'
        -- a funding event of this very transaction proves that it landed
        and not exists (
          select from fundings f
          where f.pool_id = n.pool_id and f.reservation_id = n.reservation_id
            and f.envelope_hash = n.hash
        )
      returning n.hash into v_hash;
    o_written := found;
    if found then
      update pools p set version = p.version + 1 where p.id = m.pool;
      perform note_event(
        m.pool, m.id, 'landing_failed', v_hash, m.ledger,
        m.evidence::jsonb ->> 'failReason', m.evidence::jsonb, m.close_time
      );
    end if;
    o_state := coalesce(
      (select t.state from reservations t where t.pool_id = m.pool and t.id = m.id), 'unknown'
    );
    return next;
  end loop;
end $$;
