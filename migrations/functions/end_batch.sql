-- Ends holds that no transaction will fund: expired or released, each with its certificate
-- (docs/protocol.md#certificates). The caller holds the gate. A hold that has ended, or has newer
-- transactions than its evidence, comes back as not written, with its state.
create or replace function end_batch(
  p_pool uuid[],
  p_id uuid[],
  p_version integer[],
  p_state text[],
  p_reason text[],
  p_hash text[],
  p_ledger bigint[],
  p_close_time bigint[],
  p_result text[],
  p_consumed bigint[],
  p_evidence text[]
) returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  m record;
  r record;
  before record;
  after record;
  v_sequence bigint;
  v_hash text;
  v_close_time timestamptz;
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'end_batch runs in a ledger transaction only' using errcode = '25001';
  end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in
    select u.*
      from unnest(
          p_pool, p_id, p_version, p_state, p_reason, p_hash, p_ledger, p_close_time, p_result,
          p_consumed, p_evidence
        ) with ordinality
        as u(
          pool, id, version, state, reason, hash, ledger, close_time, result,
          consumed, evidence, ord
        )
      order by u.pool, u.id
  loop
    o_ord := m.ord;
    -- Checked again here: by time only when no open transaction has a later deadline, by sequence
    -- or failure only when none has a higher sequence.
    update reservations t
      set state = m.state, release_reason = m.reason, ended_at = clock_timestamp()
      where t.pool_id = m.pool and t.id = m.id and t.state = 'held' and t.envelope_version = m.version
        -- a funding event proves that it landed, so no other evidence may end it
        and (
          m.evidence::jsonb ->> 'certificate' = 'operator'
          or not exists (
            select from fundings f where f.pool_id = t.pool_id and f.reservation_id = t.id
          )
        )
        and (
          m.state <> 'expired'
          or not exists (
            select from envelopes e
            where e.pool_id = t.pool_id and e.reservation_id = t.id
              and e.state = 'open' and e.max_time > to_timestamp(m.close_time)
          )
        )
        and (
          m.state <> 'released'
          or m.reason <> 'sequence_consumed'
          or not exists (
            select from envelopes e
            where e.pool_id = t.pool_id and e.reservation_id = t.id
              and e.state = 'open' and e.sequence > m.consumed
          )
        )
        and (
          m.state <> 'released'
          or m.reason not in ('tx_failed', 'not_rebuilt')
          or exists (
            select from envelopes f
            where f.pool_id = t.pool_id and f.reservation_id = t.id and f.hash = m.hash
              and not exists (
                select from envelopes e
                where e.pool_id = t.pool_id and e.reservation_id = t.id
                  and e.state = 'open' and e.sequence > f.sequence
              )
          )
        )
        -- An authorization dies by its fence alone, which is a ledger, and never once it is spent;
        -- unless an operator says that it was not, and the contract's list was read.
        -- docs/protocol.md#expired-by-ledger
        and case t.signing
          when 'transaction' then m.evidence::jsonb ->> 'certificate' <> 'D5'
          else m.state = 'expired' and exists (
            select from authorizations a
            where a.pool_id = t.pool_id and a.reservation_id = t.id
              and (a.state = 'open' or m.evidence::jsonb ->> 'certificate' = 'operator')
              and case m.evidence::jsonb ->> 'certificate'
                -- Two replies of different ledgers after the fence showed no entry of its nonce. The
                -- entry would live longer than the second: it was not spent at U, and a spent nonce
                -- keeps its entry for so many ledgers.
                when 'D5' then
                  a.spent_ledger is null
                  and a.expiration_ledger < (m.evidence::jsonb #>> '{absentAt,0}')::bigint
                  and (m.evidence::jsonb #>> '{absentAt,0}')::bigint
                    < (m.evidence::jsonb #>> '{absentAt,1}')::bigint
                  and (m.evidence::jsonb #>> '{absentAt,1}')::bigint
                    <= coalesce(a.unspent_ledger, a.issued_after_ledger)
                      + (m.evidence::jsonb ->> 'minTemporaryTtl')::bigint
                when 'contract_state' then
                  a.spent_ledger is null
                  and a.expiration_ledger < (m.evidence::jsonb ->> 'readLedger')::bigint
                when 'operator' then
                  a.expiration_ledger < m.ledger
                  and (
                    (a.state = 'open' and a.spent_ledger is null)
                    or m.evidence::jsonb ->> 'loansRead' is not null
                  )
                else false
              end
          )
        end
      returning t.amount, t.borrower, t.submitted_at, t.signed_at, t.envelope_version,
        t.signing
        into r;
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
    update pools p set version = p.version + 1, held = p.held - r.amount
      where p.id = m.pool
      returning p.held, p.in_flight, p.version into after;

    v_sequence := m.consumed;
    v_close_time := to_timestamp(m.close_time);
    if m.reason in ('tx_failed', 'not_rebuilt') then
      update envelopes e set
          state = 'failed', found_ledger = m.ledger, result_code = m.result,
          failed_by = coalesce(e.failed_by, m.evidence::jsonb ->> 'failedBy'),
          failed_reason = coalesce(e.failed_reason, m.evidence::jsonb ->> 'failReason'),
          failed_contract = coalesce(e.failed_contract, m.evidence::jsonb ->> 'failedContract'),
          failed_number = coalesce(e.failed_number, (m.evidence::jsonb ->> 'failedNumber')::bigint)
        where e.pool_id = m.pool and e.reservation_id = m.id and e.hash = m.hash
        returning e.sequence, e.hash into v_sequence, v_hash;
      -- It failed earlier and its hold was kept for a rebuild; the journal has the close time of
      -- that ledger.
      if v_close_time is null then
        select e.close_time into v_close_time from reservation_events e
          where e.pool_id = m.pool and e.reservation_id = m.id
            and e.kind = 'envelope_failed' and e.envelope_hash = m.hash;
      end if;
    else
      -- the transaction that died last: by time the one with the greatest T, by sequence the newest
      select e.hash into v_hash from envelopes e
        where e.pool_id = m.pool and e.reservation_id = m.id and e.state = 'open'
        order by case m.state when 'expired' then e.max_time end desc nulls last, e.number desc
        limit 1;
    end if;
    if v_sequence is not null then
      insert into account_sequences (network, account, consumed, ledger)
        values (before.network, r.borrower, v_sequence, m.ledger)
        on conflict (network, account) do update set
          consumed = greatest(account_sequences.consumed, excluded.consumed),
          ledger = excluded.ledger;
    end if;
    update envelopes e set state = 'dead'
      where e.pool_id = m.pool and e.reservation_id = m.id and e.state = 'open';
    if r.signing = 'authorization' then
      update authorizations a set state = 'dead'
        where a.pool_id = m.pool and a.reservation_id = m.id;
      update landings n set state = 'dead'
        where n.pool_id = m.pool and n.reservation_id = m.id and n.state = 'open';
    end if;
    delete from live_borrowers b
      where b.network = before.network and b.account = r.borrower and b.reservation_id = m.id;

    insert into reservation_events (
        pool_id, reservation_id, number,
        kind, state_before, state_after, amount, pool_version,
        held_before, held_after, in_flight_before, in_flight_after,
        envelope_hash, ledger, close_time, reason, evidence
      )
      values (
        m.pool, m.id,
        (
          select max(e.number) + 1 from reservation_events e
          where e.pool_id = m.pool and e.reservation_id = m.id
        ),
        m.state, 'held', m.state, r.amount, after.version,
        before.held, after.held, before.in_flight, after.in_flight,
        v_hash, m.ledger, v_close_time, m.reason, m.evidence::jsonb
      );

    -- A lapse: proven dead by time or by ledger, nothing that its borrower signed was seen here or on the chain,
    -- and its newest transaction was not outbid. An operator's resolution and an end by absence are
    -- no lapses.
    if m.state = 'expired'
      and m.evidence::jsonb ->> 'certificate' in ('D1', 'D5')
      and r.submitted_at is null
      and r.signed_at is null
      and not exists (
        select from envelopes e
        where e.pool_id = m.pool and e.reservation_id = m.id and (
            e.state in ('landed', 'failed')
            or e.number = r.envelope_version and e.outbid_ledger is not null
          )
      )
    then
      insert into wallet_lapses as w (network, account, lapses, last_lapsed_at)
        values (before.network, r.borrower, 1, date_trunc('second', clock_timestamp()))
        on conflict (network, account) do update set
          last_lapsed_at = excluded.last_lapsed_at,
          lapses = case
            when w.last_lapsed_at < excluded.last_lapsed_at - interval '48 hours' then 1
            else w.lapses + 1
          end;
    end if;
    o_written := true;
    o_state := m.state;
    return next;
  end loop;
end $$;
