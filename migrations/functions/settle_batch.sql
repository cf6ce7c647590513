-- Settles holds whose transactions landed: docs/protocol.md#landed. The caller holds the gate. A
-- hold that has ended comes back as not written, with its state.
create or replace function settle_batch(
  p_pool uuid[],
  p_id uuid[],
  p_hash text[],
  p_ledger bigint[],
  p_close_time bigint[],
  p_chain_loan numeric[],
  p_evidence text[]
) returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  m record;
  r record;
  before record;
  after record;
  v_sequence bigint;
  v_evidence jsonb;
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'settle_batch runs in a ledger transaction only' using errcode = '25001';
  end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in
    select u.*
      from unnest(p_pool, p_id, p_hash, p_ledger, p_close_time, p_chain_loan, p_evidence)
        with ordinality
        as u(pool, id, hash, ledger, close_time, chain_loan, evidence, ord)
      order by u.pool, u.id
  loop
    o_ord := m.ord;
    update reservations t set state = 'settled', settled_ledger = m.ledger, ended_at = clock_timestamp()
      where t.pool_id = m.pool and t.id = m.id and t.state = 'held'
        -- An authorization lands in whatever transaction carries it, also a stranger's. But that one
        -- may carry the entry without using it, so its ledger must have spent the nonce.
        and case t.signing
          when 'transaction' then exists (
            select from envelopes e
            where e.pool_id = t.pool_id and e.reservation_id = t.id and e.hash = m.hash
          )
          else m.evidence::jsonb ->> 'certificate' <> 'D4'
            or exists (
              select from landings n
              where n.pool_id = t.pool_id and n.reservation_id = t.id and n.hash = m.hash
            )
            or exists (
              select from authorizations a
              where a.pool_id = t.pool_id and a.reservation_id = t.id and a.spent_ledger = m.ledger
            )
        end
        -- A loan of the contract's list settles one hold. A wallet may have several with its terms.
        and (
          m.evidence::jsonb ->> 'certificate' <> 'contract_state'
          or not exists (
            select from reservations o
            left join envelopes e on e.pool_id = o.pool_id and e.reservation_id = o.id
            left join authorizations a on a.pool_id = o.pool_id and a.reservation_id = o.id
            where o.pool_id = t.pool_id and o.borrower = t.borrower and o.id <> t.id
              and o.state = 'settled' and m.chain_loan in (e.chain_loan_id, a.chain_loan_id)
          )
        )
      returning t.amount, t.borrower, t.signing into r;
    if not found then
      select
          false,
          coalesce(
            (select t.state from reservations t where t.pool_id = m.pool and t.id = m.id), 'unknown'
          )
        into o_written, o_state;
      return next;
      continue;
    end if;

    select p.held, p.in_flight, p.network into before from pools p where p.id = m.pool;
    update pools p set
        version = p.version + 1,
        held = p.held - r.amount,
        in_flight = p.in_flight + case
          when m.ledger > coalesce(p.snapshot_ledger, 0) then r.amount else 0
        end
      where p.id = m.pool
      returning p.held, p.in_flight, p.version into after;

    v_sequence := null;
    v_evidence := m.evidence::jsonb;
    if r.signing = 'authorization' then
      update landings n set
          state = 'landed', found_ledger = m.ledger, result_code = 'txSuccess',
          fee_charged = (v_evidence ->> 'feeCharged')::bigint
        where n.pool_id = m.pool and n.reservation_id = m.id and n.hash = m.hash;
      v_evidence := v_evidence || jsonb_build_object(
        'transactionHash', m.hash, 'by', case when found then 'landing' else 'other' end
      );
      update landings n set state = 'dead'
        where n.pool_id = m.pool and n.reservation_id = m.id and n.state = 'open';
      update authorizations a set
          state = 'spent', landing_tx_hash = m.hash, chain_loan_id = m.chain_loan
        where a.pool_id = m.pool and a.reservation_id = m.id;
    end if;
    update envelopes e set
        state = 'landed', found_ledger = m.ledger, chain_loan_id = m.chain_loan,
        result_code = 'txSuccess'
      where e.pool_id = m.pool and e.reservation_id = m.id and e.hash = m.hash
      returning e.sequence into v_sequence;
    update envelopes e set state = 'dead'
      where e.pool_id = m.pool and e.reservation_id = m.id and e.state = 'open';

    delete from live_borrowers b
      where b.network = before.network and b.account = r.borrower and b.reservation_id = m.id;
    delete from wallet_lapses w where w.network = before.network and w.account = r.borrower;
    -- an authorization uses no sequence number of the borrower
    insert into account_sequences (network, account, consumed, ledger)
      select before.network, r.borrower, v_sequence, m.ledger where v_sequence is not null
      on conflict (network, account) do update set
        consumed = greatest(account_sequences.consumed, excluded.consumed),
        ledger = excluded.ledger;

    insert into reservation_events (
        pool_id, reservation_id, number,
        kind, state_before, state_after, amount, pool_version,
        held_before, held_after, in_flight_before, in_flight_after,
        envelope_hash, ledger, close_time, evidence
      )
      values (
        m.pool, m.id,
        (
          select max(e.number) + 1 from reservation_events e
          where e.pool_id = m.pool and e.reservation_id = m.id
        ),
        'settled', 'held', 'settled', r.amount, after.version,
        before.held, after.held, before.in_flight, after.in_flight,
        m.hash, m.ledger, to_timestamp(m.close_time), v_evidence
      );
    o_written := true;
    o_state := 'settled';
    return next;
  end loop;
end $$;
